"""How fast the board answers: a page of 20 in deadline order with its documents, the exact total and the facets.

Yardsticks in the same run: the bare count by FTS5 of the same words, and the same question by plain SQL
(aggregator/store/plain.py), whose answers ours must equal. Nothing is remembered from one question to the next, except in
the line that says so. `SIZE=20000`, `SIZE=full` for a million; PostgreSQL is measured at 20,000 where
WORLDWIDEWE_TEST_POSTGRES names a server.
"""

import os
import resource
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from statistics import median
from typing import TypeVar

import sqlalchemy as sa

from aggregator.store import columns, plain, search
from aggregator.store.query import Query
from aggregator.store.session import Store, open_store
from benchmarks.corpus import notices
from benchmarks.goals import Line, report
from benchmarks.ingest import COUNT, ROUNDS
from benchmarks.questions import READ_AT, fill, keep, queries

T = TypeVar("T")
POSTGRES = os.environ.get("WORLDWIDEWE_TEST_POSTGRES", "")
# A third of the deadlines has passed.
NOW = READ_AT + timedelta(days=30)
PLAIN_OF = 5
BARE = {
    "sqlite": "SELECT count(*) FROM opportunity_words WHERE opportunity_words MATCH :words",
    "postgresql": "SELECT count(*) FROM opportunity_words WHERE words @@ to_tsquery('simple', :words)",
}


@dataclass
class Times:
    """Seconds per query, one list a round."""

    bare: list[list[float]] = field(default_factory=list)
    ours: list[list[float]] = field(default_factory=list)
    again: list[list[float]] = field(default_factory=list)
    plain: list[list[float]] = field(default_factory=list)
    # Ours, for the queries that plain SQL was asked too.
    beside: list[list[float]] = field(default_factory=list)


def run() -> Iterator[Line]:
    started = time.perf_counter()
    search.MANY = min(search.MANY, COUNT)
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{folder}/store.sqlite")
        titles = fill(store, COUNT)
        yield report(f"search, store of {COUNT:,}", f"{time.perf_counter() - started:,.0f} s", "built by put")
        yield from _measured(store, titles, large=COUNT > 500_000)
        yield from _after_a_page(store)
        store.close()
    if POSTGRES:
        yield from _postgres(min(COUNT, 20_000))
    yield report("  whole benchmark", f"{time.perf_counter() - started:,.0f} s", "wall clock")


def _measured(store: Store, titles: list[str], *, large: bool) -> Iterator[Line]:
    asked = queries(titles)
    with store.read() as connection:
        taken = _took(lambda: search.find(connection, Query(), now=NOW))[0]
        held = _columns(connection)
        mine = sum(array.nbytes for array in held.at.values())
        times = Times()
        for turn in range(ROUNDS):
            _round(connection, asked, times, check=turn == 0)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    text = "bare count of the same words by FTS5" if store.sqlite else "bare count of the same words by tsvector + GIN"
    # Of a smaller store the bare count costs next to nothing, and the twenty documents as much as ever.
    gated = store.sqlite and COUNT >= 20_000
    yield _line("search p95, x a bare count", _p95_ratios(times.ours, times.bare), 5 if large else 8, text, gated=gated)
    yield _line(
        "search p95, times faster than plain SQL",
        _p95_ratios(times.plain, times.beside),
        -(15 if large else 10),
        "plain SQL of the same store",
        gated=gated,
    )
    for name, seconds in (("bare count", times.bare), ("ours", times.ours), ("plain SQL", times.plain)):
        yield report(f"  {name}, p50 · p95 · max", _middle(seconds), f"median of {ROUNDS} rounds")
    yield report("  the same words again, p50 · p95 · max", _middle(times.again), "the next page or filter")
    yield report("  columns in memory", f"{mine / 1e6:,.0f} MB", f"{mine / len(held.at['audience']):.0f} bytes a row")
    yield report("  read the columns", f"{taken:,.2f} s", "once a process, in its first question")
    yield report("  process at its largest", f"{peak:,.0f} MB", "with the benchmark itself")


