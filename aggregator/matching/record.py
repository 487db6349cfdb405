"""Write the matches of new and changed items. The one thing to know: a match keeps the day it was first seen for ever."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

import sqlalchemy as sa
import structlog
from pydantic import TypeAdapter
from sqlalchemy.dialects import postgresql, sqlite

from aggregator.matching.judge import Prepared, Wish, judge, prepare, verdicts
from aggregator.matching.tables import matches
from aggregator.matching.verdict import Reason, Verdict
from aggregator.people.member import Member
from aggregator.people.members import everyone
from aggregator.store.opportunities import unfinished
from aggregator.store.opportunity import Opportunity
from aggregator.store.tables import stamp

_log = structlog.get_logger(__name__)
_REASONS = TypeAdapter(tuple[Reason, ...])
_BATCH = 250
# What is over is no reason to forget who was told of it: it may open again.
_OVER = frozenset({"withdrawn", "closed"})


def record(
    connection: sa.Connection, items: Sequence[Opportunity], members: Sequence[Member] | Prepared, *, now: datetime
) -> int:
    """Record the matches of items that are new or changed; say how many arose.

    An item that was matched before keeps `first_seen`; its score and reasons follow the item when the item changed.
    A match is dropped when the item fits no longer; when it fits again, it is new, or sent where somebody was told of it.
    """
    prepared = members if isinstance(members, Prepared) else prepare(members)
    return _record(connection, items, prepared, now=now, again=False)


def record_all(connection: sa.Connection, *, now: datetime) -> int:
    """Record the matches of everybody with everything unfinished, after profiles changed; say how many arose.

    Matches of profiles that no longer exist are dropped.
    """
    members = everyone(connection)
    prepared = prepare(members)
    _drop_orphans(connection, {wish.id for wish in prepared.wishes}, now=now)
    items, arose = unfinished(connection, now=now), 0
    while batch := list(islice(items, _BATCH)):
        arose += _record(connection, batch, prepared, now=now, again=True)
    _log.info("matched", members=len(members), profiles=len(prepared.wishes), arose=arose)
    return arose


def reasons_of(doc: str) -> tuple[Reason, ...]:
    """Read the reasons column of a match."""
    return _REASONS.validate_json(doc)


def _record(
    connection: sa.Connection, items: Sequence[Opportunity], prepared: Prepared, *, now: datetime, again: bool
) -> int:
    held = _held(connection, [item.id for item in items])
    arose: list[dict[str, Any]] = []
    moved: list[dict[str, Any]] = []
    for item in items:
        for wish, verdict in verdicts(prepared, item, now=now):
            row = held.get((wish.id, item.id))
            if row is None:
                if verdict.sent:
                    arose.append(_new(wish, item, verdict, now))
            elif again or row.changed_at < stamp(item.changed_at):
                if verdict.excluded_by == "too_late" and _told(row):
                    # A reminder comes exactly when little time is left: only the rest of the profile is asked.
                    patient = wish.profile.model_copy(update={"least_days": {}})
                    verdict = judge(patient, item, member=wish.member, now=now)
                moved += _moved(row, verdict, item, now)
    if arose:
        _insert(connection, arose)
    if moved:
        which = (
            matches.c.profile_id == sa.bindparam("of_profile"),
            matches.c.opportunity_id == sa.bindparam("of_item"),
        )
        columns: dict[str, sa.BindParameter[Any]] = {
            name: sa.bindparam(name) for name in ("score", "tier", "reasons", "state", "changed_at")
        }
        connection.execute(sa.update(matches).where(*which).values(columns), moved)
    return len(arose)


def _moved(row: sa.Row[Any], verdict: Verdict, item: Opportunity, now: datetime) -> Iterator[dict[str, Any]]:
    """What changes in a row, if anything does."""
    before = {name: getattr(row, name) for name in ("score", "tier", "reasons", "state")}
    after = dict(before)
    told = _told(row)
    if verdict.sent:
        # Whoever was told keeps the reasons that were told, until the item itself changes.
        if not told or row.changed_at < stamp(item.changed_at):
            after |= _said(verdict)
        if row.state == "dropped":
            after["state"] = "sent" if told else "new"
    elif not (told and verdict.excluded_by in _OVER):
        # What it matched by stays on record; only that it fits is over.
        after["state"] = "dropped"
    if after != before:
        yield {"of_profile": row.profile_id, "of_item": row.opportunity_id, "changed_at": stamp(now)} | after


def _told(row: sa.Row[Any]) -> bool:
    return row.state == "sent" or row.sent_at is not None


def _said(verdict: Verdict) -> dict[str, Any]:
    reasons = _REASONS.dump_json(verdict.reasons).decode()
    return {"score": verdict.score, "tier": verdict.tier, "reasons": reasons}


def _new(wish: Wish, item: Opportunity, verdict: Verdict, now: datetime) -> dict[str, Any]:
    key = {"profile_id": wish.id, "opportunity_id": item.id, "member_id": wish.member.id}
    return key | _said(verdict) | {"first_seen": stamp(now), "changed_at": stamp(now), "state": "new"}


def _held(connection: sa.Connection, ids: Sequence[int]) -> dict[tuple[str, int], sa.Row[Any]]:
    held: dict[tuple[str, int], sa.Row[Any]] = {}
    for start in range(0, len(ids), _BATCH):
        some = ids[start : start + _BATCH]
        for row in connection.execute(sa.select(matches).where(matches.c.opportunity_id.in_(some))):
            held[row.profile_id, row.opportunity_id] = row
    return held


def _insert(connection: sa.Connection, rows: list[dict[str, Any]]) -> None:
    # Two workers may meet the same pair; the first one's first_seen holds.
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    connection.execute(insert(matches).on_conflict_do_nothing(), rows)


def _drop_orphans(connection: sa.Connection, profiles: set[str], *, now: datetime) -> None:
    alive = matches.c.state != "dropped"
    held = connection.scalars(sa.select(matches.c.profile_id).where(alive).distinct()).all()
    for gone in set(held) - profiles:
        connection.execute(
            sa.update(matches).where(matches.c.profile_id == gone, alive).values(state="dropped", changed_at=stamp(now))
        )
