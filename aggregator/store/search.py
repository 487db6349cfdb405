"""Find opportunities: full text by the database; filters, order and counts by plain SQL, or in memory where they are many.

The one thing to know: the text index gives numbers and is never joined, because SQLite's planner may otherwise scan an
index of the table and probe the text index once per row. Plain SQL says what is right (aggregator/store/plain.py); the
columns in memory (aggregator/store/columns.py) give the same answer sooner.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import numpy as np
import sqlalchemy as sa

from aggregator.store import columns, plain
from aggregator.store.coded import Ints
from aggregator.store.forms import learn
from aggregator.store.opportunities import many, words
from aggregator.store.query import Found, Numbers, Query, Sort
from aggregator.store.tables import opportunities
from aggregator.store.terms import folded, terms_of

__all__ = ["MANY", "Found", "Query", "Sort", "add", "count", "find", "remove", "stands"]

# From so many opportunities on, the columns in memory answer (67 bytes each, read in a tenth of a second for 10,000).
# Below, plain SQL needs at most 50 ms for a page with its facets, and nothing has to be read first.
MANY = 5_000


def find(
    connection: sa.Connection, query: Query, *, now: datetime, page: int = 1, size: int = 20, facets: bool = True
) -> Found:
    """Find what the query asks; items without a deadline come after dated ones when sorted by deadline.

    Without `facets` their counts, which cost more than the page itself, are left out.
    """
    numbers = _in_memory(connection, query, now=now, page=page, size=size, facets=facets)
    if numbers is None:
        return plain.find(connection, query, now=now, page=page, size=size, facets=facets)
    items = list(many(connection, numbers.ids).values())
    if len(items) != len(numbers.ids):
        # Somebody took rows out behind our back: the columns are true no more.
        columns.forget(connection.engine)
        return plain.find(connection, query, now=now, page=page, size=size, facets=facets)
    return Found(items, numbers.total, numbers.facets)


def count(connection: sa.Connection, query: Query, *, now: datetime) -> int:
    """How many opportunities the query finds."""
    numbers = _in_memory(connection, query, now=now, size=1, facets=False)
    return plain.count(connection, query, now=now) if numbers is None else numbers.total


_STANDS = """SELECT coalesce((SELECT max(id) FROM opportunities), 0), coalesce((SELECT max(seq) FROM opportunities), 0),
 coalesce((SELECT max(seq) FROM redirects), 0)"""


def stands(connection: sa.Connection) -> tuple[int, int]:
    """The last number of an opportunity in this picture of the store, and the number of its last change."""
    last, *changes = connection.exec_driver_sql(_STANDS).one()
    return last, max(changes)


def _in_memory(connection: sa.Connection, query: Query, *, now: datetime, **page: Any) -> Numbers | None:
    """The answer of the columns; None where plain SQL must give it."""
    terms = terms_of(query.text)
    if terms is None or connection.get_execution_options().get("writes"):
        return None
    last, seq = stands(connection)
    held = columns.columns_of(connection, seq=seq) if last >= MANY else None
    if held is None:
        return None
    by_rank = query.sort == "relevance"
    words = (query.text, query.any_word, by_rank)
    among = columns.found(held, words, lambda: _ids(connection, query, by_rank=by_rank)) if terms else None
    return held.ask(query, among=among, now=now, **page)


_IDS = {
    # One text of all numbers: fetched as rows they would take six times as long.
    "sqlite": "SELECT group_concat(rowid) FROM opportunity_words WHERE opportunity_words MATCH :words",
    "postgresql": "SELECT string_agg(CAST(rowid AS text), ',') FROM opportunity_words"
    " WHERE words @@ to_tsquery('simple', :words)",
}
_RANKED = {
    "sqlite": "SELECT group_concat(rowid) FROM"
    " (SELECT rowid FROM opportunity_words WHERE opportunity_words MATCH :words ORDER BY rank, rowid)",
    "postgresql": "SELECT string_agg(CAST(rowid AS text), ',' ORDER BY -ts_rank(words, asked), rowid)"
    " FROM opportunity_words, to_tsquery('simple', :words) AS asked WHERE words @@ asked",
}


def _ids(connection: sa.Connection, query: Query, *, by_rank: bool) -> Ints:
    """The numbers that the words find, in their order or the best first."""
    statement = (_RANKED if by_rank else _IDS)[connection.dialect.name]
    said = connection.scalar(sa.text(statement), {"words": plain.matching(connection, query)})
    ids = np.fromstring(said or "", np.int64, sep=",")
    return ids if by_rank else np.sort(ids)


def add(connection: sa.Connection, rows: Sequence[tuple[int, str, str]]) -> None:
    """Index the words of (id, titles, text); call it after the opportunities were written."""
    if connection.dialect.name == "postgresql":
        said = [(id, folded(f"{title} {text}")) for id, title, text in rows]
        connection.execute(
            sa.text("INSERT INTO opportunity_words (rowid, words) VALUES (:id, to_tsvector('simple', :words))"),
            [{"id": id, "words": words} for id, words in said],
        )
        learn(connection, (words for _, words in said))
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
