"""What need not, or may not, be kept any longer goes: once a day, in small transactions, whatever becomes of a source.

The one thing to know: rights decide about texts (`drop_text_at`), time about all else. A detail page goes with its text; what
a listing page holds of it ends with the ninety days of that page (docs/operations.md).
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
import structlog

from aggregator.intake import kept, quarantine
from aggregator.intake.tables import pages, visits
from aggregator.intake.texts import Rule, rules_of, take_out
from aggregator.store.retention import settle
from aggregator.store.session import Store
from aggregator.store.tables import memory, moment, stamp

log = structlog.get_logger(__name__)
KEEP_VISITS = 50
KEEP_VISIT_ROWS = timedelta(days=730)
_BATCH = 200
_SETTLE = timedelta(days=7)
_LAST, _SETTLED = "retention", "retention_settled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Retained:
    """How much went, or would go: texts of opportunities, pages, records that stood aside, rows of visits."""

    texts: int = 0
    pages: int = 0
    records: int = 0
    visits: int = 0


def daily(store: Store, *, now: datetime, stopping: Callable[[], bool] = lambda: False) -> Retained | None:
    """Do the work of `run` if it was not done today (UTC); None: it was. Two processes at once do no harm."""
    last = store.look(lambda c: _recalled(c, _LAST))
    if last is not None and last[:10] == stamp(now)[:10]:
        return None
    settled = store.look(lambda c: _recalled(c, _SETTLED))
    done = run(store, now=now, stopping=stopping, tidy=settled is None or moment(settled) + _SETTLE <= now)
    if not stopping():
        store.whole(lambda c: _remember(c, _LAST, stamp(now)))
    return done


def run(
    store: Store,
    *,
    now: datetime,
    dry: bool = False,
    tidy: bool = True,
    stopping: Callable[[], bool] = lambda: False,
) -> Retained:
    """Take out what is due; a dry run counts it and writes nothing.

    `tidy`: also rewrite the index of words, a little at a time, so that no trace of a text is left in its file.
    """
    rules = store.look(rules_of)
    done = Retained(
        texts=take_out(store, rules, now=now, dry=dry, stopping=stopping),
        pages=sum(_pages(store, rule, now=now, dry=dry, stopping=stopping) for rule in rules.values()),
        records=_each(store, quarantine.forgotten(now), quarantine.release, dry=dry, stopping=stopping),
        visits=sum(_visits(store, name, now=now, dry=dry, stopping=stopping) for name in rules),
    )
    if tidy and not dry and store.sqlite:
        while not stopping() and not store.whole(settle):
            pass
        store.whole(lambda c: _remember(c, _SETTLED, stamp(now)))
    if done != Retained():
        log.info("retention", dry=dry, texts=done.texts, pages=done.pages, records=done.records, visits=done.visits)
    return done


def _pages(store: Store, rule: Rule, *, now: datetime, dry: bool, stopping: Callable[[], bool]) -> int:
    def forget(connection: sa.Connection, ids: Sequence[int]) -> None:
        kept.forget(connection, rule.source, ids)

    return _each(store, kept.over(rule.source, now=now, days=rule.page_days), forget, dry=dry, stopping=stopping)


def _visits(store: Store, name: str, *, now: datetime, dry: bool, stopping: Callable[[], bool]) -> int:
    mine = visits.c.source == name
    newest = sa.select(visits.c.id).where(mine).order_by(visits.c.id.desc()).limit(KEEP_VISITS)
    with_pages = sa.select(pages.c.visit_id).where(pages.c.source == name)
    which = sa.select(visits.c.id).where(
        mine,
        visits.c.started_at < stamp(now - KEEP_VISIT_ROWS),
        visits.c.id.not_in(newest),
        visits.c.id.not_in(with_pages),
    )

    def forget(connection: sa.Connection, ids: Sequence[int]) -> None:
        connection.execute(sa.delete(visits).where(visits.c.id.in_(ids)))

    return _each(store, which, forget, dry=dry, stopping=stopping)


def _each(
    store: Store,
    which: sa.Select[int],
    forget: Callable[[sa.Connection, Sequence[int]], object],
    *,
    dry: bool,
    stopping: Callable[[], bool],
) -> int:
    """Forget the rows of these numbers, some at a time; returns how many."""
    if dry:
        return store.look(lambda c: c.scalar(sa.select(sa.func.count()).select_from(which.subquery())) or 0)

    def some(connection: sa.Connection) -> int:
        ids = list(connection.scalars(which.limit(_BATCH)))
        if ids:
            forget(connection, ids)
        return len(ids)

    return sum(_until_none(lambda: 0 if stopping() else store.whole(some)))


def _until_none(more: Callable[[], int]) -> Iterator[int]:
    while count := more():
        yield count


def _recalled(connection: sa.Connection, key: str) -> str | None:
    value: str | None = connection.scalar(sa.select(memory.c.value).where(memory.c.source == "", memory.c.key == key))
    return value


def _remember(connection: sa.Connection, key: str, value: str) -> None:
    mine = sa.and_(memory.c.source == "", memory.c.key == key)
    if connection.execute(sa.update(memory).where(mine).values(value=value)).rowcount == 0:
        connection.execute(sa.insert(memory).values(source="", key=key, value=value))
