"""How every source stands: when it was last read, what the last visit came to, what it has brought."""

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from aggregator.intake.tables import sources, visits
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


def states(connection: sa.Connection) -> list[SourceState]:
    """How every source stands, by title, for the board, the letter and the terminal."""
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
    query = (
        sa.select(sources, visits.c.ended_at, visits.c["class"], visits.c.error, good.c.at, counts.c.n)
        .outerjoin(last, last.c.source == sources.c.name)
        .outerjoin(visits, visits.c.id == last.c.id)
        .outerjoin(good, good.c.source == sources.c.name)
        .outerjoin(counts, counts.c.source == sources.c.name)
        .where(sources.c.removed_at.is_(None))
        .order_by(sources.c.title, sources.c.name)
    )
    return [
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
        )
        for row in connection.execute(query)
    ]
