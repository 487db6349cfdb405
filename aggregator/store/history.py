"""Which changes of an opportunity are worth a reader's attention. Pure: two opportunities in, rows out.

Values are written as people compare them: a deadline as `2027-01-24T12:00`, several in one text with commas between.
"""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from aggregator.store.opportunity import Opportunity
from connectors.base.contract import Deadline, Money


def differences(before: Opportunity, after: Opportunity) -> list[tuple[str, str | None, str | None]]:
    """Rows of (field, before, after) for the fields that readers act on; None where nothing was stated."""
    found = []
    for name, say in _WATCHED.items():
        was, is_ = say(before), say(after)
        if name == "deadline" and was == is_:  # the same hour by another clock is another instant
            was, is_ = _clocks(before), _clocks(after)
        if was != is_:
            found.append((name, was, is_))
    if before.withdrawn_at is not None and after.withdrawn_at is None:
        found.append(("reopened", before.withdrawn_at.isoformat(), None))
    return found


def _deadlines(item: Opportunity) -> str | None:
    return ", ".join(_deadline(d) for d in item.deadlines) or None


def _deadline(given: Deadline) -> str:
    if given.on is None:
        return given.certainty
    return f"{given.on.isoformat()}T{given.at}" if given.at else given.on.isoformat()


def _clocks(item: Opportunity) -> str | None:
    # With the offset, `2027-01-24T12:00+01:00`, and not the name: two zones with one clock are no move.
    return ", ".join(_clock(d, item.zone) for d in item.deadlines) or None


def _clock(given: Deadline, zone: str) -> str:
    said = _deadline(given)
    if given.on is None or given.at is None:
        return said
    return datetime.fromisoformat(said).replace(tzinfo=ZoneInfo(given.zone or zone)).isoformat(timespec="minutes")


def _money(value: Money | None) -> str | None:
    return value.raw if value else None


_WATCHED: dict[str, Callable[[Opportunity], str | None]] = {
    "deadline": _deadlines,
    "status": lambda item: "forthcoming" if item.announced else "published",
    "kind": lambda item: item.kind,
    "title": lambda item: next(iter(item.titles.values())).text,
    "budget": lambda item: _money(item.budget),
    "grant": lambda item: _money(item.grant),
    "eligibility": lambda item: item.eligibility.model_dump_json() if item.eligibility else None,
    "reserved": lambda item: ", ".join(f"{r.type} {' '.join(r.lots)}".strip() for r in item.reserved) or None,
    "opens": lambda item: item.opens_at.isoformat() if item.opens_at else None,
}
