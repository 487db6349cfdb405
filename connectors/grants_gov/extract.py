"""Records of the daily XML extract (version 2): the same opportunities, for `worldwidewe parse` and for comparing.

The one thing to know: a part of it is read and never the whole, which has several hundred MB (documents.py sets the
limit). It names no status: what is closed follows from its dates, as everywhere.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from connectors.base.contract import Page, ParseError
from connectors.base.documents import xml_of
from connectors.grants_gov.call import Call, Listing, link, role_mailbox, without_nothing
from connectors.grants_gov.when import closing, day, moment, said

_RECORDS = {"OpportunitySynopsisDetail_1_0": False, "OpportunityForecastDetail_1_0": True}
_PRIVATE = frozenset(
    {"GrantorContactText", "GrantorContactEmailDescription", "GrantorContactName", "GrantorContactPhoneNumber"}
)
_EMPTY = frozenset({"", "None", "none", "Not Available"})


def records(page: Page) -> Iterator[dict[str, Any]]:
    """Cut the file into its records, each a list of texts by element. Raises ParseError for any other XML."""
    root = xml_of(page)
    if _local(root.tag) != "Grants":
        raise ParseError(page.url, "document", f"starts with {root.tag[:80]}, and not with Grants")
    for element in root:
        kind = _local(element.tag)
        if kind not in _RECORDS:
            # Before release 15.2: FundingOppSynopsis, which carries no id.
            yield {"unknown": kind[:80]}
            continue
        found: defaultdict[str, list[str]] = defaultdict(list)
        for child in element:
            text, name = "".join(child.itertext()).strip(), _local(child.tag)
            if name == "GrantorContactEmail":
                text = role_mailbox(text)
            if text not in _EMPTY and name not in _PRIVATE:
                found[name].append(text)
        yield {"forecast": _RECORDS[kind], **found}


def call(data: Mapping[str, Any]) -> Call:
    """Cut a record into a call. Raises ValueError for one of another version, without id, or with a false closing date."""

    def one(name: str) -> str:
        return str(data[name][0]) if data.get(name) else ""

    if "unknown" in data:
        raise ValueError(f"{data['unknown']} is no record of the extract that we read (version 2)")
    if not one("OpportunityID").isdigit():
        raise ValueError("OpportunityID is missing")
    forecast = bool(data["forecast"])
    due = "EstimatedSynopsisCloseDate" if forecast else "CloseDate"
    return Call(
        id=str(int(one("OpportunityID"))),
        title=one("OpportunityTitle"),
        forecast=forecast,
        description=one("Description"),
        posted=moment(one("PostDate")),
        opens=moment(one("EstimatedSynopsisPostDate" if forecast else "PostDate")),
        updated=moment(one("LastUpdatedDate")),
        closes=closing(one(due)),
        closes_text=said(one(f"{due}Explanation")),
        archived=day(one("ArchiveDate")),
        agency_code=one("AgencyCode"),
        agency=one("AgencyName"),
        listings=tuple(Listing(aln=aln) for aln in data.get("CFDANumbers", ())),
        categories=tuple(dict.fromkeys(data.get("CategoryOfFundingActivity", ()))),
        instruments=tuple(dict.fromkeys(data.get("FundingInstrumentType", ()))),
        applicants=tuple(dict.fromkeys(data.get("EligibleApplicants", ()))),
        eligibility_text=one("AdditionalInformationOnEligibility"),
        floor=one("AwardFloor"),
        ceiling=one("AwardCeiling"),
        total=one("EstimatedTotalProgramFunding"),
        documents=tuple(link(one("AdditionalInformationURL"), one("AdditionalInformationText"))),
        mailbox=one("GrantorContactEmail"),
        rest=without_nothing(
            {
                "number": one("OpportunityNumber"),
                "version": one("Version"),
                "category": one("OpportunityCategory"),
                "cost_sharing": {"Yes": True, "No": False}.get(one("CostSharingOrMatchingRequirement")),
                "awards": one("ExpectedNumberOfAwards"),
                "fiscal_year": one("FiscalYear"),
                "estimated_award": _iso(one("EstimatedAwardDate")),
                "estimated_start": _iso(one("EstimatedProjectStartDate")),
                "archive": _iso(one("ArchiveDate")),
            }
        ),
    )


def _iso(text: str) -> str | None:
    read = day(text)
    return read.isoformat() if read else None


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]
