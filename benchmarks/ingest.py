"""How fast notices come into the store, against the raw driver doing the same rows.

Yardstick: sqlite3 `executemany` of one upsert into a table of the same text with a unique key and two indexes, and the
same text into FTS5, in one transaction a batch, the same pragmas. Ours: the store step of a visit, which writes notice,
opportunity, words, strong keys and what finds the same thing elsewhere, and looks for it. A batch is what a visit commits: 1,000
records of a bulk file, where speed matters, decide; 100, a page of a platform that is asked once a second, are reported.
"""

import gc
import os
import sqlite3
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from aggregator.intake.normalise import normalise
from aggregator.store import likely
from aggregator.store.migrations import upgrade
from aggregator.store.put import Draft, Known, known, put
from aggregator.store.session import Store, open_store
from benchmarks.corpus import notices
from benchmarks.goals import Line, ratio, report
from connectors.base.contract import About, Rights

COUNT = int(os.environ.get("SIZE", "100000")) if os.environ.get("SIZE") != "full" else 1_000_000
ROUNDS = int(os.environ.get("ROUNDS", "3"))
BULK, PAGE = 1_000, 100
NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
ABOUT = About(name="bench", title="Bench", home="https://notices.example.org/", rights=Rights(show="full"))
RAW = "raw sqlite3 executemany upsert + FTS5, {:,} rows a transaction"


def run() -> Iterator[Line]:
    started = time.perf_counter()
    given = list(notices(COUNT))
    made = time.perf_counter()
    drafts = [normalise(n, source="bench", about=ABOUT, fetched_at=NOW, rights=ABOUT.rights) for n in given]
    normalised = time.perf_counter() - made
    rows = [
        (
            i,
            "bench",
            d.notice.source_id,
            d.title_text,
            d.text,
            "FR",
            "tender",
            d.opportunity.codes[0],
            "2026-12-01",
            d.hash,
        )
        for i, d in enumerate(drafts, 1)
    ]
    times: dict[int, tuple[list[float], list[float]]] = {BULK: ([], []), PAGE: ([], [])}
    same: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        for turn in range(ROUNDS):
            for batch, (raw, ours) in times.items():
                if batch == PAGE and turn:
                    continue  # reported, and as dear as the other
                raw.append(_raw(Path(folder) / f"raw{turn}-{batch}.sqlite", rows, batch))
                store = open_store(f"sqlite:///{folder}/ours{turn}-{batch}.sqlite")
                upgrade(store)
                ours.append(_put(store, drafts, batch))
                if batch == BULK:
                    same.append(_again(store, drafts, batch))
                store.close()
    raw, ours = times[BULK]
    yield ratio(f"ingest new, {COUNT:,} notices", ours, raw, least=0.8, yardstick=RAW.format(BULK))
    yield ratio("ingest unchanged, compare step", same, raw, least=5, yardstick=RAW.format(BULK))
    yield report("  a page at a time", f"{times[PAGE][0][0] / times[PAGE][1][0]:.2f}x", RAW.format(PAGE))
    yield report("  raw yardstick", f"{COUNT / min(raw):,.0f} rows/s", "best round")
    yield report("  our store step", f"{COUNT / min(ours):,.0f} notices/s", "best round")
    yield report("  normalise", f"{normalised / COUNT * 1e6:,.0f} us a notice", "one pass, before the rounds")
    yield report(
        "  sign", f"{_signed(drafts) / COUNT * 1e6:,.0f} us a notice", "a page at a time, before its transaction"
    )
    yield report("  whole benchmark", f"{time.perf_counter() - started:,.0f} s", "wall clock")


def _signed(drafts: Sequence[Draft]) -> float:
    started = time.perf_counter()
    for start in range(0, len(drafts), PAGE):
        likely.signed(drafts[start : start + PAGE])
    return time.perf_counter() - started


def _raw(path: Path, rows: Sequence[tuple[object, ...]], batch: int) -> float:
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "cache_size=-65536", "temp_store=MEMORY"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute(
        "CREATE TABLE opp (id INTEGER PRIMARY KEY, source TEXT, source_id TEXT, title TEXT, body TEXT, country TEXT,"
        " kind TEXT, cpv TEXT, deadline TEXT, hash TEXT, UNIQUE (source, source_id))"
    )
    connection.execute("CREATE INDEX d ON opp (deadline)")
    connection.execute("CREATE INDEX c ON opp (country, kind, deadline)")
    connection.execute(
        "CREATE VIRTUAL TABLE fts USING fts5(title, body, content='opp', content_rowid='id',"
        " tokenize='unicode61 remove_diacritics 2')"
    )
    upsert = (
        "INSERT INTO opp VALUES (?,?,?,?,?,?,?,?,?,?) ON CONFLICT (source, source_id) DO UPDATE SET"
        " title=excluded.title, body=excluded.body, country=excluded.country, kind=excluded.kind, cpv=excluded.cpv,"
        " deadline=excluded.deadline, hash=excluded.hash"
    )
    gc.collect()
    started = time.perf_counter()
    for start in range(0, len(rows), batch):
        some = rows[start : start + batch]
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(upsert, some)
        connection.executemany(
            "INSERT INTO fts (rowid, title, body) VALUES (?,?,?)", [(r[0], r[3], r[4]) for r in some]
        )
        connection.execute("COMMIT")
    seconds = time.perf_counter() - started
    connection.close()
    return seconds


def _put(store: Store, drafts: Sequence[Draft], batch: int) -> float:
    """The store step as a visit takes it, page by page: what it was made ready for before (`likely.signed`) is timed apart."""
    held: dict[str, Known] = {}
    pages = [drafts[start : start + batch] for start in range(0, len(drafts), batch)]
    ready = [likely.signed(page) for page in pages]
    gc.collect()
    started = time.perf_counter()
    for page, signed in zip(pages, ready, strict=True):
        with store.read() as connection:
            likely.refresh(connection, now=NOW)
        with store.write() as connection:
            put(connection, page, source="bench", held=held, now=NOW, signed=signed)
    return time.perf_counter() - started


def _again(store: Store, drafts: Sequence[Draft], batch: int) -> float:
    """Read the map once and compare everything; not one row may be written."""
    before = _changes(store)
    gc.collect()
    started = time.perf_counter()
    with store.read() as connection:
        held = known(connection, "bench")
    for start in range(0, len(drafts), batch):
        with store.write() as connection:
            done = put(connection, drafts[start : start + batch], source="bench", held=held, now=NOW)
        assert not done.new
        assert not done.changed
    seconds = time.perf_counter() - started
    assert _changes(store) == before, "an unchanged notice cost a row write"
    return seconds


def _changes(store: Store) -> int:
    """Rows written so far by the pooled connection, which is the only one of this process."""
    with store.read() as connection:
        raw = connection.connection.driver_connection
        assert isinstance(raw, sqlite3.Connection)
        return raw.total_changes
