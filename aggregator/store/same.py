"""The same thing once: which notices stand behind one opportunity, and why.

The one thing to know: a key that the sources themselves give (`Notice.same_as`) joins, or the one strict rule
(aggregator/store/sameness.py); two notices of one source are never joined, nor what a person has parted.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, TypeAlias

import sqlalchemy as sa

from aggregator.store import bulk
from aggregator.store.draft import Draft
from aggregator.store.history import differences
from aggregator.store.hushed import hush
from aggregator.store.lent import behind, own_words, said_by, together
from aggregator.store.opportunities import stored, words
from aggregator.store.opportunity import Opportunity
from aggregator.store.rows import rows_of
from aggregator.store.sequence import alone
from aggregator.store.tables import changes, merges, notices, notices_apart, stamp, strong_keys
from aggregator.store.write import Cause, history_rows, insert_notices, reopen, retell, say

By: TypeAlias = Literal["key", "rule", "office", "renamed"]
_CHUNK = 400


@dataclass(frozen=True, slots=True)
class Joined:
    """Behind which opportunity a notice goes, by what, and why in words that a person reads."""

    id: int
    by: By
    because: str


@dataclass(frozen=True, slots=True)
class Bridge:
    """Two opportunities that a notice's keys show to be one: the younger goes into the elder."""

    winner: int
    loser: int
    because: str


@dataclass(frozen=True, slots=True)
class Found:
    joined: dict[str, Joined] = field(default_factory=dict)
    bridges: list[Bridge] = field(default_factory=list)
    held: set[str] = field(default_factory=set)
    """The keys of these notices that are held already, whoever holds them."""


def by_keys(
    connection: sa.Connection, drafts: Sequence[Draft], *, source: str, own: Mapping[str, int] | None = None
) -> Found:
    """Say which of these notices belong to opportunities that we have, by the keys that they share.

    `own` are the opportunities of notices that we hold already: their keys can only show that two are one.
    """
    wanted = {key for draft in drafts for key in draft.keys}
    found = Found()
    if not wanted:
        return found
    alone(connection)  # so that no other visit can write the same key between this look and our writing
    held = _held(connection, wanted)
    found.held.update(held)
    if not held:
        return found
    behind_each = members(connection, {*held.values(), *(own or {}).values()})
    parted = apart(connection, [(source, draft.notice.source_id) for draft in drafts])
    for draft in drafts:
        me = (source, draft.notice.source_id)
        mine = (own or {}).get(draft.notice.source_id)
        keys = {held[key]: key for key in reversed(draft.keys) if key in held}
        ids = sorted(id for id in keys if id != mine and not behind_each[id] & parted.get(me, set()))
        ids = [id for id in ids if mine is not None or source not in _sources(behind_each[id])]
        together_with = [*([mine] if mine is not None else []), *ids]
        if not ids or not _can_be_one([behind_each[id] for id in together_with]):
            # Keys that lead to two notices of one source contradict each other: then it is safer to say it twice.
            continue
        winner = min(together_with)
        if mine is None:
            found.joined[draft.notice.source_id] = Joined(winner, "key", keys[winner])
            behind_each[winner].add(me)
        for loser in sorted(set(together_with) - {winner}):
            because = keys.get(loser) or keys[winner]
            found.bridges.append(Bridge(winner, loser, because))
            # What comes after it in this batch meets the one that is left.
            behind_each[winner] |= behind_each[loser]
            held.update({key: winner for key, id in held.items() if id == loser})
            if own:
                own = {key: winner if id == loser else id for key, id in own.items()}
    return found


def _held(connection: sa.Connection, keys: Iterable[str]) -> dict[str, int]:
    wanted, held = sorted(keys), dict[str, int]()
    for start in range(0, len(wanted), _CHUNK):
        query = sa.select(strong_keys).where(strong_keys.c.key.in_(wanted[start : start + _CHUNK]))
        held |= {row.key: row.opportunity_id for row in connection.execute(query)}
    return held


def members(connection: sa.Connection, ids: Iterable[int]) -> dict[int, set[tuple[str, str]]]:
    """The notices behind each of these opportunities, as (source, source_id)."""
    found: dict[int, set[tuple[str, str]]] = {id: set() for id in ids}
    wanted = sorted(found)
    for start in range(0, len(wanted), _CHUNK):
        columns = sa.select(notices.c.opportunity_id, notices.c.source, notices.c.source_id)
        query = columns.where(notices.c.opportunity_id.in_(wanted[start : start + _CHUNK]))
        for row in connection.execute(query):
            found[row.opportunity_id].add((row.source, row.source_id))
    return found


def apart(connection: sa.Connection, wanted: Sequence[tuple[str, str]]) -> dict[tuple[str, str], set[tuple[str, str]]]:
    """From whom each of these notices was parted by a person."""
    sources = {source for source, _ in wanted}
    both = sa.or_(notices_apart.c.source.in_(sources), notices_apart.c.other_source.in_(sources))
    found: dict[tuple[str, str], set[tuple[str, str]]] = {}
    for row in connection.execute(sa.select(notices_apart).where(both)):
        one, other = (row.source, row.source_id), (row.other_source, row.other_id)
        found.setdefault(one, set()).add(other)
        found.setdefault(other, set()).add(one)
    return found


