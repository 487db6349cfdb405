"""`export`: every opportunity, as the board's own data; and everything that changed, a row each.

The one thing to know: `changes` of an opportunity is what readers are told of its history; `--history` is all of it.
"""

import csv
import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import click

from aggregator.rights import Shown, shown
from aggregator.store import noted
from aggregator.store.history import collapsed
from aggregator.store.noted import Noted
from aggregator.store.opportunities import every
from aggregator.store.opportunity import Opportunity, next_deadline, status
from web.commands.moments import instant
from web.commands.opening import opened

_COLUMNS = ("id", "url", "kind", "status", "title", "deadline", "countries", "sectors", "organisation", "source")
# In the order of docs/formats.md; `changes` follows.
_KEYS = (
    *("id", "url", "kind", "titles", "summary", "body", "lang", "status", "deadlines", "next_deadline", "countries"),
    *("origin_country", "regions", "sectors", "codes", "keywords", "budget", "grant", "organisation", "programme"),
    *("eligibility", "reserved", "offer_languages", "documents", "notices", "rights", "first_seen", "changed_at"),
)
_HISTORY = ("opportunity", "field", "before", "after", "at", "cause", "source", "visit", "noted_of")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@click.command("export", epilog="Example: worldwidewe export --format csv > opportunities.csv")
@click.option(
    "--format",
    "shape",
    type=click.Choice(["jsonl", "csv"]),
    default="jsonl",
    show_default=True,
    help="For programs, or for a spreadsheet.",
)
@click.option("--now", "at", type=instant, help="The moment at which open and closed are told; default: now.")
@click.option("--history", is_flag=True, help="Print everything that changed, a row each, and not the opportunities.")
def export_command(shape: str, at: datetime | None, history: bool) -> None:
    """Print every opportunity on standard output: what the office may see of it, with its status at this moment.

    With --history, every change that was noted, with its source and its visit, also those that readers are not told.
    """
    now = at or datetime.now(UTC)
    with opened() as here, here.store.read() as connection:
        if history:
            _history(noted.every(connection), shape)
            return
        if shape == "csv":
            _csv(every(connection), now, here.settings.board_url)
            return
        batch: list[Opportunity] = []
        for item in every(connection):
            batch.append(item)
            if len(batch) == 500:
                _jsonl(connection, batch, now, here.settings.board_url)
                batch.clear()
        _jsonl(connection, batch, now, here.settings.board_url)


def _jsonl(connection: Any, items: list[Opportunity], now: datetime, board: str) -> None:
    rows = noted.noted(connection, [item.id for item in items])
    for item in items:
        told = document(item, now=now, board=board)
        # What was noted of another number is the history of that one, from before the two were one.
        if changes := collapsed([row.change for row in rows.get(item.id, ()) if row.noted_of is None]):
            told["changes"] = [change.model_dump(mode="json") for change in changes]
        click.echo(json.dumps(told, ensure_ascii=False))


def _history(rows: Iterator[Noted], shape: str) -> None:
    if shape == "jsonl":
        for row in rows:
            click.echo(json.dumps(change_told(row), ensure_ascii=False))
        return
    out = csv.writer(sys.stdout, lineterminator="\r\n")
    out.writerow(_HISTORY)
    for row in rows:
        told = change_told(row)
        out.writerow([safe(str(told.get(name, ""))) for name in _HISTORY])


def change_told(row: Noted) -> dict[str, Any]:
    """A row of history in the shape of docs/formats.md."""
    told = {"opportunity": str(row.opportunity_id)} | row.change.model_dump(mode="json") | {"source": row.source}
    numbers = {"visit": row.visit_id, "noted_of": str(row.noted_of) if row.noted_of else None}
    told |= {name: number for name, number in numbers.items() if number is not None}
    return {name: told[name] for name in _HISTORY if name in told}


def document(item: Opportunity, *, now: datetime, board: str) -> dict[str, Any]:
    """The opportunity in the shape of docs/formats.md; `status` and `next_deadline` are told at `now`."""
    text, nearest = shown(item, to="office", now=now), next_deadline(item, now)
    told = item.model_dump(mode="json", exclude={"notices": {"__all__": {"fetched_at", "says"}}})
    told |= {
        "id": str(item.id),
        "url": f"{board}/opportunities/{item.id}",
        "status": status(item, now),
        "summary": text.summary,
        "body": text.body,
        "eligibility": _conditions(item, text),
        "next_deadline": nearest[0].model_dump(mode="json") if nearest else None,
    }
    return {key: told[key] for key in _KEYS if told.get(key)}


def _conditions(item: Opportunity, text: Shown) -> dict[str, Any] | None:
    told = item.eligibility.model_copy(update={"text": text.conditions}) if item.eligibility else None
    return told.model_dump(mode="json") if told else None


def _csv(items: Iterator[Opportunity], now: datetime, board: str) -> None:
    out = csv.writer(sys.stdout, lineterminator="\r\n")
    out.writerow(_COLUMNS)
    for item in items:
        nearest = next_deadline(item, now)
        row = (
            str(item.id),
            f"{board}/opportunities/{item.id}",
            item.kind,
            status(item, now),
            item.title("it", "en")[0],
            nearest[0].on.isoformat() if nearest and nearest[0].on else "",
            " ".join(item.countries or ((item.origin_country,) if item.origin_country else ())),
            " ".join(sector.id for sector in item.sectors),
            item.organisation.name if item.organisation else "",
            " ".join(dict.fromkeys(notice.source for notice in item.notices)),
        )
        out.writerow([safe(cell) for cell in row])


def safe(cell: str) -> str:
    """Keep a spreadsheet from running a cell that a source wrote (formula injection)."""
    return f"'{cell}" if cell.startswith(_FORMULA) or cell.lstrip().startswith(_FORMULA) else cell
