"""A page becomes records, a record becomes an event or a lead, whichever generation of the platform named its fields.

The one thing to know: ids are unique within the source behind the platform only, and some sources give none.
"""

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

from connectors.base.contract import Notice, Page, ParseError, Record, Skipped
from connectors.base.documents import json_of
from connectors.trade_gov import events, leads
from connectors.trade_gov.fields import KNOWN, text_of, without_private

_EVENT = frozenset({"event_name", "venues", "event_type", "registration_link", "registration_url"})


def envelope(page: Page) -> tuple[int, list[Any], Any]:
    """Return the total, the results, and what is said of the sources behind. Raises ParseError for anything else."""
    answer = json_of(page)
    if isinstance(answer, list):  # results without their envelope, as the service once published them
        return len(answer), answer, None
    results = answer.get("results") if isinstance(answer, dict) else None
    if not isinstance(results, list):
        raise ParseError(page.url, "results", "is not the list of an answer")
    total = answer.get("total")
    if not isinstance(total, int) or isinstance(total, bool) or total < 0:
        raise ParseError(page.url, "total", "is not a number of records")
    return total, results, answer.get("sources_used")


def split(page: Page) -> Iterator[Record]:
    """Cut an answer into its records; persons go first. Raises ParseError."""
    for at, row in enumerate(envelope(page)[1]):
        yield Record(f"results[{at}]", without_private(row) if isinstance(row, dict) else {})


def identity(row: Any) -> str:
    """Name a record, also one that cannot be read, so that a page that comes again is known."""
    if not isinstance(row, Mapping):
        return repr(row)
    source = text_of(row.get("source")) or "ITA"
    stated = text_of(row.get("id")) or text_of(row.get("reference_number"))
    said = f"{_title(row)}{text_of(row.get('publish_date')) or text_of(row.get('start_date'))}"
    return f"{source}:{stated or hashlib.sha1(said.encode('utf-8', 'replace'), usedforsecurity=False).hexdigest()}"


def identify(record: Record) -> str | None:
    """Name a record that could not be read; None where nothing in it tells it from others."""
    row = record.data
    return identity(row) if text_of(row.get("id")) or text_of(row.get("reference_number")) or _title(row) else None


def read(record: Record, page: Page) -> Notice | Skipped:
    """Read one record. Raises ParseError for what is not one."""
    row: Mapping[str, Any] = record.data
    try:
        if text_of(row.get("source")) == "AUSTRALIA":
            return Skipped("a contract that was given already", identity(row))
        if not _title(row):
            raise ValueError("the title is missing")
        if _EVENT.isdisjoint(row) and not ("name" in row and "start_date" in row):
            return leads.notice(row, identity(row))
        return events.notice(row, identity(row))
    except (ValueError, TypeError, AttributeError, LookupError) as error:
        raise ParseError(page.url, record.where, " ".join(str(error).split())[:300]) from error


def audit(record: Record) -> Iterator[str]:
    """Name the fields of a record that are neither read nor left out on purpose."""
    yield from (key for key in record.data if key not in KNOWN)


def _title(row: Mapping[str, Any]) -> str:
    return next((text for key in ("title", "event_name", "name") if (text := text_of(row.get(key)))), "")
