"""The explanation beside a closing date: an hour only where something is due at it, and stages that come before."""

from datetime import UTC, date, datetime

import pytest

from aggregator.store.opportunity import DECIDING, instants
from connectors.base.contract import Deadline
from connectors.grants_gov.about import ZONE
from connectors.grants_gov.when import deadlines

TODAY = date(2026, 7, 1)
CLOSES = date(2026, 12, 1)
Told = tuple[tuple[str, str | None, str], ...]


def of(text: str, closes: date | None = CLOSES) -> tuple[Deadline, ...]:
    return deadlines(closes, text, posted=date(2026, 6, 1), archived=date(2027, 1, 15), today=TODAY)


def told(found: tuple[Deadline, ...]) -> Told:
    return tuple((str(each.on), each.at, each.kind) for each in found)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("Support is available from 8:00 a.m. Eastern.", None),
        ("Support is provided by staff from 8:00 a.m. Eastern.", None),
        ("The help desk is staffed until 9:00 p.m. Eastern.", None),
        ("Questions must be submitted by 3:00 p.m. Eastern.", None),
        ("A webinar by the agency begins at 2:00 p.m. ET.", None),
        ("5:00 p.m. Eastern.", None),
        ("Applications due by 5:00 p.m. Eastern on November 15, 2026 for the first round.", None),
        ("Concept papers are due by 5:00 p.m. Eastern.", None),
        ("Due at 5 p.m. Eastern or 4 p.m. Central.", None),
        ("Due by 5 p.m. ET. Questions are answered from 8 a.m. ET.", "17:00"),
        ("Applications are due by 5:00 p.m. Eastern on December 1, 2026.", "17:00"),
        ("Applications must be received no later than 11:59 p.m. ET on the closing date.", "23:59"),
        ("Deadline: 5:00 p.m. Eastern.", "17:00"),
        ("Support is available from 8:00 a.m. Eastern. Applications must be submitted by 5:00 p.m. Eastern.", "17:00"),
    ],
)
def test_an_hour_counts_only_where_something_is_due_at_it_that_day(text: str, at: str | None) -> None:
    assert told(of(text)) == (("2026-12-01", at, "submission"),)


MANDATORY = "Mandatory concept papers are due September 15, 2026 at 5:00 p.m. Eastern; full applications by invitation December 1"
STAGES = (("2026-09-15", "17:00", "submission"), ("2026-12-01", None, "stage"))


@pytest.mark.parametrize("closes", [CLOSES, date(2026, 9, 15), None], ids=["the later day", "the first day", "no day"])
def test_a_mandatory_first_stage_is_the_deadline_and_the_later_day_a_stage(closes: date | None) -> None:
    assert told(of(MANDATORY, closes)) == STAGES


def test_who_has_missed_the_mandatory_stage_finds_the_call_closed() -> None:
    (end,) = instants(of(MANDATORY), ZONE)
    assert end == datetime(2026, 9, 15, 21, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Pre-proposals: by August 1. Full proposals: by December 1.",
            (("2026-08-01", None, "submission"), ("2026-12-01", None, "stage")),
        ),
        (
            "Pre-applications are due October 1, 2026 and full applications are due December 1, 2026 by 5:00 PM Eastern.",
            (("2026-10-01", None, "submission"), ("2026-12-01", "17:00", "stage")),
        ),
        (
            "A letter of intent is required by September 1, 2026 at 5 p.m. ET.",
            (("2026-09-01", "17:00", "eoi"), ("2026-12-01", None, "stage")),
        ),
        (
            "Letters of intent are due September 1, 2026; full proposals by invitation only.",
            (("2026-09-01", None, "eoi"), ("2026-12-01", None, "stage")),
        ),
        (
            "Letters of intent are encouraged by September 1, 2026. Applications are due by 5 p.m. ET on December 1, 2026.",
            (("2026-09-01", None, "stage"), ("2026-12-01", "17:00", "submission")),
        ),
        (
            "Letter of intent (optional) due September 1, 2026.",
            (("2026-09-01", None, "stage"), ("2026-12-01", None, "submission")),
        ),
        (
            "Letter of intent due September 1, 2026.",
            (("2026-09-01", None, "stage"), ("2026-12-01", None, "submission")),
        ),
        (
            "Concept papers are recommended by September 1, 2026.",
            (("2026-09-01", None, "stage"), ("2026-12-01", None, "submission")),
        ),
        ("Concept papers are not required.", (("2026-12-01", None, "submission"),)),
        ("A letter of intent is encouraged by December 1, 2026.", (("2026-12-01", None, "submission"),)),
        ("Concept papers are due January 5, 2027.", (("2026-12-01", None, "submission"),)),
        ("Concept papers, due March 1 or September 1, 2026, are mandatory.", (("2026-12-01", None, "submission"),)),
    ],
)
def test_each_stage_that_the_explanation_names_is_a_deadline_of_its_own(text: str, expected: Told) -> None:
    assert told(of(text)) == expected


def test_stages_without_a_closing_day_beside_them_are_read_alike() -> None:
    text = "Pre-proposals: by March 1, 2027. Full proposals: by October 30, 2027."
    assert told(of(text, None)) == (("2027-03-01", None, "submission"), ("2027-10-30", None, "stage"))
    text = "Optional letters of intent are due October 1, 2026. Full applications are due November 30, 2026."
    assert told(of(text, None)) == (("2026-10-01", None, "stage"), ("2026-11-30", None, "submission"))


def test_an_optional_stage_alone_closes_nothing_and_the_archive_day_does() -> None:
    found = of("Optional letters of intent are due by September 1, 2026.", None)
    assert [(each.kind, each.certainty) for each in found] == [
        ("stage", "stated"),
        ("submission", "not_stated"),
        ("validity", "stated"),
    ]
    assert [each.on for each in found if each.kind in DECIDING and each.on] == [date(2027, 1, 15)]


def test_each_stage_is_labelled_with_its_own_words() -> None:
    first, second = of(MANDATORY)
    assert first.label == "Mandatory concept papers are due September 15, 2026 at 5:00 pm Eastern"
    assert second.label == "full applications by invitation December 1"
