"""The fields that Grants.gov is known to send: what is read, and what is left out on purpose.

The one thing to know: a name that stands here nowhere is a change of the platform, and is noted by the visit. Names are
those of recordings, documentation, the schema of the extract and, for forecasts, of clients that read them.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from connectors.base.contract import Record

_HIT = frozenset(
    {
        *(
            "id",
            "number",
            "title",
            "agencyCode",
            "agency",
            "agencyName",
            "openDate",
            "closeDate",
            "oppStatus",
            "docType",
        ),
        *("cfdaList", "alnist", "alnlist"),
    }
)
_DETAIL = frozenset(
    {
        *("id", "revision", "opportunityNumber", "opportunityTitle", "owningAgencyCode", "opportunityCategory", "ost"),
        *("synopsis", "forecast", "agencyDetails", "topAgencyDetails", "cfdas", "alns", "docType", "errorMessages"),
        *("synopsisAttachmentFolders", "synopsisDocumentURLs", "modifiedComments"),
        *("originalDueDate", "originalDueDateStr"),
        # Left out: flags of the software, and what was said before.
        *("listed", "flag2006", "synAttChangeComments", "originalDueDateDesc", "synopsisModifiedFields", "draftMode"),
        *("forecastModifiedFields", "synPostDateInPast", "forecastHistCount", "synopsisHistCount", "assistCompatible"),
        *("assistURL", "relatedOpps"),
    }
)
_DATES = (
    *("postingDate", "responseDate", "archiveDate", "createTimeStamp", "lastUpdatedDate", "createdDate"),
    *("estSynopsisPostingDate", "estApplicationResponseDate", "estAwardDate", "estProjectStartDate"),
)
_AMOUNTS = ("awardCeiling", "awardFloor", "estimatedFunding")
_PART = frozenset(
    {
        *("opportunityId", "version", "agencyCode", "agencyContactEmail", "agencyDetails", "topAgencyDetails"),
        *("synopsisDesc", "forecastDesc", "responseDateDesc", "estApplicationResponseDateDesc", "fiscalYear"),
        *("fundingDescLinkUrl", "fundingDescLinkDesc", "costSharing", "numberOfAwards", "applicantEligibilityDesc"),
        *("applicantTypes", "fundingInstruments", "fundingActivityCategories", "modComments"),
        *_DATES,
        *(f"{name}Str" for name in _DATES),
        *_AMOUNTS,
        # Left out: how a mail is sent, amounts once more, the explanation of a category called "other".
        *("sendEmail", "fundingActivityCategoryDesc", *(f"{name}Formatted" for name in _AMOUNTS)),
    }
)
_EXTRACT = frozenset(
    {
        *("forecast", "unknown", "OpportunityID", "OpportunityTitle", "OpportunityNumber", "OpportunityCategory"),
        *("FundingInstrumentType", "CategoryOfFundingActivity", "CFDANumbers", "EligibleApplicants", "AgencyCode"),
        *("AdditionalInformationOnEligibility", "AgencyName", "PostDate", "CloseDate", "CloseDateExplanation"),
        *("LastUpdatedDate", "AwardCeiling", "AwardFloor", "EstimatedTotalProgramFunding", "ExpectedNumberOfAwards"),
        *("Description", "Version", "CostSharingOrMatchingRequirement", "ArchiveDate", "AdditionalInformationURL"),
        *("AdditionalInformationText", "GrantorContactEmail", "EstimatedSynopsisPostDate", "FiscalYear"),
        *("EstimatedSynopsisCloseDate", "EstimatedSynopsisCloseDateExplanation", "EstimatedAwardDate"),
        "EstimatedProjectStartDate",
        # Left out: explanations of a category called "other".
        *("OpportunityCategoryExplanation", "CategoryExplanation"),
    }
)


def audit(record: Record) -> Iterator[str]:
    """Name the fields of a record that nobody here knows: `synopsis.newField`."""
    shape, data = next(iter(record.data.items()))
    if not isinstance(data, Mapping):
        return
    if shape == "hit":
        yield from _unknown(data, _HIT)
    elif shape == "extract":
        yield from _unknown(data, _EXTRACT)
    elif shape == "detail":
        yield from _unknown(data, _DETAIL)
        for part in ("synopsis", "forecast"):
            yield from (f"{part}.{name}" for name in _unknown(data.get(part), _PART))


def _unknown(data: Any, known: frozenset[str]) -> list[str]:
    return sorted(map(str, data.keys() - known)) if isinstance(data, Mapping) else []
