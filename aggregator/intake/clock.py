"""Our own clock, held against the clocks of the servers that we read (F14).

The one thing to know: one server may be wrong, and a cache may answer with an old date; only when most of several hosts say
that it is another time, the fault is ours. What each host said last is kept in the store's memory, under no source's name.
"""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from ipaddress import ip_address
from statistics import median
from urllib.parse import urlsplit

import sqlalchemy as sa

from aggregator.digest.outbox import insert_for
from aggregator.store.tables import memory, moment, stamp
from connectors.base.answers import http_date
from connectors.base.contract import Page

HOSTS = 3
"""Fewer hosts than this say nothing about our clock."""
APART = timedelta(minutes=5)
_KEY = "clock:"
# A host is written down anew when it has moved by so much, or after a week, so that a visit with nothing new writes nothing.
_MOVED = timedelta(minutes=1)
_RENEWED = timedelta(days=7)
_FORGOTTEN = timedelta(days=21)


def wrong(skews: Mapping[str, timedelta]) -> str | None:
    """Say by how much our clock is wrong, from how far the clock of each host is ahead of it; None: it is not. Pure."""
    if len(skews) < HOSTS:
        return None
    middle = timedelta(seconds=median(one.total_seconds() for one in skews.values()))
    if abs(middle) <= APART:
        return None
    minutes, way = round(abs(middle) / timedelta(minutes=1)), "behind" if middle > timedelta(0) else "ahead"
    return f"our clock is {minutes} minutes {way}, say {len(skews)} hosts: set it right, deadlines depend on it"


def heard(page: Page) -> tuple[str, timedelta] | None:
    """Read from an answer how far its server's clock is ahead of ours; None where it does not say. Pure."""
    address, date = urlsplit(page.url), http_date(page.headers.get("date"))
    # The date of a mail is when somebody wrote it.
    if address.scheme not in {"http", "https"} or not address.hostname or date is None or is_here(address.hostname):
        return None
    age = page.headers.get("age", "").strip()
    # An answer out of a cache was dated when it went in (RFC 9111, 5.1).
    kept = timedelta(seconds=int(age)) if age.isascii() and age.isdigit() and len(age) < 9 else timedelta(0)
    return address.hostname, date + kept - page.fetched_at


def is_here(host: str) -> bool:
    """Whether a host is this machine: a simulator, whose clock is ours."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host.rstrip(".").rpartition(".")[2] == "localhost"


def note(connection: sa.Connection, said: Mapping[str, timedelta], *, now: datetime) -> bool:
    """Keep what hosts said of the time, where it is news; whether there was any."""
    there = {
        row.key: json.loads(row.value)
        for row in connection.execute(sa.select(memory).where(memory.c.source == "", memory.c.key.startswith(_KEY)))
    }
    news = {
        f"{_KEY}{host}": json.dumps({"seconds": round(skew.total_seconds()), "at": stamp(now)})
        for host, skew in sorted(said.items())
        if _is_news(there.get(f"{_KEY}{host}"), skew, now)
    }
    insert = insert_for(connection)  # two visits of one host may write at the same moment
    for key, value in news.items():
        row = insert(memory).values(source="", key=key, value=value)
        connection.execute(row.on_conflict_do_update(index_elements=["source", "key"], set_={"value": value}))
    return bool(news)


def _is_news(before: dict[str, str | int] | None, skew: timedelta, now: datetime) -> bool:
    if before is None:
        return True
    moved = abs(skew - timedelta(seconds=int(before["seconds"])))
    return moved > _MOVED or abs(now - moment(str(before["at"]))) > _RENEWED


def told(connection: sa.Connection, *, now: datetime) -> dict[str, timedelta]:
    """How far the clock of each host that was heard lately was ahead of ours."""
    rows = connection.execute(sa.select(memory).where(memory.c.source == "", memory.c.key.startswith(_KEY)))
    found = {row.key.removeprefix(_KEY): json.loads(row.value) for row in rows}
    return {
        host: timedelta(seconds=one["seconds"])
        for host, one in found.items()
        if abs(now - moment(one["at"])) <= _FORGOTTEN
    }
