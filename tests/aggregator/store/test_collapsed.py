"""What a reader is told of history: what came back is no change, and a deadline that was brought forward stands out."""

from datetime import date, timedelta
from itertools import pairwise, product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.store import noted
from aggregator.store.history import FLAPPING, collapsed, is_hushed, moved, moved_earlier
from aggregator.store.opportunity import Change
from aggregator.store.session import Store
from connectors.base.contract import Deadline
from tests.aggregator.store.sample import NOW, all_of, draft, history, keep, withdraw

HOUR = timedelta(hours=1)


def row(field: str, before: str | None, after: str | None, hours: float = 0, *, cause: Any = "source") -> Change:
    return Change(field=field, before=before, after=after, at=NOW + hours * HOUR, cause=cause)


def flaps(field: str, *values: str | None, every: float = 1) -> list[Change]:
    """Change rows from value to value, `every` so many hours."""
    return [row(field, was, is_, n * every) for n, (was, is_) in enumerate(pairwise(values))]


def told(*rows: Change) -> list[tuple[str, str | None, str | None]]:
    return [(change.field, change.before, change.after) for change in collapsed(rows)]


A, B, C = "2027-01-12T12:00", "2027-01-19T12:00", "2027-01-26T12:00"


def test_F16_there_and_back_within_two_days_is_no_change() -> None:
    assert told(*flaps("deadline", A, B, A, every=47)) == []
    assert told(*flaps("deadline", A, B, A, B, A)) == []
    assert told(*flaps("deadline", None, A, None)) == []


def test_F16_what_went_on_from_there_is_one_change() -> None:
    assert told(*flaps("deadline", A, B, C)) == [("deadline", A, C)]
    assert told(*flaps("deadline", A, B, A, C)) == [("deadline", A, C)]


def test_F16_after_two_days_it_is_a_change_of_its_own() -> None:
    assert told(*flaps("deadline", A, B, A, every=48)) == []
    assert told(*flaps("deadline", A, B, A, every=48.1)) == [("deadline", A, B), ("deadline", B, A)]
    assert collapsed(flaps("deadline", A, B, A, every=480), within=None) == ()
    assert timedelta(hours=48) == FLAPPING


def test_F16_fields_flap_each_by_itself_and_are_told_in_their_order() -> None:
    rows = [*flaps("deadline", A, B, A), row("budget", "1 EUR", "2 EUR", 0.5), row("title", "a", "b", 3)]
    assert told(*reversed(rows)) == [("budget", "1 EUR", "2 EUR"), ("title", "a", "b")]


def test_F16_in_a_list_another_order_is_back_where_it_was() -> None:
    rows = (row("deadline", f"{B}, {A}", A), row("deadline", A, f"{A}, {B}", 2))
    assert told(*rows) == []


def test_F16_gone_and_back_within_two_days_was_never_gone() -> None:
    gone, back = row("withdrawn", None, "2026-11-23T07:00:00Z"), row("reopened", "2026-11-23T07:00:00+00:00", None, 24)
    assert told(gone, back) == []
    assert told(gone, back, row("withdrawn", None, "2026-11-24T17:00:00Z", 34)) == [
        ("withdrawn", None, "2026-11-24T17:00:00Z")
    ]
    late = back.model_copy(update={"at": NOW + 72 * HOUR})
    assert [field for field, *_ in told(gone, late)] == ["withdrawn", "reopened"]
    again = (back, row("withdrawn", None, "2026-11-24T17:00:00Z", 34))
    assert told(*again) == []


def test_F16_words_that_were_taken_out_make_no_false_move() -> None:
    """Fewer people might see the first; from nothing to C would be said to be a deadline that is stated only now."""
    hidden = row("deadline", None, None)
    (change,) = collapsed([hidden, row("deadline", B, C, 1)])
    assert is_hushed(change)
    assert collapsed([hidden, row("deadline", None, None, 1)]) != ()


def test_F16_a_correction_is_one_only_where_the_source_had_no_part_in_it() -> None:
    ours, theirs = row("deadline", A, B, cause="our_reading"), row("deadline", B, C, 1)
    assert [c.cause for c in collapsed([ours])] == ["our_reading"]
    assert [c.cause for c in collapsed([ours, theirs])] == ["source"]
    assert [c.cause for c in collapsed([ours, theirs.model_copy(update={"cause": "our_reading"})])] == ["our_reading"]


