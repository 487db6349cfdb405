"""Hits are cards; and an answer that is none is told apart from one without content."""

import json
from datetime import date
from typing import Any

import pytest

from connectors import grants_gov
from connectors.base.contract import Page, ParseError, Record, Seen, Skipped
from tests.connectors.grants_gov.records import detail, enveloped, hit, listing, page, read_all, read_one


def card(**changed: Any) -> Seen:
    (seen,) = read_all(page(listing(hit(**changed)), role="listing"))
    assert isinstance(seen, Seen)
    return seen


def test_a_hit_is_a_card_because_its_truth_stands_in_the_detail() -> None:
    assert card().source_id == "910001"
    assert card() == card()


@pytest.mark.parametrize(
    "changed",
    [
        {"title": "Food hubs, second call"},
        {"closeDate": "02/15/2027"},
        {"openDate": "11/03/2026"},
        {"oppStatus": "forecasted"},
        {"docType": "forecast"},
        {"agency": "Rural Housing Service"},
        {"cfdaList": ["10.175", "10.176"]},
        {"number": "SIM-2"},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_a_card_changes_with_everything_that_its_hit_says(changed: dict[str, Any]) -> None:
    assert card(**changed).fingerprint != card().fingerprint


def test_the_documented_names_make_the_same_card_as_the_live_ones() -> None:
    for name in ("alnist", "alnlist"):
        renamed: dict[str, Any] = {"agency": None, "agencyName": "Agricultural Marketing Service", "cfdaList": None}
        assert card(**renamed, **{name: ["10.175"]}) == card()


def test_a_hit_of_the_older_service_without_status_and_agency_code_is_a_card_too() -> None:
    old = {
        "hitCount": 1,
        "oppHits": [hit(oppStatus=None, docType=None, agencyCode=None, cfdaList=None)],
        "errorMsgs": [],
    }
    (seen,) = read_all(page(old, role="listing"))
    assert isinstance(seen, Seen)


def test_a_card_says_by_itself_what_its_hit_does_and_nothing_of_who_may_apply() -> None:
    says = card(title="Food hubs &amp; kitchens").says
    assert says is not None
    assert (says.source_id, says.titles["en"].text) == ("910001", "Food hubs & kitchens")
    assert (says.published_at, says.deadlines[0].on) == (date(2026, 11, 2), date(2027, 1, 15))
    assert says.codes == ("aln:10.175",)
    assert says.organisation is not None
    assert says.organisation.name == "Agricultural Marketing Service"
    assert (says.eligibility, says.summary, says.grant) == (None, None, None)


def test_the_card_of_a_forecast_says_that_it_is_one() -> None:
    says = card(oppStatus="forecasted", docType="forecast", closeDate="").says
    assert says is not None
    assert (says.codes, says.deadlines) == (("aln:10.175", "stage:planning"), ())
    assert (says.published_at, says.opens_at) == (date(2026, 11, 2), None)


def test_a_hit_whose_words_cannot_be_read_is_a_card_all_the_same() -> None:
    assert card(title="").says is None
    unread = card(closeDate="soon").says
    assert unread is not None
    assert [deadline.certainty for deadline in unread.deadlines] == ["not_stated"]


def test_a_hit_without_an_id_concerns_itself_alone() -> None:
    records = page(listing(hit(id=None)), role="listing")
    with pytest.raises(ParseError, match=r"oppHits\[0\]: the hit has no id"):
        read_all(records)


@pytest.mark.parametrize(
    "answer",
    [
        enveloped(None),
        enveloped({}),
        enveloped({"id": None, "cfdas": [], "errorMessages": []}),
        enveloped({}, code=3, message="Opportunity 910001 not found"),
    ],
)
def test_an_envelope_without_content_is_left_out_by_name_and_withdraws_nothing(answer: dict[str, Any]) -> None:
    assert read_one(answer, asked={"opportunityId": 910001}) == Skipped("no content came for this id")
    assert read_one(answer) == Skipped("no content came for this id")


@pytest.mark.parametrize(
    "answer",
    [
        b"<html><body>Maintenance</body></html>",
        b"",
        b"[]",
        {},
        {"message": "Forbidden"},
        enveloped(None, code=3, message="Error in fetch"),
        enveloped({"errorMessages": ["Error in fetch"]}),
        enveloped({"id": 910001, "opportunityTitle": "No part"}),
        enveloped(detail(id=None, part={"opportunityId": None})),
        enveloped(detail(opportunityTitle=" ")),
        enveloped(detail(part={"responseDateStr": "soon", "responseDate": "soon"})),
        enveloped([1]),
    ],
    ids=range(12),
)
def test_what_is_no_detail_is_a_parse_error(answer: Any) -> None:
    with pytest.raises(ParseError):
        read_one(answer, asked={"opportunityId": 910001})


@pytest.mark.parametrize(
    "answer",
    [
        b"<html><body>Maintenance</body></html>",
        {"message": "Forbidden"},
        enveloped(None, code=3, message="Error in search"),
        enveloped({"hitCount": 1, "oppHits": None}),
        enveloped(None),
        enveloped({}),
        enveloped({"hitCount": None, "oppHits": []}),
        enveloped({"hitCount": 0, "oppHits": [], "errorMsgs": ["Error in search"]}),
    ],
    ids=range(8),
)
def test_what_is_no_list_is_a_parse_error(answer: Any) -> None:
    with pytest.raises(ParseError):
        read_all(page(answer, role="listing"))


def test_an_error_is_told_in_the_words_of_the_platform() -> None:
    with pytest.raises(ParseError, match=r"Grants\.gov says Error in fetch \(errorcode 3\)"):
        read_one(enveloped(None, code=3, message="Error in fetch"))


def test_a_record_set_aside_for_the_admin_holds_no_person() -> None:
    unreadable = detail(opportunityTitle="", part={"agencyContactName": "Robin Marlowe", "agencyPhone": "202-555-0143"})
    (record,) = grants_gov.split(page(enveloped(unreadable)))
    said = json.dumps(record.data).lower()
    assert "marlowe" not in said
    assert "0143" not in said


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (page(listing(hit(title="")), role="listing"), "910001"),
        (page(enveloped(detail(opportunityTitle=""))), "910001"),
        (page(enveloped(detail(id=None, opportunityTitle=""))), "910001"),
        (page(enveloped({}), asked={"opportunityId": 910001}), "910001"),
        (page(enveloped({})), None),
        (page(listing(hit(id=None)), role="listing"), None),
        (page({"data": {"legacy_opportunity_id": 910001, "summary": None}}), "910001"),
        (page(b"<Grants><OpportunitySynopsisDetail_1_0><OpportunityID>00910001</OpportunityID>"
              b"</OpportunitySynopsisDetail_1_0></Grants>", content_type="text/xml"), "910001"),
        (page(b"<Grants><FundingOppSynopsis/></Grants>", content_type="text/xml"), None),
    ],
    ids=range(9),
)  # fmt: skip
def test_a_record_that_cannot_be_read_is_named_all_the_same(one: Page, expected: str | None) -> None:
    (record,) = grants_gov.split(one)
    assert grants_gov.identify(record) == expected


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        {},
        "x",
        {"hit": None},
        {"hit": []},
        {"detail": {"id": [1], "synopsis": 3}},
        {"extract": {"OpportunityID": [None]}},
    ],
)
def test_naming_a_record_never_fails(data: Any) -> None:
    assert grants_gov.identify(Record("data", data)) is None
