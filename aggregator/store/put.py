"""Put notices into the store.

The one thing to know: what is new, changed or the same is decided in memory against one map read per visit, so that an
unchanged notice costs no write.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

import sqlalchemy as sa

from aggregator.store import likely, same
from aggregator.store.alike import Likeness
from aggregator.store.draft import Draft, Known
from aggregator.store.opportunity import Opportunity
from aggregator.store.rows import behind_which
from aggregator.store.same import Bridge
from aggregator.store.tables import notices
from aggregator.store.write import Cause, insert, update

__all__ = ["Cause", "Draft", "Known", "Put", "known", "put"]


@dataclass(frozen=True, slots=True)
class Put:
    """What one batch did to the store. `same` is a count, because nothing was written for it; `joined` counts notices
    that are new and stand behind an opportunity of another source; `enriched` counts the opportunities among `changed` that
    only say more now, because such a notice came; `bridges` are opportunities that the caller is to
    put together (aggregator/intake/joining.py), because what follows an opportunity lies in rooms above."""

    new: list[Opportunity] = field(default_factory=list)
    changed: list[Opportunity] = field(default_factory=list)
    same: int = 0
    joined: int = 0
    enriched: int = 0
    bridges: tuple[Bridge, ...] = ()


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
            columns.unasked,
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
    signed: Mapping[str, Likeness] | None = None,
) -> Put:
    """Write what is new or changed among the drafts, and bring the map up to date.

    The transaction is the caller's. With cause "our_reading" equal hashes are written too: the source said the same and
    we read it differently. `signed` is what `likely.signed` makes of the drafts; what it lacks is made here.
    """
    latest = {draft.notice.source_id: _still_marked(draft, held) for draft in drafts}
    new = [d for key, d in latest.items() if key not in held]
    changed = [
        d
        for key, d in latest.items()
        if key in held and (cause == "our_reading" or held[key].hash != d.hash or held[key].withdrawn)
    ]
    done = Put(same=len(latest) - len(new) - len(changed))
    remarked = {key: d.fingerprint for key, d in latest.items() if d.fingerprint and _only_remarked(held.get(key), d)}
    mark(connection, remarked, source=source, held=held)
    given = signed or {}
    likes = {**given, **likely.signed([d for d in (*new, *changed) if d.notice.source_id not in given])}
    bridges: list[Bridge] = []
    if new:
        found = same.by_keys(connection, new, source=source)
        bridges += found.bridges
        by_rule = [d for d in new if d.notice.source_id not in found.joined]
        mine = [likes[d.notice.source_id] for d in by_rule]
        joins = found.joined | likely.join(connection, by_rule, mine, source=source, now=now)
        likely.remember(connection, [likes[key] for key in found.joined])
        fresh = [d for d in new if d.notice.source_id not in joins]
        done.new.extend(insert(connection, fresh, source=source, now=now) if fresh else [])
        ids = {d.notice.source_id: item.id for d, item in zip(fresh, done.new, strict=True)} | {
            key: to.id for key, to in joins.items()
        }
        same.remember(connection, [(ids[d.notice.source_id], d) for d in new], held=found.held)
        if joins:
            joined = [(d, joins[d.notice.source_id]) for d in new if d.notice.source_id in joins]
            done.changed.extend(same.join(connection, joined, source=source, now=now, visit_id=visit_id, cause=cause))
        done = replace(done, joined=len(joins), enriched=len(done.changed))
        held.update({d.notice.source_id: Known(d.hash, ids[d.notice.source_id], d.fingerprint) for d in new})
    if changed:
        written = update(connection, changed, source=source, held=held, now=now, visit_id=visit_id, cause=cause)
        done.changed.extend(written)
        if cause == "our_reading":
            done = replace(done, same=done.same + len(changed) - len(written))
        ids = behind_which(connection, source, [d.notice.source_id for d in changed])
        found = same.by_keys(connection, changed, source=source, own=ids)
        bridges += found.bridges
        same.remember(connection, [(ids[d.notice.source_id], d) for d in changed], held=found.held)
        likely.remember(connection, [likes[d.notice.source_id] for d in changed])
        for draft in changed:
            key = draft.notice.source_id
            held[key] = Known(draft.hash, ids[key], draft.fingerprint)
    return replace(done, bridges=tuple(bridges))


def _still_marked(draft: Draft, held: Mapping[str, Known]) -> Draft:
    # A kept page that is read again brings no card: what the last card said still stands.
    one = held.get(draft.notice.source_id) if draft.fingerprint is None else None
    return replace(draft, fingerprint=one.fingerprint) if one and one.fingerprint else draft


def _only_remarked(one: Known | None, draft: Draft) -> bool:
    return one is not None and one.hash == draft.hash and not one.withdrawn and one.fingerprint != draft.fingerprint


def mark(
    connection: sa.Connection, fingerprints: Mapping[str, str | None], *, source: str, held: dict[str, Known]
) -> None:
    """Note that the details of these notices were read as their cards are now, and said the same."""
    if not fingerprints:
        return
    connection.execute(
        sa.update(notices)
        .where(notices.c.source == source, notices.c.source_id == sa.bindparam("_id"))
        .values(fingerprint=sa.bindparam("_fingerprint")),
        [{"_id": key, "_fingerprint": fingerprint} for key, fingerprint in fingerprints.items()],
    )
    held.update({key: replace(held[key], fingerprint=fingerprint) for key, fingerprint in fingerprints.items()})
