"""What TED says lot by lot: deadlines on the buyer's clock, reservations, exact money."""

from typing import Any

import pytest

from connectors.base.contract import Deadline, Reservation
from tests.connectors.ted.records import notice


@pytest.mark.parametrize(
    ("day", "hour", "country", "expected"),
    [
        ("2026-12-18+01:00", "12:00:00+01:00", "FRA", ("2026-12-18", "12:00", "Europe/Paris")),
        ("2026-07-20+02:00", "10:00:59+02:00", "ITA", ("2026-07-20", "10:00", "Europe/Rome")),
        ("2026-07-20+03:00", "10:00:00+03:00", "FIN", ("2026-07-20", "10:00", "Europe/Helsinki")),
        ("2026-12-18+01:00", "10:00:00+01:00", "FIN", ("2026-12-18", "10:00", "Europe/Brussels")),
        ("2026-12-18+02:00", "10:00:00+02:00", "LUX", ("2026-12-18", "10:00", "Etc/GMT-2")),
        ("2026-12-18-04:00", "10:00:00-04:00", "FRA", ("2026-12-18", "10:00", "Etc/GMT+4")),
        ("2026-12-18+00:00", "10:00:00+00:00", "FRA", ("2026-12-18", "10:00", "UTC")),
        ("2026-12-18+00:00", "10:00:00+00:00", "PRT", ("2026-12-18", "10:00", "Europe/Lisbon")),
        ("2026-07-02Z", "17:00:00Z", "ITA", ("2026-07-02", "17:00", "UTC")),
        ("2026-07-02+05:30", "02:00:00+05:30", "FRA", ("2026-07-01", "20:30", "UTC")),
        ("2026-12-18+01:00", "12:00:00", "FRA", ("2026-12-18", "12:00", "Europe/Paris")),
        ("2026-12-18", "12:00:00", "FRA", ("2026-12-18", "12:00", None)),
        # Midnight at the end of the day is the day, without an hour.
        ("2026-07-20+02:00", "24:00:00+02:00", "FRA", ("2026-07-20", None, "Europe/Paris")),
    ],
)
def test_a_deadline_keeps_the_buyers_clock_and_the_right_instant(
    day: str, hour: str, country: str, expected: tuple[str, str, str | None]
) -> None:
    [due] = notice(
        deadline_receipt_tender_date_lot=[day], deadline_receipt_tender_time_lot=[hour], buyer_country=[country]
    ).deadlines
    assert (str(due.on), due.at, due.zone) == expected
    assert (due.kind, due.certainty, due.label) == ("submission", "stated", None)


def test_lots_that_close_together_are_one_deadline_and_others_name_their_lots() -> None:
    lots = ["LOT-0001", "LOT-0002", "LOT-0003"]
    days = ["2026-12-18+01:00", "2027-01-08+01:00", "2026-12-18+01:00"]
    hours = ["12:00:00+01:00"] * 3
    same = notice(
        identifier_lot=lots, deadline_receipt_tender_date_lot=days[:1] * 3, deadline_receipt_tender_time_lot=hours
    )
    assert [due.label for due in same.deadlines] == [None]
    apart = notice(identifier_lot=lots, deadline_receipt_tender_date_lot=days, deadline_receipt_tender_time_lot=hours)
    assert [(str(due.on), due.label) for due in apart.deadlines] == [
        ("2026-12-18", "LOT-0001, LOT-0003"),
        ("2027-01-08", "LOT-0002"),
    ]


def test_hours_that_cannot_be_told_to_days_are_left_out() -> None:
    days = ["2026-12-18+01:00", "2027-01-08+01:00"]
    one = notice(deadline_receipt_tender_date_lot=days, deadline_receipt_tender_time_lot=["12:00:00+01:00"])
    assert [(str(due.on), due.at, due.zone) for due in one.deadlines] == [
        ("2026-12-18", None, "Europe/Paris"),
        ("2027-01-08", None, "Europe/Paris"),
    ]


def test_a_request_to_participate_is_the_door_and_the_tender_after_it_a_stage() -> None:
    one = notice(
        deadline_receipt_request_date_lot=["2026-12-01+01:00"], deadline_receipt_request_time_lot=["12:00:00+01:00"]
    )
    assert [(due.kind, due.label, str(due.on)) for due in one.deadlines] == [
        ("stage", None, "2026-12-18"),
        ("eoi", None, "2026-12-01"),
    ]


