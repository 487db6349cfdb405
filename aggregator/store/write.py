"""The rows behind `put`: insert what is new, update what changed, and keep the words of search in step.

The one thing to know: an opportunity that several notices stand behind says what the first of them says, and the others
lend it what it lacks (aggregator/store/lent.py); when the first is listed no more, the next leads (intake/leading.py).
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal, TypeAlias

import sqlalchemy as sa

from aggregator.store import bulk, search
from aggregator.store.draft import Draft, Known
from aggregator.store.history import differences
from aggregator.store.hushed import hush
from aggregator.store.lent import heard, own_words, text_words, title_words, together
from aggregator.store.opportunities import document, stored
from aggregator.store.opportunities import words as searched
from aggregator.store.opportunity import Opportunity
from aggregator.store.rows import ROW, behind_which, rewrite, rows_of
from aggregator.store.sequence import next_id, next_seq
from aggregator.store.tables import changes, notices, opportunities, stamp

Cause: TypeAlias = Literal["source", "our_reading"]
_NOTICE = (
    *("source", "source_id", "opportunity_id", "hash", "fingerprint", "doc", "first_seen", "fetched_at", "missed"),
    "unasked",
)


def insert(connection: sa.Connection, drafts: list[Draft], *, source: str, now: datetime) -> list[Opportunity]:
    seq, first = next_seq(connection), next_id(connection)
    items = [d.opportunity.model_copy(update={"id": first + i}) for i, d in enumerate(drafts)]
    pairs = list(zip(items, drafts, strict=True))
    bulk.insert(connection, opportunities, ROW, [(item.id, seq, *draft.row) for item, draft in pairs])
    insert_notices(connection, [(item.id, draft) for item, draft in pairs], source=source, now=now)
    search.add(connection, [(item.id, draft.title_text, draft.text) for item, draft in pairs])
    return items


def insert_notices(connection: sa.Connection, rows: Sequence[tuple[int, Draft]], *, source: str, now: datetime) -> None:
    """Write the notices behind these opportunities."""
    seen = stamp(now)
    given = [
        (
            source,
            draft.notice.source_id,
            id,
            draft.hash,
            draft.fingerprint,
            draft.notice_doc,
            seen,
            _fetched(draft, now),
            0,
            False,
        )
        for id, draft in rows
    ]
    bulk.insert(connection, notices, _NOTICE, given)


def update(
    connection: sa.Connection,
    drafts: list[Draft],
    *,
    source: str,
    held: Mapping[str, Known],
    now: datetime,
    visit_id: int | None,
    cause: Cause,
) -> list[Opportunity]:
    """Write changed notices; the opportunity changes with the notice that leads it. Returns those that changed."""
    numbers = behind_which(connection, source, [d.notice.source_id for d in drafts])
    packed = rows_of(connection, numbers.values())
    before = {id: stored(row) for id, row in packed.items()}
    written: list[tuple[Draft, Opportunity]] = []
    rows: list[dict[str, object]] = []
    followers: list[Draft] = []
    relisted: list[Opportunity] = []
    retold: list[tuple[Opportunity, str]] = []
    for draft in drafts:
        one, key = held[draft.notice.source_id], draft.notice.source_id
        old = before[numbers[key]]
        if old.notices and (old.notices[0].source, old.notices[0].source_id) != (source, key):
            if cause == "source" or one.hash != draft.hash:
                followers.append(draft)
            words = own_words(old, searched(packed[old.id].doc)[1])
            told = heard(old, draft, words=words)
            if told is not old:
                found = differences(old, told)
                rows += history_rows(told.id, found, source=source, now=now, visit_id=visit_id, cause=cause)
                moved = found or told.titles != old.titles
                retold.append((told.model_copy(update={"changed_at": now}) if moved else told, words))
            if cause == "source" and old.withdrawn_at is not None:
                relisted.append(retold[-1][0] if told is not old else old)
            continue
        kept: dict[str, object] = {"id": old.id, "first_seen": old.first_seen, "changed_at": now}
        kept["notices"] = (*draft.opportunity.notices, *old.notices[1:])
        if cause == "our_reading":
            kept["withdrawn_at"] = old.withdrawn_at
        item = together(draft.opportunity.model_copy(update=kept), words=draft.text)
        found = differences(old, item)
        if cause == "our_reading" and not found and _says_the_same(old, item):
            # The notice must say it as it is read now, or the next visit would take it for a change of the source.
            if one.hash != draft.hash:
                followers.append(draft)
            continue
        written.append((draft, item))
        rows += history_rows(item.id, found, source=source, now=now, visit_id=visit_id, cause=cause)
    _update_notices(connection, [*followers, *(draft for draft, _ in written)], source=source, now=now, cause=cause)
    retell(connection, retold)
    seen = {item.id: item for item, _ in retold if item.changed_at != before[item.id].changed_at}
    seen |= {item.id: item for item in reopen(connection, relisted, source=source, now=now, visit_id=visit_id)}
    if rows:
        connection.execute(sa.insert(changes), rows)
    if written:
        say(connection, written)
        hush(connection, ((before[item.id], item) for _, item in written))
    return [*seen.values(), *(item for _, item in written)]


def say(connection: sa.Connection, written: Sequence[tuple[Draft, Opportunity]]) -> None:
    """Write what members see, and the words of search with it."""
    retell(connection, [(item, draft.text) for draft, item in written])


def retell(connection: sa.Connection, items: Sequence[tuple[Opportunity, str]]) -> None:
    """Write opportunities, each with the leader's own text that search reads beside the titles."""
    if not items:
        return
    told = [(item, title_words(item), text_words(item, own)) for item, own in items]
    held = rows_of(connection, [item.id for item, _ in items])
    # A deadline that moves changes no word: the text index is the dearest part of a write.
    reworded = [(item.id, titles, text) for item, titles, text in told if searched(held[item.id].doc) != (titles, text)]
    if reworded:
        search.remove(connection, [id for id, _, _ in reworded])
    rewrite(connection, [(item, document(item, title=titles, text=text)) for item, titles, text in told])
    if reworded:
        search.add(connection, reworded)


