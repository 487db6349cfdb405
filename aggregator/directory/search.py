"""Find entries of the directory: full text by the database, filters by plain SQL.

The one thing to know: who is listed nowhere any more is not found, but can still be looked at by its number.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from aggregator.directory import words
from aggregator.directory.entry import Entry
from aggregator.directory.names import bare
from aggregator.directory.tables import entries
from aggregator.store.tables import unpack
from aggregator.store.terms import terms_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What somebody looks for. Values of one filter are alternatives; filters narrow each other.

    `text` knows words (each as a prefix), "phrases" and -exclusions. A sector is one of ours, a code (`nace:10.51`), or
    the beginning of a word that a source uses for it, in Italian, English, French or Spanish where its list is known.
    """

    text: str = ""
    countries: tuple[str, ...] = ()
    networks: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """The best entries, and the count of all that were found."""

    items: list[Entry]
    total: int


def find(connection: sa.Connection, query: Query, *, limit: int = 20) -> Found:
    """Find what the query asks: the best match first, without a text by name."""
    terms = terms_of(query.text)
    if terms is None:
        return Found([], 0)
    conditions = [*_conditions(query)]
    here: sa.FromClause = entries
    order: list[Any] = [sa.func.lower(entries.c.name), entries.c.id]
    if terms:
        found = words.found(connection, terms)
        here = entries.join(found, found.c.rowid == entries.c.id)
        order.insert(0, found.c.rank)
    rows = connection.scalars(
        sa.select(entries.c.doc).select_from(here).where(*conditions).order_by(*order).limit(limit)
    )
    count = sa.select(sa.func.count()).select_from(here).where(*conditions)
    return Found([_read(doc) for doc in rows], connection.scalar(count) or 0)


def get(connection: sa.Connection, id: int) -> Entry | None:
    """Read one entry by its own number."""
    doc = connection.scalar(sa.select(entries.c.doc).where(entries.c.id == id))
    return _read(doc) if doc is not None else None


def every(connection: sa.Connection) -> Iterator[Entry]:
    """Every entry that a source still lists, by number, a few at a time."""
    query = sa.select(entries.c.doc).where(sa.not_(entries.c.hidden)).order_by(entries.c.id)
    for doc in connection.scalars(query.execution_options(yield_per=500)):
        yield _read(doc)


def _conditions(query: Query) -> Iterator[sa.ColumnElement[bool]]:
    columns = entries.c
    yield sa.not_(columns.hidden)
    for values, column, end in (
        (query.countries, columns.countries, "\n"),
        (query.networks, columns.networks, "\n"),
        (query.sources, columns.sources, "\n"),
        (query.sectors, columns.sectors, ""),
    ):
        if values:
            yield sa.or_(*(column.contains(f"\n{bare(value.strip())}{end}", autoescape=True) for value in values))


def _read(doc: bytes) -> Entry:
    return Entry.model_validate_json(unpack(doc))
