"""Closing days by rule: the region's incentive fund closes on the first day of each quarter, a talk stands before it.

The one thing to know: these days are computed and say so. The fund announced the rule in 2022 (the first such day was
1 July 2022); whoever wants to apply has a talk with the fund at least two weeks before.
"""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from connectors.base.contract import Deadline
from connectors.brainport.about import ZONE

RULE = (
    "closes on the first day of each quarter; a talk with the fund at least two weeks before (rule announced in 2022)"
)
CLOSING, TALK = "closing day by rule: first day of the quarter", "last day for the talk before, by rule"
_TALK_BEFORE = timedelta(days=14)
NEXT = 4


def closing_days(since: date, count: int = NEXT) -> list[date]:
    """Return the first days of the next quarters, that of `since` itself among them."""
    first = date(since.year, 3 * ((since.month - 1) // 3) + 1, 1)
    quarters = [first] if since == first else []
    while len(quarters) < count:
        first = date(first.year + first.month // 10, (first.month + 2) % 12 + 1, 1)
        quarters.append(first)
    return quarters


def deadlines(fetched_at: datetime) -> tuple[Deadline, ...]:
    """The next four closing days as seen on the day of a page, each with the last day of its talk where that is to come."""
    today = fetched_at.astimezone(ZoneInfo(ZONE)).date()
    found = []
    for day in closing_days(today):
        if day - _TALK_BEFORE >= today:
            found.append(Deadline(on=day - _TALK_BEFORE, zone=ZONE, kind="stage", label=TALK))
        found.append(Deadline(on=day, zone=ZONE, kind="submission", label=CLOSING))
    return tuple(found)
