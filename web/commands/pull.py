"""`pull` reads sources now; `reparse` reads what was kept of them again."""

import json
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import click
from rich import box
from rich.console import Console
from rich.table import Table

from aggregator.intake import bundles, standing
from aggregator.intake.reparse import Reread, Step
from aggregator.intake.reparse import reparse as read_again
from aggregator.intake.result import Result
from aggregator.intake.rounds import read_all
from web.commands.first import first_sources
from web.commands.opening import opened
from web.commands.showing import shown
from web.commands.stopping import stopped_by_signals

_INTERRUPTED = 130
_EVERY = 5.0


@click.command("pull", epilog="Example: worldwidewe pull ted-catering-tourism --dry-run")
@click.argument("names", metavar="[SOURCE]...", nargs=-1)
@click.option("--dry-run", is_flag=True, help="Read, and write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per source on standard output.")
def pull_command(names: Sequence[str], dry_run: bool, as_json: bool) -> None:
    """Read sources now: all that are switched on, or those that are named.

    Ends with a table of what each visit brought; exit status 1 when every source failed. Ctrl-C ends the visits after
    the page at hand.
    """
    with opened() as here:
        first_sources(here.store)
        with here.store.read() as connection:
            there = standing.states(connection)
            wanted = bundles.opened(connection, list(names) or [state.name for state in there if state.enabled])
        titles = {state.name: state.title for state in there if state.name in wanted}
        if not wanted:
            raise click.ClickException("no source is switched on; see: worldwidewe sources list")
        with stopped_by_signals() as stopping, shown(titles) as watching:
            results = read_all(
                here.store,
                wanted,
                settings=here.settings,
                dry=dry_run,
                progress=watching.progress,
                finished=watching.finished,
                stopping=stopping,
            )
    if as_json:
        for result in results:
            click.echo(json.dumps(result.line()))
    else:
        _table(results, dry_run)
    if stopping.is_set():
        sys.exit(_INTERRUPTED)
    if not any(result.good for result in results):
        sys.exit(1)


def _table(results: list[Result], dry: bool) -> None:
    table = Table(box=box.SIMPLE, title="Dry run: nothing was written" if dry else None)
    table.add_column("source")
    table.add_column("class")
    for name in ("seen", "new", "changed", "same", "withdrawn", "rejected", "requests", "kB", "seconds"):
        table.add_column(name, justify="right")
    for result in results:
        line = result.line()
        counts = [str(line[k]) for k in ("seen", "new", "changed", "same", "withdrawn", "rejected", "requests")]
        kind = result.kind if result.complete or not result.good else f"{result.kind} (incomplete)"
        table.add_row(result.source, kind, *counts, str(result.bytes // 1000), f"{result.seconds:.1f}")
    Console(width=None if sys.stdout.isatty() else 140).print(table)
    for result in results:
        if result.error:
            click.echo(f"{result.source}: {result.error}")


@click.command("reparse", epilog="Example: worldwidewe reparse ted-catering-tourism --dry-run")
@click.argument("source")
@click.option("--dry-run", is_flag=True, help="Show what would change, and write nothing.")
def reparse_command(source: str, dry_run: bool) -> None:
    """Read the kept pages of a source again, after a fix. The network is not asked.

    What changes is marked as our own reading, so that no letter says that the source changed its mind.
    """
    with opened() as here:
        done = read_again(here.store, source, now=datetime.now(UTC), dry=dry_run, progress=_moving())
    _said(done, dry_run)


def _moving() -> Callable[[Step], None]:
    """A line on standard error every few seconds, so that long work is seen to move."""
    said = [time.monotonic()]

    def progress(step: Step) -> None:
        if time.monotonic() - said[0] >= _EVERY:
            said[0] = time.monotonic()
            click.echo(f"{step.pages} of {step.of} pages, {step.notices} notices …", err=True)

    return progress


def _said(done: Reread, dry: bool) -> None:
    would = "would be " if dry else ""
    met = f", {done.organisations} organisations" if done.organisations else ""
    click.echo(f"{done.pages} kept pages, {done.notices} notices{met} read again")
    click.echo(f"{done.new} {would}new, {done.changed} {would}changed, {done.same} the same")
    for field, count in sorted(done.counts.items(), key=lambda pair: (-pair[1], pair[0])):
        click.echo(f"{field}: {count} {would}different")
        rows = [row for row in done.differences if row[1] == field]
        for source_id, _, before, after in rows:
            click.echo(f"  {source_id}  {before or 'not stated'} → {after or 'not stated'}")
        if count > len(rows):
            click.echo(f"  … and {count - len(rows)} more")
    for line in done.rejected:
        click.echo(f"not readable: {line}")
    if done.unreadable > len(done.rejected):
        click.echo(f"  … and {done.unreadable - len(done.rejected)} more that cannot be read")
    if done.lost:
        click.echo(
            f"{done.lost} notices fetched between {done.lost_from} and {done.lost_to} can no longer be read again: "
            "their pages are not kept any more"
        )
    if len(done.lost_by_month) > 1:
        for month, count in done.lost_by_month.items():
            click.echo(f"  {month}: {count}")
