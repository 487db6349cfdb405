"""Put notices into the store.

The one thing to know: what is new, changed or the same is decided in memory against one map read per visit, so that an
unchanged notice costs no write.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, TypeAlias

import sqlalchemy as sa

from aggregator.store import search
from aggregator.store.history import differences
from aggregator.store.opportunities import document, many
from aggregator.store.opportunity import Opportunity, beginning, instants
from aggregator.store.tables import changes, notices, opportunities, pack, stamp
from connectors.base.contract import Notice

Cause: TypeAlias = Literal["source", "our_reading"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A notice made ready for the store: cleaned, hashed, and said as members would see it.

    `opportunity.id` is 0: the store gives the number. `title_text` (a title a line) and `text`
    are for full-text search. `notice_doc` and `doc` are what is stored, made once, outside of any transaction.
    """

    notice: Notice
    hash: str
    opportunity: Opportunity
    title_text: str
    text: str
    fingerprint: str | None = None
    warnings: tuple[str, ...] = ()
    notice_doc: bytes = field(init=False)
    doc: bytes = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "notice_doc", pack(self.notice.model_dump_json()))
        object.__setattr__(self, "doc", document(self.opportunity, title=self.title_text, text=self.text))


@dataclass(frozen=True, slots=True)
class Known:
    """What the store holds of one notice, as far as a visit needs it."""

    hash: str
    opportunity_id: int
    fingerprint: str | None = None
    missed: int = 0
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Put:
    """What one batch did to the store; `same` is a count, because nothing was written for it."""

    new: list[Opportunity] = field(default_factory=list)
    changed: list[Opportunity] = field(default_factory=list)
    same: int = 0


def known(connection: sa.Connection, source: str) -> dict[str, Known]:
    """Read the map of one source once: source_id → what we hold."""
    columns = notices.c
    rows = connection.execute(
        sa.select(
            columns.source_id,
            columns.hash,
            columns.opportunity_id,
            columns.fingerprint,
            columns.missed,
            columns.withdrawn_at.is_not(None),
        ).where(columns.source == source)
    )
    return {row[0]: Known(*row[1:]) for row in rows}


def put(
    connection: sa.Connection,
    drafts: Sequence[Draft],
    *,
    source: str,
    held: dict[str, Known],
    now: datetime,
    visit_id: int | None = None,
    cause: Cause = "source",
) -> Put:
    """Write what is new or changed among the drafts, and bring the map up to date.

    The transaction is the caller's. With cause "our_reading" equal hashes are written too: the source said the same and
    we read it differently.
    """
    latest = {draft.notice.source_id: draft for draft in drafts}
    new = [d for key, d in latest.items() if key not in held]
    changed = [
        d
        for key, d in latest.items()
        if key in held and (cause == "our_reading" or held[key].hash != d.hash or held[key].withdrawn)
    ]
    done = Put(same=len(latest) - len(new) - len(changed))
    if new:
        done.new.extend(_insert(connection, new, source=source, now=now))
    if changed:
        written = _update(connection, changed, source=source, held=held, now=now, visit_id=visit_id, cause=cause)
        done.changed.extend(written)
        if cause == "our_reading":
            done = Put(done.new, done.changed, done.same + len(changed) - len(written))
    for draft, item in zip(new, done.new, strict=True):
        held[draft.notice.source_id] = Known(draft.hash, item.id, draft.fingerprint)
    for draft in changed:
        key = draft.notice.source_id
        held[key] = Known(draft.hash, held[key].opportunity_id, draft.fingerprint)
    return done


def _insert(connection: sa.Connection, drafts: list[Draft], *, source: str, now: datetime) -> list[Opportunity]:
    first = _next_id(connection)
    items = [d.opportunity.model_copy(update={"id": first + i}) for i, d in enumerate(drafts)]
    connection.execute(sa.insert(opportunities), [_row(i, d, source) for i, d in zip(items, drafts, strict=True)])
    connection.execute(
        sa.insert(notices),
        [
            {
                "source": source,
                "source_id": draft.notice.source_id,
                "opportunity_id": item.id,
                "hash": draft.hash,
                "fingerprint": draft.fingerprint,
                "doc": draft.notice_doc,
                "first_seen": stamp(now),
                "fetched_at": stamp(item.notices[0].fetched_at) if item.notices else stamp(now),
            }
            for item, draft in zip(items, drafts, strict=True)
        ],
    )
    search.add(connection, [(i.id, d.title_text, d.text) for i, d in zip(items, drafts, strict=True)])
    return items


