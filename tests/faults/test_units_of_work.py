"""Connections that are cut, locks that cross, answers that are lost: a unit of work is done whole, and once (R5).

The one thing to know: this happens on the ordinary test database, by the means of its administrator.
"""

import random
import sqlite3
import threading
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa

from aggregator.store import session
from aggregator.store.session import Store
from tests.aggregator.intake.carded import CardPortal
from tests.aggregator.intake.reading import add_carded, add_tiny, listed, one, visit
from tests.aggregator.intake.tiny import TinyPortal, rows
from tests.conftest import POSTGRES
from tests.faults.cluster import at_statements, without_words
from tests.faults.contents import contents, differences
from tests.skips import NO_POSTGRES

ROWS = rows(24)
"""Eight pages of three."""
CUTS = 6


def terminate(store: Store) -> None:
    """End every connection of the store from outside, as a firewall or an administrator does."""
    address = store.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address) as admin:
        admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def on_postgres(test: Callable[..., None]) -> Callable[..., None]:
    """A test of the ordinary test database where that is PostgreSQL."""
    there = pytest.mark.skipif(not POSTGRES, reason=NO_POSTGRES)
    marked: Callable[..., None] = there(pytest.mark.parametrize("store_url", ["postgresql"], indirect=True)(test))
    return marked


@on_postgres
def test_R5_connections_that_are_cut_at_any_statement_cost_nothing(
    store: Store, undisturbed: Callable[[TinyPortal], Store]
) -> None:
    dice = random.Random(55)
    with TinyPortal(rows=ROWS, size=3) as portal:
        name = add_tiny(store, portal)
        cuts = at_statements(store, set(dice.sample(range(5, 200), CUTS)), lambda: terminate(store))
        done = visit(store, name)
        assert cuts() == CUTS
        assert (done.kind, done.complete, done.new, done.same) == ("ok", True, len(ROWS), 0)
        quiet = undisturbed(portal)
    assert one(store, "SELECT count(*) FROM visits") == 1
    assert differences(without_words(contents(quiet)), without_words(contents(store))) == ""


@on_postgres
def test_R5_cards_that_wait_and_details_survive_cut_connections(store: Store) -> None:
    dice = random.Random(7)
    with CardPortal(9, size=3) as portal:
        name = add_carded(store, portal)
        cuts = at_statements(store, set(dice.sample(range(5, 200), CUTS)), lambda: terminate(store))
        done = visit(store, name)
        assert cuts() == CUTS
        assert (done.kind, done.new) == ("ok", 9)
        assert sorted(portal.details_asked()) == [f"C{n}" for n in range(9)]
    assert one(store, "SELECT count(*) FROM backlog") == 0


@on_postgres
def test_R5_a_commit_whose_answer_was_lost_is_asked_for_and_not_done_twice(
    store: Store, undisturbed: Callable[[TinyPortal], Store]
) -> None:
    commit, lost = store.engine.dialect.do_commit, 0

    def unheard(connection: Any) -> None:
        nonlocal lost
        commit(connection)
        lost += 1
        if lost % 2:
            connection.driver_connection.close()  # it was committed; the line went dead before the answer came
            raise psycopg.OperationalError("server closed the connection unexpectedly")

    with TinyPortal(rows=ROWS, size=3) as portal:
        name = add_tiny(store, portal)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(store.engine.dialect, "do_commit", unheard)
            done = visit(store, name)
        assert lost > 8
        quiet = undisturbed(portal)
    assert (done.kind, done.new, done.same) == ("ok", len(ROWS), 0)
    assert one(store, "SELECT count(*) FROM pages") == 8
    assert differences(without_words(contents(quiet)), without_words(contents(store))) == ""


