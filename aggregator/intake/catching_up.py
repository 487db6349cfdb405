"""Notices that an earlier version wrote get by what they are found to be like others, a few at each tick.

The one thing to know: until a notice has its row in `likenesses`, no other platform's notice of the same thing finds it.
"""

from datetime import datetime

import sqlalchemy as sa

from aggregator.intake import joining
from aggregator.store import likely
from aggregator.store.draft import Draft
from aggregator.store.session import Store
from aggregator.store.tables import likenesses, memory, notices, opportunities, stamp
from connectors.base.contract import ParamError

_SOME = 500
_HOW_FAR = {"source": "", "key": "likenesses:up to"}
_ALL = "\n"


def catch_up(store: Store, *, now: datetime) -> int:
    """Write the rows of some notices that have none; returns how many. What is over is left as it is."""
    with store.read() as connection:
        so_far = connection.scalar(sa.select(memory.c.value).filter_by(**_HOW_FAR))
        if so_far == _ALL:
            return 0
        keys = _without(connection, so_far or "", now=now)
        drafts = [draft for key in keys if (draft := _drafted(connection, key)) is not None]
    made = likely.rows(drafts)
    with store.write() as connection:
        likely.remember(connection, made)
        connection.execute(sa.delete(memory).filter_by(**_HOW_FAR))
        how_far = "\n".join(keys[-1]) if len(keys) == _SOME else _ALL
        connection.execute(sa.insert(memory).values(**_HOW_FAR, value=how_far))
    return len(made)


def _without(connection: sa.Connection, so_far: str, *, now: datetime) -> list[tuple[str, str]]:
    here, there = notices.c, likenesses.c
    source, _, source_id = so_far.partition("\n")
    query = (
        sa.select(here.source, here.source_id)
        .join(opportunities, opportunities.c.id == here.opportunity_id)
        .outerjoin(likenesses, sa.and_(there.source == here.source, there.source_id == here.source_id))
        .where(there.id.is_(None), opportunities.c.withdrawn_at.is_(None))
        .where(sa.or_(opportunities.c.closes_at.is_(None), opportunities.c.closes_at >= stamp(now)))
        .where(sa.or_(here.source > source, sa.and_(here.source == source, here.source_id > source_id)))
        .order_by(here.source, here.source_id)
        .limit(_SOME)
    )
    return [(row.source, row.source_id) for row in connection.execute(query)]


def _drafted(connection: sa.Connection, key: tuple[str, str]) -> Draft | None:
    try:
        return joining.drafted(connection, *key)
    except ParamError:
        return None  # its connector is not installed any more: nobody reads it, and nothing is like it