def _round(connection: sa.Connection, asked: list[Query], times: Times, *, check: bool) -> None:
    bare, ours, again, sql, beside = [], [], [], [], []
    count = sa.text(BARE[connection.dialect.name])
    held = _columns(connection)
    for number, query in enumerate(asked):
        if words := plain.matching(connection, query):
            bare.append(_took(lambda words=words: connection.scalar(count, {"words": words}))[0])  # type: ignore[misc]
        held.found.clear()
        seconds, found = _took(lambda query=query: search.find(connection, query, now=NOW))  # type: ignore[misc]
        ours.append(seconds)
        again.append(_took(lambda query=query: search.find(connection, query, now=NOW))[0])  # type: ignore[misc]
        if number % PLAIN_OF == 0:
            seconds, right = _took(lambda query=query: plain.find(connection, query, now=NOW))  # type: ignore[misc]
            sql.append(seconds)
            beside.append(ours[-1])
            assert not check or found == right, f"plain SQL finds something else: {query}"
    for kept, new in zip(vars(times).values(), (bare, ours, again, sql, beside), strict=True):
        kept.append(new)


def _after_a_page(store: Store) -> Iterator[Line]:
    """The first question after somebody wrote a page of a hundred notices."""
    taken = []
    for turn in range(5):
        page = [n.model_copy(update={"source_id": f"late-{turn}-{n.source_id}", "same_as": ()}) for n in notices(100)]
        keep(store, page, source="late", held={})
        with store.read() as connection:
            seconds, found = _took(lambda c=connection: search.find(c, Query(sources=("late",)), now=NOW))  # type: ignore[misc]
            assert found.total
        taken.append(seconds)
    yield report("  first answer after a page was written", f"{median(taken) * 1e3:,.1f} ms", "100 new, median of 5")


def _postgres(count: int) -> Iterator[Line]:
    with _empty_database() as url:
        store = open_store(url)
        seconds, titles = _took(lambda: fill(store, count))
        with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")
        yield report(f"search, PostgreSQL, store of {count:,}", f"{seconds:,.0f} s", "built by put")
        yield from _measured(store, titles, large=False)
        store.close()


@contextmanager
def _empty_database() -> Iterator[str]:
    server = sa.make_url(POSTGRES).set(drivername="postgresql+psycopg")
    name = f"worldwidewe_bench_{uuid.uuid4().hex}"
    admin = sa.create_engine(server, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with admin.connect() as connection:
        connection.exec_driver_sql(f'CREATE DATABASE "{name}"')
    try:
        yield server.set(database=name).render_as_string(hide_password=False)
    finally:
        with admin.connect() as connection:
            connection.exec_driver_sql(f'DROP DATABASE "{name}" WITH (FORCE)')


def _columns(connection: sa.Connection) -> columns.Columns:
    held = columns.columns_of(connection, seq=search.stands(connection)[1])
    assert held is not None
    return held


def _took(call: Callable[[], T]) -> tuple[float, T]:
    started = time.perf_counter()
    result = call()
    return time.perf_counter() - started, result


def _p95(seconds: list[float]) -> float:
    return sorted(seconds)[int(0.95 * (len(seconds) - 1))]


def _p95_ratios(upper: list[list[float]], lower: list[list[float]]) -> list[float]:
    return [_p95(a) / _p95(b) for a, b in zip(upper, lower, strict=True)]


def _middle(rounds: list[list[float]]) -> str:
    marks = [(median(r), _p95(r), max(r)) for r in rounds]
    return " · ".join(f"{median(values) * 1e3:,.2f}" for values in zip(*marks, strict=True)) + " ms"


def _line(name: str, ratios: list[float], goal: int, yardstick: str, *, gated: bool) -> Line:
    """A ratio that must not be above the goal, or, where the goal is negative, not below it."""
    middle = median(ratios)
    spread = f"{middle:.2f}x [{min(ratios):.2f}..{max(ratios):.2f}]"
    if not gated:
        return report(name, spread, yardstick)
    holds = middle <= goal if goal > 0 else middle >= -goal
    return Line(name, spread, f"{'<=' if goal > 0 else '>='} {abs(goal)}x", "pass" if holds else "miss", yardstick)
