"""`opportunities`: find one, and see how it came to say what it says: its notices, why they are one, and what changed.

The one thing to know: these are the office's commands; they show what is for members or for the office alone, too.
"""

import json
import sys
from datetime import UTC, datetime

import click
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from aggregator.intake import joining
from aggregator.intake.account import account
from aggregator.store.opportunity import next_deadline, status
from aggregator.store.search import Query, find
from web.commands.accounting import as_json as told_as_json
from web.commands.accounting import lines
from web.commands.export import document
from web.commands.opening import opened
from web.commands.uniting import join_command, split_command

_LAST = 2**31 - 1  # where PostgreSQL's integer ends
_ALIVE = ("open", "forthcoming", "unknown")
_ALL = (*_ALIVE, "closed", "withdrawn")
_SEARCH = 'Example: worldwidewe opportunities search "cleaning of schools" --limit 5'


@click.group("opportunities", epilog="Example: worldwidewe opportunities show 12")
def opportunities_command() -> None:
    """Find an opportunity, and see what makes it up and what changed."""


@opportunities_command.command("search", epilog=_SEARCH)
@click.argument("text")
@click.option("--all", "over", is_flag=True, help="Also what is closed or withdrawn.")
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True, help="How many, the best first.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object per opportunity, as export prints it.")
def search_command(text: str, over: bool, limit: int, as_json: bool) -> None:
    """Find opportunities by words (each as a beginning), "phrases" and -exclusions, and tell their numbers."""
    now = datetime.now(UTC)
    query = Query(text=text, statuses=_ALL if over else _ALIVE, sort="relevance", audience="office")
    with opened() as here, here.store.read() as connection:
        found = find(connection, query, now=now, size=limit, facets=False)
        board = here.settings.board_url
    if as_json:
        for item in found.items:
            click.echo(json.dumps(document(item, now=now, board=board), ensure_ascii=False))
        return
    if not found.items:
        click.echo("nothing is found" if over else "nothing is found; what is closed or withdrawn is found with --all")
        return
    table = Table(box=box.SIMPLE)
    for column in ("id", "title", "kind", "status", "deadline", "told by"):
        table.add_column(column, overflow="fold", justify="right" if column == "id" else "left")
    for item in found.items:
        nearest = next_deadline(item, now)
        day = nearest[0].on.isoformat() if nearest and nearest[0].on else ""
        sources = ", ".join(dict.fromkeys(notice.source for notice in item.notices))
        cells = (item.title("it", "en")[0], item.kind, status(item, now), day, sources)
        table.add_row(str(item.id), *map(escape, cells))
    Console(width=None if sys.stdout.isatty() else 160).print(table)
    click.echo(f"{len(found.items)} of {found.total}", err=True)


@opportunities_command.command("show", epilog="Example: worldwidewe opportunities show 12")
@click.argument("id", type=click.IntRange(1, _LAST))
@click.option("--json", "as_json", is_flag=True, help="As a JSON object.")
def show_command(id: int, as_json: bool) -> None:
    """Show which notices make up an opportunity and why, and what changed when, from which visit and page.

    A number that went into another opportunity leads there.
    """
    now = datetime.now(UTC)
    with opened() as here, here.store.read() as connection:
        number = joining.current(connection, id)
        told = account(connection, number)
        board = here.settings.board_url
    assert told is not None
    if as_json:
        click.echo(json.dumps(told_as_json(told, now=now, board=board), ensure_ascii=False))
        return
    if number != id:
        click.echo(f"{id} went into {number}")
    for line in lines(told, now=now, board=board):
        click.echo(line)


opportunities_command.add_command(join_command)
opportunities_command.add_command(split_command)