def _update(
    connection: sa.Connection,
    drafts: list[Draft],
    *,
    source: str,
    held: Mapping[str, Known],
    now: datetime,
    visit_id: int | None,
    cause: Cause,
) -> list[Opportunity]:
    before = many(connection, [held[d.notice.source_id].opportunity_id for d in drafts])
    written: list[tuple[Draft, Opportunity]] = []
    rows: list[dict[str, object]] = []
    for draft in drafts:
        old = before[held[draft.notice.source_id].opportunity_id]
        kept = {"id": old.id, "first_seen": old.first_seen, "changed_at": now}
        if cause == "our_reading":
            kept["withdrawn_at"] = old.withdrawn_at
        item = draft.opportunity.model_copy(update=kept)
        found = differences(old, item)
        if cause == "our_reading" and not found and _says_the_same(old, item):
            continue
        written.append((draft, item))
        rows += [
            {"opportunity_id": item.id, "source": source, "visit_id": visit_id, "at": stamp(now), "cause": cause}
            | {"field": name, "before": was, "after": is_}
            for name, was, is_ in found
        ]
    if not written:
        return []
    search.remove(connection, [item.id for _, item in written])
    named = [{f"_{k}": v for k, v in _row(item, draft, source).items()} for draft, item in written]
    settable = [c for c in opportunities.c if c.name not in {"id", "first_seen"}]
    connection.execute(
        sa.update(opportunities)
        .where(opportunities.c.id == sa.bindparam("_id"))
        .values({c.name: sa.bindparam(f"_{c.name}") for c in settable}),
        named,
    )
    connection.execute(
        sa.update(notices)
        .where(notices.c.source == source, notices.c.source_id == sa.bindparam("_source_id"))
        .values(
            hash=sa.bindparam("_hash"),
            fingerprint=sa.bindparam("_fingerprint"),
            doc=sa.bindparam("_doc"),
            fetched_at=sa.bindparam("_fetched_at"),
            # Whoever is listed again is no longer missing; reading a kept page again proves nothing of the kind.
            **({"missing_since": None, "missed": 0, "withdrawn_at": None} if cause == "source" else {}),
        ),
        [
            {
                "_source_id": draft.notice.source_id,
                "_hash": draft.hash,
                "_fingerprint": draft.fingerprint,
                "_doc": draft.notice_doc,
                "_fetched_at": stamp(item.notices[0].fetched_at) if item.notices else stamp(now),
            }
            for draft, item in written
        ],
    )
    search.add(connection, [(i.id, d.title_text, d.text) for d, i in written])
    if rows:
        connection.execute(sa.insert(changes), rows)
    return [item for _, item in written]


def _says_the_same(old: Opportunity, new: Opportunity) -> bool:
    unread = {"changed_at", "first_seen", "notices"}
    return old.model_dump(exclude=unread) == new.model_dump(exclude=unread)


def _next_id(connection: sa.Connection) -> int:
    if connection.dialect.name == "postgresql":
        # On SQLite the writer is alone already; here two visits may commit pages at the same moment.
        connection.execute(sa.text("SELECT pg_advisory_xact_lock(7120265)"))
    highest: int | None = connection.scalar(sa.select(sa.func.max(opportunities.c.id)))
    return (highest or 0) + 1


def _row(item: Opportunity, draft: Draft, source: str) -> dict[str, object]:
    dated = instants(item.deadlines, item.zone)
    places = dict.fromkeys((*item.countries, *([item.origin_country] if item.origin_country else [])))
    published = item.published_at or item.updated_at
    return {
        "id": item.id,
        "kind": item.kind,
        "doc": draft.doc,
        "places": _set(places),
        "sectors": _set(s.id for s in item.sectors),
        "sources": _set([source]),
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
    }


def _set(values: Iterable[str]) -> str:
    joined = " ".join(values)
    return f" {joined} " if joined else ""
