"""The same opportunity out of the daily extract, and out of Simpler.Grants.gov."""

import json
from datetime import date
from typing import Any

import pytest

from connectors import grants_gov
from connectors.base.contract import Link, Notice, ParseError
from tests.connectors.grants_gov.records import notice, page, read_all, read_one

_SPACE = "http://apply.grants.gov/system/OpportunityDetail-V1.0"
FIELDS = {
    "OpportunityID": "910001",
    "OpportunityTitle": "Food hubs &amp;amp; kitchens",
    "OpportunityNumber": "SIM-1",
    "OpportunityCategory": "D",
    "FundingInstrumentType": "G",
    "CategoryOfFundingActivity": "AG",
    "CFDANumbers": "10.175",
    "AgencyCode": "USDA-AMS",
    "AgencyName": "Agricultural Marketing Service",
    "PostDate": "11022026",
    "CloseDate": "01152027",
    "LastUpdatedDate": "11032026",
    "AwardCeiling": "250000",
    "AwardFloor": "0",
    "EstimatedTotalProgramFunding": "3000000",
    "Description": "&amp;lt;p&amp;gt;Food hubs of the area.&amp;lt;/p&amp;gt;",
    "CostSharingOrMatchingRequirement": "No",
    "ArchiveDate": "02142027",
    "GrantorContactText": "Robin Marlowe, 202-555-0143",
    "GrantorContactEmail": "robin.marlowe@example.org",
}


def extract(
    *, record: str = "OpportunitySynopsisDetail_1_0", prefix: str = "", root: str = "Grants", **fields: str
) -> bytes:
    p = f"{prefix}:" if prefix else ""
    applicants = "".join(f"<{p}EligibleApplicants>{code}</{p}EligibleApplicants>" for code in ("13", "25"))
    written = "".join(f"<{p}{name}>{text}</{p}{name}>" for name, text in (FIELDS | fields).items())
    space = f"xmlns{':' if prefix else ''}{prefix}='{_SPACE}'"
    return f"<{p}{root} {space}><{p}{record}>{written}{applicants}</{p}{record}></{p}{root}>".encode()


def from_extract(**made: Any) -> Notice:
    read = read_one(extract(**made), role="bulk", content_type="application/xml")
    assert isinstance(read, Notice)
    return read


def test_a_record_of_the_extract_says_the_same_as_the_detail() -> None:
    ours, theirs = from_extract(), notice()
    apart = {"updated_at", "programme", "extra"}  # a day, no name of the programme, another version
    assert ours.model_dump(exclude=apart) == theirs.model_dump(exclude=apart)
    assert ours.updated_at == date(2026, 11, 3)
    assert "Marlowe" not in ours.model_dump_json()


def test_a_record_of_the_extract_set_aside_for_the_admin_holds_no_person() -> None:
    (record,) = grants_gov.split(page(extract(OpportunityTitle=""), role="bulk", content_type="application/xml"))
    said = json.dumps(record.data).lower()
    assert "marlowe" not in said
    assert "0143" not in said


def test_a_prefix_of_the_namespace_changes_nothing() -> None:
    assert from_extract(prefix="ns0") == from_extract()


def test_the_extract_is_known_by_its_root_whatever_its_type() -> None:
    body = b"<?xml version='1.0' encoding='UTF-8'?>\n" + extract(prefix="ns0")
    assert read_one(body, role="bulk", content_type="application/octet-stream") == from_extract()


@pytest.mark.parametrize("word", ["none", "None", "Not Available", ""])
def test_words_for_nothing_are_nothing(word: str) -> None:
    one = from_extract(AwardCeiling=word, AgencyName=word, CloseDate=word)
    assert (one.grant, one.organisation) == (None, None)
    assert [deadline.kind for deadline in one.deadlines] == ["submission", "validity"]


def test_a_forecast_of_the_extract_has_estimates() -> None:
    one = from_extract(
        record="OpportunityForecastDetail_1_0",
        CloseDate="",
        EstimatedSynopsisPostDate="02012027",
        EstimatedSynopsisCloseDate="04022027",
        FiscalYear="2027",
        GrantorContactName="Robin Marlowe",
    )
    assert "stage:planning" in one.codes
    assert (one.opens_at, one.deadlines[0].on, one.deadlines[0].label) == (
        date(2027, 2, 1),
        date(2027, 4, 2),
        "estimated",
    )


