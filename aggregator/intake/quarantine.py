"""Records that could not be read: set aside with their reason, until they are read, gone, or the office has heard enough.

The one thing to know: a row is one record, however often it is met; the same poison is told once and then only noted.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
import structlog

from aggregator.intake.reading import Rejected
from aggregator.intake.tables import pages, quarantine
from aggregator.store.tables import moment, stamp
from connectors.base.contract import ParamError

log = structlog.get_logger(__name__)
KEEP = timedelta(days=90)
"""So long is kept what is met no more."""
_NOTED = timedelta(days=1)
_CHUNK = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Aside:
    """One record that could not be read. Instants are UTC; `page_*` are of the kept page on which it stood last."""

    id: int
    source: str
    source_id: str | None
    where: str
    reason: str
    excerpt: str
    record: str
    first_seen: datetime
    last_seen: datetime
    dismissed_at: datetime | None
    page_id: int | None
    page_url: str | None
    page_role: str | None
    page_fetched_at: datetime | None


def set_aside(
    connection: sa.Connection,
    source: str,
    rejected: Sequence[Rejected],
    *,
    visit_id: int,
    page_id: int | None,
    now: datetime,
) -> None:
    """Set records aside that were not met before, and note of the others that they still are; once a day is enough."""
    if not rejected:
        return
    mine = sa.select(quarantine.c.id, quarantine.c.record, quarantine.c.page_id, quarantine.c.last_seen)
    there = {row.record: row for row in connection.execute(mine.where(quarantine.c.source == source))}
    met = {bad.record: bad for bad in rejected}
    new = [bad for record, bad in met.items() if record not in there]
    if new:
        connection.execute(
            sa.insert(quarantine),
            [
                {
                    "source": source,
                    "record": bad.record,
                    "visit_id": visit_id,
                    "source_id": bad.source_id,
                    "place": bad.where,
                    "reason": bad.reason,
                    "excerpt": bad.excerpt,
                    "first_seen": stamp(now),
                    "last_seen": stamp(now),
                    "page_id": page_id,
                }
                for bad in new
            ],
        )
    for bad in new:
        if bad.trace:
            # A fault of ours, told with its way through the code when it is new, and not on every visit again (F23).
            log.error(
                "record failed",
                source=source,
                source_id=bad.source_id,
                where=bad.where,
                why=bad.reason,
                stack=bad.trace,
            )
    long_ago = stamp(now - _NOTED)
    again = [
        {"_id": row.id, "_reason": met[row.record].reason, "_place": met[row.record].where}
        for row in there.values()
        if row.record in met and (row.page_id != page_id or (row.last_seen or "") <= long_ago)
    ]
    if again:
        connection.execute(
            sa.update(quarantine)
            .where(quarantine.c.id == sa.bindparam("_id"))
            .values(
                last_seen=stamp(now), page_id=page_id, reason=sa.bindparam("_reason"), place=sa.bindparam("_place")
            ),
            again,
        )


def cured(
    connection: sa.Connection, source: str, *, read: Collection[str], met: Collection[str], complete: bool
) -> int:
    """Let go what a visit has read well (`read`: by identity), or what a complete sweep did not meet any more (`met`: by
    record). Returns how many."""
    rows = connection.execute(
        sa.select(quarantine.c.id, quarantine.c.record, quarantine.c.source_id).where(quarantine.c.source == source)
    )
    gone = [row.id for row in rows if row.record not in met and (complete or row.source_id in read)]
    release(connection, gone)
    return len(gone)


def release(connection: sa.Connection, ids: Sequence[int]) -> None:
    for start in range(0, len(ids), _CHUNK):
        connection.execute(sa.delete(quarantine).where(quarantine.c.id.in_(ids[start : start + _CHUNK])))


def failed_again(connection: sa.Connection, reasons: Sequence[tuple[int, str]]) -> None:
    """Write down why these rows cannot be read by today's code: (row, reason)."""
    if reasons:
        connection.execute(
            sa.update(quarantine).where(quarantine.c.id == sa.bindparam("_id")).values(reason=sa.bindparam("_reason")),
            [{"_id": id, "_reason": reason} for id, reason in reasons],
        )


def listed(connection: sa.Connection, *, source: str | None = None, dismissed: bool = False) -> list[Aside]:
    """What stands aside, of one source or of all, the newest first; with `dismissed` also what nobody wants to hear of."""
    query = _SELECT.order_by(quarantine.c.source, quarantine.c.first_seen.desc(), quarantine.c.id.desc())
    if source is not None:
        query = query.where(quarantine.c.source == source)
    if not dismissed:
        query = query.where(quarantine.c.dismissed_at.is_(None))
    return [_aside(row) for row in connection.execute(query)]


def get(connection: sa.Connection, id: int) -> Aside:
    """Read one row. Raises ParamError where there is none."""
    row = connection.execute(_SELECT.where(quarantine.c.id == id)).first()
    if row is None:
        raise ParamError("quarantine", f"nothing stands aside under {id}; see: worldwidewe quarantine list --all")
    return _aside(row)


def dismiss(connection: sa.Connection, ids: Sequence[int], *, now: datetime, undo: bool = False) -> None:
    """Note that the office has looked at these and wants to hear no more of them, or that it does again."""
    for start in range(0, len(ids), _CHUNK):
        connection.execute(
            sa.update(quarantine)
            .where(quarantine.c.id.in_(ids[start : start + _CHUNK]), quarantine.c.dismissed_at.is_not(None) == undo)
            .values(dismissed_at=None if undo else stamp(now))
        )


def forgotten(now: datetime) -> sa.Select[int]:
    """The rows that nobody has met for ninety days."""
    last = sa.func.coalesce(quarantine.c.last_seen, quarantine.c.first_seen)
    return sa.select(quarantine.c.id).where(last < stamp(now - KEEP))


_SELECT = sa.select(
    quarantine,
    pages.c.url.label("page_url"),
    pages.c.role.label("page_role"),
    pages.c.fetched_at.label("page_fetched_at"),
).outerjoin(pages, pages.c.id == quarantine.c.page_id)


def _aside(row: Any) -> Aside:
    return Aside(
        id=row.id,
        source=row.source,
        source_id=row.source_id,
        where=row.place,
        reason=row.reason,
        excerpt=row.excerpt,
        record=row.record,
        first_seen=moment(row.first_seen),
        last_seen=moment(row.last_seen or row.first_seen),
        dismissed_at=moment(row.dismissed_at) if row.dismissed_at else None,
        page_id=row.page_id if row.page_url else None,
        page_url=row.page_url,
        page_role=row.page_role,
        page_fetched_at=moment(row.page_fetched_at) if row.page_fetched_at else None,
    )
