"""Put organisations into the directory, and keep every one behind the entry where it belongs.

The one thing to know: what an entry says and who stands behind it is a function of the organisations as they lie there,
computed anew for whoever shares a key with what was written. So nothing depends on what came first.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal, TypeAlias

import sqlalchemy as sa

from aggregator.directory.draft import Held, OrganisationDraft
from aggregator.directory.grouping import keys_of, regroup
from aggregator.directory.tables import organisation_relations, organisations
from aggregator.store.tables import stamp

Cause: TypeAlias = Literal["source", "our_reading"]
_LOCK = 7120266


@dataclass(frozen=True, slots=True)
class Put:
    """What one batch did to the directory, in counts."""

    new: int = 0
    changed: int = 0
    same: int = 0


def known(connection: sa.Connection, source: str) -> dict[str, Held]:
    """Read the map of one source once: source_id → what we hold."""
    columns = organisations.c
    rows = connection.execute(
        sa.select(
            columns.source_id,
            columns.hash,
            columns.number,
            columns.fingerprint,
            columns.missed,
            columns.hidden_at.is_not(None),
            columns.unasked,
        ).where(columns.source == source)
    )
    return {row[0]: Held(*row[1:]) for row in rows}


def put(
    connection: sa.Connection,
    drafts: Sequence[OrganisationDraft],
    *,
    source: str,
    held: dict[str, Held],
    now: datetime,
    cause: Cause = "source",
) -> Put:
    """Write what is new or changed among the drafts, and bring the map and the entries up to date.

    The transaction is the caller's. With cause "our_reading" nobody counts as listed again: no page was asked for.
    """
    latest = {draft.source_id: _still_marked(draft, held) for draft in drafts}
    new = [draft for key, draft in latest.items() if key not in held]
    changed = [
        draft
        for key, draft in latest.items()
        if key in held and (held[key].hash != draft.hash or (held[key].withdrawn and cause == "source"))
    ]
    written = {draft.source_id for draft in changed}
    remarked = [
        draft
        for key, draft in latest.items()
        if key in held and key not in written and held[key].fingerprint != draft.fingerprint
    ]
    if changed:
        lock(connection)
    # Whoever shared a key with what it was may stand alone now, or be told apart by it no more.
    was = keys_of(connection, source, [draft.source_id for draft in changed])
    if new:
        _insert(connection, new, source=source, held=held, now=now)
    if changed:
        _update(connection, changed, source=source, held=held, now=now, cause=cause)
    if remarked:
        _mark(connection, remarked, source=source, held=held)
    if new or changed:
        _relate(connection, [*new, *changed], source=source)
        regroup(connection, [held[draft.source_id].number for draft in (*new, *changed)], was)
    return Put(len(new), len(changed), len(latest) - len(new) - len(changed))


def lock(connection: sa.Connection) -> None:
    """From here to the end of the transaction nobody else changes who stands behind which entry."""
    if connection.dialect.name == "postgresql":
        # On SQLite the writer is alone already; here two visits may commit pages at the same moment.
        connection.execute(sa.text(f"SELECT pg_advisory_xact_lock({_LOCK})"))


def _still_marked(draft: OrganisationDraft, held: Mapping[str, Held]) -> OrganisationDraft:
    # A kept page that is read again brings no card: what the last card said still stands.
    one = held.get(draft.source_id) if draft.fingerprint is None else None
    return draft.marked(one.fingerprint) if one and one.fingerprint else draft


def _insert(
    connection: sa.Connection,
    drafts: Sequence[OrganisationDraft],
    *,
    source: str,
    held: dict[str, Held],
    now: datetime,
) -> None:
    lock(connection)
    first = (connection.scalar(sa.select(sa.func.max(organisations.c.number))) or 0) + 1
    connection.execute(
        sa.insert(organisations),
        [
            {
                "source": source,
                "source_id": draft.source_id,
                "number": first + place,
                "entry": first + place,
                "first_seen": stamp(now),
                "fetched_at": stamp(now),
                **_values(draft),
            }
            for place, draft in enumerate(drafts)
        ],
    )
    held.update(
        {draft.source_id: Held(draft.hash, first + n, draft.fingerprint) for n, draft in enumerate(drafts)},
    )


def _update(
    connection: sa.Connection,
    drafts: Sequence[OrganisationDraft],
    *,
    source: str,
    held: dict[str, Held],
    now: datetime,
    cause: Cause,
) -> None:
    # Whoever is listed again is no longer missing; reading a kept page again proves nothing of the kind.
    back: dict[str, Any] = {"missing_since": None, "missed": 0, "hidden_at": None, "unasked": False}
    fetched: dict[str, Any] = {"fetched_at": stamp(now)}
    names = list(_values(drafts[0]))
    connection.execute(
        sa.update(organisations)
        .where(organisations.c.source == source, organisations.c.source_id == sa.bindparam("_id"))
        .values(
            {name: sa.bindparam(f"_{name}") for name in names} | ({**back, **fetched} if cause == "source" else {})
        ),
        [{"_id": d.source_id, **{f"_{name}": value for name, value in _values(d).items()}} for d in drafts],
    )
    for draft in drafts:
        one = held[draft.source_id]
        fresh = Held(draft.hash, one.number, draft.fingerprint)
        held[draft.source_id] = (
            fresh if cause == "source" else replace(one, hash=draft.hash, fingerprint=draft.fingerprint)
        )


def _values(draft: OrganisationDraft) -> dict[str, Any]:
    return {
        "hash": draft.hash,
        "fingerprint": draft.fingerprint,
        "doc": draft.doc,
        "name_key": draft.name_key,
        "site": draft.site,
        "host": draft.host,
        # Where only the territory of its members is told, that is where a body of one country stands.
        "country": draft.organisation.country or draft.organisation.members_country,
        "place": draft.place,
    }


def _mark(
    connection: sa.Connection, drafts: Iterable[OrganisationDraft], *, source: str, held: dict[str, Held]
) -> None:
    """Note that their details were read as their cards are now, and said the same."""
    prints = {draft.source_id: draft.fingerprint for draft in drafts}
    connection.execute(
        sa.update(organisations)
        .where(organisations.c.source == source, organisations.c.source_id == sa.bindparam("_id"))
        .values(fingerprint=sa.bindparam("_fingerprint")),
        [{"_id": key, "_fingerprint": fingerprint} for key, fingerprint in prints.items()],
    )
    held.update({key: replace(held[key], fingerprint=fingerprint) for key, fingerprint in prints.items()})


def _relate(connection: sa.Connection, drafts: Sequence[OrganisationDraft], *, source: str) -> None:
    ties = organisation_relations
    connection.execute(
        sa.delete(ties).where(ties.c.source == source, ties.c.source_id == sa.bindparam("_id")),
        [{"_id": draft.source_id} for draft in drafts],
    )
    rows = [
        {"source": source, "source_id": draft.source_id, "type": tie.type, "of": tie.of}
        for draft in drafts
        for tie in draft.organisation.relations
    ]
    if rows:
        connection.execute(sa.insert(ties), rows)
