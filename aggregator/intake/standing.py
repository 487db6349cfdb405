"""How every source stands: when it was last read, what the last visit came to, what it has brought."""

from dataclasses import dataclass, replace
from datetime import date, datetime

import sqlalchemy as sa

from aggregator.directory.tables import organisations
from aggregator.intake import bundles, sharing
from aggregator.intake.tables import sources, visits
from aggregator.rights import Reader
from aggregator.store.tables import moment, notices

GOOD = ("ok", "same", "partial")
"""The classes of a visit after which a source counts as read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceState:
    """How a source stands. Instants are UTC; `last_good` is the end of the last visit that was ok, same or partial."""

    name: str
    title: str
    connector: str
    enabled: bool
    last_good: datetime | None
    last_visit: datetime | None
    last_class: str | None
    last_error: str | None
    next_visit: datetime | None
    confirmed_live: date | None
    notices: int
    organisations: int = 0


def states(connection: sa.Connection, *, to: Reader = "office") -> list[SourceState]:
    """How every source stands of which this reader may know, by title, for the board, the letter and the terminal."""
    ended = visits.c.ended_at.is_not(None)
    last = (
        sa.select(visits.c.source, sa.func.max(visits.c.id).label("id"))
        .where(ended)
        .group_by(visits.c.source)
        .subquery()
    )
    good = (
        sa.select(visits.c.source, sa.func.max(visits.c.ended_at).label("at"))
        .where(visits.c["class"].in_(GOOD))
        .group_by(visits.c.source)
        .subquery()
    )
    counts = sa.select(notices.c.source, sa.func.count().label("n")).group_by(notices.c.source).subquery()
    told = sa.select(organisations.c.source, sa.func.count().label("n")).group_by(organisations.c.source).subquery()
    query = (
        sa.select(
            sources, visits.c.ended_at, visits.c["class"], visits.c.error, good.c.at, counts.c.n, told.c.n.label("told")
        )
        .outerjoin(last, last.c.source == sources.c.name)
        .outerjoin(visits, visits.c.id == last.c.id)
        .outerjoin(good, good.c.source == sources.c.name)
        .outerjoin(counts, counts.c.source == sources.c.name)
        .outerjoin(told, told.c.source == sources.c.name)
        .where(sources.c.removed_at.is_(None))
        .order_by(sources.c.title, sources.c.name)
    )
    rows = list(connection.execute(query))
    found = [
        SourceState(
            name=row.name,
            title=row.title,
            connector=row.connector,
            enabled=row.enabled,
            last_good=moment(row.at) if row.at else None,
            last_visit=moment(row.ended_at) if row.ended_at else None,
            last_class=row._mapping["class"],
            last_error=row.error,
            next_visit=moment(row.next_visit) if row.next_visit and row.enabled else None,
            confirmed_live=date.fromisoformat(row.confirmed_live) if row.confirmed_live else None,
            notices=row.n or 0,
            organisations=row.told or 0,
        )
        for row in rows
    ]
    by_name = {state.name: state for state in found}
    named = {state.name: bundles.named_by(connection, state.name, state.connector) for state in found}
    met = {row.name for row in rows} if to == "office" else sharing.met_by(connection, to, rows)
    return [
        state
        if named[state.name] is None
        else _as_its_members(state, [by_name[n] for n in named[state.name] or () if n in by_name])
        for state in found
        if state.name in met
    ]


def _as_its_members(bundle: SourceState, members: list[SourceState]) -> SourceState:
    """A bundle stands as its members do that are on, and well while at least one of them is; as all, while none is on."""
    counted = [one for one in members if one.enabled] or members
    visited = [one for one in counted if one.last_visit]
    well = [one for one in visited if one.last_class in GOOD]
    speaks = max(well or visited, key=lambda one: one.last_visit.timestamp() if one.last_visit else 0, default=None)
    confirmed = [one.confirmed_live for one in counted if one.confirmed_live]
    return replace(
        bundle,
        enabled=any(one.enabled for one in members),
        last_good=max((one.last_good for one in counted if one.last_good), default=None),
        last_visit=max((one.last_visit for one in visited if one.last_visit), default=None),
        last_class=speaks.last_class if speaks else None,
        last_error=f"{speaks.name}: {speaks.last_error}" if speaks and speaks.last_error else None,
        next_visit=min((one.next_visit for one in counted if one.next_visit), default=None),
        confirmed_live=min(confirmed) if confirmed and len(confirmed) == len(counted) else None,
        notices=sum(one.notices for one in counted),
        organisations=sum(one.organisations for one in counted),
    )


def unread(connection: sa.Connection) -> dict[str, str]:
    """Sources that are not read any more, each in a word: `off` or `removed`. What they brought is kept."""
    query = sa.select(sources.c.name, sources.c.removed_at)
    rows = connection.execute(query.where(sa.or_(sa.not_(sources.c.enabled), sources.c.removed_at.is_not(None))))
    return {row.name: "removed" if row.removed_at else "off" for row in rows}
