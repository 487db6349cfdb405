"""The same questions answered by plain SQL: for small stores, for a transaction that writes, and as the measure of the rest.

The one thing to know: what is found here is right by definition; the columns in memory are held against it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from aggregator.store.forms import with_forms
from aggregator.store.opportunities import STORED, stored
from aggregator.store.query import FACETS, SEEN_BY, Found, Query, by_count
from aggregator.store.tables import opportunities, stamp
from aggregator.store.terms import fts5, terms_of, tsquery


def find(
    connection: sa.Connection, query: Query, *, now: datetime, page: int = 1, size: int = 20, facets: bool = True
) -> Found:
    """One page, the total, and the counts of each facet without its own filter."""
    if terms_of(query.text) is None:
        return Found([], 0, {name: [] for name in FACETS})
    said = matching(connection, query)
    total = _total(connection, query, said, now)
    rows = _select(connection, query, said, now, STORED).order_by(*_order(connection, query, said, now))
    page_of = rows.limit(size).offset((max(page, 1) - 1) * size)
    items = [stored(row) for row in connection.execute(page_of)]
    return Found(items, total, {name: _counts(connection, query, said, name, now) for name in FACETS} if facets else {})


def count(connection: sa.Connection, query: Query, *, now: datetime) -> int:
    """How many opportunities the query finds."""
    return 0 if terms_of(query.text) is None else _total(connection, query, matching(connection, query), now)


def matching(connection: sa.Connection, query: Query) -> str:
    """The words of the query in the language of the database; empty where it says nothing."""
    terms = terms_of(query.text)
    if not terms:
        return ""
    say = tsquery if connection.dialect.name == "postgresql" else fts5
    return say(with_forms(connection, terms), any_word=query.any_word)


def _finding(connection: sa.Connection) -> str:
    if connection.dialect.name == "postgresql":
        return "words @@ to_tsquery('simple', :words)"
    return "opportunity_words MATCH :words"


def _total(connection: sa.Connection, query: Query, said: str, now: datetime) -> int:
    asked = _select(connection, query, said, now).subquery()
    return connection.scalar(sa.select(sa.func.count()).select_from(asked)) or 0


def _counts(connection: sa.Connection, query: Query, said: str, facet: str, now: datetime) -> list[tuple[str, int]]:
    others = replace(query, **{facet: ()})  # type: ignore[arg-type]
    column = opportunities.c[FACETS[facet]]
    rows = connection.execute(_select(connection, others, said, now, [column, sa.func.count()]).group_by(column))
    counts: dict[str, int] = {}
    for values, count in rows:
        for value in values.split():
            counts[value] = counts.get(value, 0) + count
    return by_count(counts)


def _select(
    connection: sa.Connection, query: Query, said: str, now: datetime, read: Sequence[Any] = (opportunities.c.id,)
) -> sa.Select[Any]:
    select = sa.select(*read).select_from(opportunities)
    if said:
        found = _finding(connection)
        select = select.where(sa.text(f"opportunities.id IN (SELECT rowid FROM opportunity_words WHERE {found})"))  # noqa: S608 - one of two fixed texts
        select = select.params(words=said)
    for condition in _conditions(query, now):
        select = select.where(condition)
    return select


def _conditions(query: Query, now: datetime) -> Iterable[sa.ColumnElement[bool]]:
    columns = opportunities.c
    yield columns.audience.in_(SEEN_BY[query.audience])
    if query.kinds:
        yield columns.kind.in_(query.kinds)
    for values, column in (
        (query.countries, columns.places),
        (query.sectors, columns.sectors),
        (query.sources, columns.sources),
    ):
        if values:
            yield sa.or_(*(_holds(column, value) for value in values))
    if query.statuses:
        yield sa.or_(sa.false(), *(sa.and_(*_STATUS[s](stamp(now))) for s in query.statuses if s in _STATUS))
    if query.deadline_days is not None:
        yield _upcoming(now).between(stamp(now), stamp(now + timedelta(days=query.deadline_days)))
    if query.posted_days is not None:
        yield columns.first_seen >= stamp(now - timedelta(days=query.posted_days))
    if query.reserved:
        yield columns.reserved != "" if query.reserved == "any" else _holds(columns.reserved, query.reserved)


def _holds(column: sa.Column[str], value: str) -> sa.ColumnElement[bool]:
    # LIKE would not tell a letter from its capital on SQLite, and each database finds a text in another by its own word.
    return sa.func.replace(column, f" {value} ", "") != column


def _open_until(now: str) -> sa.ColumnElement[bool]:
    return opportunities.c.closes_at >= now


def _later(now: str) -> sa.ColumnElement[bool]:
    return sa.or_(opportunities.c.announced, sa.func.coalesce(opportunities.c.opens_at, "") > now)


def _here() -> sa.ColumnElement[bool]:
    return opportunities.c.withdrawn_at.is_(None)


# The same rules as opportunity.status, said in SQL; a test holds the two against each other.
_STATUS: dict[str, Any] = {
    "withdrawn": lambda now: [opportunities.c.withdrawn_at.is_not(None)],
    "closed": lambda now: [_here(), opportunities.c.closes_at < now],
    "forthcoming": lambda now: [_here(), _later(now), sa.or_(opportunities.c.closes_at.is_(None), _open_until(now))],
    "open": lambda now: [
        _here(),
        sa.not_(_later(now)),
        sa.or_(_open_until(now), sa.and_(opportunities.c.closes_at.is_(None), opportunities.c.endless)),
    ],
    "unknown": lambda now: [
        _here(),
        sa.not_(_later(now)),
        opportunities.c.closes_at.is_(None),
        sa.not_(opportunities.c.endless),
    ],
}


def _upcoming(now: datetime) -> sa.ColumnElement[str]:
    """The deadline to sort by: the first while it lies ahead, then the last."""
    columns = opportunities.c
    return sa.case((columns.first_deadline >= stamp(now), columns.first_deadline), else_=columns.closes_at)


def _order(connection: sa.Connection, query: Query, said: str, now: datetime) -> list[Any]:
    columns = opportunities.c
    if query.sort == "newest":
        return [columns.first_seen.desc(), columns.id.desc()]
    if query.sort == "published":
        return [sa.func.coalesce(columns.published, columns.first_seen).desc(), columns.id.desc()]
    if query.sort == "relevance" and said:
        found = _finding(connection)
        # bm25 calls the best the smallest, ts_rank the largest.
        best = "-ts_rank(words, to_tsquery('simple', :words))" if "@@" in found else "rank"
        rank = f"(SELECT {best} FROM opportunity_words WHERE {found} AND rowid = opportunities.id)"  # noqa: S608 - fixed texts
        return [sa.text(rank), columns.id]
    upcoming = _upcoming(now)
    past = sa.case((upcoming < stamp(now), 2), (upcoming.is_(None), 1), else_=0)
    return [past, upcoming, columns.id]
