"""Rows of the search for the tests of reading: small true-shaped ones, to be changed by each test."""

import json
from datetime import UTC, datetime
from typing import Any

from connectors import eu_funding
from connectors.base.asking import json_parts
from connectors.base.contract import Notice, Page, Request, Skipped, Translation
from connectors.eu_funding.about import LIVE
from connectors.eu_funding.question import Question

FETCHED = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
ADDRESS = f"{LIVE}?apiKey=SEDIA&text=***&pageSize=100&pageNumber=1"


def topic(*, top: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    """An open topic; a keyword changes a key of its metadata (a text becomes a list), None takes it away."""
    metadata: dict[str, Any] = {
        "type": "1",
        "status": "31094502",
        "DATASOURCE": "SEDIA",
        "language": "en",
        "identifier": "CERV-2027-CITIZENS-CIV-04",
        "callIdentifier": "CERV-2027-CITIZENS-CIV",
        "title": "Citizens' assemblies in small towns",
        "frameworkProgramme": "43251589",
        "startDate": "2026-10-05T00:00:00.000+0000",
        "es_SortDate": "2026-10-05T00:00:00.000+0000",
        "deadlineDate": "2027-02-11T00:00:00.000+0000",
        "deadlineModel": "single-stage",
    }
    return row("50200417TOPICSen", metadata | changes, top)


def tender(*, top: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    """An open tender of an agency."""
    reference = changes.pop("reference", "0f6b1f0e-5a0f-4c3a-9a55-0d2b7a1c9e10-CN")
    metadata: dict[str, Any] = {
        "type": "0",
        "status": "31094502",
        "DATASOURCE": "SEDIA",
        "language": "en",
        "identifier": reference,
        "cftId": reference,
        "title": "Restauration collective du siège",
        "caName": "Restauration collective du siège",
        "frameworkProgramme": [],
        "startDate": "2026-11-02T00:00:00.000+0000",
        "es_SortDate": "2026-11-02T00:00:00.000+0000",
        "deadlineDate": "2026-12-18T12:00:59.000+0000",
        "cftTimezone": "Europe/Athens",
        "cftLeadContractingAuthorityCode": json.dumps(
            [
                {"name": "Second Office", "link": "", "isLeadAuthority": False},
                {"name": "Agency for Rural Heritage", "link": "https://agency.example.org/", "isLeadAuthority": True},
            ]
        ),
        "cftContractNoticeLink": json.dumps(["00612345-2026", "212/2026", "2026-11-02T00:00:00"]),
        "cftEstimatedTotalProcedureValue": "1800000 EUR",
    }
    return row(reference, metadata | changes, top)


def cascade(*, top: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    """An open cascade call, under its parent's identifier and title."""
    metadata: dict[str, Any] = {
        "type": "8",
        "status": "31094502",
        "DATASOURCE": "SEDIA",
        "language": "en",
        "identifier": "CREA-CULT-2025-COOP-UA-7",
        "title": "Access to culture",
        "callTitle": " OPEN STAGE micro-grants",
        "callccm2Id": "44087711",
        "frameworkProgramme": "43251814",
        "startDate": "2026-10-01T00:00:00.000+0000",
        "deadlineDate": "2027-01-15T17:00:00.000+0000",
        "budget": "400000",
        "currency": "EUR",
        "projectAcronym": "OPEN STAGE",
    }
    return row("15711COMPETITIVE_CALLen", metadata | changes, {"summary": "OPEN STAGE micro-grants"} | (top or {}))


def external(*, top: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    """An open call of the external action."""
    metadata: dict[str, Any] = {
        "type": "2",
        "status": "31094502",
        "DATASOURCE": "SEDIA",
        "language": "en",
        "identifier": "EuropeAid/188011/DD/ACT/BJ",
        "title": "Filières maraîchères et coopératives de femmes",
        "frameworkProgramme": "111111",
        "startDate": "2026-10-16T15:00:11.000+0000",
        "deadlineDate": "2026-12-30T11:00:09.000+0000",
        "url": "https://webgate.ec.europa.eu/prospect/external/publishedcalls.htm?callId=188011",
    }
    return row("188011PROSPECTSEN", metadata | changes, top)


def row(reference: str, metadata: dict[str, Any], top: dict[str, Any] | None) -> dict[str, Any]:
    inner = {key: value if isinstance(value, list) else [value] for key, value in metadata.items() if value is not None}
    whole = {"reference": reference, "language": "en", "metadata": inner} | (top or {})
    return {key: value for key, value in whole.items() if value is not None}


def page(
    *rows: Any,
    asked: Question | None = None,
    body: bytes | None = None,
    params: eu_funding.Params | None = None,
    url: str = ADDRESS,
    **changes: Any,
) -> Page:
    """An answer that holds these rows; with `asked`, under the request that asked for it."""
    answer = {"totalResults": len(rows), "pageNumber": 1, "results": list(rows)} | changes
    request = Request("POST", url, json_parts(asked.parts())[1]) if asked else None
    return Page(
        url=url,
        body=body if body is not None else json.dumps(answer).encode(),
        fetched_at=FETCHED,
        role=asked.role if asked else "listing",
        headers={"content-type": "application/json"},
        request=request,
        params=params,
    )


def read(one: dict[str, Any], **settings: Any) -> Notice | Translation | Skipped:
    whole = page(one, **settings)
    [record] = eu_funding.split(whole)
    return eu_funding.read(record, whole)


def notice(one: dict[str, Any], **settings: Any) -> Notice:
    reading = read(one, **settings)
    assert isinstance(reading, Notice), reading
    return reading
