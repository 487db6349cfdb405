"""`alerts`: what the office should look at, and what is well again."""

import json
import sys
from dataclasses import asdict
from datetime import datetime

import click
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from aggregator.intake import alerts
from aggregator.intake.alerts import Alert
from web.commands.opening import opened


@click.command("alerts", epilog="Example: worldwidewe alerts --all")
@click.option("--all", "everything", is_flag=True, help="Those that are over as well.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object per alert.")
def alerts_command(everything: bool, as_json: bool) -> None:
    """List what should be looked at, newest first: sources that are not well, floods that wait, a clock that is wrong.

    Each is told once, in the log and by mail to WORLDWIDEWE_OFFICE_EMAIL, and once more when it is over.
    """
    with opened() as here, here.store.read() as connection:
        found = alerts.listed(connection, everything=everything)
    if as_json:
        for one in found:
            click.echo(json.dumps(_as_json(one), ensure_ascii=False))
        return
    if not found:
        click.echo("nothing has ever been wrong" if everything else "nothing is wrong")
        return
    table = Table(box=box.SIMPLE)
    for column in ("since", "about", "kind", "why", *(["over"] if everything else [])):
        table.add_column(column, overflow="fold")
    for one in found:
        over = [f"{one.healed_at:%Y-%m-%d %H:%M}" if one.healed_at else ""] if everything else []
        # Reasons hold what strangers wrote.
        cells = (one.about or "this installation", one.kind, escape(one.why))
        table.add_row(f"{one.opened_at:%Y-%m-%d %H:%M}", *cells, *over)
    Console(width=None if sys.stdout.isatty() else 160).print(table)


def _as_json(one: Alert) -> dict[str, object]:
    """An alert for programs: what is not known is left out, and so is its number, which means nothing outside."""
    values = {key: value for key, value in asdict(one).items() if value not in (None, "") and key != "id"}
    return {key: value.isoformat() if isinstance(value, datetime) else value for key, value in values.items()}
