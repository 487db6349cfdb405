"""The cells of a table as values: text, dates, amounts, deadlines; each is read or it is not, and nothing is guessed.

The one thing to know: midnight is how software writes a day, so a moment at midnight without a zone is that day.
"""

import re
from datetime import datetime, time
from decimal import Decimal
from typing import Any, Literal
from zoneinfo import ZoneInfo

from connectors.base.contract import Deadline, DeadlineKind, Instant, Money
from connectors.base.dates import deadlines_in, instant
from connectors.base.days import fold
from connectors.base.money import money
from connectors.base.text import clean_line, visible

LONGEST = 100_000
"""Characters of one cell that are read; the longest texts of our sources have a tenth of it."""
_LINE = 200
_ALWAYS = frozenset(
    ("ongoing", "continuous", "rolling", "always open", "sempre aperto", "sempre aperta", "continuativo", "permanente")
)
_NO_CELL = frozenset({"", "-", "--", "–", "—", "n/a", "null", "none", "nan"})
_NUMBER = re.compile(r"\d{1,20}(?:\.\d{1,10})?")
_NOTHING = re.compile(r"[\s€$£0.,-]*(?:EUR|USD|euro)?\s*", re.I)


def text_of(value: Any) -> str:
    """The text of a cell, empty for none; tables of JSON hold numbers, lists and {"url": …} as well."""
    text = visible(_written(value)[:LONGEST]).strip()
    return "" if text.lower() in _NO_CELL else text


def _written(value: Any) -> str:
    match value:
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case int() | float() | Decimal():
            return str(value)
        case list() | tuple():
            return "; ".join(text for part in value if (text := _written(part)))
        case {"url": str() as url}:
            return url
    return ""


def parts_of(text: str) -> list[str]:
    """The parts of a cell that holds several values, which a semicolon separates."""
    return [part for piece in text.split(";") if (part := clean_line(piece))]


def date_of(text: str, *, month_first: bool, zone: str) -> Instant | None:
    """Read the one date of a cell, a day where no hour is stated; None for what cannot be read."""
    read = instant(clean_line(text, _LINE), zone=zone, lang="en-us" if month_first else None)
    if isinstance(read, datetime) and read.time() == time() and isinstance(read.tzinfo, ZoneInfo):
        return read.date()
    return read


def money_of(text: str, *, decimal: Literal["", ",", "."], currency: str | None, lang: str | None) -> Money | None:
    """Read the one amount or range of a cell. Raises ValueError where something stands there and is none; None for zero."""
    raw = clean_line(text, _LINE)
    if _NOTHING.fullmatch(raw):
        return None
    if decimal:
        other = "," if decimal == "." else "."
        number = re.sub(r"[\s'’]", "", raw).replace(other, "").replace(decimal, ".")
        if _NUMBER.fullmatch(number):
            return Money(total=Decimal(number), currency=currency, raw=raw)
    read = money(raw, currency=currency, lang=lang)
    if read is None:
        raise ValueError("no amount")
    return read


def deadlines_of(text: str, *, kind: DeadlineKind, month_first: bool, zone: str, lang: str | None) -> list[Deadline]:
    """Read one deadline of a cell, or the words for one that has no day. Raises ValueError where there is neither."""
    line = clean_line(text, _LINE)
    if fold(line) in _ALWAYS:
        return [Deadline(certainty="continuous")]
    order = "en-us" if month_first else lang
    found = [told for told in deadlines_in(line, lang=order, zone=zone, today=None) if told.on is None]
    if (moment := date_of(line, month_first=month_first, zone=zone)) is not None:
        found.insert(0, deadline_at(moment, kind=kind, zone=zone))
    if not found:
        raise ValueError("no day")
    return found


def deadline_at(moment: Instant, *, kind: DeadlineKind, zone: str) -> Deadline:
    """A deadline on the wall clock of a zone."""
    if not isinstance(moment, datetime):
        return Deadline(on=moment, zone=zone, kind=kind)
    here = moment.astimezone(ZoneInfo(zone))
    return Deadline(on=here.date(), at=f"{here:%H:%M}", zone=zone, kind=kind)
