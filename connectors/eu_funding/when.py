"""Dates as the portal writes them, and what they mean.

The one thing to know: "+0000" is not to be believed. Topics and cascade calls carry the wall clock of Brussels under it:
midnight is a day whose hour (17:00, as a rule) is not stated, 17:00 is 17:00 in Brussels. Tenders carry the wall clock of
`cftTimezone`. Only calls of the external action mean UTC.
"""

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime, time
from typing import TypeVar
from zoneinfo import ZoneInfo

from connectors.base.contract import Deadline, DeadlineKind, Instant
from connectors.base.dates import instant
from connectors.eu_funding.about import ZONE
from connectors.eu_funding.hit import Hit
from connectors.eu_funding.programmes import CLOSED, EXTERNAL

_OFFSET = re.compile(r"(?:Z|[+-]\d\d:?\d\d)$", re.IGNORECASE)
_NO_OFFSET = re.compile(r"(?:Z|[+-]00:?00)$", re.IGNORECASE)

_T = TypeVar("_T")


def moment(text: str) -> Instant:
    """Read one date: midnight is a day, and one without offset lies in Brussels. Raises ValueError."""
    read = instant(text, zone=ZONE)
    if read is None:
        raise ValueError(f"{text!r} is no date")
    if not isinstance(read, datetime):
        return read
    # 01:00+0100 is midnight too: the index of 2023 wrote its own local time.
    clock = read.astimezone(UTC) if _OFFSET.search(text) else read
    return clock.date() if clock.time() == time() else read


def first(hit: Hit, *names: str) -> Instant | None:
    """Return the first date under the first of these names that has one; what is no date is left out by name."""
    for name in names:
        text = hit.first(name)
        if text is None:
            continue
        try:
            return moment(text)
        except ValueError:
            hit.leave_out(name)
    return None


def published(hit: Hit, fetched_at: datetime) -> Instant | None:
    """Say when the portal first showed it: the earlier of its own date and of the day on which the index met it.

    Of a call that is only announced, the portal's own date is the day on which it will open.
    """
    found = [m for name in ("es_SortDate", "esDA_FirstIngestDate") if (m := first(hit, name)) is not None]
    past = [each for each in found if day_of(each) <= fetched_at.astimezone(ZoneInfo(ZONE)).date()]
    return min(past, key=day_of, default=None)


def day_of(given: Instant) -> date:
    """Return the day in Brussels."""
    return given.astimezone(ZoneInfo(ZONE)).date() if isinstance(given, datetime) else given


def call_deadlines(hit: Hit, fetched_at: datetime) -> tuple[Deadline, ...]:
    """Return all deadlines of a call, earliest first; without any, that it states none. Raises ValueError.

    Of two stages the first closes the door for newcomers; the later ones concern those who passed it. Cut-offs are doors
    each. A call that the portal itself calls closed keeps no later day than that of the visit as a door: the hour at
    which it closed is stated nowhere, so the day stays a day. Empty: it says that it is closed, and no day of its own does.
    """
    dated = sorted(_given(hit, "deadlineDate", moment if hit.type == EXTERNAL else _in_brussels), key=day_and_time)
    # Where one of two stages is no date, that left is taken for the first: what is not fixed yet is the later one.
    by_stage = (hit.first("deadlineModel") or "").lower().startswith("two-stage")
    closed, today = hit.first("status") == CLOSED, day_of(fetched_at)
    doors = [not (by_stage and place > 0) and not (closed and day_of(each) > today) for place, each in enumerate(dated)]
    if closed and not any(doors):
        return ()
    if not dated:
        return (Deadline(certainty="not_stated"),)
    label = {True: "stage {}", False: "cut-off {}"}[by_stage]
    return tuple(
        _deadline(each, "submission" if door else "stage", label.format(place + 1) if len(dated) > 1 else None)
        for place, (each, door) in enumerate(zip(dated, doors, strict=True))
    )


def tender_deadlines(hit: Hit) -> tuple[Deadline, ...]:
    """Return the deadlines of a tender, on the wall clock of `cftTimezone`. Raises ValueError."""
    zone = hit.first("cftTimezone")
    return (
        *_given(hit, "deadlineDate", lambda text: _local(text, zone, "submission")),
        *_given(hit, "cftEXARegistrationDeadline", lambda text: _local(text, zone, "registration")),
    )


def _given(hit: Hit, name: str, read: Callable[[str], _T]) -> list[_T]:
    """Read all dates of a field without those that are none ("tbc", the year 9999).

    Raises ValueError where none of them is one: a call whose deadline we cannot read must not pass for one without.
    """
    texts, found = hit.values(name), []
    for text in texts:
        with suppress(ValueError):
            found.append(read(text))
    if len(found) < len(texts) or not hit.is_plain(name):
        if not found:
            raise ValueError(f"{name}: {' and '.join(map(repr, texts)) or 'what stands there'} is no date")
        hit.leave_out(name)
    return found


def _in_brussels(text: str) -> Instant:
    """Read the clock of UTC as that of Brussels: 17:00+0000, and 19:00+0200 of older rows, are 17:00 there."""
    read = moment(text)
    if not isinstance(read, datetime) or not _OFFSET.search(text):
        return read
    return read.astimezone(UTC).replace(tzinfo=ZoneInfo(ZONE))


def _local(text: str, zone: str | None, kind: DeadlineKind) -> Deadline:
    given = moment(text)
    if not isinstance(given, datetime):
        return Deadline(on=given, zone=zone, kind=kind)
    if _OFFSET.search(text) and not _NO_OFFSET.search(text):
        return _deadline(given, kind, None)
    return Deadline(on=given.date(), at=f"{given:%H:%M}", zone=zone, kind=kind)


def _deadline(given: Instant, kind: DeadlineKind, label: str | None) -> Deadline:
    if not isinstance(given, datetime):
        return Deadline(on=given, zone=ZONE, kind=kind, label=label)
    there = given.astimezone(ZoneInfo(ZONE))
    if there.utcoffset() == given.utcoffset():
        return Deadline(on=given.date(), at=f"{given:%H:%M}", zone=ZONE, kind=kind, label=label)
    instant_ = given.astimezone(UTC)
    return Deadline(on=instant_.date(), at=f"{instant_:%H:%M}", zone="UTC", kind=kind, label=label)


def day_and_time(given: Instant) -> datetime:
    """Return the instant, in UTC; a day is over when Brussels' midnight is near."""
    if isinstance(given, datetime):
        return given.astimezone(UTC)
    return datetime.combine(given, time(23, 59, 59), ZoneInfo(ZONE)).astimezone(UTC)
