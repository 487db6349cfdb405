"""`quarantine`: records that could not be read, and `retention`: what is kept no longer."""

import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

import click
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from aggregator.intake import kept, quarantine, retention, sources
from aggregator.intake.quarantine import Aside
from aggregator.intake.second_look import look
from connectors.base.contract import ParamError
from connectors.base.text import shorten
from web.commands.opening import Opened, opened

_BAR = 30
_EVERY = 5.0


@click.group("quarantine", epilog="Example: worldwidewe quarantine list")
def quarantine_command() -> None:
    """List what could not be read, look at it, read it again after a fix, or hear no more of it."""


@quarantine_command.command("list", epilog="Example: worldwidewe quarantine list ted-catering-tourism")
@click.argument("source", required=False)
@click.option("--all", "dismissed", is_flag=True, help="Also what was dismissed.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a record.")
def list_command(source: str | None, dismissed: bool, as_json: bool) -> None:
    """List the records that could not be read, by source, and how many there are of each."""
    with opened() as here:
        rows = _of_source(here, source, dismissed=dismissed)
    if as_json:
        for row in rows:
            click.echo(json.dumps(_told(row), ensure_ascii=False))
        return
    if not rows:
        click.echo("nothing stands aside" + (f" of {source}" if source else ""))
        return
    table = Table(box=box.SIMPLE)
    for column in ("id", "source", "record", "since", "last seen", "where", "why", "page"):
        table.add_column(column, overflow="fold", justify="right" if column == "id" else "left")
    for row in rows:
        since, last = f"{row.first_seen:%Y-%m-%d}", f"{row.last_seen:%Y-%m-%d}"
        reason = shorten(row.reason, 120) + (" (dismissed)" if row.dismissed_at else "")
        cells = (row.source, row.source_id or "—", since, last, row.where, reason, row.page_url or "not kept any more")
        table.add_row(str(row.id), *map(escape, cells))  # strangers wrote them
    Console(width=None if sys.stdout.isatty() else 200).print(table)
    _picture(Counter(row.source for row in rows))


def _picture(counts: Counter[str]) -> None:
    most, width = max(counts.values()), max(map(len, counts))
    for name, count in counts.most_common():
        click.echo(f"  {name:{width}}  {'█' * max(1, round(_BAR * count / most))} {count}")


@quarantine_command.command("show", epilog="Example: worldwidewe quarantine show 12")
@click.argument("id", type=int)
@click.option(
    "--page", "as_page", is_flag=True, help="Print the kept page itself on standard output, and nothing else."
)
def show_command(id: int, as_page: bool) -> None:
    """Show one record that could not be read: why, what it says, and on which page it stood."""
    with opened() as here, here.store.read() as connection:
        row = quarantine.get(connection, id)
        page = kept.one(connection, row.page_id) if row.page_id else None
        connector = _connector(connection, row.source)
    if as_page:
        if page is None:
            raise click.ClickException(f"the page on which {id} stood is not kept any more")
        click.echo(page.body, nl=False)
        return
    for name, value in (
        ("source", row.source),
        ("record", row.source_id or "nobody can say which"),
        ("where", row.where),
        ("why", row.reason),
        ("since", f"{row.first_seen:%Y-%m-%d %H:%M} UTC, last seen {row.last_seen:%Y-%m-%d %H:%M} UTC"),
        ("dismissed", f"{row.dismissed_at:%Y-%m-%d}" if row.dismissed_at else ""),
        ("page", f"{row.page_url}, fetched {row.page_fetched_at:%Y-%m-%d %H:%M} UTC" if row.page_fetched_at else ""),
    ):
        if value:
            click.echo(f"{name:10} {value}")
    click.echo(f"\n{row.excerpt or 'its text may not be kept any longer'}\n")
    if page is None:
        click.echo("the page on which it stood is not kept any more")
        return
    role = f" --role {row.page_role}" if row.page_role != "listing" else ""
    click.echo(
        f"look at it: worldwidewe quarantine show {id} --page > page\n"
        f"read it: worldwidewe parse {connector or 'CONNECTOR'} page --url '{row.page_url}'{role}\n"
        f"after a fix: worldwidewe quarantine reread {id}"
    )


