"""Kept pages: every answer, compressed, so that everything after fetching can be redone without asking again.

Kept are the latest page of each address and the pages of the last 20 visits, for 90 days (docs/formats.md).
"""

import hashlib
import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
import zstandard

from aggregator.intake.tables import pages, visits
from aggregator.store.tables import moment, stamp
from connectors.base.contract import Page, Request

KEEP_VISITS = 20
KEEP_DAYS = 90


DOUBTED = "doubted"
"""The role under which a page is kept that was not believed: for a person to look at, never to be read again."""


def address(page: Page) -> str:
    """What makes two requests the same: method, address and body. For a page without a request, its own address."""
    asked = page.request or Request("GET", page.url)
    return hashlib.blake2b(
        b"\0".join((asked.method.encode(), asked.url.encode(), asked.body or b"")), digest_size=16
    ).hexdigest()


def digest(page: Page) -> str:
    return hashlib.sha256(page.body).hexdigest()


def keep(connection: sa.Connection, page: Page, *, source: str, visit_id: int) -> None:
    asked = page.request or Request("GET", page.url)
    connection.execute(
        sa.insert(pages).values(
            source=source,
            visit_id=visit_id,
            address=address(page),
            method=asked.method,
            request_url=asked.url,
            request_body=asked.body,
            url=page.url,
            role=page.role,
            status=page.status,
            headers=json.dumps(dict(page.headers)),
            fetched_at=stamp(page.fetched_at),
            sha256=digest(page),
            body=zstandard.compress(page.body, 6),
            of=page.of,
        )
    )


def latest(connection: sa.Connection, source: str, page: Page) -> Page | None:
    """The last page with content that we keep of the same address: what a server means by "not modified"."""
    here = sa.and_(pages.c.source == source, pages.c.address == address(page))
    query = sa.select(pages).where(here, pages.c.status < 300)
    row = connection.execute(query.order_by(pages.c.id.desc()).limit(1)).first()
    return _page(row) if row else None


def latest_digest(connection: sa.Connection, source: str, page: Page) -> str | None:
    query = sa.select(pages.c.sha256).where(pages.c.source == source, pages.c.address == address(page))
    return connection.scalar(query.order_by(pages.c.id.desc()).limit(1))


def every(connection: sa.Connection, source: str, *, role: str | None = None) -> Iterator[Page]:
    """All kept pages of a source (of a role), newest first, a few at a time: together they may not fit into memory."""
    believed = sa.and_(pages.c.source == source, pages.c.role != DOUBTED)
    query = sa.select(pages).where(believed).order_by(pages.c.id.desc())
    if role is not None:
        query = query.where(pages.c.role == role)
    for row in connection.execute(query.execution_options(yield_per=20)):
        yield _page(row)


def prune(connection: sa.Connection, source: str, *, now: datetime, days: int = KEEP_DAYS) -> int:
    """Drop what need not be kept any longer; returns how many pages went."""
    # A posted search carries a token or a day in its body: its address never comes again, and is no reason to keep it.
    stable = sa.and_(pages.c.source == source, pages.c.method == "GET")
    # Nor is a page that was not believed the last word of its address.
    last = sa.select(sa.func.max(pages.c.id)).where(stable, pages.c.role != DOUBTED).group_by(pages.c.address)
    recent = sa.select(visits.c.id).where(visits.c.source == source).order_by(visits.c.id.desc()).limit(KEEP_VISITS)
    gone = connection.execute(
        sa.delete(pages)
        .where(pages.c.source == source)
        .where(
            sa.or_(
                pages.c.fetched_at < stamp(now - timedelta(days=days)),
                sa.and_(pages.c.id.not_in(last), pages.c.visit_id.not_in(recent)),
            )
        )
    )
    return gone.rowcount


def _page(row: Any) -> Page:
    return Page(
        url=row.url,
        body=zstandard.decompress(row.body),
        fetched_at=moment(row.fetched_at),
        role=row.role,
        status=row.status,
        headers=json.loads(row.headers),
        request=Request(row.method, row.request_url, row.request_body),
        of=row.of,
    )
