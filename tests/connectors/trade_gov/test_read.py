"""One record of trade.gov at a time, of every source behind it."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors import trade_gov
from connectors.base.contract import Notice, Page, ParseError, Reading, Skipped

EVENT: dict[str, Any] = {
    "id": "40001",
    "event_name": "Food fair",
    "start_date": "2027-03-10",
    "end_date": "2027-03-12",
    "venues": [{"city": "Bologna", "country": "IT", "country_name": "Italy", "venue": "Hall 7"}],
    "contacts": [{"last_name": "Marlowe", "email": "robin.marlowe@office.example"}],
    "source": "ITA",
}
LEAD: dict[str, Any] = {
    "id": "L1",
    "title": "Works",
    "description": "<p>Works.</p>",
    "publish_date": "2026-11-01",
    "end_date": "2026-12-20",
    "country": "SN",
    "contact": "Robin Marlowe",
    "source": "STATE",
}


def page(*rows: Any) -> Page:
    body = json.dumps({"total": len(rows), "results": rows}).encode()
    at = datetime(2026, 11, 23, tzinfo=UTC)
    return Page(url="https://data.trade.gov/events/v1/search", body=body, fetched_at=at, params=trade_gov.Params())


def read(row: Any) -> Reading:
    (record,) = trade_gov.split(page(row))
    return trade_gov.read(record, page(row))


def notice(base: dict[str, Any], **changed: Any) -> Notice:
    said = read(base | changed)
    assert isinstance(said, Notice)
    return said


def test_an_event_begins_on_its_deadline_and_ends_on_its_last_day() -> None:
    said = notice(EVENT)
    assert (said.source_id, said.kind, said.countries, said.same_as) == (
        "ITA:40001",
        "event",
        ("IT",),
        ("trade-event-ita:40001",),
    )
    assert [(str(day.on), day.kind, day.label) for day in said.deadlines] == [
        ("2027-03-10", "event", None),
        ("2027-03-12", "event", "last day"),
    ]
    assert said.extra["trade_gov"]["places"] == ["Hall 7, Bologna, Italy"]
    assert "Marlowe" not in said.model_dump_json()


@pytest.mark.parametrize(
    ("changed", "read_as"),
    [
        ({"start_time": "09:30", "time_zone": "Central Standard Time"}, ("09:30", "America/Chicago")),
        ({"start_time": "9:30", "time_zone": "EST"}, ("09:30", "America/New_York")),
        ({"start_time": "00:00", "time_zone": "Pacific Standard Time"}, (None, "America/Los_Angeles")),
        ({"start_time": "09:30", "time_zone": "Moon Time"}, (None, None)),
        ({"start_time": "soon", "time_zone": "Eastern Daylight Time"}, (None, "America/New_York")),
        ({"start_time": "09:30"}, (None, None)),
    ],
)
def test_an_hour_is_told_where_its_clock_is_known(
    changed: dict[str, Any], read_as: tuple[str | None, str | None]
) -> None:
    first = notice(EVENT, **changed).deadlines[0]
    assert (first.at, first.zone) == read_as


@pytest.mark.parametrize(
    ("cost", "told"), [(195.0, "195.0 USD"), ("25.00", "25.00 USD"), (0.0, None), ("0.00", None), (None, None)]
)
def test_what_it_costs_to_come_is_no_budget(cost: Any, told: str | None) -> None:
    said = notice(EVENT, cost=cost)
    assert said.budget is None
    assert said.extra["trade_gov"].get("cost") == told


@pytest.mark.parametrize(
    ("stated", "url"),
    [
        ({"url": "http://bit.ly/1x"}, "https://www.trade.gov/"),
        ({"url": "https://www.bit.ly/1x", "registration_link": None}, "https://www.trade.gov/"),
        ({"url": "www.fair.example"}, "https://www.fair.example"),
        ({"url": "http://1.usa.gov/1x", "registration_url": "https://fair.example/r"}, "https://fair.example/r"),
        ({"url": "javascript:alert(1)"}, "https://www.trade.gov/"),
    ],
)
def test_a_short_link_that_is_dead_is_dropped(stated: dict[str, Any], url: str) -> None:
    assert notice(EVENT, **stated).url == url


def test_the_only_living_address_of_several_is_taken() -> None:
    assert notice(LEAD, urls=["http://bit.ly/1", "https://works.example/1"]).url == "https://works.example/1"


def test_a_lead_of_the_state_department_is_a_project_and_not_a_call_yet() -> None:
    said = notice(
        LEAD, status="Pipeline", project_size=13_500_000, tags="Health; Construction", borrowing_entity="Ministry"
    )
    assert said.budget is not None
    assert (said.budget.total, said.budget.currency) == (Decimal(13_500_000), "USD")
    assert said.codes == ("stage:planning",)
    assert said.keywords == ("Health", "Construction")
    assert said.organisation is not None
    assert said.organisation.name == "Ministry"


def test_a_lead_of_canada_has_a_number_and_codes_of_its_own() -> None:
    row = {key: value for key, value in LEAD.items() if key != "id"}
    said = notice(row, source="CANADA", reference_number="PW-26-1", industry=["N8915: Fruits", "G009E: Clinics"])
    assert (said.source_id, said.same_as) == ("CANADA:PW-26-1", ("trade-lead-canada:PW-26-1",))
    assert (said.codes, said.keywords) == (("gsin:N8915", "gsin:G009E"), ("Fruits", "Clinics"))
    assert said.origin_country == "CA"


def test_a_lead_of_the_united_states_is_read_as_on_sam_gov() -> None:
    said = notice(
        LEAD,
        source="FBO",
        title="S--Laundry",
        industry="812320: Drycleaning",
        classification_code="S",
        competitive_procurement_strategy="Total Small Business",
    )
    assert said.titles["en"].text == "Laundry"
    assert said.codes == ("naics:812320", "psc:S")
    assert said.eligibility is not None
    assert said.eligibility.verdict == "us_only"
    assert notice(LEAD, source="FBO", competitive_procurement_strategy="N/A").eligibility is None


@pytest.mark.parametrize(
    ("low", "high", "read_as"),
    [
        (10_000, 50_000, (Decimal(10_000), Decimal(50_000))),
        (None, "50000.00", (None, Decimal("50000.00"))),
        (0, 50_000, (None, Decimal(50_000))),
        (90_000, 50_000, None),
        (0, 0, None),
        (None, None, None),
    ],
)
def test_a_british_lead_is_worth_between_two_sums(low: Any, high: Any, read_as: Any) -> None:
    budget = notice(LEAD, source="UK", min_contract_value=low, max_contract_value=high, industry="45000000").budget
    assert (budget and (budget.min, budget.max)) == read_as
    assert budget is None or budget.currency == "GBP"


def test_the_deadline_of_dgmarket_hides_in_a_category() -> None:
    hidden = ["type/spn", "CPV/45232450", "CPV/x", "country/sn - Senegal", "deadline/2027/Jan/30", 7]
    said = notice(LEAD, source="MCA", end_date=None, categories=hidden)
    assert [str(day.on) for day in said.deadlines] == ["2027-01-30"]
    assert said.codes == ("cpv:45232450",)
    assert "stage:planning" in notice(LEAD, source="MCA", categories=["type/gpn"]).codes
    with pytest.raises(ParseError, match="no date"):
        read(LEAD | {"source": "MCA", "end_date": None, "categories": ["deadline/2027/Feb/31"]})


def test_a_lead_without_an_end_is_taken_as_open_for_half_a_year_and_says_so() -> None:
    stated, ours = notice(LEAD, end_date=None).deadlines
    assert (stated.certainty, stated.on) == ("not_stated", None)
    assert (str(ours.on), ours.kind, ours.label) == ("2027-04-30", "validity", "not stated; taken as open for 180 days")
    (alone,) = notice(LEAD, end_date=None, publish_date=None).deadlines
    assert alone.certainty == "not_stated"


def test_without_an_id_title_and_day_name_a_lead_wherever_it_stands() -> None:
    row = {key: value for key, value in LEAD.items() if key != "id"}
    first, second = (
        trade_gov.read(record, page(EVENT, row, row)) for record in list(trade_gov.split(page(EVENT, row, row)))[1:]
    )
    assert isinstance(first, Notice)
    assert isinstance(second, Notice)
    assert first.source_id == second.source_id
    assert first.source_id.startswith("STATE:")
    assert notice(row, title="Other works").source_id != first.source_id


def test_a_contract_of_australia_is_left_out_though_it_has_no_title() -> None:
    assert read(LEAD | {"source": "AUSTRALIA", "title": None}) == Skipped(
        "a contract that was given already", "AUSTRALIA:L1"
    )


@pytest.mark.parametrize(
    "row",
    [
        LEAD | {"title": ""},
        LEAD | {"end_date": "soon"},
        EVENT | {"start_date": "2027-02-31"},
        EVENT | {"event_name": None},
        {},
        7,
    ],
)
def test_a_record_that_cannot_be_read_is_refused_alone(row: Any) -> None:
    good, bad = trade_gov.split(page(LEAD, row))
    assert isinstance(trade_gov.read(good, page(LEAD, row)), Notice)
    with pytest.raises(ParseError):
        trade_gov.read(bad, page(LEAD, row))


def test_results_without_their_envelope_are_read_too() -> None:
    bare = Page(
        url="https://x.example/", body=json.dumps([EVENT, LEAD]).encode(), fetched_at=datetime(2026, 11, 23, tzinfo=UTC)
    )
    assert len(list(trade_gov.split(bare))) == 2


def test_a_field_that_nobody_reads_is_heard_of() -> None:
    (record,) = trade_gov.split(page(LEAD | {"newField": 1}))
    assert list(trade_gov.audit(record)) == ["newField"]


def test_the_notice_that_the_terms_ask_for_is_shown_word_for_word() -> None:
    assert trade_gov.ABOUT.rights.attribution == (
        "This product uses the International Trade Administration's Data API but is not endorsed or certified by the "
        "International Trade Administration."
    )


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
_NAMES = sorted({*EVENT, *LEAD, "categories", "industry", "cost", "start_time", "time_zone", "project_size", "urls"})


@given(st.sampled_from([EVENT, LEAD]), st.dictionaries(st.sampled_from(_NAMES), _VALUES, max_size=6))
def test_whatever_a_field_holds_concerns_its_record_alone(base: dict[str, Any], changed: dict[str, Any]) -> None:
    given = page(base | changed)
    for record in trade_gov.split(given):
        trade_gov.identify(record)
        try:
            trade_gov.read(record, given)
        except ParseError:
            continue
