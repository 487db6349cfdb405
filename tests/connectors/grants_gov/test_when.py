"""Dates on the clock of Washington, and the deadlines that they and their explanations make."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from connectors.base.contract import Deadline
from connectors.grants_gov.about import ZONE
from connectors.grants_gov.when import closing, day, deadlines, estimates, moment, said

TODAY = date(2026, 11, 23)
CLOSES = date(2027, 1, 15)


def of(
    closes: date | datetime | None, text: str = "", *, archived: date | None = date(2027, 2, 14)
) -> tuple[Deadline, ...]:
    return deadlines(closes, text, posted=date(2026, 11, 2), archived=archived, today=TODAY)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2027-01-15-00-00-00", CLOSES),
        ("2026-11-02-17-30-00", datetime(2026, 11, 2, 22, 30, tzinfo=UTC)),
        ("2026-07-02-17-30-00", datetime(2026, 7, 2, 21, 30, tzinfo=UTC)),
        ("Jan 15, 2027 12:00:00 AM EST", CLOSES),
        ("Apr 22, 2025 12:00:00 AM EDT", date(2025, 4, 22)),
        ("Feb 03, 2025 09:44:28 AM EST", datetime(2025, 2, 3, 9, 44, 28, tzinfo=timezone(timedelta(hours=-5)))),
        ("Feb 03, 2025 05:07:10 PM EST", datetime(2025, 2, 3, 22, 7, 10, tzinfo=UTC)),
        ("01/15/2027", CLOSES),
        ("03/04/2027", date(2027, 3, 4)),
        ("01152027", CLOSES),
        ("2027-01-15", CLOSES),
        ("2025-02-14T22:07:10+00:00", datetime(2025, 2, 14, 22, 7, 10, tzinfo=UTC)),
        ("13/40/2027", None),
        ("2027-02-30-00-00-00", None),
        ("13312027", None),
        ("", None),
        ("none", None),
        ("soon", None),
    ],
)
def test_each_way_to_write_a_date_is_read(written: str, expected: date | datetime | None) -> None:
    assert moment(written) == expected


def test_the_first_way_that_can_be_read_counts() -> None:
    assert moment(None, "", "undefined", "2027-01-15-00-00-00", "01/16/2027") == CLOSES


def test_a_late_hour_is_still_the_day_of_washington() -> None:
    assert day("2026-11-02-23-30-00") == date(2026, 11, 2)


def test_a_closing_date_that_cannot_be_read_is_heard_and_a_missing_one_is_none() -> None:
    assert closing("soon", "01/15/2027") == CLOSES
    assert closing(None, "", "undefined") is None
    with pytest.raises(ValueError, match="closing date 'soon' cannot be read"):
        closing("soon", None)


def test_a_day_lasts_to_its_end_in_washington() -> None:
    assert of(CLOSES) == (Deadline(on=CLOSES, zone=ZONE),)


def test_an_hour_of_the_software_is_kept() -> None:
    assert of(datetime(2027, 1, 15, 22, tzinfo=UTC)) == (Deadline(on=CLOSES, at="17:00", zone=ZONE),)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("Applications are due by 5:00 p.m., Eastern Time, on the closing date.", "17:00"),
        ("Due 11:59 PM ET", "23:59"),
        ("Due at 11:59:59 PM EST.", "23:59"),
        ("No later than 5 p.m. (U.S. Eastern).", "17:00"),
        ("Closes 12:00 p.m. Washington, DC time", "12:00"),
        ("Due 5 p.m. local time of the applicant.", None),
        ("Due 5 p.m. Jakarta time", None),
        ("Letters by 2:00 p.m. ET, applications by 5:00 p.m. ET", None),
        ("See section D.", None),
    ],
)
def test_the_explanation_may_tell_the_hour_if_it_names_one_and_says_that_it_is_eastern(
    text: str, at: str | None
) -> None:
    (deadline,) = of(CLOSES, text)
    assert (deadline.on, deadline.at, deadline.label) == (CLOSES, at, text)


def test_funds_that_may_run_out_earlier_are_told_beside_the_day() -> None:
    first, second = of(CLOSES, "Or until all funds are exhausted.")
    assert (first.on, second.certainty) == (CLOSES, "until_funds")


@pytest.mark.parametrize(
    ("text", "certainty"),
    [
        ("Applications are accepted on a rolling basis.", "continuous"),
        ("Open until all funds are exhausted.", "until_funds"),
        ("Please refer to the announcement.", "not_stated"),
        ("", "not_stated"),
    ],
)
def test_without_a_day_the_explanation_says_how_it_closes_and_the_archive_when(text: str, certainty: str) -> None:
    first, second = of(None, text)
    assert (first.on, first.certainty, first.label) == (None, certainty, text or None)
    assert second == Deadline(on=date(2027, 2, 14), zone=ZONE, kind="validity", label="to be archived")
    assert of(None, text, archived=None) == (first,)


def test_a_day_in_the_explanation_alone_is_a_deadline() -> None:
    (deadline,) = of(None, "Applications are due by January 15, 2027 at 5:00 p.m. ET.")
    assert (deadline.on, deadline.at, deadline.zone, deadline.certainty) == (CLOSES, "17:00", ZONE, "stated")


def test_a_day_far_ahead_is_a_filler_and_no_deadline() -> None:
    assert of(date(2031, 10, 14))[0].on == date(2031, 10, 14)
    assert [deadline.certainty for deadline in of(date(2099, 12, 31), archived=None)] == ["not_stated"]


def test_an_estimate_is_named_so_and_closes_nothing() -> None:
    (estimate,) = estimates(CLOSES, "")
    assert (estimate.on, estimate.kind, estimate.label, estimate.certainty) == (CLOSES, "stage", "estimated", "stated")
    (explained,) = estimates(CLOSES, "About 60 days after posting.")
    assert explained.label == "estimated: About 60 days after posting."
    (open_end,) = estimates(None, "About 60 days after posting.")
    assert (open_end.on, open_end.certainty) == (None, "not_stated")
    assert estimates(None, "") == ()


@pytest.mark.parametrize("nothing", ["undefined", "No Explanation", "none", "N/A", "Not Available", "", None, 3.5, []])
def test_a_word_for_nothing_is_nothing(nothing: object) -> None:
    assert said(nothing) == ""
