"""From which kept page something was read. The one thing to know: pages go after a while, and then nobody can say it any more."""

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
import zstandard

from aggregator.intake.kept import DOUBTED
from aggregator.intake.tables import pages
from aggregator.store.tables import moment


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptPage:
    """A page that we keep: the address that answered, when, and the visit that asked."""

    url: str
    fetched_at: datetime
    visit_id: int


def of_notice(connection: sa.Connection, source: str, source_id: str, fetched_at: str) -> KeptPage | None:
    """The page from which we hold a notice as it is; `fetched_at` is that of its row."""
    # What was read from a page has its very instant.
    here = sa.and_(pages.c.source == source, pages.c.fetched_at == fetched_at)
    found, others = _among(connection, here, [source_id])
    return found or (others[0] if len(others) == 1 else None)


def of_visit(
    connection: sa.Connection, source: str, visit_id: int, source_ids: Sequence[str]
) -> tuple[KeptPage | None, int]:
    """Of the kept pages of a visit the one that tells of one of these notices, and how many there are."""
    found, others = _among(connection, sa.and_(pages.c.source == source, pages.c.visit_id == visit_id), source_ids)
    return found, len(others)


def _among(
    connection: sa.Connection, here: sa.ColumnElement[bool], source_ids: Sequence[str]
) -> tuple[KeptPage | None, list[KeptPage]]:
    """The page that is a notice's own, else the list that names it; and all of them, the latest first."""
    columns = (pages.c.id, pages.c.url, pages.c.fetched_at, pages.c.visit_id, pages.c.of)
    query = sa.select(*columns).where(here, pages.c.role != DOUBTED).order_by(pages.c.id.desc())
    rows = connection.execute(query).all()
    every = [KeptPage(url=row.url, fetched_at=moment(row.fetched_at), visit_id=row.visit_id) for row in rows]
    own = (page for page, row in zip(every, rows, strict=True) if row.of in source_ids)
    lists = (
        page for page, row in zip(every, rows, strict=True) if row.of is None and _names(connection, row.id, source_ids)
    )
    return next(own, None) or next(lists, None), every


def _names(connection: sa.Connection, page_id: int, source_ids: Sequence[str]) -> bool:
    body = connection.scalar(sa.select(pages.c.body).where(pages.c.id == page_id))
    if body is None:
        return False  # it was dropped a moment ago
    read = zstandard.decompress(body)
    # As it stands, and as JSON and markup write it; T1 is not named by T10.
    ways = {way for id in source_ids for way in (id, id.replace("/", r"\/"), html.escape(id))}
    return any(re.search(rb"(?<![0-9A-Za-z])%b(?![0-9A-Za-z])" % re.escape(way.encode()), read) for way in ways)
