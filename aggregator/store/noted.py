"""The rows of history as they were written: everything that changed, with its source and its visit, for the office.

The one thing to know: readers are told what these rows come to (`history.collapsed`), and never where they come from.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from aggregator.store.history import eligibility_told
from aggregator.store.opportunity import Change
from aggregator.store.tables import changes, moment
from connectors.base.contract import Eligibility

_CHUNK = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """A row: what changed, by which source's notice, in which visit (None: none, as when kept pages are read again).

    `noted_of` is the number that the opportunity had then, where it went into another since.
    """

    opportunity_id: int
    source: str
    visit_id: int | None
    change: Change
    noted_of: int | None = None


def noted(connection: sa.Connection, ids: Iterable[int]) -> dict[int, tuple[Noted, ...]]:
    """The rows of each opportunity, oldest first; opportunities without any are left out."""
    wanted, found = list(dict.fromkeys(ids)), dict[int, list[Noted]]()
    for start in range(0, len(wanted), _CHUNK):
        some = sa.select(changes).where(changes.c.opportunity_id.in_(wanted[start : start + _CHUNK]))
        for row in connection.execute(some.order_by(changes.c.at, changes.c.id)):
            found.setdefault(row.opportunity_id, []).append(_noted(row))
    return {id: tuple(rows) for id, rows in found.items()}


def every(connection: sa.Connection) -> Iterator[Noted]:
    """Every row there is, in the order in which they were written; for exports."""
    rows = connection.execute(sa.select(changes).order_by(changes.c.id).execution_options(yield_per=_CHUNK))
    yield from map(_noted, rows)


def _noted(row: Any) -> Noted:
    before, after = row.before, row.after
    if row.field == "eligibility":
        before, after = _without_words(before), _without_words(after)
    change = Change(field=row.field, before=before, after=after, at=moment(row.at), cause=row.cause)
    return Noted(
        opportunity_id=row.opportunity_id,
        source=row.source,
        visit_id=row.visit_id,
        change=change,
        noted_of=row.noted_of,
    )


def _without_words(value: str | None) -> str | None:
    # Rows of earlier versions hold the conditions word for word, as JSON.
    if value is None or not value.startswith("{"):
        return value
    return eligibility_told(Eligibility.model_validate_json(value))
