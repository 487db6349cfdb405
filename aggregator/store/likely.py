"""New notices that the one strict rule puts behind an opportunity of another source; and the rows by which they are found.

The one thing to know: likeness only finds who is compared. Where the rule would put a notice behind two opportunities it
puts it behind neither: it is safer to say a thing twice than to hide one behind another.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa

from aggregator.store import alike, likenesses, same
from aggregator.store.draft import Draft
from aggregator.store.facts import Facts
from aggregator.store.opportunities import many
from aggregator.store.same import Joined
from aggregator.store.sameness import same as rule
from aggregator.store.sequence import alone
from aggregator.store.tables import likenesses as table
from aggregator.store.tables import notices

_CHUNK = 400
_PAGE = 250


def signed(drafts: Sequence[Draft]) -> dict[str, alike.Likeness]:
    """By what these notices are found to be like others: source_id → its row. Made outside of any transaction, a page at once."""
    made = rows(drafts)
    return {draft.notice.source_id: one for draft, one in zip(drafts, made, strict=True)}


def rows(drafts: Sequence[Draft]) -> list[alike.Likeness]:
    """The rows of these notices, in their order; they may be of several sources."""
    made: list[alike.Likeness] = []
    for start in range(0, len(drafts), _PAGE):  # what numpy holds for a batch grows with its texts
        some = drafts[start : start + _PAGE]
        made += alike.of([(Facts.of(draft.opportunity), draft.text) for draft in some])
    return made


def remember(connection: sa.Connection, likes: Sequence[alike.Likeness]) -> None:
    """Write by what these notices are found to be like others, where that is not what stands there already."""
    given = {(one.source, one.source_id): one for one in likes}
    held: set[tuple[str, str]] = set()
    columns = table.c
    for source, ids in _by_source(given).items():
        for start in range(0, len(ids), _CHUNK):
            some = sa.select(columns.source, columns.source_id, columns.ends, columns["keys"]).where(
                columns.source == source, columns.source_id.in_(ids[start : start + _CHUNK])
            )
            for row in connection.execute(some):
                one = given[row.source, row.source_id]
                held |= {(row.source, row.source_id)} if (row.ends, row[3]) == (one.ends, one.keys) else set()
    likenesses.record(connection, [one for key, one in given.items() if key not in held])


def join(
    connection: sa.Connection, drafts: Sequence[Draft], likes: Sequence[alike.Likeness], *, source: str, now: datetime
) -> dict[str, Joined]:
    """Say which of these new notices of a source go behind an opportunity that we have, and why, and remember them all."""
    if not drafts:
        return {}
    alone(connection)  # so that no other visit can write the same thing between this look and our writing
    view = likenesses.memory_of(connection).view(connection, now=now)
    proposed = {
        draft.notice.source_id: found for draft, found in zip(drafts, view.candidates(likes), strict=True) if found
    }
    joined = _decided(connection, [d for d in drafts if d.notice.source_id in proposed], proposed, source=source)
    likenesses.record(connection, likes, new=True)
    return joined


def refresh(connection: sa.Connection, *, now: datetime) -> None:
    """Take in what other transactions have written since; call it with a reader's connection before a page is written."""
    likenesses.memory_of(connection).refresh(connection, now=now)


def _decided(
    connection: sa.Connection,
    drafts: Sequence[Draft],
    proposed: Mapping[str, Sequence[alike.Candidate]],
    *,
    source: str,
) -> dict[str, Joined]:
    if not drafts:
        return {}
    numbers = _numbers(connection, {(c.source, c.source_id) for found in proposed.values() for c in found})
    items = many(connection, numbers.values())
    behind_each = same.members(connection, items)
    parted = same.apart(connection, [(source, draft.notice.source_id) for draft in drafts])
    facts = {id: Facts.of(item) for id, item in items.items()}
    joined: dict[str, Joined] = {}
    for draft in drafts:
        key = draft.notice.source_id
        mine, why = Facts.of(draft.opportunity), dict[int, str]()
        for candidate in proposed[key]:
            id = numbers.get((candidate.source, candidate.source_id))
            if id is None or id in why or behind_each[id] & parted.get((source, key), set()):
                continue
            if any(behind == source for behind, _ in behind_each[id]):
                continue
            if reason := rule(mine, facts[id], likeness=candidate.likeness):
                why[id] = reason
        if len(why) == 1:
            ((id, reason),) = why.items()
            joined[key] = Joined(id, "rule", reason)
            behind_each[id].add((source, key))
    return joined


def _numbers(connection: sa.Connection, wanted: set[tuple[str, str]]) -> dict[tuple[str, str], int]:
    found: dict[tuple[str, str], int] = {}
    for source, ids in _by_source(wanted).items():
        for start in range(0, len(ids), _CHUNK):
            some = sa.select(notices.c.source_id, notices.c.opportunity_id).where(
                notices.c.source == source, notices.c.source_id.in_(ids[start : start + _CHUNK])
            )
            found |= {(source, row.source_id): row.opportunity_id for row in connection.execute(some)}
    return found


def _by_source(wanted: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    by_source: dict[str, list[str]] = {}
    for source, source_id in sorted(wanted):
        by_source.setdefault(source, []).append(source_id)
    return by_source
