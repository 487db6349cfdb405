"""The columns in memory while others write: another process, many threads, opportunities put together and parted; and
which way each question takes through the database."""

import subprocess
import sys
import threading
import time
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from aggregator.intake import joining
from aggregator.store import parting, plain, search
from aggregator.store.opportunities import many
from aggregator.store.query import Query
from aggregator.store.session import Store
from connectors.base.contract import Deadline
from tests.aggregator.store.sample import NOW, draft, keep
from tests.aggregator.store.test_columns import even_a_small_store_is_large, ids, reads

__all__ = ["even_a_small_store_is_large", "reads"]
ROOT = Path(__file__).parents[3]
# PostgreSQL looks anew with each statement unless it is told to hold still.
STILL: dict[str, dict[str, Any]] = {"sqlite": {}, "postgresql": {"isolation_level": "REPEATABLE READ"}}


def test_what_another_process_writes_is_found_by_the_next_question(
    store: Store, store_url: str, reads: list[str]
) -> None:
    keep(store, [draft(str(n)) for n in range(20)])
    assert len(ids(store)) == 20
    code = (
        "import sys; from aggregator.store.session import open_store; from tests.aggregator.store.sample import *\n"
        "store = open_store(sys.argv[1])\n"
        "keep(store, [draft('elsewhere', title='Written elsewhere'), draft('7', title='Told anew elsewhere')])\n"
        "withdraw(store, 'one', '8')\n"
        "store.close()"
    )
    subprocess.run([sys.executable, "-c", code, store_url], check=True, cwd=ROOT, timeout=60)
    assert ids(store, Query(text="elsewhere")) == [8, 21]
    assert 9 not in ids(store)
    assert ids(store, Query(statuses=("withdrawn",))) == [9]
    assert reads == ["whole", "since"]


def test_what_went_into_another_is_gone_and_is_back_when_they_are_parted(store: Store, reads: list[str]) -> None:
    keep(store, [draft(str(n), countries=("FR",)) for n in range(4)])
    told_twice = draft("x", source="two", countries=("FR",), title="A tender told twice")
    keep(store, [told_twice], source="two")
    assert ids(store, Query(countries=("FR",), sort="newest")) == [5, 4, 3, 2, 1]
    with store.write() as connection:
        joining.join(connection, 1, 5, why="the same", now=NOW)
    # The last that was written is the one that went: its change number must not be given again.
    assert ids(store) == [4, 3, 2, 1]
    assert ids(store, Query(sources=("two",))) == [1]
    with store.write() as connection:
        item = many(connection, [1])[1]
        drafts = {("one", "0"): draft("0", countries=("FR",)), ("two", "x"): told_twice}
        parting.part(connection, item, told_twice, drafts, now=NOW)
    assert ids(store) == [5, 4, 3, 2, 1]
    assert ids(store, Query(sources=("two",))) == [5]
    assert reads == ["whole", "since", "since"]