@quarantine_command.command("reread", epilog="Example: worldwidewe quarantine reread ted-catering-tourism")
@click.argument("which", metavar="[SOURCE | ID]", required=False)
def reread_command(which: str | None) -> None:
    """Read again what stands aside, after a fix, from the kept pages. What can be read now is on the board.

    Exit status 1 when nothing could be read.
    """
    with opened() as here:
        if which is not None and which.isdigit():
            with here.store.read() as connection:
                rows = [quarantine.get(connection, int(which))]
        else:
            rows = _of_source(here, which, dismissed=True)
        done = look(here.store, rows, now=datetime.now(UTC), progress=_every_while("records"))
    if not rows:
        click.echo("nothing stands aside" + (f" of {which}" if which else ""))
        return
    click.echo(
        f"{len(done.read)} of {len(rows)} can be read now: {done.new} new, {done.changed} changed on the board;"
        f" {len(done.failing)} still cannot"
    )
    for row, why in done.failing[:20]:
        click.echo(f"  {row.id}  {row.source}  {row.source_id or row.where}: {shorten(why, 200)}")
    if len(done.failing) > 20:
        click.echo(f"  … and {len(done.failing) - 20} more; see: worldwidewe quarantine list")
    if not done.read:
        sys.exit(1)


@quarantine_command.command("dismiss", epilog="Example: worldwidewe quarantine dismiss 12 14")
@click.argument("ids", metavar="[ID]...", nargs=-1, type=int)
@click.option("--source", help="All that stands aside of this source now.")
@click.option("--undo", is_flag=True, help="Hear of it again.")
def dismiss_command(ids: Sequence[int], source: str | None, undo: bool) -> None:
    """Hear no more of records that cannot be read. A visit that can read one takes it out all the same."""
    if not ids and source is None:
        raise click.UsageError("say which: numbers of records, or --source")
    with opened() as here:
        with here.store.read() as connection:
            rows = [quarantine.get(connection, id) for id in ids]
        if source is not None:
            rows += _of_source(here, source, dismissed=True)
        changed = [row.id for row in rows if (row.dismissed_at is not None) == undo]
        with here.store.write() as connection:
            quarantine.dismiss(connection, changed, now=datetime.now(UTC), undo=undo)
    click.echo(f"{len(changed)} {'are listed again' if undo else 'dismissed'}")


@click.command("retention", epilog="Example: worldwidewe retention --dry-run")
@click.option("--dry-run", is_flag=True, help="Count what would go, and write nothing.")
def retention_command(dry_run: bool) -> None:
    """Let go what need not or may not be kept any longer. The scheduler does the same once a day.

    Texts that a source lets us keep only until an opportunity is over, kept pages, records that stood aside, old visits.
    """
    with opened() as here:
        done = retention.run(here.store, now=datetime.now(UTC), dry=dry_run)
    would = "would go" if dry_run else "went"
    click.echo(
        f"{would}: the texts of {done.texts} opportunities, {done.pages} kept pages, {done.records} records that stood aside,"
        f" {done.visits} rows of visits"
    )


def _of_source(here: Opened, source: str | None, *, dismissed: bool) -> list[Aside]:
    with here.store.read() as connection:
        rows = quarantine.listed(connection, source=source, dismissed=dismissed)
        if source is not None and not rows:
            sources.get(connection, source)  # a name that does not exist is told as one
    return rows


def _connector(connection: Any, source: str) -> str | None:
    try:
        return sources.get(connection, source).connector
    except ParamError:
        return None


def _told(row: Aside) -> dict[str, Any]:
    said = {
        "id": row.id,
        "source": row.source,
        "source_id": row.source_id,
        "since": row.first_seen.isoformat(),
        "last_seen": row.last_seen.isoformat(),
        "where": row.where,
        "reason": row.reason,
        "excerpt": row.excerpt,
        "page": row.page_url,
        "dismissed_at": row.dismissed_at.isoformat() if row.dismissed_at else None,
    }
    return {key: value for key, value in said.items() if value}


def _every_while(what: str) -> Callable[[int, int], None]:
    """A line on standard error every few seconds, so that long work is seen to move."""
    said = [time.monotonic()]

    def progress(done: int, of: int) -> None:
        if time.monotonic() - said[0] >= _EVERY:
            said[0] = time.monotonic()
            click.echo(f"{done} of {of} {what} …", err=True)

    return progress
