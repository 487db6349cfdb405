"""The same thing once: notices that share a strong key stand behind one opportunity.

The one thing to know: likeness never joins here, only a key that the sources themselves give (`Notice.same_as`), and two
notices of one source are never joined. One of them leads; the others lend it their titles (aggregator/store/lent.py).
"""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from aggregator.store.draft import Draft
from aggregator.store.history import differences
from aggregator.store.hushed import hush
from aggregator.store.lent import behind, said_by, together
from aggregator.store.opportunities import STORED, document, stored, words
from aggregator.store.opportunity import Opportunity
from aggregator.store.sequence import alone
from aggregator.store.tables import notices, opportunities, strong_keys
from aggregator.store.write import history_rows, insert_notices, reopen, retell, rewrite, say


def found(connection: sa.Connection, drafts: Sequence[Draft], *, source: str) -> dict[str, tuple[int, str]]:
    """Say which of these new notices belong to an opportunity that we have: source_id → its number, and the key."""
    wanted = {key for draft in drafts for key in draft.notice.same_as}
    if not wanted:
        return {}
    alone(connection)  # so that no other visit can write the same key between this look and our writing
    held = {
        row.key: row.opportunity_id
        for row in connection.execute(sa.select(strong_keys).where(strong_keys.c.key.in_(wanted)))
    }
    if not held:
        return {}
    mine = sa.select(notices.c.opportunity_id).where(notices.c.source == source)
    taken = set(connection.scalars(mine.where(notices.c.opportunity_id.in_(held.values()))))
    shared: dict[str, tuple[int, str]] = {}
    for draft in drafts:
        by_id = {held[key]: key for key in reversed(draft.notice.same_as) if key in held and held[key] not in taken}
        # Keys that lead to two opportunities contradict each other: then it is safer to say it twice.
        if len(by_id) == 1:
            shared[draft.notice.source_id] = next(iter(by_id.items()))
            taken |= by_id.keys()
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


def join(
    connection: sa.Connection,
    drafts: Sequence[tuple[Draft, int, str]],
    *,
    source: str,
    now: datetime,
    visit_id: int | None,
) -> list[Opportunity]:
    """Put notices behind opportunities that others lead, which take over their titles in further languages.

    What was withdrawn is open again when another source lists it. Returns what members see differently.
    """
    insert_notices(connection, [(id, draft) for draft, id, _ in drafts], source=source, now=now)
    rows = connection.execute(sa.select(*STORED).where(opportunities.c.id.in_([id for _, id, _ in drafts])))
    by_id = {row.id: row for row in rows}
    told: list[tuple[Opportunity, str]] = []
    quiet: list[tuple[Opportunity, bytes]] = []
    for draft, id, key in drafts:
        old = stored(by_id[id])
        item = old.model_copy(update={"notices": (*old.notices, *behind(draft.opportunity, because=key))})
        title, text = words(by_id[id].doc)
        if (richer := together(item)).titles != old.titles:
            told.append((richer.model_copy(update={"changed_at": now}), text))
        else:
            quiet.append((richer, document(richer, title=title, text=text)))
    rewrite(connection, quiet)
    retell(connection, told)
    seen = {item.id: item for item, _ in told}
    gone = [item for item in (*seen.values(), *(item for item, _ in quiet)) if item.withdrawn_at is not None]
    seen |= {item.id: item for item in reopen(connection, gone, source=source, now=now, visit_id=visit_id)}
    return list(seen.values())


def lead(
    connection: sa.Connection, taken: Sequence[tuple[Draft, Opportunity]], *, now: datetime, visit_id: int | None
) -> list[Opportunity]:
    """Let these notices, which stand behind the opportunities already, speak for them from now on."""
    if not taken:
        return []
    written = [(draft, _led_by(draft, old, now=now)) for draft, old in taken]
    rows = [
        row
        for (_, old), (draft, item) in zip(taken, written, strict=True)
        for row in history_rows(
            item.id,
            differences(old, item),
            source=draft.opportunity.notices[0].source,
            now=now,
            visit_id=visit_id,
            cause="source",
        )
    ]
    say(connection, written, rows)
    hush(connection, ((old, item) for (_, old), (_, item) in zip(taken, written, strict=True)))
    return [item for _, item in written]


def _led_by(draft: Draft, old: Opportunity, *, now: datetime) -> Opportunity:
    new = draft.opportunity.notices[0]
    was = next(n for n in old.notices if (n.source, n.source_id) == (new.source, new.source_id))
    # What brought the two together now stands beside the one that follows.
    before = old.notices[0].model_copy(update={"merged_because": was.merged_because, "says": said_by(old)})
    others = (n for n in old.notices[1:] if n is not was)
    kept = {"id": old.id, "first_seen": old.first_seen, "changed_at": now, "withdrawn_at": old.withdrawn_at}
    return together(draft.opportunity.model_copy(update={**kept, "notices": (new, before, *others)}))