def reopen(
    connection: sa.Connection, items: Sequence[Opportunity], *, source: str, now: datetime, visit_id: int | None
) -> list[Opportunity]:
    """Take back the withdrawal of opportunities that a source lists again; they say what they said before."""
    rows: list[dict[str, object]] = []
    back = [item.model_copy(update={"withdrawn_at": None, "changed_at": now}) for item in items]
    for old, item in zip(items, back, strict=True):
        rows += history_rows(item.id, differences(old, item), source=source, now=now, visit_id=visit_id, cause="source")
    if rows:
        connection.execute(
            sa.update(opportunities)
            .where(opportunities.c.id.in_([item.id for item in back]))
            .values(withdrawn_at=None, changed_at=stamp(now), seq=next_seq(connection))
        )
        connection.execute(sa.insert(changes), rows)
    return back


def history_rows(
    id: int,
    found: Sequence[tuple[str, str | None, str | None]],
    *,
    source: str,
    now: datetime,
    visit_id: int | None,
    cause: Cause,
) -> list[dict[str, object]]:
    same = {"opportunity_id": id, "source": source, "visit_id": visit_id, "at": stamp(now), "cause": cause}
    return [same | {"field": name, "before": was, "after": is_} for name, was, is_ in found]


def _update_notices(
    connection: sa.Connection, drafts: Sequence[Draft], *, source: str, now: datetime, cause: Cause
) -> None:
    if not drafts:
        return
    # Whoever is listed again is no longer missing; reading a kept page again proves nothing of the kind.
    back = {"missing_since": None, "missed": 0, "withdrawn_at": None, "unasked": False} if cause == "source" else {}
    connection.execute(
        sa.update(notices)
        .where(notices.c.source == source, notices.c.source_id == sa.bindparam("_source_id"))
        .values(
            hash=sa.bindparam("_hash"),
            fingerprint=sa.bindparam("_fingerprint"),
            doc=sa.bindparam("_doc"),
            fetched_at=sa.bindparam("_fetched_at"),
            **back,
        ),
        [
            {
                "_source_id": draft.notice.source_id,
                "_hash": draft.hash,
                "_fingerprint": draft.fingerprint,
                "_doc": draft.notice_doc,
                "_fetched_at": _fetched(draft, now),
            }
            for draft in drafts
        ],
    )


def _fetched(draft: Draft, now: datetime) -> str:
    behind = draft.opportunity.notices
    return stamp(behind[0].fetched_at) if behind else stamp(now)


def _says_the_same(old: Opportunity, new: Opportunity) -> bool:
    unread = {"changed_at", "first_seen", "notices"}
    return old.model_dump(exclude=unread) == new.model_dump(exclude=unread)