@given(st.lists(st.tuples(st.sampled_from("ABC"), st.integers(1, 60)), min_size=1, max_size=12))
def test_F16_what_is_told_leads_from_where_it_began_to_where_it_is(steps: list[tuple[str, int]]) -> None:
    rows, value, hours = [], "A", 0
    for to, wait in steps:
        hours += wait
        if to != value:
            rows.append(row("budget", value, to, hours))
            value = to
    changes_told = collapsed(rows)
    reached = "A"
    for change in changes_told:
        assert change.before == reached
        assert change.after != change.before
        assert change.after is not None
        reached = change.after
    assert reached == value
    for one, other in pairwise(changes_told):
        assert other.at - one.at > timedelta(0)


@pytest.mark.parametrize(
    ("before", "after", "earlier"),
    [
        (B, A, True),
        (A, B, False),
        ("2027-01-12", "2027-01-11", True),
        ("2027-01-12", A, True),  # until the end of the day, and now until noon
        (A, "2027-01-12", False),
        (A, "2027-01-12T10:00", True),
        ("2027-03-01T12:00+01:00", "2027-03-01T12:00+02:00", True),
        ("2027-03-01T12:00+01:00", "2027-03-01T12:00+00:00", False),
        ("2027-03-01T12:00", "2027-03-01T11:00+02:00", True),
        (f"{A}, {C}", f"{A}, {B}", True),
        (f"{A}, {B}", f"{A}, {C}", False),
        (B, f"{A}, {B}", True),  # one more, before all others
        (A, f"{A}, {B}", False),
        (f"{A}, {B}", B, False),
        (f"{A}, {C}", B, False),
        ("not_stated", A, False),
        ("continuous", A, False),
        (A, "continuous", False),
        (A, None, False),
        (None, A, False),
        ("soon", "sooner", False),
    ],
)
def test_F16_only_less_time_than_was_said_is_earlier(before: str | None, after: str | None, earlier: bool) -> None:
    assert moved_earlier(row("deadline", before, after)) == earlier
    assert not moved_earlier(row("opens", before, after))


def test_F16_of_two_moves_that_are_one_the_whole_way_counts() -> None:
    for a, b, c in product((A, B, C), repeat=3):
        if a == b or b == c:
            continue
        changes_told = collapsed(flaps("deadline", a, b, c))
        assert [moved_earlier(change) for change in changes_told] == ([] if a == c else [c < a])


def test_of_a_list_only_what_came_and_went_is_told() -> None:
    assert moved(row("codes", "cpv:1, cpv:2", "cpv:2, cpv:3")) == ("cpv:1", "cpv:3")
    assert moved(row("codes", "cpv:1", "cpv:1, cpv:2")) == (None, "cpv:2")
    assert moved(row("title", "Cleaning, Rome", "Cleaning, Milan")) == ("Cleaning, Rome", "Cleaning, Milan")
    assert moved(row("codes", None, "cpv:1")) == (None, "cpv:1")


# In the store


def day(number: int) -> list[Deadline]:
    return [Deadline(on=date(2027, 1, number), at="12:00")]


def test_F16_every_flap_stays_on_record_whatever_readers_are_told(store: Store) -> None:
    for n, number in enumerate((12, 19, 12, 26)):
        keep(store, [draft("A", deadlines=day(number))], now=NOW + n * HOUR)
    with store.read() as connection:
        rows = noted.noted(connection, [1, 2])
        assert list(noted.every(connection)) == list(rows[1])
    assert [(r.change.before, r.change.after) for r in rows[1]] == [(A, B), (B, A), (A, C)]
    assert all((r.source, r.opportunity_id, r.noted_of) == ("one", 1, None) for r in rows[1])
    assert 2 not in rows
    assert told(*(r.change for r in rows[1])) == [("deadline", A, C)]


def test_F16_a_withdrawal_that_lasted_a_day_is_noted_and_not_told(store: Store) -> None:
    keep(store, [draft("A")])
    withdraw(store, "one", "A", now=NOW)
    keep(store, [draft("A")], now=NOW + 24 * HOUR)
    assert [name for name, *_ in history(store, 1)] == ["withdrawn", "reopened"]
    assert all_of(store)[0].withdrawn_at is None
    with store.read() as connection:
        rows = noted.noted(connection, [1])[1]
    assert collapsed([r.change for r in rows]) == ()


def test_rows_come_by_the_hundreds_without_one_being_lost(store: Store) -> None:
    for n in range(2):
        keep(store, [draft(f"{i:04}", deadlines=day(12 + n)) for i in range(600)], now=NOW + n * HOUR)
    with store.read() as connection:
        found = noted.noted(connection, range(1, 601))
        assert sum(len(rows) for rows in found.values()) == len(list(noted.every(connection))) == 600
    assert found[600][0].change.at == NOW + HOUR
