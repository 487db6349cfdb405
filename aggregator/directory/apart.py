"""Undo a merge for good, and take that back. The one thing to know: what is written is a pair that is kept apart, so
that no later visit puts together again what a person has parted."""

from collections.abc import Collection, Iterable
from datetime import datetime
from itertools import combinations

import sqlalchemy as sa

from aggregator.directory.grouping import regroup
from aggregator.directory.put import lock
from aggregator.directory.tables import organisations, organisations_apart
from aggregator.store.tables import stamp
from connectors.base.contract import ParamError


def current(connection: sa.Connection, number: int) -> int | None:
    """The entry behind which the organisation of this number stands now; None where there never was one."""
    return connection.scalar(sa.select(organisations.c.entry).where(organisations.c.number == number))


def split(connection: sa.Connection, id: int, alone: Collection[int] = (), *, now: datetime) -> list[int]:
    """Keep organisations of one entry apart: `alone` from all others, or without it everybody from everybody.

    Returns the entries that stand there now. Raises ParamError where there is nothing to part.
    """
    lock(connection)
    entry = current(connection, id)
    mine = _numbers(connection, [entry] if entry is not None else [])
    if entry is None or len(mine) < 2:
        raise ParamError(str(id), "only one source tells of it, there is nothing to part" if mine else "is not there")
    if strangers := sorted(set(alone) - set(mine)):
        raise ParamError(str(strangers[0]), f"does not stand behind {entry}; there are: {', '.join(map(str, mine))}")
    pairs = [pair for pair in combinations(mine, 2) if not alone or (pair[0] in alone) != (pair[1] in alone)]
    if not pairs:
        raise ParamError(str(id), "this parts nobody: leave one of them out")
    there = {
        tuple(row) for row in connection.execute(sa.select(organisations_apart.c.one, organisations_apart.c.other))
    }
    fresh = [pair for pair in pairs if pair not in there]
    if fresh:
        rows = [{"one": one, "other": other, "at": stamp(now)} for one, other in fresh]
        connection.execute(sa.insert(organisations_apart), rows)
    regroup(connection, mine)
    return _entries(connection, mine)


def join(connection: sa.Connection, number: int) -> list[int]:
    """Take back what parted this organisation from others. Returns the entries that stand there now. Raises ParamError."""
    lock(connection)
    pair = organisations_apart
    mine = sa.or_(pair.c.one == number, pair.c.other == number)
    parted = {one for row in connection.execute(sa.select(pair.c.one, pair.c.other).where(mine)) for one in row}
    if not parted:
        raise ParamError(str(number), "is kept apart from nobody")
    connection.execute(sa.delete(pair).where(mine))
    regroup(connection, sorted(parted))
    return _entries(connection, parted)


def _numbers(connection: sa.Connection, ids: Iterable[int]) -> list[int]:
    query = sa.select(organisations.c.number).where(organisations.c.entry.in_(list(ids)))
    return list(connection.scalars(query.order_by(organisations.c.number)))


def _entries(connection: sa.Connection, numbers: Collection[int]) -> list[int]:
    query = sa.select(organisations.c.entry).where(organisations.c.number.in_(list(numbers))).distinct()
    return sorted(connection.scalars(query))
