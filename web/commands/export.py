"""`export`: every opportunity, as the board's own data."""

import csv
import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import click

from aggregator.rights import Shown, shown
from aggregator.store.opportunities import changes_of, every
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
def export_command(shape: str, at: datetime | None) -> None:
    """Print every opportunity on standard output: what the office may see of it, with its status at this moment."""
    now = at or datetime.now(UTC)
    with opened() as here, here.store.read() as connection:
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
    changes = changes_of(connection, [item.id for item in items])
    for item in items:
        told = document(item, now=now, board=board)
        if item.id in changes:
            told["changes"] = [change.model_dump(mode="json") for change in changes[item.id]]
        click.echo(json.dumps(told, ensure_ascii=False))


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
