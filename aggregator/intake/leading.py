"""Who speaks for an opportunity that several notices stand behind, when its first one is listed no more.

The one thing to know: the notice that leads says what members see. If it went silent and stayed in the lead, a deadline
that moves would move in the other notices alone, and the board would say "closed" of what is open.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from pydantic import ValidationError

import connectors
from aggregator.intake import sharing
from aggregator.intake.tables import sources
from aggregator.store.draft import Draft, Known
from aggregator.store.opportunities import many
from aggregator.store.opportunity import Opportunity
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
    ids = sorted({held[key].opportunity_id for key in keys if key in held})
    others = _others(connection, source, ids)
    led = [item for item in many(connection, others).values() if item.notices[0].source == source]
    taken = [
        (draft, item)
        for item in led
        if item.notices[0].source_id in keys and (draft := _first(item, others[item.id])) is not None
    ]
    return lead(connection, taken, now=now, visit_id=visit_id)


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
    row = next((live[key] for n in item.notices if (key := (n.source, n.source_id)) in live), None)
    if row is None:
        return None
    try:
        module = connectors.load(row.connector)
        params = module.Params.model_validate_json(row.params)
    except (ParamError, ValidationError):
        return None  # the connector is not installed any more, or its row is wrong: its source cannot speak
    return sharing.drafted(row, module, params)
