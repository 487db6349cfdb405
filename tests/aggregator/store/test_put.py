"""Putting notices into the store: new, changed, the same; what history says of it; what an unchanged one costs."""

from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from aggregator.store.put import known, put
from aggregator.store.session import Store
from connectors.base.contract import Deadline, Money
from tests.aggregator.intake.reading import tables
from tests.aggregator.store.sample import NOW, all_of, draft, found_by, history, keep, withdraw

LATER = NOW + timedelta(days=1)


def day(number: int) -> tuple[Deadline, ...]:
    return (Deadline(on=date(2027, 1, number), at="12:00", zone="Europe/Paris"),)


def test_what_is_new_is_stored_in_the_order_of_the_source_with_numbers_of_our_own(store: Store) -> None:
    done = keep(store, [draft("B"), draft("A"), draft("C")])
    assert [item.id for item in done.new] == [1, 2, 3]
    assert [(item.id, item.notices[0].source_id) for item in all_of(store)] == [(1, "B"), (2, "A"), (3, "C")]
    assert all_of(store) == done.new
    assert (done.changed, done.same) == ([], 0)


def test_what_is_the_same_costs_no_write_at_all(store: Store) -> None:
    drafts = [draft(str(n), deadlines=day(12)) for n in range(40)]
    keep(store, drafts)
    before = tables(store)
    written: list[str] = []
    with store.write() as connection:
        held = known(connection, "one")

        def watch(_: Any, __: Any, statement: str, *rest: Any) -> None:
            written.append(statement)

        sa.event.listen(store.engine, "before_cursor_execute", watch)
        done = put(connection, drafts, source="one", held=held, now=LATER)
        sa.event.remove(store.engine, "before_cursor_execute", watch)
    assert (done.new, done.changed, done.same) == ([], [], 40)
    assert written == []
    assert tables(store) == before


def test_a_notice_that_comes_twice_in_a_batch_is_stored_once_as_it_was_said_last(store: Store) -> None:
    done = keep(
        store, [draft("A", title="Cleaning of the old hall"), draft("B"), draft("A", title="Cleaning of a barn")]
    )
    assert [item.title("en")[0] for item in all_of(store)] == ["Cleaning of a barn", "Cleaning of school number B"]
    assert len(done.new) == 2


def test_F16_a_deadline_that_moves_is_told_with_both_days_and_the_number_stays(store: Store) -> None:
    first = keep(store, [draft("A", deadlines=day(12))]).new[0]
    done = keep(store, [draft("A", deadlines=day(19))], now=LATER)
    assert [item.id for item in done.changed] == [first.id]
    (item,) = all_of(store)
    assert (item.id, item.first_seen, item.changed_at) == (first.id, NOW, LATER)
    assert item.deadlines == day(19)
    assert history(store, item.id) == [("deadline", "2027-01-12T12:00", "2027-01-19T12:00", "source")]


def test_history_tells_what_readers_act_on_and_nothing_else(store: Store) -> None:
    money: dict[str, Any] = {
        "budget": Money(total=1, raw="1 EUR"),
        "reserved": ({"type": "res-ws", "lots": ("LOT-1",)},),
    }
    keep(store, [draft("A", keywords=("soap",))])
    keep(store, [draft("A", keywords=("soap", "water"))], now=LATER)
    assert history(store, 1) == []
    keep(store, [draft("A", title="Washing of a school", kind="grant_call", **money)], now=LATER)
    assert sorted(history(store, 1)) == [
        ("budget", None, "1 EUR", "source"),
        ("kind", "tender", "grant_call", "source"),
        ("reserved", None, "res-ws LOT-1", "source"),
        ("title", "Cleaning of school number A", "Washing of a school", "source"),
    ]


