"""Answers of Grants.gov made for one test: a sound one, with what the test changes."""

import json
from datetime import UTC, datetime
from typing import Any

from connectors import grants_gov
from connectors.base.contract import Gone, Notice, Organisation, Page, Request, Seen, Skipped, Translation

FETCHED_AT = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
Reading = Notice | Seen | Gone | Skipped | Organisation | Translation


def page(answer: Any, *, role: str = "detail", asked: Any = None, content_type: str = "application/json") -> Page:
    body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
    url = f"https://api.grants.gov/v1/api/{'search2' if role == 'listing' else 'fetchOpportunity'}"
    request = Request("POST", url, json.dumps(asked).encode()) if asked is not None else None
    headers = {"content-type": content_type}
    return Page(url=url, body=body, fetched_at=FETCHED_AT, role=role, headers=headers, request=request)


def enveloped(data: Any, *, code: int = 0, message: str = "Webservice Succeeds") -> dict[str, Any]:
    return {"errorcode": code, "msg": message, "token": "none", "data": data}


def hit(**changed: Any) -> dict[str, Any]:
    sound = {
        "id": "910001",
        "number": "SIM-1",
        "title": "Food hubs",
        "agencyCode": "USDA-AMS",
        "agency": "Agricultural Marketing Service",
        "openDate": "11/02/2026",
        "closeDate": "01/15/2027",
        "oppStatus": "posted",
        "docType": "synopsis",
        "cfdaList": ["10.175"],
    }
    return {key: value for key, value in (sound | changed).items() if value is not None}


def listing(*hits: Any, total: int | None = None) -> dict[str, Any]:
    return enveloped({"hitCount": len(hits) if total is None else total, "startRecord": 0, "oppHits": list(hits)})


def synopsis(**changed: Any) -> dict[str, Any]:
    sound = {
        "opportunityId": 910001,
        "version": 1,
        "agencyName": "Robin Marlowe\nGrants Specialist",
        "agencyContactEmail": "robin.marlowe@example.org",
        "synopsisDesc": "<p>Food hubs of the area.</p>",
        "responseDate": "Jan 15, 2027 12:00:00 AM EST",
        "responseDateStr": "2027-01-15-00-00-00",
        "responseDateDesc": "",
        "postingDate": "Nov 02, 2026 12:00:00 AM EST",
        "postingDateStr": "2026-11-02-00-00-00",
        "archiveDateStr": "2027-02-14-00-00-00",
        "lastUpdatedDate": "Nov 03, 2026 09:44:28 AM EST",
        "estimatedFunding": "3000000",
        "awardCeiling": "250000",
        "awardFloor": "none",
        "costSharing": False,
        "applicantEligibilityDesc": "",
        "applicantTypes": [{"id": "13", "description": "Nonprofits"}, {"id": "25", "description": "Others"}],
        "fundingInstruments": [{"id": "G", "description": "Grant"}],
        "fundingActivityCategories": [{"id": "AG", "description": "Agriculture"}],
    }
    return {key: value for key, value in (sound | changed).items() if value is not None}


def detail(*, part: dict[str, Any] | None = None, **changed: Any) -> dict[str, Any]:
    sound = {
        "id": 910001,
        "revision": 0,
        "opportunityNumber": "SIM-1",
        "opportunityTitle": "Food hubs &amp; kitchens",
        "owningAgencyCode": "USDA-AMS",
        "publisherUid": "robin.marlowe",
        "opportunityCategory": {"category": "D", "description": "Discretionary"},
        "synopsis": synopsis(**(part or {})),
        "agencyDetails": {"agencyName": "Agricultural Marketing Service", "agencyCode": "USDA-AMS"},
        "topAgencyDetails": {"agencyName": "Department of Agriculture", "agencyCode": "USDA"},
        "cfdas": [{"id": 1, "cfdaNumber": "10.175", "programTitle": "Local Food Promotion"}],
        "docType": "synopsis",
    }
    return {key: value for key, value in (sound | changed).items() if value is not None}


def forecast(**changed: Any) -> dict[str, Any]:
    """A detail of a forecast; `changed` changes its part."""
    gone = dict.fromkeys(("synopsisDesc", "responseDate", "responseDateStr", "responseDateDesc"))
    estimates = {
        "forecastDesc": "<p>To come.</p>",
        "estSynopsisPostingDate": "Feb 01, 2027 12:00:00 AM EST",
        "estApplicationResponseDate": "Apr 02, 2027 12:00:00 AM EDT",
        "fiscalYear": 2027,
    }
    return detail(docType="forecast", synopsis=None, forecast=synopsis(**gone, **(estimates | changed)))


def read_all(one: Page) -> list[Any]:
    given = one.with_params(grants_gov.Params())
    return [grants_gov.read(record, given) for record in grants_gov.split(given)]


def read_one(answer: Any, **of_the_page: Any) -> Any:
    (only,) = read_all(page(answer, **of_the_page))
    return only


def notice(answer: Any | None = None, *, part: dict[str, Any] | None = None, **changed: Any) -> Notice:
    """Read a detail; without an answer the sound one with these changes."""
    read = read_one(enveloped(detail(part=part, **changed)) if answer is None else answer)
    assert isinstance(read, Notice)
    return read
