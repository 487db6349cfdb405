"""An opportunity of the simulator, written as the platform writes one: as a hit of the search, and as a detail.

The one thing to know: keys and types are those of recorded answers (live names); `documented` renames what the
documentation calls otherwise. No recording holds the detail of a forecast: its names follow clients that read one.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.portals.grants_gov_content import Grant
from tests.portals.grants_gov_facets import APPLICANTS, CATEGORIES, INSTRUMENTS

_EASTERN = ZoneInfo("America/New_York")


def hit(grant: Grant, *, today: date, documented: bool = False) -> dict[str, Any]:
    """Write a hit of search2; an unknown closing date is an empty text, and no listing a missing key."""
    agency, listings = ("agencyName", "alnist") if documented else ("agency", "cfdaList")
    return {
        "id": str(grant.id),
        "number": grant.number,
        "title": grant.title,
        "agencyCode": grant.agency,
        agency: grant.agency_name,
        "openDate": f"{grant.posted:%m/%d/%Y}",
        "closeDate": f"{grant.closes:%m/%d/%Y}" if grant.closes and not grant.forecast else "",
        "oppStatus": grant.status(today),
        "docType": "forecast" if grant.forecast else "synopsis",
        listings: [number for number, _ in grant.theme.aln],
    }


def detail(grant: Grant, *, today: date, documented: bool = False) -> dict[str, Any]:
    """Write the data of fetchOpportunity."""
    part = _part(grant, today=today)
    number, listings = ("alnNumber", "alns") if documented else ("cfdaNumber", "cfdas")
    programmes = [
        {"id": 800_000 + grant.index, "opportunityId": grant.id, number: aln, "programTitle": name}
        for aln, name in grant.theme.aln
    ]
    record = {
        "id": grant.id,
        "revision": grant.revision,
        "opportunityNumber": grant.number,
        "opportunityTitle": grant.title,
        "owningAgencyCode": grant.agency,
        "publisherUid": grant.person.lower().replace(" ", "."),
        "listed": "L",
        "opportunityCategory": {"category": "D", "description": "Discretionary"},
    }
    kind = "forecast" if grant.forecast else "synopsis"
    modified = ["revision", "version", "responseDate"] if grant.revision else []
    return {
        **record,
        "modifiedComments": "The closing date was put off" if grant.revision else "",
        "flag2006": "N",
        kind: part,
        **_agencies(grant),
        "synopsisAttachmentFolders": _folders(grant),
        "synopsisDocumentURLs": _documents(grant),
        "synAttChangeComments": _comments(grant, today),
        listings: programmes,
        "opportunityHistoryDetails": _history(grant, record, part, programmes),
        "opportunityPkgs": _packages(grant),
        "closedOpportunityPkgs": [],
        "originalDueDate": _day(grant.closes) if grant.closes else "",
        "originalDueDateDesc": "",
        "synopsisModifiedFields": [] if grant.forecast else modified,
        "forecastModifiedFields": [],
        "errorMessages": [],
        "synPostDateInPast": True,
        "docType": kind,
        "forecastHistCount": 0,
        "synopsisHistCount": grant.revision,
        "assistCompatible": False,
        "assistURL": "",
        "relatedOpps": [],
        "draftMode": "N",
    }


def _part(grant: Grant, *, today: date) -> dict[str, Any]:
    person, desk = f"{grant.person}\nGrants Specialist", f"{grant.person.lower().replace(' ', '.')}@example.org"
    changed = min(today, grant.posted + timedelta(days=7 * grant.revision))
    part = {
        "opportunityId": grant.id,
        "version": grant.revision + 1,
        "agencyCode": grant.agency,
        "agencyName": person,
        "agencyPhone": "202-555-0143",
        "agencyAddressDesc": desk,
        **_agencies(grant),
        "agencyContactPhone": "202-555-0143",
        "agencyContactName": person,
        "agencyContactDesc": desk,
        "agencyContactEmail": grant.mailbox or desk,
        "agencyContactEmailDesc": desk,
        "forecastDesc" if grant.forecast else "synopsisDesc": grant.description,
        **_money(grant),
        "costSharing": grant.index % 3 == 0,
        "applicantEligibilityDesc": grant.who,
        "sendEmail": "Y",
        "createTimeStamp": _day(changed, hour=17),
        "createTimeStampStr": _stamp(changed, hour=17),
        "modComments": "The closing date was put off" if grant.revision else "",
        "createdDate": _day(grant.posted, hour=9),
        "lastUpdatedDate": _day(changed, hour=9),
        "postingDate": _day(grant.posted),
        "postingDateStr": _stamp(grant.posted),
        "archiveDate": _day(grant.archive),
        "archiveDateStr": _stamp(grant.archive),
        "applicantTypes": _coded(grant.theme.applicants, APPLICANTS),
        "fundingInstruments": _coded(grant.theme.instruments, INSTRUMENTS),
        "fundingActivityCategories": _coded(grant.theme.categories, CATEGORIES),
    }
    return part | (_estimates(grant) if grant.forecast else _due(grant))


def _agencies(grant: Grant) -> dict[str, Any]:
    own, top = grant.agency, grant.theme.top
    return {
        "agencyDetails": _agency(own, grant.agency_name, top),
        "topAgencyDetails": _agency(top, grant.theme.top_name, top),
    }


def _agency(code: str, name: str, top: str) -> dict[str, str]:
    return {"code": code.split("-")[-1], "seed": code, "agencyName": name, "agencyCode": code, "topAgencyCode": top}


def _money(grant: Grant) -> dict[str, str]:
    total = grant.ceiling * grant.awards
    amounts = {"awardCeiling": grant.ceiling, "awardFloor": grant.floor, "estimatedFunding": total}
    written = {name: str(amount) if amount or grant.index % 2 else "none" for name, amount in amounts.items()}
    return written | {f"{name}Formatted": f"{amount:,}" for name, amount in amounts.items()}


def _due(grant: Grant) -> dict[str, str]:
    dates = {"responseDate": _day(grant.closes), "responseDateStr": _stamp(grant.closes)} if grant.closes else {}
    return dates | {"responseDateDesc": grant.closes_text}


def _estimates(grant: Grant) -> dict[str, Any]:
    opens = grant.posted + timedelta(days=90)
    days = {"estSynopsisPostingDate": opens, "estAwardDate": opens + timedelta(days=240)}
    days |= {"estApplicationResponseDate": grant.closes + timedelta(days=90)} if grant.closes else {}
    days |= {"estProjectStartDate": opens + timedelta(days=270)}
    written = {name: _day(day) for name, day in days.items()} | {
        f"{name}Str": _stamp(day) for name, day in days.items()
    }
    return written | {"estApplicationResponseDateDesc": "", "fiscalYear": opens.year}


def _folders(grant: Grant) -> list[dict[str, Any]]:
    if not grant.files:
        return []
    made = {"createdDate": _day(grant.posted, hour=10), "lastUpdatedDate": _day(grant.posted, hour=11)}
    files = [
        {
            "id": 10 * grant.id + at,
            "opportunityId": grant.id,
            "mimeType": "application/pdf",
            "fileName": f"{grant.number}.{at}.pdf",
            "fileDescription": "Full Announcement" if at == 0 else f"Amendment {at}",
            "fileLobSize": 900_000 + at,
            "createdDate": made["createdDate"],
            **({"lastUpdatedDate": made["lastUpdatedDate"]} if at == 0 else {}),
            "synopsisAttFolderId": 70_000 + grant.index,
        }
        for at in range(grant.files)
    ]
    folder = {"id": 70_000 + grant.index, "opportunityId": grant.id, "folderType": "Full Announcement", **made}
    return [folder | {"folderName": grant.number, "zipLobSize": 900_000 * grant.files, "synopsisAttachments": files}]


def _documents(grant: Grant) -> list[dict[str, Any]]:
    page = {"docUrl": f"https://programs.example.org/{grant.number}", "description": "Program page"}
    return [{"id": 60_000 + grant.index, **page}] if grant.web_page else []


def _comments(grant: Grant, today: date) -> list[dict[str, Any]]:
    if not grant.revision:
        return []
    about = {"opportunityId": grant.id, "attType": "D", "createdDate": _day(today), "attTypeDesc": "Related Documents"}
    return [{"id": about | {"commentsDate": f"{today:%b %d, %Y}"}, "changeComments": "See the front page."}]


def _history(
    grant: Grant, record: Mapping[str, Any], part: Mapping[str, Any], programmes: Iterable[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    if not grant.revision:
        return []
    old = {"opportunityId": grant.id, "revision": grant.revision - 1}
    act = {"id": old, **old, "version": grant.revision, "actionType": "U", "actionDate": part["lastUpdatedDate"]}
    gone = ("topAgencyDetails", "agencyName", "agencyPhone", "modComments")
    before = {key: value for key, value in part.items() if key not in gone}
    kept = {key: value for key, value in record.items() if key not in ("id", "revision")}
    return [
        {
            "oppHistId": old,
            **old,
            **kept,
            "forecast" if grant.forecast else "synopsis": before | act,
            "cfdas": [{**each, "revision": grant.revision - 1} for each in programmes],
            "synopsisModifiedFields": [],
            "forecastModifiedFields": [],
        }
    ]


def _packages(grant: Grant) -> list[dict[str, Any]]:
    if grant.forecast or not grant.closes:
        return []
    (aln, programme), *_ = grant.theme.aln
    return [
        {
            "id": 290_000 + grant.index,
            "topportunityId": grant.id,
            "familyId": 14,
            "dialect": "XFDL2.2",
            "opportunityNumber": grant.number,
            "opportunityTitle": grant.title,
            "cfdaNumber": aln,
            "openingDate": _day(grant.posted),
            "closingDate": _day(grant.closes),
            "owningAgencyCode": grant.agency,
            **_agencies(grant),
            "programTitle": programme,
            "contactInfo": f"{grant.person}, 202-555-0143",
            "gracePeriod": 0,
            "competitionId": grant.number,
            "competitionTitle": grant.title,
            "electronicRequired": "Y",
            "expectedApplicationCount": 40,
            "openToApplicantType": 1,
            "listed": "L",
            "isMultiProject": "N",
            "extension": "pdf",
            "mimetype": "application/pdf",
            "lastUpdate": _day(grant.posted, hour=10),
            "workspaceCompatibleFlag": "Y",
            "packageId": f"PKG00{290_000 + grant.index}",
            "openingDateStr": _stamp(grant.posted),
            "closingDateStr": _stamp(grant.closes),
        }
    ]


def _coded(codes: Iterable[str], labels: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"id": code, "description": labels[code]} for code in codes]


def _day(day: date, *, hour: int = 0) -> str:
    return datetime(day.year, day.month, day.day, hour, tzinfo=_EASTERN).strftime("%b %d, %Y %I:%M:%S %p %Z")


def _stamp(day: date, *, hour: int = 0) -> str:
    return f"{day}-{hour:02}-00-00"
