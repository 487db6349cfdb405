"""Two opportunities become one: the store's own rows. What follows them in other rooms is moved by intake/joining.py.

The one thing to know: the loser's row is taken out and its number written down in `redirects`, so that no query anywhere
needs to know that opportunities may be merged; its history is kept and knows under which number it was noted.
"""

from datetime import datetime

import sqlalchemy as sa

from aggregator.store import search
from aggregator.store.history import differences
from aggregator.store.hushed import hush
from aggregator.store.lent import own_words, said_by, together
from aggregator.store.opportunities import words
from aggregator.store.opportunity import Opportunity, Provenance
from aggregator.store.rows import rows_of
from aggregator.store.same import By, Joined, note
from aggregator.store.sequence import next_seq
from aggregator.store.tables import changes, notices, opportunities, redirects, stamp, strong_keys
from aggregator.store.write import history_rows, retell


def current(connection: sa.Connection, id: int) -> int | None:
    """The number under which an opportunity is found now: its own, or that of the one it went into; None: there is none."""
    if connection.scalar(sa.select(opportunities.c.id).where(opportunities.c.id == id)) is not None:
        return id
    return connection.scalar(sa.select(redirects.c.opportunity_id).where(redirects.c.old_id == id))


def unite(
    connection: sa.Connection,
    winner: Opportunity,
    loser: Opportunity,
    *,
    by: By,
    because: str,
    now: datetime,
    visit_id: int | None,
) -> Opportunity:
    """Put the loser's notices behind the winner, and write it down. Nothing outside the store may refer to the loser any more.

    What either of them still lists is open; what was seen first by either was seen then.
    """
    packed = rows_of(connection, [winner.id, loser.id])
    own, theirs = (own_words(item, words(packed[item.id].doc)[1]) for item in (winner, loser))
    speaks = loser.notices[0].model_copy(update={"merged_because": because, "says": said_by(loser, words=theirs)})
    item = together(
        winner.model_copy(
            update={
                "notices": (*winner.notices, speaks, *loser.notices[1:]),
                "changed_at": now,
                "withdrawn_at": _withdrawn(winner, loser),
            }
        ),
        words=own,
    )
    _move(connection, loser.id, winner.id)
    rows = history_rows(
        winner.id, differences(winner, item), source=speaks.source, now=now, visit_id=visit_id, cause="source"
    )
    if rows:
        connection.execute(sa.insert(changes), rows)
    search.remove(connection, [loser.id])
    # Before its row goes: its number may be the last, which must not be given twice.
    seq = next_seq(connection)
    connection.execute(sa.delete(opportunities).where(opportunities.c.id == loser.id))
    connection.execute(sa.insert(redirects).values(old_id=loser.id, opportunity_id=winner.id, seq=seq, at=stamp(now)))
    retell(connection, [(item, own)])
    first = min(winner.first_seen, loser.first_seen)
    connection.execute(sa.update(opportunities).where(opportunities.c.id == winner.id).values(first_seen=stamp(first)))
    why = Joined(winner.id, by, because)
    note(
        connection,
        [(winner.id, loser.id, (n.source, n.source_id), why) for n in loser.notices],
        now=now,
        visit_id=visit_id,
    )
    hush(connection, [(loser, item)])
    return item.model_copy(update={"first_seen": first})


def _withdrawn(winner: Opportunity, loser: Opportunity) -> datetime | None:
    if winner.withdrawn_at is None or loser.withdrawn_at is None:
        return None
    return max(winner.withdrawn_at, loser.withdrawn_at)


def _move(connection: sa.Connection, old: int, new: int) -> None:
    for table in (notices, strong_keys, redirects):
        connection.execute(sa.update(table).where(table.c.opportunity_id == old).values(opportunity_id=new))
    connection.execute(
        sa.update(changes)
        .where(changes.c.opportunity_id == old)
        .values(opportunity_id=new, noted_of=sa.func.coalesce(changes.c.noted_of, old))
    )


def order(connection: sa.Connection, item: Opportunity) -> list[Provenance]:
    """The notices behind an opportunity in the order in which they came."""
    mine = sa.select(notices.c.source, notices.c.source_id, notices.c.first_seen)
    rows = connection.execute(mine.where(notices.c.opportunity_id == item.id))
    first = {(row.source, row.source_id): row.first_seen for row in rows}
    return sorted(item.notices, key=lambda n: first.get((n.source, n.source_id), ""))
