"""What is the same under another number goes on under it: the office has said so (F18).

The one thing to know: the opportunity keeps its number, its history, its first day and whoever was told of it; only the notice
behind it bears the new id from now on, and what had been made of the new one meanwhile goes into it.
"""

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa

from aggregator.intake import joining
from aggregator.store import parting
from aggregator.store.draft import Draft
from aggregator.store.lent import behind, together
from aggregator.store.opportunities import many
from aggregator.store.opportunity import Opportunity
from aggregator.store.tables import likenesses, notices, notices_apart
from aggregator.store.write import retell


def carry(connection: sa.Connection, source: str, pairs: Mapping[str, str], *, now: datetime) -> int:
    """Carry the identity of each old notice of a source over to its new one (old id → new id); returns how many were."""
    done = 0
    for old, new in pairs.items():
        rows = {row.source_id: row for row in connection.execute(_rows(source, old, new))}
        # Another sweep, or a person, may have settled it meanwhile.
        if len(rows) == 2 and not rows[old].withdrawn_at:
            _carry(connection, source, rows[old], rows[new], now=now)
            done += 1
    return done


def _rows(source: str, old: str, new: str) -> sa.Select[tuple[str, int, str, str | None]]:
    columns = notices.c
    wanted = sa.select(columns.source_id, columns.opportunity_id, columns.first_seen, columns.withdrawn_at)
    return wanted.where(columns.source == source, columns.source_id.in_([old, new]))


def _carry(
    connection: sa.Connection,
    source: str,
    old: sa.Row[tuple[str, int, str, str | None]],
    new: sa.Row[tuple[str, int, str, str | None]],
    *,
    now: datetime,
) -> None:
    id: int = old.opportunity_id
    if id != new.opportunity_id:
        because = f"{source} calls {old.source_id} {new.source_id} now"
        joining.merge(connection, id, new.opportunity_id, by="renamed", because=because, now=now)
    item = many(connection, [id])[id]
    behind_it = [(n.source, n.source_id) for n in item.notices if (n.source, n.source_id) != (source, old.source_id)]
    drafts = {notice: joining.drafted(connection, *notice) for notice in behind_it}
    _apart(connection, source, old.source_id, new.source_id, now=now)
    for table in (likenesses, notices):
        connection.execute(sa.delete(table).where(table.c.source == source, table.c.source_id == old.source_id))
    me = sa.and_(notices.c.source == source, notices.c.source_id == new.source_id)
    connection.execute(sa.update(notices).where(me).values(first_seen=min(old.first_seen, new.first_seen)))
    led_before = (item.notices[0].source, item.notices[0].source_id) == (source, old.source_id)
    leader = (source, new.source_id) if led_before else behind_it[0]
    left = _without(item, leader, drafts, now=now)
    retell(connection, [(left, drafts[leader].text)])


def _without(
    item: Opportunity, leader: tuple[str, str], drafts: Mapping[tuple[str, str], Draft], *, now: datetime
) -> Opportunity:
    """The opportunity put together anew from the notices that are left, so that nothing lent by the old one stays."""
    why = {(n.source, n.source_id): n.merged_because or "" for n in item.notices}
    lent = [one for key, draft in drafts.items() if key != leader for one in behind(draft, because=why[key])]
    led = drafts[leader].opportunity
    kept = {"id": item.id, "first_seen": item.first_seen, "changed_at": now, "withdrawn_at": item.withdrawn_at}
    return together(led.model_copy(update={**kept, "notices": (*led.notices, *lent)}), words=drafts[leader].text)


def _apart(connection: sa.Connection, source: str, old: str, new: str, *, now: datetime) -> None:
    """What a person has parted from the old one stays parted from the new one."""
    columns = notices_apart.c
    found = [
        ((row.source, row.source_id), (row.other_source, row.other_id))
        for row in connection.execute(
            sa.select(notices_apart).where(
                sa.or_(
                    sa.and_(columns.source == source, columns.source_id == old),
                    sa.and_(columns.other_source == source, columns.other_id == old),
                )
            )
        )
    ]
    others = [b if a == (source, old) else a for a, b in found]
    parting.forget_pairs(connection, [(source, old)], others)
    if others := [other for other in others if other != (source, new)]:
        parting.keep_apart(connection, (source, new), others, now=now)
