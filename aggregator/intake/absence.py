"""What a complete sweep did not list any more, or whose page is gone. The one thing to know: once is noted, twice withdraws.

Absence from a window (a feed, "the last three days"), from an incomplete visit or from a suspicious one says nothing;
a notice whose deadline has passed is closed, and its absence says nothing either. Nor does the absence of what was
listed under other parameters.
"""

from collections.abc import Collection, Mapping
from datetime import datetime

import sqlalchemy as sa

from aggregator.store.put import Known
from aggregator.store.rows import behind_which
from aggregator.store.sequence import next_seq
from aggregator.store.tables import changes, notices, opportunities, stamp

SWEEPS = 2


def back(connection: sa.Connection, source: str, *, held: Mapping[str, Known], listed: Collection[str]) -> None:
    """Clear the absence of whoever is listed again, in whatever visit: only what nobody sees in between is gone."""
    _each(
        connection,
        sa.update(notices)
        .where(notices.c.source == source, notices.c.source_id == sa.bindparam("_id"))
        .values(missed=0, missing_since=None, unasked=False),
        [{"_id": key} for key in listed if key in held and _marked(held[key])],
    )


def _marked(one: Known) -> bool:
    return (one.missed > 0 or one.unasked) and not one.withdrawn


def note(
    connection: sa.Connection,
    source: str,
    *,
    held: Mapping[str, Known],
    missing: Collection[str],
    now: datetime,
    visit_id: int,
    said: Collection[str] = (),
) -> int:
    """Note who is missing: not in a complete sweep, or with a page that is gone. Returns how many were withdrawn.

    Of these, whom the platform itself `said` to be gone is withdrawn at once.
    """
    missing = [key for key in sorted(missing) if not (held[key].withdrawn or held[key].unasked)]
    here = notices.c.source == source
    if not missing:
        return 0
    passed = over(connection, source, now)
    gone = [key for key in missing if (key in said or held[key].missed + 1 >= SWEEPS) and key not in passed]
    _each(
        connection,
        sa.update(notices)
        .where(here, notices.c.source_id == sa.bindparam("_id"))
        .values(missed=notices.c.missed + 1, missing_since=sa.func.coalesce(notices.c.missing_since, stamp(now))),
        [{"_id": key} for key in missing if key not in passed],
    )
    if gone:
        # Not from the map: another visit may have put two opportunities together since.
        _withdraw(connection, source, behind_which(connection, source, gone), now=now, visit_id=visit_id)
    return len(gone)


def over(connection: sa.Connection, source: str, now: datetime) -> set[str]:
    """The notices of a source whose deadlines have all passed: they are expected to leave its list."""
    query = (
        sa.select(notices.c.source_id)
        .join(opportunities, opportunities.c.id == notices.c.opportunity_id)
        .where(notices.c.source == source, opportunities.c.closes_at < stamp(now))
    )
    return set(connection.scalars(query))


def _withdraw(connection: sa.Connection, source: str, gone: Mapping[str, int], *, now: datetime, visit_id: int) -> None:
    _each(
        connection,
        sa.update(notices)
        .where(notices.c.source == source, notices.c.source_id == sa.bindparam("_id"))
        .values(withdrawn_at=stamp(now)),
        [{"_id": key} for key in gone],
    )
    # What another source still lists is still there.
    still = sa.select(notices.c.opportunity_id).where(notices.c.withdrawn_at.is_(None))
    ids = set(gone.values()) - set(connection.scalars(still.where(notices.c.opportunity_id.in_(gone.values()))))
    if not ids:
        return
    _each(
        connection,
        sa.update(opportunities)
        .where(opportunities.c.id == sa.bindparam("_id"))
        .values(withdrawn_at=stamp(now), changed_at=stamp(now), seq=next_seq(connection)),
        [{"_id": id} for id in ids],
    )
    connection.execute(
        sa.insert(changes),
        [
            {"opportunity_id": id, "source": source, "visit_id": visit_id, "at": stamp(now), "cause": "source"}
            | {"field": "withdrawn", "before": None, "after": stamp(now)}
            for id in ids
        ],
    )


def _each(connection: sa.Connection, statement: sa.Update, rows: list[dict[str, object]]) -> None:
    if rows:
        connection.execute(statement, rows)
