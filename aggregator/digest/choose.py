"""Decide what goes into a letter. Pure: candidates in, chosen items out.

The one thing to know: what cannot wait (a deadline that is near, a change to something already shown) has a few places
of its own; all other places go to the best score.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from aggregator.matching.verdict import Reason
from aggregator.store.opportunity import Change, Opportunity, days_left, ends, status
from connectors.base.contract import Deadline

Section: TypeAlias = Literal["closing", "changed", "new", "maybe"]
Tier: TypeAlias = Literal["coded", "text", "like"]
State: TypeAlias = Literal["new", "offered", "sent"]

# docs/letter.md, "How many".
MOST = 8
MOST_OF_ONE_SOURCE = 3
MOST_MAYBE = 2
CLOSING_DAYS = 14
PLACES_OF_CLOSING = 3
PLACES_OF_CHANGED = 2
_ORDER: dict[Section, int] = {"closing": 0, "changed": 1, "new": 2, "maybe": 3}
ALIVE = frozenset({"open", "forthcoming", "unknown"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An opportunity that fits the member. `changes` are those since the letter that showed it; `reminded` holds the
    deadlines that a letter has already printed as closing soon."""

    item: Opportunity
    score: float
    tier: Tier
    reasons: tuple[Reason, ...] = ()
    state: State = "new"
    changes: tuple[Change, ...] = ()
    reminded: frozenset[datetime] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """An item of a letter, with its place in it."""

    item: Opportunity
    section: Section
    reasons: tuple[Reason, ...] = ()
    changes: tuple[Change, ...] = ()
    closing: datetime | None = None


def coming(item: Opportunity, now: datetime) -> tuple[Deadline, datetime] | None:
    """Return the nearest deadline that has not passed, and when it ends (UTC).

    How long an offer stays valid is told only when nothing has to be done before: it does not press anybody.
    """
    dated = [(d, end) for d in item.deadlines if (end := ends(d, item.zone)) is not None and end >= now]
    return min(dated, key=lambda pair: (pair[0].kind == "validity", pair[1]), default=None)


def closing_soon(item: Opportunity, now: datetime) -> datetime | None:
    """Return when the nearest deadline ends if that is within the days of "closing soon", in the source's calendar."""
    found = coming(item, now)
    if found is None or found[0].kind == "validity":
        return None
    deadline, end = found
    return end if days_left(end, now, deadline.zone or item.zone) <= CLOSING_DAYS else None


def place(candidate: Candidate, now: datetime) -> Section | None:
    """Return the section a candidate belongs in; None when there is nothing to say about it this week."""
    if status(candidate.item, now) not in ALIVE:
        return None
    changed = candidate.state == "sent" and bool(candidate.changes)
    if candidate.tier == "like":
        return "maybe" if changed or candidate.state == "new" else None
    if changed:
        return "changed"
    end = closing_soon(candidate.item, now)
    if end is not None and end not in candidate.reminded:
        return "closing"
    return "new" if candidate.state == "new" else None


def choose(candidates: Sequence[Candidate], *, now: datetime) -> tuple[Chosen, ...]:
    """Return the items of the letter, section by section, best first; nothing when all there is only resembles.

    At most 8, at most 3 of one source, at most 2 that only resemble the profile.
    """
    ranked = sorted(
        ((c, section) for c in candidates if (section := place(c, now)) is not None),
        key=lambda pair: (pair[1] == "maybe", -pair[0].score, pair[0].item.id),
    )
    taken: dict[int, tuple[Candidate, Section]] = {}
    for only, places in (("closing", PLACES_OF_CLOSING), ("changed", PLACES_OF_CHANGED), (None, MOST)):
        for candidate, section in ranked:
            if places == 0:
                break
            if only in {None, section} and _fits(candidate, section, taken):
                taken[candidate.item.id] = (candidate, section)
                places -= 1
    if all(section == "maybe" for _, section in taken.values()):
        return ()
    chosen = [
        Chosen(
            item=candidate.item,
            section=section,
            reasons=candidate.reasons,
            changes=candidate.changes if candidate.state == "sent" and section in {"changed", "maybe"} else (),
            closing=closing_soon(candidate.item, now),
        )
        for candidate, section in ranked
        if candidate.item.id in taken
    ]
    # What closes is read by its date; everything else stays best first (the sort is stable).
    return tuple(sorted(chosen, key=_reading_order))


def _reading_order(chosen: Chosen) -> tuple[int, float]:
    by_date = chosen.closing.timestamp() if chosen.section == "closing" and chosen.closing else 0.0
    return _ORDER[chosen.section], by_date


def _fits(candidate: Candidate, section: Section, taken: dict[int, tuple[Candidate, Section]]) -> bool:
    if len(taken) == MOST or candidate.item.id in taken:
        return False
    if section == "maybe" and sum(s == "maybe" for _, s in taken.values()) == MOST_MAYBE:
        return False
    per_source = Counter(name for c, _ in taken.values() for name in sources(c.item))
    return all(per_source[name] < MOST_OF_ONE_SOURCE for name in sources(candidate.item))


def sources(item: Opportunity) -> frozenset[str]:
    """Return the names of all sources behind the opportunity: one that two bring counts for both."""
    return frozenset(notice.source for notice in item.notices)