@pytest.mark.parametrize(
    "made",
    [{"OpportunityID": ""}, {"CloseDate": "99999999"}, {"record": "FundingOppSynopsis"}, {"OpportunityTitle": ""}],
    ids=str,
)
def test_a_record_of_the_extract_that_cannot_be_read_says_where(made: dict[str, str]) -> None:
    with pytest.raises(ParseError, match=r"Grants\[0\]"):
        read_one(extract(**made), role="bulk", content_type="application/xml")


@pytest.mark.parametrize(
    "body",
    [
        extract(root="Other"),
        b"<Grants><cut",
        b"<!DOCTYPE Grants SYSTEM 'http://apply07.example.org/x.dtd'>" + extract(),
        b"<!DOCTYPE html><html><body>Down</body></html>",
        b"PK\x03\x04",
    ],
    ids=("other root", "cut", "document type", "web page", "zip"),
)
def test_what_is_no_extract_is_a_parse_error(body: bytes) -> None:
    with pytest.raises(ParseError):
        read_all(page(body, role="bulk", content_type="application/xml"))


SIMPLER = {
    "opportunity_id": "00000000-0000-4000-8000-000000910001",
    "legacy_opportunity_id": 910001,
    "opportunity_number": "SIM-1",
    "opportunity_title": "Food hubs & kitchens",
    "agency_code": "USDA-AMS",
    "agency_name": "Agricultural Marketing Service",
    "top_level_agency_name": "Department of Agriculture",
    "category": "discretionary",
    "opportunity_assistance_listings": [
        {"assistance_listing_number": "10.175", "program_title": "Local Food Promotion"}
    ],
    "opportunity_status": "posted",
    "updated_at": "2026-11-03T14:44:28+00:00",
    "summary": {
        "summary_description": "<p>Food hubs of the area.</p>",
        "is_forecast": False,
        "close_date": "2027-01-15",
        "post_date": "2026-11-02",
        "archive_date": "2027-02-14",
        "estimated_total_program_funding": 3000000,
        "award_floor": 0,
        "award_ceiling": 250000,
        "funding_instruments": ["grant"],
        "funding_categories": ["agriculture", "recreation_and_tourism"],
        "applicant_types": ["nonprofits_non_higher_education_without_501c3", "other"],
        "agency_email_address": "robin.marlowe@example.org",
    },
    "attachments": [
        {
            "download_path": "https://files.example.org/a.pdf",
            "file_name": "a.pdf",
            "file_description": "Full Announcement",
        }
    ],
}


def test_a_record_of_simpler_says_the_same_as_the_detail_under_the_same_id() -> None:
    ours, theirs = read_one(SIMPLER), notice()
    apart = {"documents", "extra"}
    assert ours.model_dump(exclude=apart) == theirs.model_dump(exclude=apart)
    assert ours.documents == (Link(url="https://files.example.org/a.pdf", title="Full Announcement"),)
    assert read_one({"data": SIMPLER, "message": "Success", "status_code": 200}) == ours


def test_a_forecast_of_simpler_has_estimates() -> None:
    forecast = {
        "is_forecast": True,
        "close_date": None,
        "forecasted_post_date": "2027-02-01",
        "forecasted_close_date": "2027-04-02",
    }
    summary: dict[str, Any] = {**SIMPLER["summary"], **forecast}  # type: ignore[dict-item]
    one = read_one({**SIMPLER, "summary": summary})
    assert "stage:planning" in one.codes
    assert (one.opens_at, one.deadlines[0].on, one.deadlines[0].kind) == (date(2027, 2, 1), date(2027, 4, 2), "stage")


def test_a_record_of_simpler_without_the_classic_id_is_a_parse_error() -> None:
    with pytest.raises(ParseError, match="legacy_opportunity_id"):
        read_one({**SIMPLER, "legacy_opportunity_id": None})
