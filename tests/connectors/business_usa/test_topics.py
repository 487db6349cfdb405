"""A list of SBIR topics that a person has downloaded; no answer of that platform was ever seen, so this is a form of ours."""

import csv
import io
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors import business_usa
from connectors.base.contract import Notice, Page, ParseError

HEADING = (
    "Topic Title,Topic Description,Topic Number,Phase,Program,Agency,Branch,Open Date,Close Date,Release Date,"
    "Solicitation Agency URL,Solicitation Status,Solicitation Year,SBIRTopicLink"
)
NAMES = HEADING.split(",")


def row(**changed: str) -> list[str]:
    said = {
        "Topic Title": "Quiet pumps for barns",
        "Topic Description": "A pump, nearly silent.\nContact: Robin Marlowe, robin.marlowe@office.example",
        "Topic Number": "SIM26-001",
        "Phase": "BOTH",
        "Program": "SBIR",
        "Agency": "USDA",
        "Branch": "NIFA",
        "Open Date": "August 26, 2026",
        "Close Date": "December 23, 2026",
        "Release Date": "August 5, 2026",
        "Solicitation Agency URL": "https://office.example/topics",
        "Solicitation Status": "Open",
        "Solicitation Year": "2026",
        "SBIRTopicLink": "https://www.sbir.gov/topics/99846",
    } | {name.replace("_", " "): value for name, value in changed.items()}
    return [said[name] for name in NAMES]


def page(*rows: list[str], heading: list[str] | None = None) -> Page:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([heading or NAMES, *rows])
    at = datetime(2026, 11, 23, tzinfo=UTC)
    body = text.getvalue().encode()
    return Page(url="file:topics.csv", body=body, fetched_at=at, headers={"content-type": "text/csv"})


def readings(given: Page) -> list[Notice | ParseError]:
    found: list[Notice | ParseError] = []
    for record in business_usa.split(given):
        try:
            found.append(business_usa.read(record, given))
        except ParseError as error:
            found.append(error)
    return found


def test_a_topic_is_a_call_for_companies_of_the_united_states_alone() -> None:
    (said,) = readings(page(row()))
    assert isinstance(said, Notice)
    assert (said.source_id, said.kind, said.url) == ("SIM26-001", "grant_call", "https://www.sbir.gov/topics/99846")
    assert said.eligibility is not None
    assert said.eligibility.verdict == "us_only"
    (deadline,) = said.deadlines
    assert (str(deadline.on), deadline.at, deadline.zone) == ("2026-12-23", None, "America/New_York")
    assert (str(said.opens_at), str(said.published_at)) == ("2026-08-26", "2026-08-05")
    assert said.programme is not None
    assert said.programme.name == "SBIR"
    assert said.organisation is not None
    assert said.organisation.name == "USDA · NIFA"
    assert "Marlowe" not in said.model_dump_json()


def test_without_a_number_the_link_names_the_topic() -> None:
    (said,) = readings(page(row(Topic_Number="")))
    assert isinstance(said, Notice)
    assert said.source_id == "99846"


def test_a_topic_without_a_closing_day_states_none() -> None:
    (said,) = readings(page(row(Close_Date="")))
    assert isinstance(said, Notice)
    assert [deadline.certainty for deadline in said.deadlines] == ["not_stated"]


@pytest.mark.parametrize(
    "bad",
    [
        row(Close_Date="soon"),
        row(Close_Date="February 30, 2026"),
        row(Topic_Title=""),
        row(Topic_Number="", SBIRTopicLink=""),
        row()[:-4],
        [*row(), "more"],
    ],
    ids=("a date that is none", "a day that is none", "no title", "no name", "too short", "too long"),
)
def test_a_row_that_cannot_be_read_is_refused_alone(bad: list[str]) -> None:
    first, second, third = readings(page(row(Topic_Number="A-1"), bad, row(Topic_Number="A-3")))
    assert isinstance(first, Notice)
    assert isinstance(second, ParseError)
    assert isinstance(third, Notice)


@pytest.mark.parametrize(
    "body", [b"", b"a,b\n1,2\n", b"<html><body>Forbidden</body></html>", b'{"message": "Forbidden"}']
)
def test_what_is_no_list_of_topics_is_refused_whole(body: bytes) -> None:
    given = Page(url="file:x.csv", body=body, fetched_at=datetime(2026, 11, 23, tzinfo=UTC))
    with pytest.raises(ParseError, match="heading"):
        list(business_usa.split(given))


@given(st.lists(st.text(max_size=30), max_size=16))
def test_whatever_stands_in_a_row_is_read_or_refused(values: list[str]) -> None:
    try:
        found = readings(page(values))
    except ParseError:
        return  # a sign that no reader of CSV takes
    assert all(isinstance(said, Notice | ParseError) for said in found)
