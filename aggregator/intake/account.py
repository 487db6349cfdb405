"""The account of one opportunity: which notices make it up and why, what changed when, from which visit and which page.

The one thing to know: this is the office's view and holds everything; what a reader may know of it is decided where it is
shown (aggregator/rights.py).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, TypeAlias

import sqlalchemy as sa

from aggregator.intake import standing, whence
from aggregator.intake.tables import sources, visits
from aggregator.intake.whence import KeptPage
from aggregator.store.history import said
from aggregator.store.noted import Noted, noted
from aggregator.store.opportunities import get
from aggregator.store.opportunity import Opportunity, Provenance, audience_of
from aggregator.store.tables import merges, moment, notices, redirects, unpack
from connectors.base.contract import Notice

Stands: TypeAlias = Literal["listed", "missing", "withdrawn", "unasked", "off", "removed"]
"""How a notice stands at its source: `unasked`, its source is asked another question since; `off` and `removed`, we read
that source no more. The last three say nothing of the notice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitFacts:
    """A visit as history names it; `kind` is its class, None while it goes on or where it ended in a crash."""

    id: int
    started_at: datetime
    kind: str | None
    mode: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """Why a notice went behind an opportunity: by what (`key`, `rule`, `office`, `renamed`), in words, and when.

    `old_id` is the number it had of its own; `undone_at` says that it was taken out again.
    """

    source: str
    source_id: str
    by: str
    because: str
    at: datetime
    visit_id: int | None = None
    old_id: int | None = None
    undone_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    """A notice behind an opportunity: how it stands, what put it there, and from which page it was read as we hold it."""

    source: str
    source_title: str
    source_id: str
    url: str
    audience: str
    leads: bool
    first_seen: datetime
    fetched_at: datetime
    stands: Stands
    since: datetime | None = None
    merge: Merge | None = None
    page: KeptPage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """A row of history with its visit and the page that brought it; of `kept_pages` of that visit, the one that names the
    notice. None: it is no longer kept, or cannot be told from the others."""

    row: Noted
    visit: VisitFacts | None = None
    page: KeptPage | None = None
    kept_pages: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Everything there is to know of how an opportunity came to say what it says.

    `says` holds, for each field in which the notices differ, what each says of it, in the order of `behind`.
    """

    item: Opportunity
    old_numbers: tuple[int, ...]
    behind: tuple[Behind, ...]
    says: dict[str, tuple[str | None, ...]]
    undone: tuple[Merge, ...]
    changes: tuple[Changed, ...]
    visits: dict[int, VisitFacts]


def old_numbers(connection: sa.Connection, id: int) -> tuple[int, ...]:
    """The numbers of opportunities that went into this one; each leads here for ever."""
    query = sa.select(redirects.c.old_id).where(redirects.c.opportunity_id == id).order_by(redirects.c.old_id)
    return tuple(connection.scalars(query))


def account(connection: sa.Connection, id: int) -> Account | None:
    """Read the account of an opportunity by its present number; None where there is no such."""
    item = get(connection, id)
    if item is None:
        return None
    rows = _notice_rows(connection, item)
    found = behind(connection, item, with_pages=True)
    parted = sa.and_(sa.or_(merges.c.opportunity_id == id, merges.c.old_id == id), merges.c.undone_at.is_not(None))
    changes = noted(connection, [id]).get(id, ())
    numbers = {n for n in (*(b.merge.visit_id for b in found if b.merge), *(row.visit_id for row in changes)) if n}
    facts = _visits(connection, numbers | {b.page.visit_id for b in found if b.page})
    return Account(
        item=item,
        old_numbers=old_numbers(connection, id),
        behind=found,
        says=_differing([said(Notice.model_validate_json(unpack(row.doc))) for row in rows]),
        undone=tuple(_merges(connection, parted)),
        changes=tuple(_changed(connection, row, found, facts) for row in changes),
        visits=facts,
    )


def behind(connection: sa.Connection, item: Opportunity, *, with_pages: bool = False) -> tuple[Behind, ...]:
    """The notices behind an opportunity, the one that leads first; with the kept page of each only where asked."""
    rows = _notice_rows(connection, item)
    silent = standing.unread(connection)
    titles = {row.name: row.title for row in connection.execute(sa.select(sources.c.name, sources.c.title))}
    # A reason stands under the number that the opportunity had when it was written down.
    numbers = (item.id, *old_numbers(connection, item.id))
    reasons = _merges(connection, sa.and_(merges.c.opportunity_id.in_(numbers), merges.c.undone_at.is_(None)))
    merged = {(merge.source, merge.source_id): merge for merge in reasons}
    named = {(n.source, n.source_id): n for n in item.notices}
    found = []
    for place, row in enumerate(rows):
        key = (row.source, row.source_id)
        notice = named.get(key)
        stands, since = _stands(row, silent)
        found.append(
            Behind(
                source=row.source,
                source_title=titles.get(row.source, row.source),
                source_id=row.source_id,
                url=notice.url if notice else item.url,
                audience=_audience(item, notice) if notice else item.rights.audience,
                leads=place == 0,
                first_seen=moment(row.first_seen),
                fetched_at=moment(row.fetched_at),
                stands=stands,
                since=since,
                merge=merged.get(key) or _merge_of_old(notice, row),
                page=whence.of_notice(connection, row.source, row.source_id, row.fetched_at) if with_pages else None,
            )
        )
    return tuple(found)


def _audience(item: Opportunity, notice: Provenance) -> str:
    return audience_of(notice) if notice.says else item.rights.audience


def _merge_of_old(notice: Provenance | None, row: Any) -> Merge | None:
    """What the notice itself tells of its joining, where that was before reasons were written down by themselves."""
    if notice is None or notice.merged_because is None:
        return None
    return Merge(
        source=row.source,
        source_id=row.source_id,
        by="key",
        because=notice.merged_because,
        at=moment(row.first_seen),
    )


def _notice_rows(connection: sa.Connection, item: Opportunity) -> Sequence[Any]:
    rows = connection.execute(sa.select(notices).where(notices.c.opportunity_id == item.id)).all()
    order = {(n.source, n.source_id): place for place, n in enumerate(item.notices)}
    return sorted(rows, key=lambda row: order.get((row.source, row.source_id), len(order)))


def _stands(row: Any, silent: dict[str, str]) -> tuple[Stands, datetime | None]:
    if row.withdrawn_at is not None:
        return "withdrawn", moment(row.withdrawn_at)
    if row.source in silent:
        return "removed" if silent[row.source] == "removed" else "off", None
    if row.unasked:
        return "unasked", None
    return ("missing", moment(row.missing_since)) if row.missing_since else ("listed", None)


def _merges(connection: sa.Connection, where: sa.ColumnElement[bool]) -> list[Merge]:
    """Why notices went behind an opportunity, and which were taken out again; the latest last."""
    return [
        Merge(
            source=row.source,
            source_id=row.source_id,
            by=row.by,
            because=row.because,
            at=moment(row.at),
            visit_id=row.visit_id,
            old_id=row.old_id,
            undone_at=moment(row.undone_at) if row.undone_at else None,
        )
        for row in connection.execute(sa.select(merges).where(where).order_by(merges.c.at, merges.c.id))
    ]


def _differing(told: Sequence[dict[str, str]]) -> dict[str, tuple[str | None, ...]]:
    fields = dict.fromkeys(name for one in told for name in one)
    values = {name: tuple(one.get(name) for one in told) for name in fields}
    return {name: given for name, given in values.items() if len(set(given)) > 1}


def _visits(connection: sa.Connection, ids: Iterable[int]) -> dict[int, VisitFacts]:
    rows = connection.execute(sa.select(visits).where(visits.c.id.in_(sorted(ids))))
    return {
        row.id: VisitFacts(id=row.id, started_at=moment(row.started_at), kind=row._mapping["class"], mode=row.mode)
        for row in rows
    }


def _changed(connection: sa.Connection, row: Noted, of: Sequence[Behind], facts: dict[int, VisitFacts]) -> Changed:
    if row.visit_id is None:
        return Changed(row=row)
    mine = [one.source_id for one in of if one.source == row.source]
    page, count = whence.of_visit(connection, row.source, row.visit_id, mine)
    return Changed(row=row, visit=facts.get(row.visit_id), page=page, kept_pages=count)
