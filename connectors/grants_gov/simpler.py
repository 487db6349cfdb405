"""A record of Simpler.Grants.gov, the newer interface: the same opportunity, joined by `legacy_opportunity_id`.

The one thing to know: it says in words what the classic service says in codes; the words become those codes here, and a
word that the tables do not hold is left out. The connector does not ask that interface; it reads what is saved from it.
"""

from collections.abc import Mapping
from typing import Any

from connectors.grants_gov.call import Call, Listing, link, role_mailbox, text_of, without_nothing
from connectors.grants_gov.when import closing, day, moment, said

_APPLICANTS = {
    "state_governments": "00",
    "county_governments": "01",
    "city_or_township_governments": "02",
    "special_district_governments": "04",
    "independent_school_districts": "05",
    "public_and_state_institutions_of_higher_education": "06",
    "federally_recognized_native_american_tribal_governments": "07",
    "public_and_indian_housing_authorities": "08",
    "other_native_american_tribal_organizations": "11",
    "nonprofits_non_higher_education_with_501c3": "12",
    "nonprofits_non_higher_education_without_501c3": "13",
    "private_institutions_of_higher_education": "20",
    "individuals": "21",
    "for_profit_organizations_other_than_small_businesses": "22",
    "small_businesses": "23",
    "other": "25",
    "unrestricted": "99",
}
_INSTRUMENTS = {"cooperative_agreement": "CA", "grant": "G", "procurement_contract": "PC", "other": "O"}
# Two newer categories (critical minerals, recreation and tourism) have no classic code.
_CATEGORIES = {
    "recovery_act": "RA",
    "agriculture": "AG",
    "arts": "AR",
    "business_and_commerce": "BC",
    "community_development": "CD",
    "consumer_protection": "CP",
    "disaster_prevention_and_relief": "DPR",
    "education": "ED",
    "employment_labor_and_training": "ELT",
    "energy": "EN",
    "environment": "ENV",
    "food_and_nutrition": "FN",
    "health": "HL",
    "housing": "HO",
    "humanities": "HU",
    "infrastructure_investment_and_jobs_act": "IIJ",
    "information_and_statistics": "IS",
    "income_security_and_social_services": "ISS",
    "law_justice_and_legal_services": "LJL",
    "natural_resources": "NR",
    "opportunity_zone_benefits": "OZ",
    "regional_development": "RD",
    "science_technology_and_other_research_and_development": "ST",
    "transportation": "T",
    "affordable_care_act": "ACA",
    "other": "O",
}
_CATEGORY_OF_CALL = {"discretionary": "D", "mandatory": "M", "continuation": "C", "earmark": "E", "other": "O"}


def without_private(data: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out what is about persons, before anything else sees the record."""
    summary = data.get("summary")
    if not isinstance(summary, dict):
        return dict(data)
    told = {key: value for key, value in summary.items() if not key.startswith("agency_contact")}
    mailbox = role_mailbox(told.get("agency_email_address"))
    return {**data, "summary": told | {"agency_email_address": mailbox, "agency_email_address_description": None}}


def call(data: Mapping[str, Any]) -> Call:
    """Cut a record into a call. Raises ValueError for one without the classic id or without its summary."""
    summary = data.get("summary")
    id = text_of(data.get("legacy_opportunity_id"))
    if not id.isdigit() or not isinstance(summary, dict):
        raise ValueError("legacy_opportunity_id or summary is missing")
    forecast = summary.get("is_forecast") is True
    posted = moment(summary.get("post_date"))
    listings = data.get("opportunity_assistance_listings") or []
    return Call(
        id=id,
        title=text_of(data.get("opportunity_title")),
        forecast=forecast,
        description=text_of(summary.get("summary_description")),
        posted=posted,
        opens=moment(summary.get("forecasted_post_date")) if forecast else posted,
        updated=moment(data.get("updated_at"), summary.get("updated_at")),
        closes=closing(summary.get("forecasted_close_date" if forecast else "close_date")),
        closes_text=said(summary.get(f"{'forecasted_' if forecast else ''}close_date_description")),
        archived=day(summary.get("archive_date")),
        agency_code=text_of(data.get("agency_code")),
        agency=text_of(data.get("agency_name")) or text_of(data.get("top_level_agency_name")),
        listings=tuple(
            Listing(aln=each.get("assistance_listing_number"), name=each.get("program_title")) for each in listings
        ),
        categories=_coded(summary, "funding_categories", _CATEGORIES),
        instruments=_coded(summary, "funding_instruments", _INSTRUMENTS),
        applicants=_coded(summary, "applicant_types", _APPLICANTS),
        eligibility_text=text_of(summary.get("applicant_eligibility_description")),
        floor=text_of(summary.get("award_floor")),
        ceiling=text_of(summary.get("award_ceiling")),
        total=text_of(summary.get("estimated_total_program_funding")),
        documents=(
            *link(summary.get("additional_info_url"), summary.get("additional_info_url_description")),
            *(found for each in data.get("attachments") or [] for found in _attachment(each)),
        ),
        mailbox=text_of(summary.get("agency_email_address")),
        rest=without_nothing(
            {
                "number": text_of(data.get("opportunity_number")),
                "version": summary.get("version_number"),
                "status": text_of(data.get("opportunity_status")),
                "category": _CATEGORY_OF_CALL.get(text_of(data.get("category"))),
                "top_agency": text_of(data.get("top_level_agency_name")),
                "cost_sharing": summary.get("is_cost_sharing"),
                "awards": text_of(summary.get("expected_number_of_awards")),
                "fiscal_year": text_of(summary.get("fiscal_year")),
                "simpler_id": text_of(data.get("opportunity_id")),
            }
        ),
    )


def _coded(summary: Mapping[str, Any], name: str, table: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(table[word] for word in summary.get(name) or [] if word in table)


def _attachment(each: Mapping[str, Any]) -> Any:
    return link(each.get("download_path"), each.get("file_description"), each.get("file_name"))
