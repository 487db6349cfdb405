"""Read what a letter may speak of: matches not told yet, and told ones that changed or are closing.

The one thing to know: a member's profiles are one here; an opportunity that fits two of them comes once, with the
reasons of both, and is told as soon as it was told for one.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import sqlalchemy as sa

from aggregator.digest import news
from aggregator.digest.choose import CLOSING_DAYS, Candidate, State, Tier
from aggregator.digest.tables import digest_items, digests
from aggregator.intake import flood
from aggregator.matching.engine import reasons_of
from aggregator.matching.tables import matches
from aggregator.matching.verdict import Reason
from aggregator.store.opportunities import changes_of, many
from aggregator.store.opportunity import Change
from aggregator.store.tables import moment, opportunities, stamp

# More than these are never weighed: they are the best by score, and a letter has eight places.
_WEIGHED = 500
# Whose items a member may see (aggregator/rights.py); what is the office's alone is not counted either.
_AUDIENCES = ("public", "members")
_STATES: tuple[State, ...] = ("offered", "new")
_TIERS: tuple[Tier, ...] = ("coded", "text", "like")


@dataclass(slots=True)
class _Told:
    """What earlier letters said of one opportunity: when last, and which deadlines as closing soon."""

    last: datetime
    reminded: set[datetime] = field(default_factory=set)


def candidates(connection: sa.Connection, member_id: str, *, now: datetime) -> list[Candidate]:
    """Return what fits the member and is not over, each opportunity once."""
    rows, shown = defaultdict(list), set()
    for row in _rows(connection, member_id, now):
        if row.state in {"sent", "dropped"}:
            shown.add(row.opportunity_id)
        if row.state != "dropped":
            rows[row.opportunity_id].append(row)
    items = many(connection, rows)
    told = _told(connection, member_id, [id for id in rows if id in shown])
    changed = _changed(connection, told)
    return [
        Candidate(
            item=items[id],
            score=max(row.score for row in found),
            tier=min((row.tier for row in found), key=_TIERS.index),
            reasons=_reasons([row.reasons for row in found]),
            state="sent" if id in shown else min((row.state for row in found), key=_STATES.index),
            changes=changed.get(id, ()),
            reminded=frozenset(told[id].reminded) if id in told else frozenset(),
        )
        for id, found in rows.items()
        if id in items
    ]


def untold(connection: sa.Connection, member_id: str, *, now: datetime) -> set[int]:
    """Return the numbers of all that fits the member, is not over, and was in no letter; without what only resembles."""
    sent = sa.select(matches.c.opportunity_id).where(matches.c.member_id == member_id, _was_sent())
    query = (
        sa.select(matches.c.opportunity_id)
        .join(opportunities)
        .where(matches.c.member_id == member_id, matches.c.state.in_(("new", "offered")), matches.c.tier != "like")
        .where(_not_over(now), matches.c.opportunity_id.not_in(sent))
        .where(opportunities.c.audience.in_(_AUDIENCES), *_free(connection, now))
    )
    return set(connection.scalars(query))


def _was_sent() -> sa.ColumnElement[bool]:
    return sa.or_(matches.c.state == "sent", matches.c.sent_at.is_not(None))


def _not_over(now: datetime) -> sa.ColumnElement[bool]:
    columns = opportunities.c
    return sa.and_(columns.withdrawn_at.is_(None), sa.or_(columns.closes_at.is_(None), columns.closes_at >= stamp(now)))


def _free(connection: sa.Connection, now: datetime) -> list[sa.ColumnElement[bool]]:
    """What a flood has brought waits for the office, and is as new in the letter after that."""
    waiting = flood.waiting(connection, now)
    return [] if waiting is None else [opportunities.c.id.not_in(waiting)]


def _rows(connection: sa.Connection, member_id: str, now: datetime) -> list[sa.Row[int, float, str, str, str]]:
    columns = matches.c
    # A day more than "closing soon": the source's calendar may be a day ahead of ours. The exact rule is choose.place.
    horizon = stamp(now + timedelta(days=CLOSING_DAYS + 1))
    mine = (
        sa.select(columns.opportunity_id, columns.score, columns.tier, columns.reasons, columns.state)
        .join(opportunities)
        .where(columns.member_id == member_id, _not_over(now), *_free(connection, now))
    )
    best_first = (columns.score.desc(), columns.opportunity_id)
    parts = (
        mine.where(columns.state == "new").order_by(*best_first).limit(_WEIGHED),
        mine.where(columns.state == "offered", opportunities.c.first_deadline <= horizon)
        .order_by(*best_first)
        .limit(_WEIGHED),
        mine.where(columns.state == "sent").order_by(*best_first),
        # What fits one profile no longer and was told for it is told, when it fits another one.
        mine.where(columns.state == "dropped", _was_sent()),
    )
    return [row for part in parts for row in connection.execute(part)]


def _told(connection: sa.Connection, member_id: str, ids: list[int]) -> dict[int, _Told]:
    found: dict[int, _Told] = {}
    query = (
        sa.select(digest_items.c.opportunity_id, digest_items.c.deadline, digests.c.made_at)
        .join(digests)
        .where(digests.c.member_id == member_id, digest_items.c.opportunity_id.in_(ids))
        .order_by(digests.c.made_at)
    )
    for row in connection.execute(query):
        told = found.setdefault(row.opportunity_id, _Told(moment(row.made_at)))
        told.last = moment(row.made_at)
        if row.deadline:
            told.reminded.add(moment(row.deadline))
    return found


def _changed(connection: sa.Connection, told: dict[int, _Told]) -> dict[int, tuple[Change, ...]]:
    if not told:
        return {}
    since = min(entry.last for entry in told.values())
    all_changes = changes_of(connection, told, since=since)
    return {
        id: news.told([change for change in found if change.at > told[id].last]) for id, found in all_changes.items()
    }


def _reasons(stored: list[str]) -> tuple[Reason, ...]:
    """The reasons of all profiles, each said once, the weightiest first."""
    read = [reason for text in stored for reason in reasons_of(text)]
    said: dict[tuple[str, str, str], Reason] = {}
    for reason in sorted(read, key=lambda r: -r.weight):
        said.setdefault((reason.kind, reason.profile, reason.item), reason)
    return tuple(said.values())
