"""Visits of a store that somebody else holds, and visits that must leave no trace."""

import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from aggregator.store import session
from aggregator.store.migrations import upgrade
from aggregator.store.session import Store, open_store
from tests.aggregator.intake.reading import (
    HOUR,
    NOW,
    WEEK,
    add_feed,
    add_ted,
    add_tiny,
    listed,
    one,
    tables,
    visit,
)
from tests.aggregator.intake.tiny import TinyPortal, row, rows
from tests.faults.contents import contents
from tests.portals.feeds import FeedPortal
from tests.portals.server import Answer, Call
from tests.portals.ted import TedPortal


@contextmanager
def locked(store: Store) -> Iterator[sa.Connection]:
    """Another writer, who takes his time."""
    other = sa.create_engine(store.engine.url, poolclass=sa.NullPool, connect_args=_ANY_THREAD if store.sqlite else {})
    with other.connect() as connection:
        connection.exec_driver_sql(
            "BEGIN IMMEDIATE" if store.sqlite else "LOCK TABLE sources, visits IN EXCLUSIVE MODE"
        )
        yield connection
        connection.exec_driver_sql("ROLLBACK")


_ANY_THREAD = {"check_same_thread": False, "isolation_level": None}


def test_R3_a_store_that_is_locked_for_a_moment_costs_no_visit(store: Store) -> None:
    with TinyPortal(rows=rows(5)) as portal:
        name = add_tiny(store, portal)
        with ThreadPoolExecutor(1) as pool:
            with locked(store):
                reading = pool.submit(visit, store, name)
                time.sleep(1)
                assert not reading.done()
            result = reading.result()
    assert (result.kind, result.new) == ("ok", 5)


