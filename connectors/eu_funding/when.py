"""Dates as the portal writes them, and what they mean.

The one thing to know: "+0000" is not to be believed. Grants carry a day at midnight, whose hour (17:00 in Brussels, as a
rule) is not stated; tenders carry the local wall clock of `cftTimezone`. Only what has an hour and is no tender is kept
with the offset that it came with.
"""

import re
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from connectors.base.contract import Deadline, DeadlineKind, Instant
from connectors.base.dates import instant
from connectors.eu_funding.about import ZONE
from connectors.eu_funding.hit import Hit
from connectors.eu_funding.programmes import CLOSED

_OFFSET = re.compile(r"(?:Z|[+-]\d\d:?\d\d)$", re.IGNORECASE)
_NO_OFFSET = re.compile(r"(?:Z|[+-]00:?00)$", re.IGNORECASE)


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
    """Return the first date under the first of these names that has one."""
    text = hit.first(*names)
    return moment(text) if text else None


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
    """Return all deadlines of a call, earliest first; without any, that it states none.

    Of two stages the first closes the door for newcomers; the later ones concern those who passed it. Cut-offs are doors
    each. A call that the portal itself calls closed keeps only past days as doors. Empty: it says that it is closed, and
    no day of its own does.
    """
    dated = sorted((moment(text) for text in hit.values("deadlineDate")), key=day_and_time)
    by_stage = (hit.first("deadlineModel") or "").lower().startswith("two-stage")
    closed = hit.first("status") == CLOSED
    doors = [
        not (by_stage and place > 0) and not (closed and day_and_time(each) > fetched_at)
        for place, each in enumerate(dated)
    ]
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
    """Return the deadlines of a tender, on the wall clock of `cftTimezone`."""
    zone = hit.first("cftTimezone")
    offers = [_local(text, zone, "submission") for text in hit.values("deadlineDate")]
    return (*offers, *(_local(text, zone, "registration") for text in hit.values("cftEXARegistrationDeadline")))


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
