"""Tenders of institutions, agencies and delegations."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from connectors import eu_funding
from connectors.base.contract import Body, Deadline, Link, Money, Skipped, Title
from tests.connectors.eu_funding.rows import notice, page, read, tender

UUID = "0f6b1f0e-5a0f-4c3a-9a55-0d2b7a1c9e10"


def prior(**changes: Any) -> dict[str, Any]:
    silent = {"deadlineDate": None, "status": "31094501", "reference": f"{UUID}-PIN"}
    return tender(**silent | changes)


def test_the_wall_clock_is_that_of_the_tender_whatever_offset_is_stamped_on_it() -> None:
    assert notice(tender()).deadlines == (Deadline(on=date(2026, 12, 18), at="12:00", zone="Europe/Athens"),)
    assert notice(tender(cftTimezone=None)).deadlines == (Deadline(on=date(2026, 12, 18), at="12:00"),)
    midnight = notice(tender(deadlineDate="2026-12-18T00:00:00.000+0000"))
    assert midnight.deadlines == (Deadline(on=date(2026, 12, 18), zone="Europe/Athens"),)
    offset = notice(tender(deadlineDate="2026-12-18T12:00:00.000+0100"))
    assert offset.deadlines == (Deadline(on=date(2026, 12, 18), at="12:00", zone="Europe/Brussels"),)


def test_a_tender_is_known_by_its_reference_and_shares_the_number_of_ted() -> None:
    one = notice(tender())
    assert one.source_id == f"{UUID}-CN"
    assert one.same_as == (f"sedia:{UUID}-CN", "ted:612345-2026")
    assert one.url.endswith(f"/opportunities/tender-details/{UUID}-CN")
    assert one.links == (Link(url="https://ted.europa.eu/en/notice/-/detail/612345-2026", title="TED"),)
    assert notice(tender(cftContractNoticeLink="[]")).same_as == (f"sedia:{UUID}-CN",)


def test_the_buyer_is_the_leading_authority_and_the_language_of_the_text_is_left_open() -> None:
    one = notice(tender(description="Restauration\n\tdu midi.\n\nContact: Pia Neri"))
    assert one.organisation == Body(name="Agency for Rural Heritage", url="https://agency.example.org/")
    assert one.titles == {"und": Title(text="Restauration collective du siège")}
    assert (one.lang, one.summary) == (None, "Restauration du midi. Contact: […]")
    assert one.budget == Money(total=Decimal(1800000), currency="EUR", raw="1800000 EUR")


def test_places_trades_and_zones_keep_what_no_table_knows() -> None:
    lots = {
        "procurementProjectLots": [
            {
                "benefittingZones": [{"ccmCode": "BJ", "ccmType": "Country", "ccmInternalId": "20009999"}],
                "procurementProject": {
                    "mainCommodityClassification": {
                        "itemClassificationCode": "55520000",
                        "itemClassificationCodeListName": "cpv",
                    }
                },
            }
        ]
    }
    one = notice(
        tender(
            placesOfDeliveryOrPerformance=["EL30", "LUX", "IT"],
            geographicalZones=["20009999", "20000825", "31085511"],
            mainCpv="55510000",
            mainCpvCode='{"mainCode":"55510000-8"}',
            lots=json.dumps(lots),
        )
    )
    assert one.countries == ("GR", "LU", "IT", "BJ", "AL")
    assert one.regions == ("nuts:EL30",)
    assert one.codes == ("cpv:55510000", "cpv:55520000", "sedia-zone:31085511")


def test_prior_information_announces_and_states_no_deadline() -> None:
    one = notice(prior())
    assert (one.deadlines, one.codes) == ((), ("stage:planning",))
    assert notice(prior(deadlineDate="2026-12-18T12:00:00.000+0000")).codes == ()
    assert notice(tender(deadlineDate=None)).deadlines == (Deadline(certainty="not_stated"),)
    registration = notice(prior(reference=f"{UUID}-EXA", cftEXARegistrationDeadline="2026-12-01T12:00:00.000+0000"))
    assert [(d.kind, d.at) for d in registration.deadlines] == [("registration", "12:00")]


@pytest.mark.parametrize(("published", "kept"), [("2025-11-22", False), ("2025-11-23", True), ("2023-11-30", False)])
def test_prior_information_older_than_a_year_when_the_page_was_fetched_is_left_out(published: str, kept: bool) -> None:
    reading = read(prior(cftPublicationDateEForm=f"{published}T00:00:00"))
    assert (reading != Skipped("prior information older than a year")) is kept


def test_prior_information_gives_way_to_its_contract_notice_on_the_same_page() -> None:
    whole = page(prior(), tender(), prior(reference="9a9a1f0e-5a0f-4c3a-9a55-0d2b7a1c9e10-PIN"))
    found = [eu_funding.read(record, whole) for record in eu_funding.split(whole)]
    assert [isinstance(each, Skipped) for each in found] == [True, False, False]
    assert found[0] == Skipped("prior information, and the contract notice is there")