def _sources(behind: Iterable[tuple[str, str]]) -> set[str]:
    return {source for source, _ in behind}


def _can_be_one(groups: Sequence[set[tuple[str, str]]]) -> bool:
    sources = [source for group in groups for source in _sources(group)]
    return len(sources) == len(set(sources))


def remember(connection: sa.Connection, drafts: Sequence[tuple[int, Draft]], *, held: Collection[str]) -> None:
    """Write the strong keys of these notices; one that is `held` already keeps its opportunity."""
    keys = {key: id for id, draft in reversed(drafts) for key in draft.keys if key not in held}
    bulk.insert(connection, strong_keys, ("key", "opportunity_id"), list(keys.items()))


def join(
    connection: sa.Connection,
    drafts: Sequence[tuple[Draft, Joined]],
    *,
    source: str,
    now: datetime,
    visit_id: int | None,
    cause: Cause = "source",
) -> list[Opportunity]:
    """Put notices behind opportunities that others lead, and fill from them what those lack.

    What was withdrawn is open again when another source lists it; a kept page that is read again lists nothing. Returns
    what members see differently.
    """
    insert_notices(connection, [(to.id, draft) for draft, to in drafts], source=source, now=now)
    told: dict[int, tuple[Opportunity, str]] = {}
    packed = rows_of(connection, [to.id for _, to in drafts])
    before = {id: stored(row) for id, row in packed.items()}
    for draft, to in drafts:
        old, own = told.get(to.id) or (before[to.id], own_words(before[to.id], words(packed[to.id].doc)[1]))
        followed = old.model_copy(update={"notices": (*old.notices, *behind(draft, because=to.because))})
        told[to.id] = (together(followed, words=own), own)
    rows: list[dict[str, object]] = []
    for id, (item, own) in told.items():
        found = differences(before[id], item)
        rows += history_rows(id, found, source=source, now=now, visit_id=visit_id, cause=cause)
        if found or item.titles != before[id].titles:
            told[id] = (item.model_copy(update={"changed_at": now}), own)
    retell(connection, list(told.values()))
    if rows:
        connection.execute(sa.insert(changes), rows)
    note(connection, [(to.id, None, (source, d.notice.source_id), to) for d, to in drafts], now=now, visit_id=visit_id)
    seen = {id: item for id, (item, _) in told.items() if item.changed_at != before[id].changed_at}
    gone = [item for item, _ in told.values() if item.withdrawn_at is not None and cause == "source"]
    seen |= {item.id: item for item in reopen(connection, gone, source=source, now=now, visit_id=visit_id)}
    return list(seen.values())


def note(
    connection: sa.Connection,
    joined: Sequence[tuple[int, int | None, tuple[str, str], Joined]],
    *,
    now: datetime,
    visit_id: int | None,
) -> None:
    """Write down why each notice went behind an opportunity: (its number, the number it had of its own, notice, why)."""
    rows = [
        {"opportunity_id": id, "old_id": old, "source": source, "source_id": source_id, "by": to.by}
        | {"because": to.because, "at": stamp(now), "visit_id": visit_id}
        for id, old, (source, source_id), to in joined
    ]
    if rows:
        connection.execute(sa.insert(merges), rows)


def lead(
    connection: sa.Connection, taken: Sequence[tuple[Draft, Opportunity]], *, now: datetime, visit_id: int | None
) -> list[Opportunity]:
    """Let these notices, which stand behind the opportunities already, speak for them from now on."""
    if not taken:
        return []
    packed = rows_of(connection, [old.id for _, old in taken])
    written = [
        (draft, _led_by(draft, old, own_words(old, words(packed[old.id].doc)[1]), now=now)) for draft, old in taken
    ]
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
    say(connection, written)
    if rows:
        connection.execute(sa.insert(changes), rows)
    hush(connection, ((old, item) for (_, old), (_, item) in zip(taken, written, strict=True)))
    return [item for _, item in written]


def _led_by(draft: Draft, old: Opportunity, own: str, *, now: datetime) -> Opportunity:
    new = draft.opportunity.notices[0]
    was = next(n for n in old.notices if (n.source, n.source_id) == (new.source, new.source_id))
    # What brought the two together now stands beside the one that follows.
    before = old.notices[0].model_copy(update={"merged_because": was.merged_because, "says": said_by(old, words=own)})
    others = (n for n in old.notices[1:] if n is not was)
    kept = {"id": old.id, "first_seen": old.first_seen, "changed_at": now, "withdrawn_at": old.withdrawn_at}
    led = draft.opportunity.model_copy(update={**kept, "notices": (new, before, *others)})
    return together(led, words=draft.text)
