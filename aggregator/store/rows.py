"""Rows of opportunities and of the notices behind them: made, written over, read by number.

The one thing to know: every row that is written carries the number of this transaction's change (aggregator/store/sequence.py).
"""

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa

from aggregator.store.opportunities import STORED
from aggregator.store.opportunity import Opportunity, audience_of, beginning, instants, wider
from aggregator.store.sequence import next_seq
from aggregator.store.tables import notices, opportunities, stamp

_CHUNK = 500
ROW = (
    *(
        "id",
        "seq",
        "kind",
        "doc",
        "places",
        "sectors",
        "sources",
        "audience",
        "first_deadline",
        "closes_at",
        "opens_at",
    ),
    *("announced", "endless", "reserved", "published", "first_seen", "changed_at", "withdrawn_at", "text_dropped_at"),
)
"""The columns of an opportunity, as `row` gives their values behind its number and that of its change."""
_BOUND = tuple(f"_{name}" for name in ROW)


def behind_which(connection: sa.Connection, source: str, keys: Sequence[str]) -> dict[str, int]:
    """The opportunities behind which these notices stand now: another visit may have put two together meanwhile."""
    found: dict[str, int] = {}
    for start in range(0, len(keys), _CHUNK):
        some = sa.select(notices.c.source_id, notices.c.opportunity_id).where(
            notices.c.source == source, notices.c.source_id.in_(keys[start : start + _CHUNK])
        )
        found |= {row.source_id: row.opportunity_id for row in connection.execute(some)}
    return found


def rows_of(connection: sa.Connection, ids: Iterable[int]) -> dict[int, sa.Row[Any]]:
    """The stored rows of these opportunities, by number."""
    wanted, found = sorted(set(ids)), dict[int, sa.Row[Any]]()
    for start in range(0, len(wanted), _CHUNK):
        query = sa.select(*STORED).where(opportunities.c.id.in_(wanted[start : start + _CHUNK]))
        found |= {row.id: row for row in connection.execute(query)}
    return found


def rewrite(connection: sa.Connection, items: Sequence[tuple[Opportunity, bytes]]) -> None:
    """Write opportunities over their rows: everything but the number and the day they were first seen."""
    if not items:
        return
    seq = next_seq(connection)
    settable = [name for name in ROW if name not in {"id", "first_seen"}]
    connection.execute(
        sa.update(opportunities)
        .where(opportunities.c.id == sa.bindparam("_id"))
        .values({name: sa.bindparam(f"_{name}") for name in settable}),
        [dict(zip(_BOUND, (item.id, seq, *row(item, doc)), strict=True)) for item, doc in items],
    )


def row(item: Opportunity, doc: bytes) -> tuple[object, ...]:
    """The row of an opportunity in the order of ROW, without its two numbers: what filters, order and counts need beside
    the packed document."""
    dated = instants(item.deadlines, item.zone)
    places = dict.fromkeys((*item.countries, *([item.origin_country] if item.origin_country else [])))
    published = item.published_at or item.updated_at
    return (
        item.kind,
        doc,
        _set(places),
        _set(s.id for s in item.sectors),
        # Who may see the opportunity finds it by these sources: one that is for fewer people is not among them.
        _set(dict.fromkeys(n.source for n in item.notices if not wider(item.rights.audience, audience_of(n)))),
        item.rights.audience,
        stamp(dated[0]) if dated else None,
        stamp(dated[-1]) if dated else None,
        stamp(beginning(item.opens_at, item.zone)) if item.opens_at else None,
        item.announced,
        any(d.certainty in {"continuous", "until_funds"} for d in item.deadlines),
        _set(dict.fromkeys(r.type for r in item.reserved)),
        stamp(beginning(published, item.zone)) if published else None,
        stamp(item.first_seen),
        stamp(item.changed_at),
        stamp(item.withdrawn_at) if item.withdrawn_at else None,
        None,
    )


def _set(values: Iterable[str]) -> str:
    joined = " ".join(values)
    return f" {joined} " if joined else ""