@on_postgres
def test_R5_two_that_lock_each_other_out_both_come_through(store: Store) -> None:
    with store.write() as connection:
        connection.exec_driver_sql("INSERT INTO memory VALUES ('a', 'n', '0'), ('b', 'n', '0')")
    meet, tries = threading.Barrier(2), [0, 0]

    def both(first: str, second: str, number: int) -> None:
        def work(connection: sa.Connection) -> None:
            tries[number] += 1
            connection.execute(_ONE_MORE, {"source": first})
            if tries[number] == 1:
                meet.wait(10)
            connection.execute(_ONE_MORE, {"source": second})

        store.whole(work)

    threads = [threading.Thread(target=both, args=(*pair, n)) for n, pair in enumerate((("a", "b"), ("b", "a")))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(tries) == [1, 2]
    assert listed(store, "SELECT value FROM memory ORDER BY source") == [("2",), ("2",)]


@on_postgres
def test_R5_work_that_cannot_be_put_in_a_row_with_others_is_done_again(store: Store) -> None:
    with store.write() as connection:
        connection.exec_driver_sql("INSERT INTO memory VALUES ('a', 'n', '0')")
    seen: list[str] = []

    def work(connection: sa.Connection) -> None:
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        seen.append(str(connection.scalar(sa.text("SELECT value FROM memory"))))
        if len(seen) == 1:
            with store.write() as other:
                other.execute(_ONE_MORE, {"source": "a"})
        connection.execute(_ONE_MORE, {"source": "a"})

    # The isolation of a transaction must be said before its first question.
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(session, "_number", lambda _: None)
        store.whole(work)
    assert seen == ["0", "1"]
    assert one(store, "SELECT value FROM memory") == "2"


@on_postgres
def test_R5_a_pooled_connection_that_died_overnight_is_replaced_unnoticed(store: Store) -> None:
    assert one(store, "SELECT count(*) FROM sources") == 0
    terminate(store)
    assert one(store, "SELECT count(*) FROM sources") == 0
    terminate(store)
    with store.write() as connection:
        connection.exec_driver_sql("INSERT INTO memory VALUES ('a', 'n', '0')")


@on_postgres
def test_R5_while_a_slow_answer_comes_no_transaction_is_open(store: Store) -> None:
    states: list[list[tuple[Any, ...]]] = []
    with TinyPortal(rows=ROWS, size=6) as portal:
        name = add_tiny(store, portal)
        answer = portal.answer

        def looking(call: Any) -> Any:
            query = "SELECT state FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            states.append(listed(store, query))
            return answer(call)

        portal.answer = looking  # type: ignore[method-assign]
        assert visit(store, name).kind == "ok"
    assert len(states) == 4
    assert not [state for seen in states for (state,) in seen if state and "transaction" in state]


_ONE_MORE = sa.text("UPDATE memory SET value = CAST(CAST(value AS INTEGER) + 1 AS TEXT) WHERE source = :source")


def test_R5_work_is_all_there_or_not_at_all_and_other_failures_are_told_at_once(store: Store) -> None:
    tries = 0

    def half(connection: sa.Connection) -> None:
        nonlocal tries
        tries += 1
        connection.exec_driver_sql("INSERT INTO memory VALUES ('a', 'n', '0')")
        connection.exec_driver_sql("INSERT INTO memory VALUES ('b', 'n', NULL)")

    with pytest.raises(sa.exc.IntegrityError):
        store.whole(half)
    assert tries == 1
    assert one(store, "SELECT count(*) FROM memory") == 0
    store.whole(lambda connection: connection.exec_driver_sql("INSERT INTO memory VALUES ('a', 'n', '0')"), dry=True)
    assert one(store, "SELECT count(*) FROM memory") == 0


def test_R5_what_a_broken_unit_left_in_memory_is_set_right_before_the_next_try(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "PAUSES", (0.01, 0.01))
    said: list[str] = []

    def work(connection: sa.Connection) -> str:
        said.append("work")
        if said.count("work") < 3:
            raise sa.exc.OperationalError(
                "", {}, sqlite3.OperationalError("database is locked"), connection_invalidated=True
            )
        return "done"

    assert store.whole(work, anew=lambda _: said.append("anew")) == "done"
    assert said == ["work", "anew", "work", "anew", "work"]