def test_our_own_reading_is_marked_as_ours_and_the_same_reading_writes_nothing(store: Store) -> None:
    keep(store, [draft("A", deadlines=day(12)), draft("B")])
    before = tables(store)
    again = keep(store, [draft("A", deadlines=day(12)), draft("B")], now=LATER, cause="our_reading")
    assert ((again.new, again.changed, again.same), tables(store)) == (([], [], 2), before)
    other = keep(store, [draft("A", deadlines=day(13)), draft("B")], now=LATER, cause="our_reading")
    assert ([item.id for item in other.changed], other.same) == ([1], 1)
    assert history(store, 1) == [("deadline", "2027-01-12T12:00", "2027-01-13T12:00", "our_reading")]


def test_what_only_we_read_otherwise_is_not_taken_for_a_change_of_the_source_later(store: Store) -> None:
    keep(store, [draft("A")])
    # `extra` stands in the notice and in its hash, and members do not see it.
    reread = [draft("A", extra={"lots": 3})]
    assert keep(store, reread, cause="our_reading").changed == []
    later = keep(store, reread, now=LATER)
    assert (later.changed, later.same) == ([], 1)


def test_F17_what_was_withdrawn_and_is_listed_again_is_open_again_under_its_number(store: Store) -> None:
    keep(store, [draft("A"), draft("B")])
    withdraw(store, "one", "A", now=LATER)
    assert [item.withdrawn_at for item in all_of(store)] == [LATER, None]
    done = keep(store, [draft("A"), draft("B")], now=LATER + timedelta(days=7))
    assert ([item.id for item in done.changed], done.new, done.same) == ([1], [], 1)
    assert [item.withdrawn_at for item in all_of(store)] == [None, None]
    assert [row[0] for row in history(store, 1)] == ["withdrawn", "reopened"]
    with store.read() as connection:
        assert known(connection, "one")["A"].missed == 0


def test_reading_again_neither_reopens_what_was_withdrawn_nor_says_so(store: Store) -> None:
    keep(store, [draft("A", deadlines=day(12))])
    withdraw(store, "one", "A", now=LATER)
    keep(store, [draft("A", deadlines=day(13))], now=LATER, cause="our_reading")
    assert all_of(store)[0].withdrawn_at == LATER
    assert [row[0] for row in history(store, 1)] == ["withdrawn", "deadline"]


def test_words_that_are_no_longer_said_are_no_longer_found(store: Store) -> None:
    keep(store, [draft("A", title="Cleaning of barns", summary="With soap."), draft("B", title="Cleaning of barns")])
    assert (found_by(store, "barns"), found_by(store, "soap")) == ([1, 2], [1])
    keep(store, [draft("A", title="Cleaning of stables", summary="With sand.")], now=LATER)
    assert (found_by(store, "barns"), found_by(store, "soap")) == ([2], [])
    keep(store, [draft("A", title="Cleaning of cellars")], now=LATER, cause="our_reading")
    words = ("stables", "sand", "cellars", "cleaning")
    assert [found_by(store, word) for word in words] == [[], [], [1], [1, 2]]


def test_the_text_index_forgets_a_row_entirely_when_its_words_change(store: Store) -> None:
    keep(store, [draft(str(n), title=f"Cleaning of barn {n}", summary="Soap, sand and water.") for n in range(30)])
    for n in range(3):
        keep(store, [draft(str(i), title=f"Gardening {n} {i}") for i in range(30)], now=LATER + timedelta(hours=n))
    gone = ["barn", "soap", "sand", "water", "cleaning"]
    assert [found_by(store, word) for word in gone] == [[]] * 5
    assert found_by(store, "gardening") == list(range(1, 31))
    with store.write() as connection:
        if store.sqlite:
            # Raises when the index is corrupt, which a wrong 'delete' of a row without content would make it.
            connection.exec_driver_sql("INSERT INTO opportunity_words(opportunity_words) VALUES ('integrity-check')")
            connection.exec_driver_sql("CREATE VIRTUAL TABLE temp.terms USING fts5vocab(main, opportunity_words, row)")
            left = set(connection.exec_driver_sql("SELECT term FROM temp.terms").scalars())
        else:
            rows = connection.exec_driver_sql("SELECT word FROM ts_stat('SELECT words FROM opportunity_words')")
            left = set(rows.scalars())
    assert left.isdisjoint(gone)
    assert "gardening" in left
