"""Put two opportunities together that are one, and part again what was not.

The one thing to know: nothing is lost either way. A number that went into another leads there for ever; whoever was told of
the one is not told of the other again; and what a person has parted stays parted.
"""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from pydantic import ValidationError

import connectors
from aggregator.digest import moved as letters
from aggregator.intake import leading, sharing
from aggregator.intake.tables import sources
from aggregator.matching import moved as matching
from aggregator.store import parting, uniting
from aggregator.store.draft import Draft
from aggregator.store.opportunities import many
from aggregator.store.opportunity import Opportunity
from aggregator.store.same import Bridge, By
from aggregator.store.tables import notices
from connectors.base.contract import ParamError


def bridge(
    connection: sa.Connection, bridges: Sequence[Bridge], *, now: datetime, visit_id: int | None
) -> list[Opportunity]:
    """Put together what `put` found to be one. Returns what members see now, each opportunity once."""
    seen: dict[int, Opportunity] = {}
    for one in bridges:
        item = merge(connection, one.winner, one.loser, by="key", because=one.because, now=now, visit_id=visit_id)
        seen.pop(one.loser, None)
        if item is not None:
            seen[item.id] = item
    return list(seen.values())


def merge(
    connection: sa.Connection,
    winner: int,
    loser: int,
    *,
    by: By,
    because: str,
    now: datetime,
    visit_id: int | None = None,
) -> Opportunity | None:
    """Put the loser's notices behind the winner, whose number stays; the loser's number leads there from now on.

    Returns the winner as members see it now, or None where either number is no opportunity (any more).
    """
    both = many(connection, [winner, loser])
    if winner == loser or len(both) < 2:
        return None
    matching.move(connection, loser, winner, now=now)
    letters.move(connection, loser, winner)
    item = uniting.unite(connection, both[winner], both[loser], by=by, because=because, now=now, visit_id=visit_id)
    speaker = leading.better(connection, item)
    if speaker is not None:
        (item,) = leading.speak(connection, [(speaker, item)], now=now, visit_id=visit_id)
    return item


def join(connection: sa.Connection, one: int, other: int, *, why: str, now: datetime) -> Opportunity:
    """The office says that two are one: the elder number stays. What parted them before is forgotten. Raises ParamError."""
    one, other = current(connection, one), current(connection, other)
    if one == other:
        raise ParamError(str(one), "these are one opportunity already")
    winner, loser = sorted((one, other))
    parting.forget(connection, winner, loser)
    item = merge(connection, winner, loser, by="office", because=why, now=now)
    assert item is not None
    return item


def split(
    connection: sa.Connection, id: int, *, source: str, source_id: str, now: datetime
) -> tuple[Opportunity, Opportunity]:
    """Part a notice from the opportunity behind which it stands, for good; it gets its old number back, if it had one.

    Whoever was told of the one counts as told of the other. Returns what is left, and what the notice says by itself.
    Raises ParamError: no such notice, or it stands there alone, or the connector of a source is not installed any more.
    """
    item = many(connection, [current(connection, id)]).get(current(connection, id))
    assert item is not None
    here = (source, source_id)
    if here not in {(n.source, n.source_id) for n in item.notices}:
        behind = ", ".join(f"{n.source}:{n.source_id}" for n in item.notices)
        raise ParamError(f"{source}:{source_id}", f"does not stand behind opportunity {item.id}; these do: {behind}")
    if len(item.notices) == 1:
        raise ParamError(str(item.id), "has one notice behind it; there is nothing to part")
    drafts = {(n.source, n.source_id): drafted(connection, n.source, n.source_id) for n in item.notices}
    rest, alone = parting.part(connection, item, drafts[here], drafts, now=now)
    matching.share(connection, item.id, alone.id, now=now)
    return rest, alone


def current(connection: sa.Connection, id: int) -> int:
    """The number under which an opportunity is found now. Raises ParamError where there never was one."""
    found = uniting.current(connection, id)
    if found is None:
        raise ParamError(
            str(id), "there is no opportunity of this number; find one with: worldwidewe opportunities search"
        )
    return found


def drafted(connection: sa.Connection, source: str, source_id: str) -> Draft:
    """Make a stored notice ready for the store again, under today's rights of its source. Raises ParamError."""
    row = connection.execute(
        sa.select(notices, sources.c.connector, sources.c.params)
        .join(sources, sources.c.name == notices.c.source)
        .where(notices.c.source == source, notices.c.source_id == source_id)
    ).one()
    try:
        module = connectors.load(row.connector)
        return sharing.drafted(row, module, module.Params.model_validate_json(row.params))
    except ValidationError as exc:
        raise ParamError(
            source, f"its parameters are wrong ({exc.error_count()}); see: worldwidewe sources show {source}"
        ) from exc
