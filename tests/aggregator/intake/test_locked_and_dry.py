"""Visits of a store that somebody else holds, and visits that must leave no trace."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import sqlalchemy as sa

from aggregator.store.session import Store
from tests.aggregator.intake.reading import (
    HOUR,
    NOW,
    WEEK,
    add_feed,
    add_ted,
    add_tiny,
    listed,
    tables,
    visit,
)
from tests.aggregator.intake.tiny import TinyPortal, row, rows
from tests.portals.feeds import FeedPortal
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


def test_R3_a_store_that_stays_locked_makes_the_visit_transient_and_the_next_one_whole(store: Store) -> None:
    with TinyPortal(rows=rows(5)) as portal:
        name = add_tiny(store, portal)
        with store.engine.connect() as connection:  # the pool gives the same connection to the visit
            connection.exec_driver_sql("PRAGMA busy_timeout=50" if store.sqlite else "SET lock_timeout=50")
            connection.commit()
        with locked(store):
            failed = visit(store, name)
        whole = visit(store, name, at=NOW + HOUR)
    assert (failed.kind, failed.new) == ("transient", 0)
    assert "the store did not answer" in (failed.error or "")
    assert (whole.kind, whole.new) == ("ok", 5)


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
