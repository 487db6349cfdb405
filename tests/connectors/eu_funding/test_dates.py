"""Dates of calls: days and hours, stages and cut-offs, and what the portal itself calls closed."""

import json
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest

from connectors.base.contract import Deadline, ParseError, Skipped
from connectors.eu_funding import Params
from tests.connectors.eu_funding.rows import cascade, external, notice, read, tender, topic

BRUSSELS = "Europe/Brussels"


def day(text: str, kind: Any = "submission", label: str | None = None) -> Deadline:
    return Deadline(on=date.fromisoformat(text), zone=BRUSSELS, kind=kind, label=label)


@pytest.mark.parametrize(
    ("written", "on", "at"),
    [
        ("2027-02-11T00:00:00.000+0000", "2027-02-11", None),
        ("2026-08-31T17:00:00.000+0000", "2026-08-31", "17:00"),
        ("2026-12-31T23:59:59.000+0000", "2026-12-31", "23:59"),
        ("2024-04-18T19:00:00.000+0200", "2024-04-18", "17:00"),
        ("2024-01-18T18:00:00.000+0100", "2024-01-18", "17:00"),
        ("2024-07-02T02:00:00.000+0200", "2024-07-02", None),
        ("2026-08-31T17:00:00", "2026-08-31", "17:00"),
    ],
)
@pytest.mark.parametrize("made", [topic, cascade])
def test_the_clock_of_topics_and_cascade_calls_is_that_of_brussels_whatever_offset_is_stamped_on_it(
    made: Any, written: str, on: str, at: str | None
) -> None:
    assert notice(made(deadlineDate=written)).deadlines == (Deadline(on=date.fromisoformat(on), at=at, zone=BRUSSELS),)


def test_the_clock_of_the_external_action_is_utc() -> None:
    one = notice(external(deadlineDate="2026-08-31T17:00:00.000+0000"))
    assert one.deadlines == (Deadline(on=date(2026, 8, 31), at="17:00", zone="UTC"),)


def test_the_opening_of_2023_is_the_day_that_its_offset_hides() -> None:
    assert notice(topic(startDate="2023-12-07T01:00:00.000+0100")).opens_at == date(2023, 12, 7)


def test_the_first_of_two_stages_closes_the_door_and_the_second_does_not() -> None:
    stages = ["2027-09-16T00:00:00.000+0000", "2027-02-11T00:00:00.000+0000"]
    assert notice(topic(deadlineDate=stages, deadlineModel="two-stage")).deadlines == (
        day("2027-02-11", label="stage 1"),
        day("2027-09-16", "stage", "stage 2"),
    )


def test_where_the_day_of_the_second_stage_is_not_fixed_the_first_is_the_door() -> None:
    one = notice(topic(deadlineDate=["2027-02-11T00:00:00.000+0000", "tbc"], deadlineModel="two-stage"))
    assert one.deadlines == (day("2027-02-11"),)


def test_every_cut_off_is_a_door_of_its_own() -> None:
    days = [f"{year}-10-19T00:00:00.000+0000" for year in (2025, 2026, 2027)]
    found = notice(topic(deadlineDate=days, deadlineModel="multiple cut-off")).deadlines
    assert found == tuple(day(f"{year}-10-19", label=f"cut-off {n}") for n, year in enumerate((2025, 2026, 2027), 1))


def test_a_topic_that_the_portal_calls_closed_keeps_no_door_in_the_future() -> None:
    closed = Params(statuses=("closed",))
    stages = ["2026-09-16T00:00:00.000+0000", "2027-02-11T00:00:00.000+0000"]
    one = topic(status="31094503", deadlineDate=stages, deadlineModel="two-stage")
    assert [d.kind for d in notice(one, params=closed).deadlines] == ["submission", "stage"]
    cut_offs = topic(status="31094503", deadlineDate=stages, deadlineModel="multiple cut-off")
    assert [d.kind for d in notice(cut_offs, params=closed).deadlines] == ["submission", "stage"]
    # On its last day it has closed already: the day is its deadline, and at what hour is stated nowhere.
    ends = notice(topic(status="31094503", deadlineDate="2026-11-23T00:00:00.000+0000"), params=closed)
    assert ends.deadlines == (day("2026-11-23"),)
    assert ends.extra["sedia"]["status"] == "31094503"
    early = topic(status="31094503", deadlineDate="2026-11-24T00:00:00.000+0000")
    assert read(early, params=closed) == Skipped("closed before its day")


def test_a_call_without_a_deadline_says_so() -> None:
    assert notice(external(deadlineDate=None)).deadlines == (Deadline(certainty="not_stated"),)


def test_a_call_that_was_left_open_without_a_day_for_over_a_year_is_no_call() -> None:
    forgotten = external(deadlineDate=None, startDate="2020-12-11T11:00:37.000+0000")
    assert read(forgotten) == Skipped("open for over a year without a deadline")
    assert notice(external(deadlineDate=None, startDate=None)).opens_at is None
    assert notice(topic(deadlineDate=None, startDate="2020-12-11T00:00:00.000+0000")).opens_at == date(2020, 12, 11)


@pytest.mark.parametrize("filler", ["tbc", "9999-12-31T00:00:00.000+0000"])
def test_one_deadline_that_is_no_date_is_left_out_by_name(filler: str) -> None:
    one = notice(topic(deadlineDate=["2027-02-11T00:00:00.000+0000", filler]))
    assert (one.deadlines, one.extra["sedia"]["unread"]) == ((day("2027-02-11"),), ["deadlineDate"])


@pytest.mark.parametrize("made", [topic, cascade, external, tender])
@pytest.mark.parametrize("given", ["soon", ["tbc", "9999-12-31T00:00:00.000+0000"], [{"day": "2027-02-11"}]], ids=str)
def test_a_call_none_of_whose_deadlines_can_be_read_is_no_call_without_one(made: Any, given: Any) -> None:
    with pytest.raises(ParseError, match=r"deadlineDate: .* is no date"):
        read(made(deadlineDate=given))


def test_the_day_of_publication_is_the_earlier_one_and_never_in_the_future() -> None:
    assert notice(topic()).published_at == date(2026, 10, 5)
    met: dict[str, Any] = {"esDA_FirstIngestDate": "2026-11-20T05:07:03.326+0100"}
    soon = notice(topic(es_SortDate="2027-01-11T00:00:00.000+0000", startDate="2027-01-11T00:00:00.000+0000", **met))
    assert soon.published_at == datetime(2026, 11, 20, 5, 7, 3, 326_000, timezone(timedelta(hours=1)))
    assert soon.opens_at == date(2027, 1, 11)
    assert notice(topic(es_SortDate="2027-01-11T00:00:00.000+0000")).published_at is None


def test_the_last_change_is_read_from_the_news_and_the_news_are_not() -> None:
    infos = [
        {"lastChangeDate": "2026-10-07T09:17:22.121", "content": "<p>Please write to Ms Ada Ferronato</p>"},
        {"lastChangeDate": "2026-11-03T17:59:44.318", "content": "<p>more</p>"},
        {"approvalDate": ""},
    ]
    one = notice(topic(latestInfos=json.dumps(infos), contacts='[{"name":"Ada Ferronato"}]'))
    assert isinstance(one.updated_at, datetime)
    assert one.updated_at.astimezone(UTC) == datetime(2026, 11, 3, 16, 59, 44, 318_000, UTC)
    assert "Ferronato" not in one.model_dump_json()