def test_many_threads_find_what_is_right_while_another_writes(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each question is asked of one picture of the store, where plain SQL must find exactly the same."""
    keep(store, [draft(str(n), deadlines=[Deadline(on=date(2027, 1, 1 + n % 28))]) for n in range(60)])
    asked = [
        Query(),
        Query(text="school"),
        Query(text="number", countries=("SE",), sort="newest"),
        Query(statuses=("withdrawn", "open"), sort="published"),
        Query(text="school 1", any_word=True, sort="relevance"),
    ]
    by_columns: list[bool] = []
    in_memory = search._in_memory

    def watched(*given: Any, **page: Any) -> Any:
        by_columns.append((numbers := in_memory(*given, **page)) is not None)
        return numbers

    monkeypatch.setattr(search, "_in_memory", watched)
    wrong: list[object] = []
    answered = [0] * 6
    over = threading.Event()

    def reader(number: int) -> None:
        try:
            while not over.is_set():
                with store.engine.connect().execution_options(**STILL[store.engine.dialect.name]) as connection:
                    query = asked[(number + answered[number]) % len(asked)]
                    ours = search.find(connection, query, now=NOW)
                    right = plain.find(connection, query, now=NOW)
                    if ours != right:
                        wrong.append((query, ours.total, right.total))
                answered[number] += 1
        except BaseException as exc:
            wrong.append(exc)
            raise

    threads = [threading.Thread(target=reader, args=(number,)) for number in range(len(answered))]
    for thread in threads:
        thread.start()
    for turn in range(25):
        fresh = [draft(f"new {turn} {n}", countries=("SE",)) for n in range(4)]
        told = [draft(str(n), title=f"School, told anew {turn}") for n in range(turn, turn + 3)]
        keep(store, [*fresh, *told])
        time.sleep(0.02)
    over.set()
    for thread in threads:
        thread.join(timeout=60)
    assert wrong == []
    assert min(answered) >= 3
    assert sum(by_columns) > len(by_columns) / 2, "plain SQL gave most of the answers"
    assert len(ids(store)) == 160


def plans(store: Store, connection: sa.Connection, asked: list[tuple[str, Any]]) -> dict[str, str]:
    """How the database answers each statement, by the statement."""
    explain = "EXPLAIN QUERY PLAN " if store.sqlite else "EXPLAIN "
    if not store.sqlite:
        # Which way a planner takes over so few rows proves nothing; that an index can serve does.
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
    return {
        statement: "\n".join(str(row[-1]) for row in connection.exec_driver_sql(explain + statement, parameters))
        for statement, parameters in asked
        if statement.lstrip().startswith("SELECT")
    }


@pytest.mark.parametrize("sort", ["deadline", "relevance"])
def test_words_by_their_index_documents_by_number_and_changes_by_theirs(store: Store, sort: Any) -> None:
    keep(store, [draft(str(n), title=f"Cleaning of barn {n}") for n in range(300)])
    assert len(ids(store)) == 300
    keep(store, [draft("late", title="Cleaning of a late barn")])
    asked: list[tuple[str, Any]] = []

    def watch(_: object, __: object, statement: str, parameters: object, *rest: object) -> None:
        asked.append((statement, parameters))

    with store.read() as connection:
        sa.event.listen(store.engine, "before_cursor_execute", watch)
        assert search.find(connection, Query(text="barn", sort=sort), now=NOW).total == 301
        sa.event.remove(store.engine, "before_cursor_execute", watch)
        found = plans(store, connection, asked)
    assert not any(" JOIN " in statement for statement in found)
    (words,) = [plan for statement, plan in found.items() if "opportunity_words" in statement]
    (docs,) = [plan for statement, plan in found.items() if "opportunities.doc" in statement]
    (delta,) = [plan for statement, plan in found.items() if "opportunities.places" in statement]
    (gone,) = [plan for statement, plan in found.items() if "redirects.old_id" in statement]
    (stands,) = [plan for statement, plan in found.items() if "max(" in statement]
    if store.sqlite:
        assert "opportunity_words VIRTUAL TABLE INDEX" in words
        assert docs == "SEARCH opportunities USING INTEGER PRIMARY KEY (rowid=?)"
        assert delta == "SEARCH opportunities USING INDEX ix_opportunities_seq (seq>?)"
        assert "USING" in gone
        assert "ix_redirects_seq" in gone
        assert "COVERING INDEX ix_opportunities_seq" in stands
        assert "SCAN opportunities" not in "\n".join(found.values()).replace("SCAN opportunities VIRTUAL", "")
    else:
        assert "ix_opportunity_words_words" in words
        assert "pk_opportunities" in docs
        assert "ix_opportunities_seq" in delta
        assert "ix_redirects_seq" in gone
        assert "ix_opportunities_seq" in stands
    assert "Seq Scan on opportunities" not in "\n".join(found.values())
