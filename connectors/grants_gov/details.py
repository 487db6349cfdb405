"""The detail of fetchOpportunity, and of the older service that sends the same without an envelope.

The one thing to know: `synopsis.agencyName` is often a person with a role; the agency's name stands in `agencyDetails`.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from connectors.base.contract import Link
from connectors.grants_gov.call import Call, Listing, link, role_mailbox, text_of, without_nothing
from connectors.grants_gov.when import closing, day, moment, said

_ATTACHMENT = "https://apply07.grants.gov/grantsws/rest/opportunity/att/download/"
# Names of persons, telephones, a login: never carried further than this. History repeats it all for old versions.
_PRIVATE = frozenset({"publisherUid", "opportunityHistoryDetails", "opportunityPkgs", "closedOpportunityPkgs"})
_PRIVATE_INSIDE = frozenset(
    {
        *("agencyName", "agencyPhone", "agencyAddressDesc"),
        *("agencyContactName", "agencyContactPhone", "agencyContactDesc", "agencyContactEmailDesc"),
    }
)


def without_private(data: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out what is about persons, before anything else sees the record."""
    kept = {key: value for key, value in data.items() if key not in _PRIVATE}
    for part in ("synopsis", "forecast"):
        if isinstance(kept.get(part), dict):
            inside = {key: value for key, value in kept[part].items() if key not in _PRIVATE_INSIDE}
            kept[part] = inside | {"agencyContactEmail": role_mailbox(inside.get("agencyContactEmail"))}
    return kept


def call(data: Mapping[str, Any]) -> Call:
    """Cut a detail into a call. Raises ValueError for one without id, without its part, or with a date that is none."""
    forecast = _is_forecast(data)
    part = data.get("forecast") if forecast else data.get("synopsis")
    if not isinstance(part, dict):
        raise ValueError("neither a synopsis nor a forecast is there")
    id = text_of(data.get("id") or part.get("opportunityId"))
    if not id.isdigit():
        raise ValueError("the id is missing")
    agency, top = _agency(data, part, "agencyDetails"), _agency(data, part, "topAgencyDetails")
    due = "estApplicationResponseDate" if forecast else "responseDate"
    return Call(
        id=id,
        title=text_of(data.get("opportunityTitle")),
        forecast=forecast,
        description=text_of(part.get("forecastDesc") or part.get("synopsisDesc")),
        posted=_date(part, "postingDate"),
        opens=_date(part, "estSynopsisPostingDate") if forecast else _date(part, "postingDate"),
        updated=_date(part, "lastUpdatedDate") or _date(part, "createTimeStamp"),
        closes=closing(part.get(f"{due}Str"), part.get(due)),
        closes_text=said(part.get(f"{due}Desc")),
        archived=day(part.get("archiveDateStr"), part.get("archiveDate")),
        agency_code=text_of(agency.get("agencyCode") or part.get("agencyCode") or data.get("owningAgencyCode")),
        agency=text_of(agency.get("agencyName")) or text_of(top.get("agencyName")),
        listings=tuple(_listings(data)),
        categories=_ids(part, "fundingActivityCategories"),
        instruments=_ids(part, "fundingInstruments"),
        applicants=_ids(part, "applicantTypes"),
        eligibility_text=text_of(part.get("applicantEligibilityDesc")),
        floor=text_of(part.get("awardFloor")),
        ceiling=text_of(part.get("awardCeiling")),
        total=text_of(part.get("estimatedFunding")),
        documents=tuple(_documents(data, part)),
        mailbox=text_of(part.get("agencyContactEmail")),
        rest=_rest(data, part, top=top),
    )


def _is_forecast(data: Mapping[str, Any]) -> bool:
    # A published forecast keeps its id and may keep its old part: what the record says that it is, decides.
    if data.get("docType") in ("synopsis", "forecast"):
        return bool(data["docType"] == "forecast")
    return not data.get("synopsis") and bool(data.get("forecast"))


def _agency(data: Mapping[str, Any], part: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    return next((each for each in (data.get(name), part.get(name)) if isinstance(each, dict) and each), {})


def _date(part: Mapping[str, Any], name: str) -> Any:
    return moment(part.get(f"{name}Str"), part.get(name))


def _ids(part: Mapping[str, Any], name: str) -> tuple[str, ...]:
    found = (text_of(each.get("id")) for each in _dicts(part.get(name)))
    return tuple(dict.fromkeys(code for code in found if code))


def _dicts(value: Any) -> Iterator[Mapping[str, Any]]:
    yield from (each for each in value if isinstance(each, dict)) if isinstance(value, list) else ()


def _listings(data: Mapping[str, Any]) -> Iterator[Listing]:
    # Live `cfdas[].cfdaNumber`, documented `alns[].alnNumber`; an entry may lack the number.
    for each in (*_dicts(data.get("cfdas")), *_dicts(data.get("alns"))):
        aln = text_of(each.get("cfdaNumber") or each.get("alnNumber"))
        yield Listing(aln=aln or None, name=text_of(each.get("programTitle")) or None)


def _documents(data: Mapping[str, Any], part: Mapping[str, Any]) -> Iterator[Link]:
    yield from link(part.get("fundingDescLinkUrl"), part.get("fundingDescLinkDesc"))
    for folder in _dicts(data.get("synopsisAttachmentFolders")):
        for file in _dicts(folder.get("synopsisAttachments")):
            if (number := text_of(file.get("id"))).isdigit():
                yield from link(_ATTACHMENT + number, file.get("fileDescription"), file.get("fileName"))
    # Empty in the recording; clients read `docUrl` and `description`.
    given = data.get("synopsisDocumentURLs")
    for document in given if isinstance(given, list) else ():
        if isinstance(document, str):
            yield from link(document)
        elif isinstance(document, dict):
            url = next((document[key] for key in ("docUrl", "url", "documentUrl", "link") if document.get(key)), None)
            yield from link(url, document.get("description"), document.get("fileDescription"))


def _rest(data: Mapping[str, Any], part: Mapping[str, Any], *, top: Mapping[str, Any]) -> dict[str, Any]:
    category = data.get("opportunityCategory")
    return without_nothing(
        {
            "number": text_of(data.get("opportunityNumber")),
            "revision": data.get("revision") or None,
            "version": part.get("version") or None,
            "status": text_of(data.get("ost")).lower(),
            "category": text_of(category.get("category")) if isinstance(category, dict) else None,
            "top_agency": text_of(top.get("agencyName")),
            "cost_sharing": part.get("costSharing") if isinstance(part.get("costSharing"), bool) else None,
            "awards": text_of(part.get("numberOfAwards")),
            "fiscal_year": text_of(part.get("fiscalYear")),
            "estimated_award": _iso(part, "estAwardDate"),
            "estimated_start": _iso(part, "estProjectStartDate"),
            "archive": _iso(part, "archiveDate"),
            "first_due": _iso(data, "originalDueDate"),
            "changed": said(part.get("modComments") or data.get("modifiedComments")),
        }
    )


def _iso(part: Mapping[str, Any], name: str) -> str | None:
    read = day(part.get(f"{name}Str"), part.get(name))
    return read.isoformat() if read else None
