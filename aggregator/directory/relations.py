"""The ties of an entry: to whom it belongs, and who belongs to it, as the sources say.

The one thing to know: a tie names its other end by an id of the same source, an address, or a name. It is resolved when
it is read, so an organisation that is learnt of later is found without writing anything anew.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from aggregator.directory.entry import Entry
from aggregator.directory.names import host_of, name_key, site_of
from aggregator.directory.tables import entries, organisation_relations, organisations

MOST = 200


@dataclass(frozen=True, slots=True)
class Tie:
    """`type` as the source calls it; `entry` is the other end where the directory knows it. `inward`: it ties the other
    end to this entry (its members, say)."""

    type: str
    of: str
    source: str
    entry: int | None = None
    inward: bool = False


def ties(connection: sa.Connection, entry: Entry) -> list[Tie]:
    """The ties of an entry, its own first; of those that others have to it the first 200."""
    own = [tie for told in entry.sources for tie in _outward(connection, told.source, told.source_id)]
    inward = [tie for told in entry.sources for tie in _inward(connection, told.source, told.source_id)]
    return list(dict.fromkeys((*own, *inward)))


def _outward(connection: sa.Connection, source: str, source_id: str) -> list[Tie]:
    told = organisation_relations.c
    mine = sa.select(told.type, told.of).where(told.source == source, told.source_id == source_id)
    rows = connection.execute(mine.order_by(told.type, told.of))
    return [_resolved(connection, source, row.type, row.of) for row in rows]


def _resolved(connection: sa.Connection, source: str, type: str, of: str) -> Tie:
    columns = organisations.c
    here: Sequence[Any] = [columns.source == source, columns.source_id == of]
    found = _one(connection, here)
    if found is None and of.startswith(("http://", "https://")):
        host = host_of(site_of(of))
        found = _one(connection, [columns.host == host]) if host else None
    elif found is None and (key := name_key(of)) is not None:
        found = _one(connection, [columns.name_key == key])
    if found is None:
        return Tie(type, of, source)
    name = connection.scalar(sa.select(entries.c.name).where(entries.c.id == found))
    return Tie(type, name or of, source, found)


def _one(connection: sa.Connection, conditions: Sequence[Any]) -> int | None:
    """The one entry that answers to this; None where there is none, or more than one."""
    found = list(connection.scalars(sa.select(organisations.c.entry).where(*conditions).distinct().limit(2)))
    return found[0] if len(found) == 1 else None


def _inward(connection: sa.Connection, source: str, source_id: str) -> list[Tie]:
    told, columns = organisation_relations.c, organisations.c
    query = (
        sa.select(told.type, entries.c.name, entries.c.id)
        .join(organisations, sa.and_(columns.source == told.source, columns.source_id == told.source_id))
        .join(entries, entries.c.id == columns.entry)
        .where(told.source == source, told.of == source_id, sa.not_(entries.c.hidden))
        .order_by(told.type, entries.c.name, entries.c.id)
        .limit(MOST)
    )
    return [Tie(row.type, row.name, source, row.id, inward=True) for row in connection.execute(query)]
