"""The flood guard: what a source brings in unusual numbers is in no letter until the office says so, or for a day (F19).

The one thing to know: nothing is kept from the board. `sources.held_since` says from when on the source's new notices wait,
`held_until` until when; without an end they wait for the office (aggregator/intake/renamed.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

import sqlalchemy as sa

from aggregator.intake.standing import GOOD
from aggregator.intake.tables import sources, visits
from aggregator.store.tables import moment, notices, stamp

TIMES = 5
"""More than so many times the usual number is a flood."""
LEAST = 30
"""Fewer new notices than this are none, however few are usual."""
MEASURED = 4
LASTS = timedelta(hours=24)
_CLOCKS_DIFFER = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Hold:
    """From when on what a source has brought waits; without `until` it waits for the office."""

    since: datetime
    until: datetime | None


def too_many(new: int, usual: Sequence[int]) -> bool:
    """Whether so many new notices are a flood. `usual`: of the last complete visits that brought any. Pure.

    Where nothing is usual yet (the first visit, other parameters), nothing is unusual.
    """
    return bool(usual) and new >= LEAST and new > TIMES * median(usual)


def check(connection: sa.Connection, source: str, *, new: int, began: datetime, now: datetime) -> str | None:
    """Hold back what has come since the last visit that went well, if that is a flood; says so, for the office.

    `new` is what this visit brought, which `began` then. Call it before the visit's row is closed.
    """
    if not new or held(connection, source) is not None:
        return None
    usual, since = _usual(connection, source, now), unsettled_since(connection, source, after=GOOD)
    if not too_many(new, usual) and since >= began:
        return None  # as nearly always: nothing was left over from a visit that broke off, and this one brought little
    came = sa.select(sa.func.count()).where(notices.c.source == source, notices.c.first_seen >= stamp(since))
    count = connection.scalar(came) or 0
    if not too_many(count, usual):
        return None
    until = now + LASTS
    hold(connection, source, since=since, until=until)
    return f"{count} new notices, and {median(usual):.0f} are usual: they are in no letter before {stamp(until)}"


def _usual(connection: sa.Connection, source: str, now: datetime) -> list[int]:
    accepted = sa.select(sources.c.accepted_at).where(sources.c.name == source).scalar_subquery()
    query = (
        sa.select(visits.c.new)
        .where(visits.c.source == source, visits.c.complete, visits.c.new > 0)
        .where(visits.c.started_at >= sa.func.coalesce(accepted, ""), visits.c.started_at <= stamp(now))
        .order_by(visits.c.id.desc())
        .limit(MEASURED)
    )
    return list(connection.scalars(query))


def unsettled_since(connection: sa.Connection, source: str, *, after: Sequence[str]) -> datetime:
    """When the first visit began after the last one of these classes: what one that broke off had written counts with ours."""
    mine = visits.c.source == source
    last = sa.select(sa.func.max(visits.c.id)).where(mine, visits.c["class"].in_(after)).scalar_subquery()
    began = sa.select(sa.func.min(visits.c.started_at)).where(mine, visits.c.id > sa.func.coalesce(last, 0))
    text = connection.scalar(began)
    assert text is not None, "this visit has begun"
    return moment(text)


def hold(connection: sa.Connection, source: str, *, since: datetime, until: datetime | None) -> None:
    """Let what a source brings from `since` on wait, until then or for the office."""
    values = {"held_since": stamp(since), "held_until": stamp(until) if until else None}
    connection.execute(sa.update(sources).where(sources.c.name == source).values(values))


def held(connection: sa.Connection, source: str) -> Hold | None:
    """What waits of a source now. A hold that the clock has ended stands until `expire` takes it away."""
    row = connection.execute(
        sa.select(sources.c.held_since, sources.c.held_until, sources.c.accepted_at).where(sources.c.name == source)
    ).one()
    # Other parameters, another question: the office has looked at it.
    if row.held_since is None or row.held_since < (row.accepted_at or ""):
        return None
    return Hold(moment(row.held_since), moment(row.held_until) if row.held_until else None)


def release(connection: sa.Connection, source: str) -> None:
    """Nothing of a source waits any longer."""
    connection.execute(sa.update(sources).where(sources.c.name == source).values(held_since=None, held_until=None))


def over(connection: sa.Connection, now: datetime) -> list[str]:
    """The sources whose hold has come to its end."""
    # Further ahead than any flood is held: the clock was ahead when that was written.
    ended = sa.or_(sources.c.held_until <= stamp(now), sources.c.held_until > stamp(now + LASTS + _CLOCKS_DIFFER))
    return list(connection.scalars(sa.select(sources.c.name).where(ended).order_by(sources.c.name)))


def waiting(connection: sa.Connection, now: datetime) -> sa.Select[tuple[int]] | None:
    """The numbers of the opportunities that no letter may tell now, as a query; None where nothing waits.

    What another source lists as well, or listed before, does not wait.
    """
    columns = sources.c
    active = sa.and_(
        columns.held_since.is_not(None),
        columns.held_since >= sa.func.coalesce(columns.accepted_at, ""),
        sa.or_(columns.held_until.is_(None), columns.held_until > stamp(now)),
    )
    holds = connection.execute(sa.select(columns.name, columns.held_since).where(active)).all()
    if not holds:
        return None
    waits = sa.or_(*(sa.and_(notices.c.source == name, notices.c.first_seen >= since) for name, since in holds))
    fresh = sa.select(notices.c.opportunity_id).where(waits)
    elsewhere = notices.alias()
    told = sa.or_(*(sa.and_(elsewhere.c.source == name, elsewhere.c.first_seen >= since) for name, since in holds))
    free = sa.select(elsewhere.c.opportunity_id).where(elsewhere.c.opportunity_id.in_(fresh), sa.not_(told))
    return fresh.where(notices.c.opportunity_id.not_in(free))
