"""Dates of Grants.gov: five ways to write one, all on the clock of Washington; and what they mean for an applicant.

The one thing to know: midnight is how its software writes a day, so a deadline at midnight lasts to the end of that day.
"""

import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from connectors.base.contract import Deadline, Instant
from connectors.base.dates import deadlines_in, instant
from connectors.base.days import hour_of_day
from connectors.base.people import without_people
from connectors.base.text import clean_line
from connectors.grants_gov.about import ZONE

ESTIMATED = "estimated"
ARCHIVED = "to be archived"
_LABEL = 200
_FILLER = timedelta(days=20 * 366)
"""A closing day further ahead is a filler of the software: it says that there is none."""

_STAMP = re.compile(r"\d{4}(?:-\d\d){5}")
_COMPACT = re.compile(r"\d{8}")
_SLASHED = re.compile(r"\d{1,2}/\d{1,2}/\d{4}")
# What stands where nobody wrote anything.
_NOTHING = re.compile(r"(?:undefined|null|none|n/?a|not available|no explanation)?\.?", re.I)
_EASTERN_HOUR = re.compile(
    r"\b(?P<h>\d{1,2})(?::(?P<m>[0-5]\d))?(?::\d\d)?\s*(?P<half>[ap]\.?\s?m)\b\.?[\s,(]*"
    r"(?P<eastern>(?:U\.?S\.?\s+)?(?:eastern\b|E\.?[SD]?\.?T\b)|Washington,?\s+D\.?C\b)?",
    re.I,
)


def moment(*given: object) -> Instant | None:
    """Read the first of several ways to write one date; a day where no hour is meant. None where nothing can be read."""
    return next((read for each in given if (text := said(each)) and (read := _read(text)) is not None), None)


def day(*given: object) -> date | None:
    """As `moment`, and only the day."""
    return as_day(moment(*given))


def as_day(read: Instant | None) -> date | None:
    """Return the day of a moment in Washington."""
    return read.astimezone(ZoneInfo(ZONE)).date() if isinstance(read, datetime) else read


def said(text: object) -> str:
    """Return one line of text without persons, empty where the platform's software wrote a word for nothing."""
    line = clean_line(str(text)) if isinstance(text, str | int) else ""
    return "" if _NOTHING.fullmatch(line) else without_people(line)


def closing(*given: object) -> Instant | None:
    """Read the day of closing. Raises ValueError for one that is stated and cannot be read: that must be heard."""
    read = moment(*given)
    stated = [text for each in given if (text := said(each))]
    if read is None and stated:
        raise ValueError(f"the closing date {stated[0][:60]!r} cannot be read")
    return read


def deadlines(
    closes: Instant | None, text: str, *, posted: date | None, archived: date | None, today: date
) -> tuple[Deadline, ...]:
    """Say when an open call closes; `text` is the explanation beside the date, or in its place.

    Without a stated day it is open until it is archived, as the platform counts (kind `validity`).
    """
    label = clean_line(text, _LABEL) or None
    found = deadlines_in(text, lang="en-US", zone=ZONE, today=None, published=posted)
    if closes is not None and _is_meant(closes, today):
        on, at = _wall_clock(closes)
        by_day = Deadline(on=on, at=at or _eastern_hour(text), zone=ZONE, label=label)
        return (by_day, *(each for each in found if each.certainty == "until_funds"))
    found = tuple(each.model_copy(update={"label": label}) for each in found)
    if any(each.on for each in found):
        return found
    open_until = (Deadline(on=archived, zone=ZONE, kind="validity", label=ARCHIVED),) if archived else ()
    return (*(found or (Deadline(certainty="not_stated", label=label),)), *open_until)


def estimates(closes: Instant | None, text: str) -> tuple[Deadline, ...]:
    """Say when a forecast is thought to close. An estimate that passes closes nothing, so it is a `stage`."""
    label = clean_line(f"{ESTIMATED}: {text}" if text else ESTIMATED, _LABEL)
    if closes is None:
        return (Deadline(kind="stage", label=label, certainty="not_stated"),) if text else ()
    on, at = _wall_clock(closes)
    return (Deadline(on=on, at=at, zone=ZONE, kind="stage", label=label),)


def _read(text: str) -> Instant | None:
    try:
        if _STAMP.fullmatch(text):
            return _whole_day(datetime.strptime(text, "%Y-%m-%d-%H-%M-%S").replace(tzinfo=ZoneInfo(ZONE)))
        if _COMPACT.fullmatch(text):
            return datetime.strptime(text, "%m%d%Y").replace(tzinfo=ZoneInfo(ZONE)).date()
        if _SLASHED.fullmatch(text):
            return datetime.strptime(text, "%m/%d/%Y").replace(tzinfo=ZoneInfo(ZONE)).date()
    except ValueError:
        return None
    read = instant(text, zone=ZONE, lang="en-US")
    return _whole_day(read) if isinstance(read, datetime) else read


def _whole_day(read: datetime) -> Instant:
    return read.date() if read.time() == time() else read


def _wall_clock(closes: Instant) -> tuple[date, str | None]:
    if not isinstance(closes, datetime):
        return closes, None
    local = closes.astimezone(ZoneInfo(ZONE))
    return local.date(), f"{local:%H:%M}"


def _is_meant(closes: Instant, today: date) -> bool:
    return _wall_clock(closes)[0] <= today + _FILLER


def _eastern_hour(text: str) -> str | None:
    """Return the hour that the text names, if it names one only and says that it is Eastern Time."""
    named = list(_EASTERN_HOUR.finditer(text))
    if len({(each["h"], each["m"], each["half"][0].lower()) for each in named}) != 1 or not named[0]["eastern"]:
        return None
    hour = hour_of_day(int(named[0]["h"]), named[0]["half"])
    return None if hour is None or hour > 23 else f"{hour:02}:{int(named[0]['m'] or 0):02}"
