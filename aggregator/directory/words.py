"""The text index of the directory: FTS5 on SQLite, tsvector on PostgreSQL; both cut words and fold accents alike."""

from collections.abc import Sequence

import sqlalchemy as sa

from aggregator.store.terms import Term, folded, fts5, tsquery

_WEIGHED = "setweight(to_tsvector('simple', :name), 'A') || setweight(to_tsvector('simple', :text), 'D')"


def add(connection: sa.Connection, rows: Sequence[tuple[int, str, str]]) -> None:
    """Index the words of (id, names, text)."""
    if connection.dialect.name == "postgresql":
        connection.execute(
            sa.text(f"INSERT INTO directory_words (rowid, words) VALUES (:id, {_WEIGHED})"),  # noqa: S608 - a fixed text
            [{"id": id, "name": folded(name), "text": folded(text)} for id, name, text in rows],
        )
        return
    connection.exec_driver_sql("INSERT INTO directory_words (rowid, name, text) VALUES (?, ?, ?)", sorted(rows))


def remove(connection: sa.Connection, ids: Sequence[int]) -> None:
    """Forget the words of these entries."""
    if ids:
        connection.execute(sa.text("DELETE FROM directory_words WHERE rowid = :id"), [{"id": id} for id in ids])


def found(connection: sa.Connection, terms: list[Term]) -> sa.CTE:
    """Ask the index once for the terms: `rowid` and `rank` (the smaller the better) of every entry that has them.

    It is kept as a table of its own: a planner that probes the index for each row of the directory takes minutes.
    """
    if connection.dialect.name == "postgresql":
        condition, best, said = "words @@ wanted", "-ts_rank(words, wanted)", tsquery(terms)
        source = "directory_words, to_tsquery('simple', :words) AS wanted"
    else:
        # A word of the name weighs more than one of the text.
        condition, best, said = "directory_words MATCH :words", "bm25(directory_words, 10.0, 1.0)", fts5(terms)
        source = "directory_words"
    query = sa.text(f"SELECT rowid, {best} AS rank FROM {source} WHERE {condition}")  # noqa: S608 - one of two fixed texts
    told = query.bindparams(words=said).columns(sa.column("rowid", sa.Integer), sa.column("rank", sa.Float))
    return told.cte("found").prefix_with("MATERIALIZED")
