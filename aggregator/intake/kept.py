"""Kept pages: every answer, compressed, so that everything after fetching can be redone without asking again.

Kept are the latest page of each address and the pages of the last 20 visits, for 90 days (docs/formats.md). The one thing
to know: a page that goes takes its validators with it, or its server would say "nothing changed" of what nobody has.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
import zstandard

from aggregator.intake.tables import pages, quarantine, visits
from aggregator.store.tables import memory, moment, stamp
from connectors.base import validators
from connectors.base.contract import Page, Request

KEEP_VISITS = 20
KEEP_DAYS = 90
_CHUNK = 500


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


def keep(connection: sa.Connection, page: Page, *, source: str, visit_id: int) -> int:
    """Keep a page; returns its number."""
    asked = page.request or Request("GET", page.url)
    done = connection.execute(
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
    assert done.inserted_primary_key is not None
    number: int = done.inserted_primary_key[0]
    return number


def latest(connection: sa.Connection, source: str, page: Page) -> Page | None:
    """The last page with content that we keep of the same address: what a server means by "not modified"."""
    here = sa.and_(pages.c.source == source, pages.c.address == address(page))
    query = sa.select(pages).where(here, pages.c.status < 300)
    row = connection.execute(query.order_by(pages.c.id.desc()).limit(1)).first()
    return _page(row) if row else None


def latest_id(connection: sa.Connection, source: str, page: Page) -> int | None:
    """The number of the last page that we keep of the same address."""
    here = sa.and_(pages.c.source == source, pages.c.address == address(page))
    number: int | None = connection.scalar(sa.select(sa.func.max(pages.c.id)).where(here))
    return number


def latest_digest(connection: sa.Connection, source: str, page: Page) -> str | None:
    query = sa.select(pages.c.sha256).where(pages.c.source == source, pages.c.address == address(page))
    return connection.scalar(query.order_by(pages.c.id.desc()).limit(1))


def numbers(connection: sa.Connection, source: str, *, role: str | None = None) -> list[int]:
    """The numbers of all kept pages of a source (of a role) that were believed, newest first."""
    query = sa.select(pages.c.id).where(pages.c.source == source, pages.c.role != DOUBTED)
    if role is not None:
        query = query.where(pages.c.role == role)
    return list(connection.scalars(query.order_by(pages.c.id.desc())))


def one(connection: sa.Connection, number: int) -> Page | None:
    """The kept page of this number; None once it is gone."""
    row = connection.execute(sa.select(pages).where(pages.c.id == number)).first()
    return _page(row) if row else None


def every(connection: sa.Connection, source: str, *, role: str | None = None) -> Iterator[Page]:
    """All kept pages of a source (of a role), newest first, a few at a time: together they may not fit into memory."""
    believed = sa.and_(pages.c.source == source, pages.c.role != DOUBTED)
    query = sa.select(pages).where(believed).order_by(pages.c.id.desc())
    if role is not None:
        query = query.where(pages.c.role == role)
    for row in connection.execute(query.execution_options(yield_per=20)):
        yield _page(row)


def over(source: str, *, now: datetime, days: int = KEEP_DAYS) -> sa.Select[int]:
    """The numbers of the pages of a source that need not be kept any longer."""
    # A posted search carries a token or a day in its body: its address never comes again, and is no reason to keep it.
    stable = sa.and_(pages.c.source == source, pages.c.method == "GET")
    # Nor is a page that was not believed the last word of its address.
    last = sa.select(sa.func.max(pages.c.id)).where(stable, pages.c.role != DOUBTED).group_by(pages.c.address)
    recent = sa.select(visits.c.id).where(visits.c.source == source).order_by(visits.c.id.desc()).limit(KEEP_VISITS)
    return (
        sa.select(pages.c.id)
        .where(pages.c.source == source)
        .where(
            sa.or_(
                pages.c.fetched_at < stamp(now - timedelta(days=days)),
                sa.and_(pages.c.id.not_in(last), pages.c.visit_id.not_in(recent)),
            )
        )
    )


def prune(
    connection: sa.Connection, source: str, *, now: datetime, days: int = KEEP_DAYS, most: int | None = None
) -> int:
    """Drop what need not be kept any longer, at most so many; returns how many pages went."""
    which = over(source, now=now, days=days).order_by(pages.c.id).limit(most)
    return forget(connection, source, list(connection.scalars(which)))


def forget(connection: sa.Connection, source: str, gone: Sequence[int]) -> int:
    """Drop these pages of a source, and the validators of the addresses of which none is left; returns how many went."""
    for start in range(0, len(gone), _CHUNK):
        some = gone[start : start + _CHUNK]
        urls = set(connection.scalars(sa.select(pages.c.url).where(pages.c.id.in_(some))))
        connection.execute(sa.delete(pages).where(pages.c.id.in_(some)))
        there = sa.select(pages.c.url).where(pages.c.source == source, pages.c.url.in_(urls)).distinct()
        keys = [validators.key_of(url) for url in urls - set(connection.scalars(there))]
        connection.execute(sa.delete(memory).where(memory.c.source == source, memory.c.key.in_(keys)))
        connection.execute(
            sa.update(quarantine)
            .where(quarantine.c.source == source, quarantine.c.page_id.in_(some))
            .values(page_id=None)
        )
    return len(gone)


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
