"""Find opportunities: full text by the database, filters, order and counts by plain SQL.

The one thing to know: the text index gives numbers and is never joined, because SQLite's planner may otherwise scan an
index of the table and probe the text index once per row.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal, TypeAlias

import sqlalchemy as sa

from aggregator.store.opportunities import STORED, stored, words
from aggregator.store.opportunity import Opportunity
from aggregator.store.tables import opportunities, stamp
from aggregator.store.terms import Term, folded, fts5, terms_of, tsquery

Sort: TypeAlias = Literal["deadline", "newest", "published", "relevance"]
_SEEN_BY = {"public": ("public",), "member": ("public", "members"), "office": ("public", "members", "office")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What somebody looks for. Values of one facet are alternatives; facets narrow each other.

    `text` knows words (each as a prefix), "phrases" and -exclusions. `deadline_days` and `posted_days` count
    from now. `audience` is the reader: public, member or office.
    """

    text: str = ""
    kinds: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ("open", "forthcoming", "unknown")
    deadline_days: int | None = None
    posted_days: int | None = None
    reserved: str | None = None
    sort: Sort = "deadline"
    audience: str = "public"


@dataclass(frozen=True, slots=True)
class Found:
    """One page of what was found, the count of all of it, and the counts per facet (each without its own filter)."""

    items: list[Opportunity]
    total: int
    facets: dict[str, list[tuple[str, int]]]


def find(
    connection: sa.Connection, query: Query, *, now: datetime, page: int = 1, size: int = 20, facets: bool = True
) -> Found:
    """Find what the query asks; items without a deadline come after dated ones when sorted by deadline.

    Without `facets` their counts, which cost more than the page itself, are left out.
    """
    if terms_of(query.text) is None:
        return Found([], 0, {name: [] for name in _FACETS})
    total = count(connection, query, now=now)
    rows = _select(connection, query, now, STORED).order_by(*_order(connection, query, now))
    page_of = rows.limit(size).offset((max(page, 1) - 1) * size)
    items = [stored(row) for row in connection.execute(page_of)]
    return Found(items, total, {name: _counts(connection, query, name, now) for name in _FACETS} if facets else {})


def count(connection: sa.Connection, query: Query, *, now: datetime) -> int:
    """How many opportunities the query finds."""
    if terms_of(query.text) is None:
        return 0
    return connection.scalar(sa.select(sa.func.count()).select_from(_select(connection, query, now).subquery())) or 0


_FACETS = {"kinds": "kind", "countries": "places", "sectors": "sectors", "sources": "sources"}


def _counts(connection: sa.Connection, query: Query, facet: str, now: datetime) -> list[tuple[str, int]]:
    others = replace(query, **{facet: ()})  # type: ignore[arg-type]
    column = opportunities.c[_FACETS[facet]]
    rows = connection.execute(_select(connection, others, now, [column, sa.func.count()]).group_by(column))
    counts: dict[str, int] = {}
    for values, count in rows:
        for value in values.split():
            counts[value] = counts.get(value, 0) + count
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))


def _select(
    connection: sa.Connection, query: Query, now: datetime, columns: Sequence[Any] = (opportunities.c.id,)
) -> sa.Select[Any]:
    select = sa.select(*columns).select_from(opportunities)
    if matching := terms_of(query.text):
        found, said = _matching(connection, matching)
        select = select.where(sa.text(f"opportunities.id IN (SELECT rowid FROM opportunity_words WHERE {found})"))  # noqa: S608 - one of two fixed texts
        select = select.params(words=said)
    for condition in _conditions(query, now):
        select = select.where(condition)
    return select


def _matching(connection: sa.Connection, terms: list[Term]) -> tuple[str, str]:
    if connection.dialect.name == "postgresql":
        return "words @@ to_tsquery('simple', :words)", tsquery(terms)
    return "opportunity_words MATCH :words", fts5(terms)


def _conditions(query: Query, now: datetime) -> Iterable[sa.ColumnElement[bool]]:
    columns = opportunities.c
    yield columns.audience.in_(_SEEN_BY[query.audience])
    if query.kinds:
        yield columns.kind.in_(query.kinds)
    for values, column in (
        (query.countries, columns.places),
        (query.sectors, columns.sectors),
        (query.sources, columns.sources),
    ):
        if values:
            yield sa.or_(*(column.contains(f" {v} ", autoescape=True) for v in values))
    if query.statuses:
        yield sa.or_(*(sa.and_(*_STATUS[s](stamp(now))) for s in query.statuses if s in _STATUS))
    if query.deadline_days is not None:
        yield _upcoming(now).between(stamp(now), stamp(now + timedelta(days=query.deadline_days)))
    if query.posted_days is not None:
        yield columns.first_seen >= stamp(now - timedelta(days=query.posted_days))
    if query.reserved:
        any_kind = query.reserved == "any"
        yield columns.reserved != "" if any_kind else columns.reserved.contains(f" {query.reserved} ", autoescape=True)


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


def _order(connection: sa.Connection, query: Query, now: datetime) -> list[Any]:
    columns = opportunities.c
    if query.sort == "newest":
        return [columns.first_seen.desc(), columns.id.desc()]
    if query.sort == "published":
        return [sa.func.coalesce(columns.published, columns.first_seen).desc(), columns.id.desc()]
    if query.sort == "relevance" and (matching := terms_of(query.text)):
        found, _ = _matching(connection, matching)
        # bm25 calls the best the smallest, ts_rank the largest.
        best = "-ts_rank(words, to_tsquery('simple', :words))" if "@@" in found else "rank"
        rank = f"(SELECT {best} FROM opportunity_words WHERE {found} AND rowid = opportunities.id)"  # noqa: S608 - fixed texts
        return [sa.text(rank), columns.id]
    upcoming = _upcoming(now)
    past = sa.case((upcoming < stamp(now), 2), (upcoming.is_(None), 1), else_=0)
    return [past, upcoming, columns.id]


def add(connection: sa.Connection, rows: Sequence[tuple[int, str, str]]) -> None:
    """Index the words of (id, titles, text); call it after the opportunities were written."""
    if connection.dialect.name == "postgresql":
        connection.execute(
            sa.text("INSERT INTO opportunity_words (rowid, words) VALUES (:id, to_tsvector('simple', :words))"),
            [{"id": id, "words": folded(f"{title} {text}")} for id, title, text in rows],
        )
        return
    # In the order of the numbers: FTS5 flushes its buffer whenever a smaller one follows.
    connection.exec_driver_sql(
        "INSERT INTO opportunity_words (rowid, title, text) VALUES (?, ?, ?)", sorted(rows, key=lambda row: row[0])
    )


def remove(connection: sa.Connection, ids: Sequence[int]) -> None:
    """Forget the words of these opportunities; call it before their rows change."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text("DELETE FROM opportunity_words WHERE rowid = :id"), [{"id": id} for id in ids])
        return
    rows = connection.execute(
        sa.select(opportunities.c.id, opportunities.c.doc)
        .where(opportunities.c.id.in_(ids))
        .order_by(opportunities.c.id)
    ).all()
    # The index has no text of its own: to forget a row it must be told exactly what it was told before.
    connection.exec_driver_sql(
        "INSERT INTO opportunity_words (opportunity_words, rowid, title, text) VALUES ('delete', ?, ?, ?)",
        [(row.id, *words(row.doc)) for row in rows],
    )
