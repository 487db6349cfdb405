"""What a detail says, and what is made of it."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from connectors.base.contract import Body, Contact, Link, Money, Notice, Programme, Skipped
from tests.connectors.grants_gov.records import (
    detail,
    enveloped,
    forecast,
    notice,
    read_one,
)


def test_a_detail_says_what_members_need() -> None:
    one = notice()
    assert (one.source_id, one.url) == ("910001", "https://www.grants.gov/search-results-detail/910001")
    assert one.titles["en"].text == "Food hubs & kitchens"
    assert (one.kind, one.lang, one.summary) == ("grant_call", "en", "Food hubs of the area.")
    assert (one.published_at, one.opens_at) == (date(2026, 11, 2), date(2026, 11, 2))
    assert one.updated_at == datetime(2026, 11, 3, 14, 44, 28, tzinfo=UTC)
    assert (one.countries, one.origin_country) == (("US",), "US")
    assert one.codes == ("aln:10.175", "grants-category:AG", "grants-instrument:G")
    assert one.organisation == Body(name="Agricultural Marketing Service", country="US")
    assert one.programme == Programme(code="10.175", name="Local Food Promotion")
    assert one.budget == Money(total=Decimal(3_000_000), currency="USD", raw="3000000")
    assert one.grant == Money(max=Decimal(250_000), currency="USD", raw="ceiling 250000")
    assert one.eligibility is not None
    assert (one.eligibility.verdict, one.eligibility.codes) == ("not_stated", ("grants:13", "grants:25"))
    assert one.extra["grants_gov"]["top_agency"] == "Department of Agriculture"


def test_the_envelope_and_the_bare_data_of_the_older_service_are_read_alike() -> None:
    assert read_one(detail()) == read_one(enveloped(detail()))


def test_documented_names_of_the_listings_are_read_like_the_live_ones_and_one_without_a_number_too() -> None:
    documented = notice(cfdas=None, alns=[{"alnNumber": "10.175", "programTitle": "Local Food Promotion"}])
    assert documented == notice()
    several = notice(cfdas=[{"programTitle": "No number"}, {"cfdaNumber": "10.176"}])
    assert several.codes[0] == "aln:10.176"
    assert several.programme == Programme(name="No number")
    assert several.extra["grants_gov"]["more_programmes"] == [{"aln": "10.176"}]


def test_no_person_login_or_telephone_leaves_the_record() -> None:
    told = notice(
        part={
            "agencyPhone": "202-555-0143",
            "agencyContactName": "Robin Marlowe",
            "synopsisDesc": "<p>Food hubs. Contact: Robin Marlowe, 202-555-0143, robin.marlowe@example.org</p>",
            "applicantEligibilityDesc": "Ask robin.marlowe@example.org",
        }
    ).model_dump_json()
    assert "marlowe" not in told.lower()
    assert "0143" not in told


def test_a_mailbox_of_an_office_is_a_channel_and_that_of_a_person_is_none() -> None:
    url = "https://www.grants.gov/search-results-detail/910001"
    assert notice().contact == Contact(url=url)
    office = notice(part={"agencyContactEmail": "grants@ams.example.org"})
    assert office.contact == Contact(url=url, text="grants@ams.example.org")


def test_the_organisation_is_the_agency_or_the_department_above_it_and_never_the_person() -> None:
    above = notice(agencyDetails=None)
    assert above.organisation == Body(name="Department of Agriculture", country="US")
    assert notice(agencyDetails=None, topAgencyDetails=None).organisation is None


@pytest.mark.parametrize(
    ("code", "agency", "country"),
    [
        ("DOS-IDN", "U.S. Mission to Indonesia", "ID"),
        ("DOS-ITA", "U.S. Mission to Italy", "IT"),
        ("DOS-DRL", "Bureau of Democracy Human Rights and Labor", "US"),
        ("DOS-PER", "Bureau of Personnel", "US"),
        ("DOS", "Department of State", "US"),
        ("USAID-KEN", "Kenya USAID-Nairobi", "US"),
        ("DOS-IDN-JKT", "U.S. Mission to Indonesia", "US"),
    ],
)
def test_a_grant_of_a_mission_works_in_its_country(code: str, agency: str, country: str) -> None:
    one = notice(agencyDetails={"agencyCode": code, "agencyName": agency})
    assert (one.countries, one.origin_country) == ((country,), "US")


@pytest.mark.parametrize(
    ("instruments", "kind"), [(["PC"], "tender"), (["PC", "G"], "grant_call"), (["CA"], "grant_call")]
)
def test_only_a_procurement_contract_alone_is_a_tender(instruments: list[str], kind: str) -> None:
    one = notice(part={"fundingInstruments": [{"id": code, "description": "…"} for code in instruments]})
    assert one.kind == kind


def test_the_instrument_cooperative_agreement_leaves_a_code_and_no_word() -> None:
    one = notice(part={"fundingInstruments": [{"id": "CA", "description": "Cooperative Agreement"}]})
    assert "grants-instrument:CA" in one.codes
    assert one.keywords == ()
    assert "cooperative" not in one.model_dump_json().lower()


def test_a_title_with_a_false_friend_stays_as_the_agency_wrote_it() -> None:
    one = notice(opportunityTitle="Cooperative Ecosystem Studies Unit &ndash; otters")
    assert one.titles["en"].text == "Cooperative Ecosystem Studies Unit – otters"


@pytest.mark.parametrize(
    ("floor", "ceiling", "expected"),
    [
        ("none", "none", None),
        ("0", "0", None),
        ("", None, None),
        (
            "1,000",
            "250000",
            Money(min=Decimal(1_000), max=Decimal(250_000), currency="USD", raw="floor 1,000; ceiling 250000"),
        ),
        ("500", "0", Money(min=Decimal(500), currency="USD", raw="floor 500")),
        ("900", "100", Money(currency="USD", raw="floor 900; ceiling 100")),
        ("see text", "100", Money(max=Decimal(100), currency="USD", raw="ceiling 100")),
    ],
)
def test_what_one_applicant_may_get_has_two_bounds_and_nought_is_none(
    floor: str, ceiling: str | None, expected: Money | None
) -> None:
    assert notice(part={"awardFloor": floor, "awardCeiling": ceiling}).grant == expected


def test_documents_are_attachments_pages_and_the_link_of_the_agency() -> None:
    files = [{"id": 77, "fileName": "a.pdf", "fileDescription": "Full Announcement"}, {"id": 78, "fileName": "b.pdf"}]
    one = notice(
        synopsisAttachmentFolders=[{"synopsisAttachments": files}],
        synopsisDocumentURLs=[
            {"docUrl": "https://docs.example.org/1", "description": "Forms"},
            {"docUrl": "javascript:x"},
        ],
        part={
            "fundingDescLinkUrl": "https://ams.example.org/call",
            "fundingDescLinkDesc": "https://ams.example.org/call",
        },
    )
    download = "https://apply07.grants.gov/grantsws/rest/opportunity/att/download/"
    assert one.documents == (
        Link(url="https://ams.example.org/call"),
        Link(url=f"{download}77", title="Full Announcement"),
        Link(url=f"{download}78", title="b.pdf"),
        Link(url="https://docs.example.org/1", title="Forms"),
    )


def test_a_long_description_keeps_its_html_and_an_escaped_one_is_unescaped() -> None:
    long = "<ul>" + "<li>help with bylaws &amp; accounts</li>" * 30 + "</ul><script>x()</script>"
    one = notice(part={"synopsisDesc": long})
    assert one.summary is not None
    assert one.summary.startswith("help with bylaws & accounts help")
    assert len(one.summary) <= 500
    assert one.body is not None
    assert one.body.startswith("<ul><li>help with bylaws &amp; accounts</li>")
    assert "script" not in one.body
    assert notice(part={"synopsisDesc": "&lt;p&gt;Milk &amp;amp; cheese&lt;/p&gt;"}).summary == "Milk & cheese"
    assert (
        notice(part={"synopsisDesc": "Less than 5% &lt; 10%\nsecond line"}).summary == "Less than 5% < 10% second line"
    )


def test_a_forecast_is_announced_and_its_dates_are_estimates() -> None:
    one = notice(enveloped(forecast()))
    assert "stage:planning" in one.codes
    assert (one.published_at, one.opens_at, one.summary) == (date(2026, 11, 2), date(2027, 2, 1), "To come.")
    (estimate,) = one.deadlines
    assert (estimate.on, estimate.at, estimate.kind, estimate.label) == (date(2027, 4, 2), None, "stage", "estimated")
    assert one.extra["grants_gov"]["fiscal_year"] == "2027"


def test_a_forecast_and_its_later_synopsis_are_one_notice() -> None:
    before, after = notice(enveloped(forecast())), notice()
    assert before.source_id == after.source_id
    assert "stage:planning" not in after.codes
    both = notice(forecast={"opportunityId": 910001, "forecastDesc": "old"})
    assert both == after
    still = forecast() | {"synopsis": {"opportunityId": 910001, "synopsisDesc": "a draft"}}
    assert notice(enveloped(still)) == before


def test_a_test_posting_of_an_agency_is_left_out_by_name() -> None:
    assert read_one(enveloped(detail(opportunityTitle="This is a test. Please DO NOT submit."))) == Skipped(
        "a test posting"
    )


def test_a_notice_travels_as_json() -> None:
    one = notice()
    assert Notice.model_validate_json(one.model_dump_json()) == one
