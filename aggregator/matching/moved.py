"""Matches follow their opportunity when it goes into another, or comes out of one.

The one thing to know: whoever was told of the one counts as told of the other, so that no letter tells a thing twice.
"""

from datetime import datetime

import sqlalchemy as sa

from aggregator.matching.tables import matches
from aggregator.store.tables import stamp

_RANK = {"sent": 0, "offered": 1, "new": 2, "dropped": 3}


def move(connection: sa.Connection, old: int, new: int, *, now: datetime) -> None:
    """Give the matches of opportunity `old` to `new`; where a profile has both, the one that was told more counts."""
    held = {
        row.profile_id: row for row in connection.execute(sa.select(matches).where(matches.c.opportunity_id == new))
    }
    for row in connection.execute(sa.select(matches).where(matches.c.opportunity_id == old)).all():
        mine = sa.and_(matches.c.profile_id == row.profile_id, matches.c.opportunity_id == old)
        other = held.get(row.profile_id)
        if other is None:
            connection.execute(sa.update(matches).where(mine).values(opportunity_id=new))
            continue
        told = min((row, other), key=lambda one: _RANK[one.state])
        sent = min(filter(None, (row.sent_at, other.sent_at)), default=None)
        values = {"state": told.state, "sent_at": sent, "first_seen": min(row.first_seen, other.first_seen)}
        connection.execute(sa.delete(matches).where(mine))
        connection.execute(
            sa.update(matches)
            .where(matches.c.profile_id == row.profile_id, matches.c.opportunity_id == new)
            .values(values | {"changed_at": stamp(now)})
        )


def share(connection: sa.Connection, old: int, new: int, *, now: datetime) -> None:
    """Count whoever was told of opportunity `old` as told of `new`, which was parted from it."""
    there = set(connection.scalars(sa.select(matches.c.profile_id).where(matches.c.opportunity_id == new)))
    rows = [
        {**row._mapping, "opportunity_id": new, "changed_at": stamp(now)}
        for row in connection.execute(sa.select(matches).where(matches.c.opportunity_id == old)).all()
        if row.profile_id not in there and (row.state == "sent" or row.sent_at is not None)
    ]
    if rows:
        connection.execute(sa.insert(matches), rows)
