"""The rows behind `put`: insert what is new, update what changed, and keep the words of search in step.

The one thing to know: an opportunity that several notices stand behind says what the first of them says, and the others
lend it titles (aggregator/store/lent.py); when the first is listed no more, the next leads (aggregator/intake/leading.py).
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Literal, TypeAlias

import sqlalchemy as sa

from aggregator.store import search
from aggregator.store.draft import Draft, Known
from aggregator.store.history import differences
from aggregator.store.hushed import hush
from aggregator.store.lent import heard, title_words, together
from aggregator.store.opportunities import document, many, words
from aggregator.store.opportunity import Opportunity, audience_of, beginning, instants, wider
from aggregator.store.sequence import next_id, next_seq
from aggregator.store.tables import changes, notices, opportunities, stamp

Cause: TypeAlias = Literal["source", "our_reading"]


def insert(connection: sa.Connection, drafts: list[Draft], *, source: str, now: datetime) -> list[Opportunity]:
    seq, first = next_seq(connection), next_id(connection)
    items = [d.opportunity.model_copy(update={"id": first + i}) for i, d in enumerate(drafts)]
    pairs = list(zip(items, drafts, strict=True))
    connection.execute(sa.insert(opportunities), [_row(item, draft.doc, seq) for item, draft in pairs])
    insert_notices(connection, [(item.id, draft) for item, draft in pairs], source=source, now=now)
    search.add(connection, [(item.id, draft.title_text, draft.text) for item, draft in pairs])
    return items


def insert_notices(connection: sa.Connection, rows: Sequence[tuple[int, Draft]], *, source: str, now: datetime) -> None:
    """Write the notices behind these opportunities."""
    connection.execute(
        sa.insert(notices),
        [
            {
                "source": source,
                "source_id": draft.notice.source_id,
                "opportunity_id": id,
                "hash": draft.hash,
                "fingerprint": draft.fingerprint,
                "doc": draft.notice_doc,
                "first_seen": stamp(now),
                "fetched_at": _fetched(draft, now),
            }
            for id, draft in rows
        ],
    )


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
    before = many(connection, [held[d.notice.source_id].opportunity_id for d in drafts])
    written: list[tuple[Draft, Opportunity]] = []
    rows: list[dict[str, object]] = []
    followers: list[Draft] = []
    relisted: list[Opportunity] = []
    retold: list[Opportunity] = []
    for draft in drafts:
        one = held[draft.notice.source_id]
        old = before[one.opportunity_id]
        if old.notices and old.notices[0].source != source:
            if cause == "source" or one.hash != draft.hash:
                followers.append(draft)
            if (told := heard(old, draft.opportunity)) is not old:
                retold.append(told.model_copy(update={"changed_at": now}) if told.titles != old.titles else told)
            if cause == "source" and old.withdrawn_at is not None:
                relisted.append(retold[-1] if told is not old else old)
            continue
        kept: dict[str, object] = {"id": old.id, "first_seen": old.first_seen, "changed_at": now}
        kept["notices"] = (*draft.opportunity.notices, *old.notices[1:])
        if cause == "our_reading":
            kept["withdrawn_at"] = old.withdrawn_at
        item = together(draft.opportunity.model_copy(update=kept))
        found = differences(old, item)
        if cause == "our_reading" and not found and _says_the_same(old, item):
            # The notice must say it as it is read now, or the next visit would take it for a change of the source.
            if one.hash != draft.hash:
                followers.append(draft)
            continue
        written.append((draft, item))
        rows += history_rows(item.id, found, source=source, now=now, visit_id=visit_id, cause=cause)
    _update_notices(connection, [*followers, *(draft for draft, _ in written)], source=source, now=now, cause=cause)
    retell(connection, _with_words(connection, retold))
    seen = {item.id: item for item in retold if item.titles != before[item.id].titles}
    seen |= {item.id: item for item in reopen(connection, relisted, source=source, now=now, visit_id=visit_id)}
    if written:
        say(connection, written, rows)
        hush(connection, ((before[item.id], item) for _, item in written))
    return [*seen.values(), *(item for _, item in written)]


def say(
    connection: sa.Connection, written: Sequence[tuple[Draft, Opportunity]], rows: Sequence[dict[str, object]]
) -> None:
    """Write what members see, the words of search with it, and the history."""
    retell(connection, [(item, draft.text) for draft, item in written])
    if rows:
        connection.execute(sa.insert(changes), list(rows))


def retell(connection: sa.Connection, items: Sequence[tuple[Opportunity, str]]) -> None:
    """Write opportunities, each with the text that search reads beside its titles."""
    if not items:
        return
    search.remove(connection, [item.id for item, _ in items])
    rewrite(connection, [(item, document(item, title=title_words(item), text=text)) for item, text in items])
    search.add(connection, [(item.id, title_words(item), text) for item, text in items])


def _with_words(connection: sa.Connection, items: Sequence[Opportunity]) -> list[tuple[Opportunity, str]]:
    by_id = {item.id: item for item in items}
    query = sa.select(opportunities.c.id, opportunities.c.doc).where(opportunities.c.id.in_(by_id))
    return [(by_id[row.id], words(row.doc)[1]) for row in connection.execute(query)] if items else []


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


def rewrite(connection: sa.Connection, items: Sequence[tuple[Opportunity, bytes]]) -> None:
    """Write opportunities over their rows: everything but the number and the day they were first seen."""
    if not items:
        return
    seq = next_seq(connection)
    settable = [c for c in opportunities.c if c.name not in {"id", "first_seen"}]
    connection.execute(
        sa.update(opportunities)
        .where(opportunities.c.id == sa.bindparam("_id"))
        .values({c.name: sa.bindparam(f"_{c.name}") for c in settable}),
        [{f"_{name}": value for name, value in _row(item, doc, seq).items()} for item, doc in items],
    )


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


def _row(item: Opportunity, doc: bytes, seq: int) -> dict[str, object]:
    dated = instants(item.deadlines, item.zone)
    places = dict.fromkeys((*item.countries, *([item.origin_country] if item.origin_country else [])))
    published = item.published_at or item.updated_at
    return {
        "id": item.id,
        "kind": item.kind,
        "doc": doc,
        "places": _set(places),
        "sectors": _set(s.id for s in item.sectors),
        # Who may see the opportunity finds it by these sources: one that is for fewer people is not among them.
        "sources": _set(
            dict.fromkeys(n.source for n in item.notices if not wider(item.rights.audience, audience_of(n)))
        ),
        "audience": item.rights.audience,
        "first_deadline": stamp(dated[0]) if dated else None,
        "closes_at": stamp(dated[-1]) if dated else None,
        "opens_at": stamp(beginning(item.opens_at, item.zone)) if item.opens_at else None,
        "announced": item.announced,
        "endless": any(d.certainty in {"continuous", "until_funds"} for d in item.deadlines),
        "reserved": _set(dict.fromkeys(r.type for r in item.reserved)),
        "published": stamp(beginning(published, item.zone)) if published else None,
        "first_seen": stamp(item.first_seen),
        "changed_at": stamp(item.changed_at),
        "withdrawn_at": stamp(item.withdrawn_at) if item.withdrawn_at else None,
        "seq": seq,
        "text_dropped_at": None,
    }


def _set(values: Iterable[str]) -> str:
    joined = " ".join(values)
    return f" {joined} " if joined else ""
