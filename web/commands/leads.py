"""`leads`: what sources bring for the office alone (mail, watched pages); readers never meet it."""

import json
import sys
from datetime import UTC, datetime, timedelta

import click
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from aggregator.store.opportunities import for_office
from web.commands.opening import opened


@click.command("leads", epilog="Example: worldwidewe leads --days 14")
@click.option("--days", type=click.IntRange(1, 3650), default=30, show_default=True, help="How far back.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object per lead.")
def leads_command(days: int, as_json: bool) -> None:
    """List what was found lately for the office alone, newest first, with its link.

    Members see such an item when its source's own rule says so (see: worldwidewe sources show NAME), or when the office
    enters it as a request of its own.
    """
    now = datetime.now(UTC)
    with opened() as here, here.store.read() as connection:
        found = for_office(connection, since=now - timedelta(days=days))
    if as_json:
        for item in found:
            shown = {"id": str(item.id), "kind": item.kind, "title": item.title("it", "en")[0], "url": item.url}
            own = {"source": item.notices[0].source, "first_seen": item.first_seen.isoformat()}
            click.echo(json.dumps(shown | own, ensure_ascii=False))
        return
    if not found:
        click.echo(f"nothing for the office alone in the last {days} days")
        return
    table = Table(box=box.SIMPLE)
    for column in ("found", "kind", "source", "title", "link"):
        table.add_column(column, overflow="fold")
    for item in found:
        cells = (item.kind, item.notices[0].source, item.title("it", "en")[0], item.url)
        table.add_row(f"{item.first_seen:%Y-%m-%d}", *map(escape, cells))  # strangers wrote them
    Console(width=None if sys.stdout.isatty() else 160).print(table)
