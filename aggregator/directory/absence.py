"""What a complete sweep of its source did not list any more. The one thing to know: twice hides, and nothing deletes.

An organisation that another source still lists stays in sight, with what that source says of it first.
"""

from collections.abc import Collection, Mapping
from datetime import datetime

import sqlalchemy as sa

from aggregator.directory.draft import Held
from aggregator.directory.grouping import regroup
from aggregator.directory.put import lock
from aggregator.directory.tables import organisations
from aggregator.store.tables import stamp

SWEEPS = 2


def back(connection: sa.Connection, source: str, *, held: Mapping[str, Held], listed: Collection[str]) -> None:
    """Clear the absence of whoever is listed again; one that was hidden comes back when it is read (`put`)."""
    keys = [key for key in listed if (one := held.get(key)) and (one.missed or one.unasked) and not one.withdrawn]
    _each(connection, source, keys, missed=0, missing_since=None, unasked=False)


def note(
    connection: sa.Connection,
    source: str,
    *,
    held: Mapping[str, Held],
    missing: Collection[str],
    now: datetime,
    said: Collection[str] = (),
) -> int:
    """Note who is missing in a complete sweep, or has a page that is gone. Returns how many were hidden.

    Of these, who is gone by the network's own word (`said`) is hidden at once.
    """
    missing = [key for key in sorted(missing) if not (held[key].withdrawn or held[key].unasked)]
    since = sa.func.coalesce(organisations.c.missing_since, stamp(now))
    _each(connection, source, missing, missed=organisations.c.missed + 1, missing_since=since)
    gone = [key for key in missing if key in said or held[key].missed + 1 >= SWEEPS]
    if gone:
        lock(connection)
        _each(connection, source, gone, hidden_at=stamp(now))
        regroup(connection, [held[key].number for key in gone])
    return len(gone)


def ask_anew(connection: sa.Connection, source: str) -> None:
    """The source asks another question now: the absence of what was listed under the old one says nothing."""
    connection.execute(sa.update(organisations).where(organisations.c.source == source).values(unasked=True))


def _each(connection: sa.Connection, source: str, keys: Collection[str], **values: object) -> None:
    if keys:
        connection.execute(
            sa.update(organisations)
            .where(organisations.c.source == source, organisations.c.source_id == sa.bindparam("_id"))
            .values(**values),
            [{"_id": key} for key in keys],
        )
