"""Who speaks for an opportunity that several notices stand behind: the first to tell it, but for two cases.

The one thing to know: the notice that leads says what members see. One that is listed no more hands over, or a deadline that
moves would move in the others alone; one that only mirrors another platform gives way when that platform's own comes; and one
that is for fewer people gives way to one that is for more, or a mail to the office would hide a call from everybody.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

import sqlalchemy as sa
from pydantic import ValidationError

import connectors
from aggregator.intake import sharing
from aggregator.intake.tables import sources
from aggregator.store.draft import Draft, Known
from aggregator.store.opportunities import many
from aggregator.store.opportunity import AUDIENCES, Opportunity, audience_of, wider
from aggregator.store.rows import behind_which
from aggregator.store.same import lead
from aggregator.store.tables import notices
from connectors.base.contract import ParamError

_CHUNK = 500


def hand_over(
    connection: sa.Connection,
    source: str,
    keys: Collection[str],
    *,
    held: Mapping[str, Known],
    now: datetime,
    visit_id: int | None,
) -> list[Opportunity]:
    """Let the next live notice speak where these led; returns what members see differently now.

    A notice is live while its source is read and lists it.
    """
    ids = sorted(set(behind_which(connection, source, sorted(key for key in keys if key in held)).values()))
    others = _others(connection, source, ids)
    led = [item for item in many(connection, others).values() if item.notices[0].source == source]
    taken = [
        (draft, item)
        for item in led
        if item.notices[0].source_id in keys and (draft := _first(item, others[item.id])) is not None
    ]
    return lead(connection, taken, now=now, visit_id=visit_id)


class Speaker(Protocol):
    """The source that speaks: its name, and the connector that reads it."""

    @property
    def name(self) -> str: ...
    @property
    def connector(self) -> str: ...


def give_way(
    connection: sa.Connection,
    source: Speaker,
    drafts: Sequence[Draft],
    *,
    now: datetime,
    visit_id: int | None,
) -> list[Opportunity]:
    """Let new notices lead that more people may see than the notice which they followed, or whose platform gave the key.

    Who gave the key has the original: a mirror of the network tells `een:…` in fewer words than the network does.
    """
    numbers = behind_which(connection, source.name, [d.notice.source_id for d in drafts])
    mine = {numbers[d.notice.source_id]: d for d in drafts}
    behind = [item for item in many(connection, mine).values() if item.notices[0].source != source.name]
    leaders = {item.notices[0].source for item in behind}
    of = sa.select(sources.c.name).where(sources.c.name.in_(leaders), sources.c.connector == source.connector)
    fellows = set(connection.scalars(of)) if leaders else set()
    taken = [
        (draft, item)
        for item in behind
        if _comes_first(draft := mine[item.id], source.connector, item, fellow=item.notices[0].source in fellows)
    ]
    return lead(connection, taken, now=now, visit_id=visit_id)


def better(connection: sa.Connection, item: Opportunity) -> Draft | None:
    """Which of the notices behind an opportunity should speak for it instead of the one that does; None: none should."""
    speaks = item.notices[0]
    live = _others(connection, "", [item.id]).get(item.id, {})
    mine = live.get((speaks.source, speaks.source_id))
    for one in item.notices[1:]:
        row = live.get((one.source, one.source_id))
        draft = _drafted(row) if row is not None else None
        if row is None or draft is None:
            continue
        fellow = mine is not None and mine.connector == row.connector
        wide_enough = not wider(item.rights.audience, draft.opportunity.rights.audience)
        if _comes_first(draft, row.connector, item, fellow=fellow) or (mine is None and wide_enough):
            return draft
    return None


def reconsider(connection: sa.Connection, source: str, *, now: datetime) -> list[Opportunity]:
    """Let others speak where this source leads and should no longer, because it is for fewer people than it was."""
    mine = sa.select(notices.c.opportunity_id).where(notices.c.source == source)
    shared = (
        sa.select(notices.c.opportunity_id)
        .where(notices.c.opportunity_id.in_(mine))
        .group_by(notices.c.opportunity_id)
        .having(sa.func.count() > 1)
    )
    led = [item for item in many(connection, connection.scalars(shared)).values() if item.notices[0].source == source]
    taken = [(draft, item) for item in led if (draft := better(connection, item)) is not None]
    return speak(connection, taken, now=now, visit_id=None)


def speak(
    connection: sa.Connection, taken: Sequence[tuple[Draft, Opportunity]], *, now: datetime, visit_id: int | None
) -> list[Opportunity]:
    """Let these notices lead the opportunities behind which they stand; returns those as members see them now."""
    return lead(connection, taken, now=now, visit_id=visit_id)


def _comes_first(draft: Draft, connector: str, item: Opportunity, *, fellow: bool) -> bool:
    """Whether a notice speaks before the one that leads: it is for more people, or its platform gave the key."""
    own, led = draft.opportunity.rights.audience, item.rights.audience
    original = _has_key(draft, f"{connector.replace('_', '-')}:") and not fellow
    return wider(own, led) or (original and not wider(led, own))


def _has_key(draft: Draft, scheme: str) -> bool:
    return any(key.startswith(scheme) for key in draft.notice.same_as)


def _others(connection: sa.Connection, source: str, ids: list[int]) -> dict[int, dict[tuple[str, str], Any]]:
    """The live notices of other sources behind these opportunities, by source and source_id."""
    found: dict[int, dict[tuple[str, str], Any]] = {}
    live = (
        sa.select(notices, sources.c.connector, sources.c.params)
        .join(sources, sources.c.name == notices.c.source)
        .where(notices.c.source != source, notices.c.withdrawn_at.is_(None), notices.c.missed == 0)
        .where(sources.c.enabled, sources.c.removed_at.is_(None))
    )
    for start in range(0, len(ids), _CHUNK):
        for row in connection.execute(live.where(notices.c.opportunity_id.in_(ids[start : start + _CHUNK]))):
            found.setdefault(row.opportunity_id, {})[row.source, row.source_id] = row
    return found


def _first(item: Opportunity, live: Mapping[tuple[str, str], Any]) -> Draft | None:
    # Of those that list it still, the first that most people may see.
    others = sorted(item.notices, key=lambda notice: AUDIENCES.index(audience_of(notice)))
    row = next((live[key] for n in others if (key := (n.source, n.source_id)) in live), None)
    return _drafted(row) if row is not None else None


def _drafted(row: Any) -> Draft | None:
    try:
        module = connectors.load(row.connector)
        params = module.Params.model_validate_json(row.params)
    except (ParamError, ValidationError):
        return None  # the connector is not installed any more, or its row is wrong: its source cannot speak
    return sharing.drafted(row, module, params)
