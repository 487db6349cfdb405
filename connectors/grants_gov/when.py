"""Dates of Grants.gov: five ways to write one, all on the clock of Washington; and what they mean for an applicant.

The one thing to know: midnight is how its software writes a day, so a deadline at midnight lasts to the end of that day.
"""

import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from connectors.base.contract import Deadline, DeadlineKind, Instant
from connectors.base.dates import deadlines_in, instant
from connectors.base.people import without_people
from connectors.base.text import clean_line
from connectors.grants_gov.about import ZONE
from connectors.grants_gov.explained import Stage, hour, stages

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
    told = stages(text, posted=posted)
    if closes is not None and _is_meant(closes, today):
        on, at = _wall_clock(closes)
        by_day = Deadline(on=on, at=at or hour(text, on=on, posted=posted), zone=ZONE, label=label)
        staged = _staged((by_day,), tuple(each for each in told if each.on <= on or not each.first), closing=on)
        return (*staged, *(each for each in found if each.certainty == "until_funds"))
    found = tuple(each.model_copy(update={"label": label}) for each in found)
    staged = _staged(tuple(each for each in found if each.on), told)
    without_day = tuple(each for each in found if not each.on)
    if any(each.kind != "stage" for each in staged):
        return (*staged, *without_day)
    open_until = (Deadline(on=archived, zone=ZONE, kind="validity", label=ARCHIVED),) if archived else ()
    return (*staged, *(without_day or (Deadline(certainty="not_stated", label=label),)), *open_until)


def _staged(
    stated: tuple[Deadline, ...], told: tuple[Stage, ...], *, closing: date | None = None
) -> tuple[Deadline, ...]:
    """Put the stages of the explanation beside what is stated; behind one that closes to newcomers all is a `stage`."""
    if not any(each.first for each in told):
        return stated
    days: dict[date, Deadline] = {each.on: each for each in stated if each.on}
    for each in told:
        kind: DeadlineKind = each.kind if each.first or days else "submission"
        stage = Deadline(on=each.on, at=each.at, zone=ZONE, kind=kind, label=clean_line(each.said, _LABEL))
        if (same := days.get(each.on)) is not None:
            # What the platform states as its closing day closes, also where the text calls that stage optional.
            kind = same.kind if not each.first or (kind == "stage" and each.on == closing) else kind
            stage = stage.model_copy(update={"at": same.at or each.at, "kind": kind})
        days[each.on] = stage
    last_chance = max((each.on for each in told if each.closes), default=date.max)
    return tuple(
        each.model_copy(update={"kind": "stage"}) if on > last_chance else each for on, each in sorted(days.items())
    )


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