def impatient(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait fifty thousandths of a second for a lock, and try twice more."""
    monkeypatch.setattr(session, "PAUSES", (0.02, 0.02))

    def hurry(raw: Any, *_: object) -> None:
        raw.execute("PRAGMA busy_timeout=50" if store.sqlite else "SET lock_timeout=50")
        if not store.sqlite:
            raw.commit()  # the driver begins a transaction by itself

    sa.event.listen(store.engine, "checkout", hurry)


def test_R3_a_store_that_stays_locked_makes_the_visit_transient_and_the_next_one_whole(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    impatient(store, monkeypatch)
    with TinyPortal(rows=rows(5)) as portal:
        name = add_tiny(store, portal)
        with locked(store):
            failed = visit(store, name)
        whole = visit(store, name, at=NOW + HOUR)
    assert (failed.kind, failed.new) == ("transient", 0)
    assert "the store did not answer" in (failed.error or "")
    assert (whole.kind, whole.new) == ("ok", 5)


def test_R3_a_lock_in_the_middle_of_a_visit_loses_nothing_of_it(
    store: Store, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    impatient(store, monkeypatch)
    held = ExitStack()
    with TinyPortal(rows=rows(9), size=3) as portal:
        name = add_tiny(store, portal)
        answer = portal.answer

        def slowly(call: Call) -> Answer:
            if len(portal.calls) == 3:
                held.enter_context(locked(store))
            return answer(call)

        portal.answer = slowly  # type: ignore[method-assign]
        failed = visit(store, name)
        held.close()
        assert (failed.kind, failed.complete) == ("transient", False)
        assert "the store did not answer" in (failed.error or "")
        assert one(store, "SELECT count(*) FROM notices") == 6
        whole = visit(store, name)  # at once: the lease that could not be given back holds nobody up
        assert (whole.kind, whole.new, whole.same) == ("ok", 3, 6)
        quiet = open_store(f"sqlite:///{tmp_path / 'quiet.sqlite'}")
        upgrade(quiet)
        visit(quiet, add_tiny(quiet, portal))
        for table in ("notices", "opportunities", "strong_keys", "pages", "sources"):
            assert contents(quiet)[table] == contents(store)[table]
        quiet.close()


def test_R3_every_connection_of_the_pool_is_set_up_alike(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'store.sqlite'}")
    for _ in range(2):
        with ExitStack() as stack:
            held = [stack.enter_context(store.read() if n % 2 else store.engine.connect()) for n in range(15)]
            assert len({id(connection.connection.dbapi_connection) for connection in held}) == 15
            for connection in held:
                said = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in _PRAGMAS}
                assert said == _PRAGMAS
        store.engine.dispose()
    store.close()


_PRAGMAS = {"journal_mode": "wal", "foreign_keys": 1, "busy_timeout": session.BUSY_TIMEOUT_MS, "synchronous": 1}
assert session.BUSY_TIMEOUT_MS >= 5_000


def test_R3_a_row_without_the_row_it_points_at_is_refused(store: Store) -> None:
    with pytest.raises(sa.exc.IntegrityError), store.write() as connection:
        connection.exec_driver_sql("INSERT INTO strong_keys VALUES ('een:X', 4711)")


_WRITES = """
import sys, time
import sqlalchemy as sa
from aggregator.store.session import open_store
store, began = open_store(sys.argv[1]), time.monotonic()
with store.write() as connection:
    connection.execute(sa.text("INSERT INTO memory VALUES ('another', 'process', 'wrote')"))
    connection.execute(sa.text("UPDATE sources SET title = 'renamed meanwhile'"))
print(time.monotonic() - began)
"""


def test_R3_while_a_slow_answer_comes_another_process_writes_at_once(store: Store) -> None:
    url = store.engine.url.render_as_string(hide_password=False)
    told: list[str] = []
    with TinyPortal(rows=rows(6), size=3) as portal:
        name = add_tiny(store, portal)
        answer = portal.answer

        def slowly(call: Call) -> Answer:
            if len(portal.calls) == 2:  # a page was committed, and the next one is long in coming
                done = subprocess.run([sys.executable, "-c", _WRITES, url], capture_output=True, text=True, check=True)
                told.append(done.stdout)
            return answer(call)

        portal.answer = slowly  # type: ignore[method-assign]
        assert visit(store, name).kind == "ok"
    assert float(told[0]) < 5
    assert one(store, "SELECT value FROM memory WHERE source = 'another'") == "wrote"
    assert one(store, "SELECT title FROM sources") == "renamed meanwhile"


def test_a_dry_run_says_what_it_would_bring_and_changes_no_table(store: Store) -> None:
    with TedPortal(notices=120, today=NOW.date()) as portal, FeedPortal(items=30) as feeds:
        ted, news = add_ted(store, portal, page_size=40), add_feed(store, feeds)
        # The fence is a counter of leases and says nothing about a source.
        before = tables(store, without={"sources"}) | {"s": listed(store, _SOURCES)}
        would = [visit(store, name, dry=True) for name in (ted, news)]
        robots = [call.path for call in feeds.calls].count("/robots.txt")
        assert tables(store, without={"sources"}) | {"s": listed(store, _SOURCES)} == before
        did = [visit(store, name) for name in (ted, news)]
    assert [r.new for r in would] == [r.new for r in did]
    assert would[0].new > 60
    assert robots == 1


_SOURCES = "SELECT name, params, next_visit, failures, cursor, lease_owner, lease_until FROM sources"


def test_a_dry_run_over_a_full_store_tells_new_changed_and_withdrawn_and_changes_nothing(store: Store) -> None:
    with TinyPortal(rows=rows(6)) as portal:
        name = add_tiny(store, portal)
        visit(store, name)
        portal.rows = [row(1), row(2, title="Cleaning of the swimming pool"), *rows(2, first=3), row(7)]
        visit(store, name, at=NOW + WEEK)
        portal.rows = [row(1), row(2, due="2027-03-01"), *rows(2, first=3), row(7), row(8)]
        before = tables(store, without={"sources"})
        would = visit(store, name, at=NOW + 2 * WEEK, dry=True)
        assert tables(store, without={"sources"}) == before
        did = visit(store, name, at=NOW + 2 * WEEK)
    assert (would.new, would.changed, would.withdrawn) == (1, 1, 2) == (did.new, did.changed, did.withdrawn)
