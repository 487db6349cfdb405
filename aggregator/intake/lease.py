"""One reader per source at a time. The one thing to know: a late write is refused by its fence, not by the clock.

A lease is renewed by every page that is committed. The lease of a process that has died on this machine is taken over
at once, and so is one that this process could not give back because the store did not answer; that of another machine
when it runs out.
"""

import os
import socket
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

import sqlalchemy as sa

from aggregator.intake.tables import sources, visits
from aggregator.store.tables import moment, stamp

LASTS = timedelta(minutes=20)
"""Longer than a whole visit: a page may take all of it, and what a dry run renews is rolled back."""


_SILENT = "the store could not be written when the visit ended"
_ours: set[tuple[str, str, int]] = set()
"""The leases that visits of this process hold now, by store, source and fence: a row may say so of one that is over."""


class Busy(Exception):
    """Somebody else reads this source now."""


class Lost(Exception):
    """The lease was taken by somebody else while we worked; nothing of ours may be written any more."""


@dataclass(frozen=True, slots=True)
class Lease:
    source: str
    owner: str
    fence: int


def this_process() -> str:
    """A name that no other process has, nor a later one that is given the same number."""
    return _named(os.getpid())


@cache
def _named(pid: int) -> str:
    # By number, so that a forked child does not go by the name of its parent.
    return f"{socket.gethostname()}:{pid}:{_started(pid)}"


def _started(pid: int) -> str:
    try:
        # The 22nd field: start time in clock ticks since boot (proc_pid_stat(5)); the name before it may hold spaces.
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    except OSError:
        return "0"


def _dead(owner: str) -> bool:
    host, pid, started = owner.rsplit(":", 2)
    if host != socket.gethostname():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return _started(int(pid)) != started


def take(connection: sa.Connection, source: str, *, now: datetime) -> Lease:
    """Take the lease of a source, and mark what a dead reader left open. Raises Busy."""
    query = sa.select(sources.c.lease_owner, sources.c.lease_until, sources.c.fence).where(sources.c.name == source)
    row = connection.execute(query.with_for_update()).one()
    over = row.lease_owner == this_process() and (_store(connection), source, row.fence) not in _ours
    if row.lease_owner and _holds(moment(row.lease_until), now) and not over and not _dead(row.lease_owner):
        raise Busy(f"{source} is being read by another process, until {row.lease_until} at the latest")
    lease = Lease(source, this_process(), row.fence + 1)
    _ours.add((_store(connection), source, lease.fence))
    connection.execute(
        sa.update(sources)
        .where(sources.c.name == source)
        .values(lease_owner=lease.owner, lease_until=stamp(now + LASTS), fence=lease.fence)
    )
    connection.execute(
        sa.update(visits)
        .where(visits.c.source == source, visits.c.ended_at.is_(None))
        .values(
            {
                "ended_at": stamp(now),
                "class": "transient",
                "error": f"interrupted: {_SILENT if over else 'the process ended before the visit did'}",
            }
        )
    )
    return lease


def _holds(until: datetime, now: datetime) -> bool:
    # Nobody asks for longer than LASTS: a clock was far ahead, and its lease would hold until that day comes.
    return now < until <= now + 2 * LASTS


def _store(connection: sa.Connection) -> str:
    return str(connection.engine.url)


def renew(connection: sa.Connection, lease: Lease, *, now: datetime) -> None:
    """Hold the lease longer; call it in the transaction that writes. Raises Lost."""
    held = connection.execute(
        sa.update(sources)
        .where(sources.c.name == lease.source, sources.c.fence == lease.fence)
        .values(lease_until=stamp(now + LASTS))
    )
    if held.rowcount != 1:
        raise Lost(f"the lease of {lease.source} was taken over")


def let_go(store: sa.Engine, lease: Lease) -> None:
    """Know that the visit is over, also where the store did not answer when the lease was to be given back."""
    _ours.discard((str(store.url), lease.source, lease.fence))


def release(connection: sa.Connection, lease: Lease) -> None:
    """Give the lease back, in the transaction that ends the visit; one that was taken over is left to its owner."""
    connection.execute(
        sa.update(sources)
        .where(sources.c.name == lease.source, sources.c.fence == lease.fence)
        .values(lease_owner=None, lease_until=None)
    )
