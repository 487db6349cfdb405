"""A notice is parted from an opportunity, for good: the store's own rows.

The one thing to know: what is left and what was parted are both put together anew from what their notices say, so that
nothing lent stays behind.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

import sqlalchemy as sa

from aggregator.store import bulk, search
from aggregator.store.draft import Draft
from aggregator.store.lent import behind, title_words, together
from aggregator.store.opportunities import document
from aggregator.store.opportunity import Opportunity
from aggregator.store.rows import ROW, row
from aggregator.store.same import members
from aggregator.store.sequence import next_id, next_seq
from aggregator.store.tables import (
    changes,
    merges,
    moment,
    notices,
    notices_apart,
    opportunities,
    redirects,
    stamp,
    strong_keys,
)
from aggregator.store.write import retell

Notice = tuple[str, str]


def part(
    connection: sa.Connection, item: Opportunity, alone: Draft, drafts: Mapping[Notice, Draft], *, now: datetime
) -> tuple[Opportunity, Opportunity]:
    """Take the notice of the draft `alone` out of an opportunity. `drafts` are those of all notices behind it.

    Returns what is left and what was parted, which has its old number again if it had one of its own.
    """
    me = (alone.opportunity.notices[0].source, alone.notice.source_id)
    others = [(n.source, n.source_id) for n in item.notices if (n.source, n.source_id) != me]
    keep_apart(connection, me, others, now=now)
    id = _number(connection, item.id, me)
    first, withdrawn = connection.execute(
        sa.select(notices.c.first_seen, notices.c.withdrawn_at).where(
            notices.c.source == me[0], notices.c.source_id == me[1]
        )
    ).one()
    moments = {"first_seen": moment(first), "withdrawn_at": moment(withdrawn) if withdrawn else None}
    parted = alone.opportunity.model_copy(update={"id": id, "changed_at": now, **moments})
    doc = document(parted, title=title_words(parted), text=alone.text)
    bulk.insert(connection, opportunities, ROW, [(id, next_seq(connection), *row(parted, doc))])
    search.add(connection, [(id, title_words(parted), alone.text)])
    _give_back(connection, item.id, id, alone, [drafts[other] for other in others], now=now)
    left = _without(item, me, drafts, now=now)
    retell(connection, [(left, drafts[others[0]].text)])
    _withdraw_if_gone(connection, left, now=now)
    return left, parted


def keep_apart(connection: sa.Connection, one: Notice, others: Iterable[Notice], *, now: datetime) -> None:
    """Nothing puts these together again: no key, no rule, no later visit."""
    parted = list(others)
    forget_pairs(connection, [one], parted)
    pairs = [sorted((one, other)) for other in parted]
    rows = [
        {"source": a[0], "source_id": a[1], "other_source": b[0], "other_id": b[1], "at": stamp(now)} for a, b in pairs
    ]
    connection.execute(sa.insert(notices_apart), rows)


def forget(connection: sa.Connection, one: int, other: int) -> None:
    """Forget what parted the notices behind these two opportunities."""
    behind_each = members(connection, [one, other])
    forget_pairs(connection, sorted(behind_each[one]), sorted(behind_each[other]))


def forget_pairs(connection: sa.Connection, some: Iterable[Notice], others: Iterable[Notice]) -> None:
    columns = notices_apart.c
    for one in some:
        for other in others:
            a, b = sorted((one, other))
            pair = (columns.source == a[0], columns.source_id == a[1])
            connection.execute(
                sa.delete(notices_apart).where(*pair, columns.other_source == b[0], columns.other_id == b[1])
            )


def _number(connection: sa.Connection, of: int, me: Notice) -> int:
    """The number that the notice had of its own, where that leads here and nobody else has taken it back; else a new one."""
    mine = sa.and_(merges.c.source == me[0], merges.c.source_id == me[1], merges.c.undone_at.is_(None))
    query = sa.select(merges.c.old_id).where(mine, merges.c.old_id.is_not(None)).order_by(merges.c.id)
    numbers: list[int] = [row.old_id for row in connection.execute(query)]
    for old in numbers:
        leads_here = sa.and_(redirects.c.old_id == old, redirects.c.opportunity_id == of)
        if connection.execute(sa.delete(redirects).where(leads_here)).rowcount:
            return old
    return next_id(connection)


def _give_back(
    connection: sa.Connection, old: int, id: int, alone: Draft, others: list[Draft], *, now: datetime
) -> None:
    me = (alone.opportunity.notices[0].source, alone.notice.source_id)
    mine = sa.and_(notices.c.source == me[0], notices.c.source_id == me[1])
    connection.execute(sa.update(notices).where(mine).values(opportunity_id=id))
    # A key that both give stays with those that are left; it joins nobody that was parted.
    own = set(alone.keys) - {key for draft in others for key in draft.keys}
    for key in own:
        held = sa.and_(strong_keys.c.key == key, strong_keys.c.opportunity_id == old)
        connection.execute(sa.update(strong_keys).where(held).values(opportunity_id=id))
    noted = sa.and_(changes.c.opportunity_id == old, changes.c.noted_of == id)
    connection.execute(sa.update(changes).where(noted).values(opportunity_id=id, noted_of=None))
    when = sa.and_(merges.c.source == me[0], merges.c.source_id == me[1], merges.c.undone_at.is_(None))
    connection.execute(sa.update(merges).where(when).values(undone_at=stamp(now)))


def _without(item: Opportunity, me: Notice, drafts: Mapping[Notice, Draft], *, now: datetime) -> Opportunity:
    rest = [n for n in item.notices if (n.source, n.source_id) != me]
    leader, followers = drafts[rest[0].source, rest[0].source_id], rest[1:]
    lent = [one for n in followers for one in behind(drafts[n.source, n.source_id], because=n.merged_because or "")]
    kept = {"id": item.id, "first_seen": item.first_seen, "changed_at": now, "withdrawn_at": item.withdrawn_at}
    led = leader.opportunity.model_copy(update={**kept, "notices": (*leader.opportunity.notices, *lent)})
    return together(led, words=leader.text)


def _withdraw_if_gone(connection: sa.Connection, left: Opportunity, *, now: datetime) -> None:
    """What was open only because the parted notice was listed is gone with it."""
    live = sa.select(notices.c.source_id).where(notices.c.opportunity_id == left.id, notices.c.withdrawn_at.is_(None))
    if left.withdrawn_at is None and connection.execute(live.limit(1)).first() is None:
        connection.execute(
            sa.update(opportunities)
            .where(opportunities.c.id == left.id)
            .values(withdrawn_at=stamp(now), seq=next_seq(connection))
        )
