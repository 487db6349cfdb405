"""The table of likenesses, and what this process holds of it in memory.

The one thing to know: the memory grows from committed rows only, read by a reader. What a transaction has written itself is
laid over it for that transaction alone: SQLite gives the number of a row that was rolled back to the next one.
"""

import threading
from collections.abc import Sequence
from datetime import datetime, timedelta
from weakref import WeakKeyDictionary

import sqlalchemy as sa

from aggregator.store import bulk
from aggregator.store.alike import Candidate, Index, Likeness
from aggregator.store.sequence import alone
from aggregator.store.tables import likenesses, stamp

# What has been over for longer is met nowhere any more.
KEPT = timedelta(days=90)
_CHUNK = 10_000


class View:
    """What one transaction sees: the memory, and over it what is not committed, or was committed since."""

    def __init__(self, base: Index, over: Index, lock: threading.Lock) -> None:
        self._base, self._over, self._lock = base, over, lock

    def candidates(self, rows: Sequence[Likeness]) -> list[list[Candidate]]:
        """Propose for each of these notices those of other sources that may be the same, the likeliest first."""
        with self._lock:
            proposed = self._base.candidates(rows)
        newer = self._over.candidates(rows)
        together = []
        for old, new in zip(proposed, newer, strict=True):
            # A notice that was written anew since is what it is now, or is like nothing here any more.
            still = [c for c in old if (c.source, c.source_id) not in self._over]
            together.append(sorted((*new, *still), key=lambda c: -c.likeness))
        return together


class Memory:
    """One index for one database in this process; safe for several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._index = Index()
        self._last = 0

    def refresh(self, connection: sa.Connection, *, now: datetime) -> None:
        """Take in what was committed since; `connection` must be a reader's, outside of any transaction that writes."""
        with self._lock:
            if self._index.worn:
                self._index, self._last = Index(), 0
            while rows := _later(connection, self._last, now=now):
                self._index.add([row for _, row in rows])
                self._last = rows[-1][0]

    def view(self, connection: sa.Connection, *, now: datetime) -> View:
        """Say what this transaction sees. What it adds to the memory is forgotten with it."""
        with self._lock:
            last, over = self._last, Index()
        while rows := _later(connection, last, now=now):
            over.add([row for _, row in rows])
            last = rows[-1][0]
        return View(self._index, over, self._lock)


_memories: WeakKeyDictionary[sa.Engine, Memory] = WeakKeyDictionary()
_memories_lock = threading.Lock()


def memory_of(connection: sa.Connection) -> Memory:
    """The memory of this connection's database."""
    with _memories_lock:
        return _memories.setdefault(connection.engine, Memory())


def record(connection: sa.Connection, rows: Sequence[Likeness], *, new: bool = False) -> None:
    """Write the rows of these notices in place of their earlier ones. `new`: there are none."""
    if not rows:
        return
    # Numbers become visible in their order only if one writes at a time.
    alone(connection)
    last = None if new else connection.scalar(sa.select(sa.func.max(likenesses.c.id)))
    # First the new ones: were the last row deleted first, its number would be given again, and whoever holds it
    # would never hear of the new one.
    given = [(r.source, r.source_id, r.ends, r.keys) for r in rows]
    bulk.insert(connection, likenesses, ("source", "source_id", "ends", "keys"), given)
    if last is None:
        return
    connection.execute(
        sa.delete(likenesses).where(
            likenesses.c.source == sa.bindparam("_source"),
            likenesses.c.source_id == sa.bindparam("_id"),
            likenesses.c.id <= last,
        ),
        [{"_source": r.source, "_id": r.source_id} for r in rows],
    )


def _later(connection: sa.Connection, last: int, *, now: datetime) -> list[tuple[int, Likeness]]:
    columns = likenesses.c
    rows = connection.execute(
        sa.select(columns.id, columns.source, columns.source_id, columns.ends, columns["keys"])
        .where(columns.id > last, columns.ends.is_(None) | (columns.ends >= stamp(now - KEPT)))
        .order_by(columns.id)
        .limit(_CHUNK)
    )
    return [(row[0], Likeness(*row[1:])) for row in rows]