def test_an_expression_of_interest_has_its_own_kind() -> None:
    gone = {"deadline_receipt_tender_date_lot": None, "deadline_receipt_tender_time_lot": None}
    one = notice(notice_type="pin-cfc-social", deadline_receipt_expressions_date_lot=["2026-12-01+01:00"], **gone)
    assert [(due.kind, due.label, due.at) for due in one.deadlines] == [("eoi", None, None)]


def test_a_call_without_a_date_says_that_none_is_stated() -> None:
    one = notice(deadline_receipt_tender_date_lot=None, deadline_receipt_tender_time_lot=None)
    assert one.deadlines == (Deadline(certainty="not_stated"),)


@pytest.mark.parametrize(
    ("lots", "codes", "expected"),
    [
        (1, ["res-ws"], [("res-ws", ())]),
        (3, ["res-ws"] * 3, [("res-ws", ())]),
        (3, ["none", "res-ws", "none"], [("res-ws", ("LOT-0002",))]),
        (2, ["res-pub-ser", "res-ws"], [("res-ws", ("LOT-0002",)), ("res-pub-ser", ("LOT-0001",))]),
        (3, ["res-ws"], [("res-ws", ("not stated",))]),
        (2, ["none", "res-ws", "res-ws"], [("res-ws", ("not stated",))]),
        (1, ["res-ws", "res-ws"], [("res-ws", ())]),
        (2, ["none", "none"], []),
        (2, None, []),
    ],
)
def test_reservation_is_told_lot_by_lot_and_never_guessed(
    lots: int, codes: list[str] | None, expected: list[tuple[Any, tuple[str, ...]]]
) -> None:
    names = [f"LOT-{number:04}" for number in range(1, lots + 1)]
    one = notice(identifier_lot=names, reserved_procurement_lot=codes)
    assert one.reserved == tuple(Reservation(type=kind, lots=where) for kind, where in expected)


def test_a_group_of_lots_is_no_lot() -> None:
    one = notice(
        identifier_lot=["GLO-0001", "LOT-0001", "LOT-0002"], reserved_procurement_lot=["none", "res-ws", "res-ws"]
    )
    assert one.reserved == (Reservation(type="res-ws"),)
    assert one.extra["ted"]["lots"] == 2


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"estimated_value_proc": "1362509.46", "estimated_value_cur_proc": "EUR", "estimated_value_lot": ["1"]},
         {"total": "1362509.46", "currency": "EUR", "raw": "1362509.46 EUR"}),
        ({"estimated_value_lot": ["270000", "0.50"], "estimated_value_cur_lot": ["EUR"], "identifier_lot": ["A", "B"]},
         {"total": "270000.50", "currency": "EUR", "raw": "270000 + 0.50 EUR"}),
        ({"estimated_value_lot": ["10"], "estimated_value_cur_lot": ["PLN"], "identifier_lot": ["A", "B"]},
         {"min": "10", "currency": "PLN", "raw": "10 PLN"}),
        ({"estimated_value_lot": ["10", "20"], "estimated_value_cur_lot": ["EUR", "SEK"], "identifier_lot": ["A", "B"]},
         {"raw": "10 + 20 EUR SEK"}),
        ({"framework_estimated_value": ["900000"], "framework_estimated_value_cur": ["EUR"]},
         {"total": "900000", "currency": "EUR", "raw": "900000 EUR"}),
        ({"estimated_value_proc": 1250.5, "estimated_value_cur_proc": "EUR"},
         {"total": "1250.5", "currency": "EUR", "raw": "1250.5 EUR"}),
        ({"estimated_value_proc": "n/a", "estimated_value_cur_proc": "EUR"}, {"raw": "n/a EUR"}),
        ({"estimated_value_proc": "-1", "estimated_value_cur_proc": "EUR"}, {"raw": "-1 EUR"}),
    ],
)  # fmt: skip
def test_money_is_exact_and_what_is_unclear_stays_as_written(fields: dict[str, Any], expected: dict[str, str]) -> None:
    budget = notice(**fields).budget
    assert budget is not None
    assert budget.model_dump(mode="json") == expected


def test_nought_is_no_estimate_and_the_next_one_is_read() -> None:
    none = {"estimated_value_proc": "0", "estimated_value_cur_proc": "EUR"}
    lots = {"estimated_value_lot": ["0.00", "0"], "estimated_value_cur_lot": ["EUR"]}
    framework = {"framework_estimated_value": ["900"], "framework_estimated_value_cur": ["EUR"]}
    assert notice(**none, **lots).budget is None
    budget = notice(**none, **lots, **framework).budget
    assert budget is not None
    assert str(budget.total) == "900"


def test_no_value_stated_is_no_budget() -> None:
    assert notice().budget is None
