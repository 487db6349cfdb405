"""The same thing once: notices that share a strong key stand behind one opportunity.

The one thing to know: likeness never joins here, only a key that the sources themselves give (`Notice.same_as`), and two
notices of one source are never joined.
"""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from aggregator.store.draft import Draft
from aggregator.store.opportunities import STORED, document, stored, words
from aggregator.store.opportunity import Opportunity
from aggregator.store.tables import notices, opportunities, strong_keys
from aggregator.store.write import insert_notices, next_id, rewrite


def found(connection: sa.Connection, drafts: Sequence[Draft], *, source: str) -> dict[str, int]:
    """Say which of these new notices belong to an opportunity that we have: source_id → its number."""
    wanted = {key for draft in drafts for key in draft.notice.same_as}
    if not wanted:
        return {}
    next_id(connection)  # so that no other visit can write the same key between this look and our writing
    held = {
        row.key: row.opportunity_id
        for row in connection.execute(sa.select(strong_keys).where(strong_keys.c.key.in_(wanted)))
    }
    if not held:
        return {}
    mine = sa.select(notices.c.opportunity_id).where(notices.c.source == source)
    taken = set(connection.scalars(mine.where(notices.c.opportunity_id.in_(held.values()))))
    shared: dict[str, int] = {}
    for draft in drafts:
        ids = {held[key] for key in draft.notice.same_as if key in held} - taken
        # Keys that lead to two opportunities contradict each other: then it is safer to say it twice.
        if len(ids) == 1:
            shared[draft.notice.source_id] = ids.pop()
            taken |= ids | {shared[draft.notice.source_id]}
    return shared


def remember(connection: sa.Connection, drafts: Sequence[tuple[int, Draft]]) -> None:
    """Write the strong keys of these notices; a key that is held already keeps its opportunity."""
    keys = {key: id for id, draft in reversed(drafts) for key in draft.notice.same_as}
    if not keys:
        return
    there = set(connection.scalars(sa.select(strong_keys.c.key).where(strong_keys.c.key.in_(keys))))
    rows = [{"key": key, "opportunity_id": id} for key, id in keys.items() if key not in there]
    if rows:
        connection.execute(sa.insert(strong_keys), rows)


def join(connection: sa.Connection, drafts: Sequence[tuple[Draft, int]], *, source: str, now: datetime) -> None:
    """Put notices behind opportunities that others lead; what members see does not change, but where it comes from."""
    insert_notices(connection, [(id, draft) for draft, id in drafts], source=source, now=now)
    rows = connection.execute(sa.select(*STORED).where(opportunities.c.id.in_([id for _, id in drafts])))
    by_id = {row.id: row for row in rows}
    rewritten: list[tuple[Opportunity, bytes]] = []
    for draft, id in drafts:
        item = stored(by_id[id])
        key = next(key for key in draft.notice.same_as)
        behind = (p.model_copy(update={"merged_because": f"the same {key}"}) for p in draft.opportunity.notices)
        item = item.model_copy(update={"notices": (*item.notices, *behind)})
        title, text = words(by_id[id].doc)
        rewritten.append((item, document(item, title=title, text=text)))
    rewrite(connection, rewritten)
