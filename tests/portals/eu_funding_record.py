"""How the portal writes a row: every value a list of texts, JSON inside texts; tenders and calls outside the programmes.

The one thing to know: no recorded cascade call or external-action call is known; theirs follow descriptions.
"""

import hashlib
import json
from datetime import date, timedelta
from typing import Any

from tests.portals.eu_funding_content import Document

VERSION = "2.155"
PORTAL = "https://ec.europa.eu/info/funding-tenders/opportunities"
_SORTED = {"31094501": "2", "31094502": "1", "31094503": "3"}


def day_of(day: date) -> str:
    return f"{day.isoformat()}T00:00:00.000+0000"


def json_text(value: Any) -> list[str]:
    return [json.dumps(value, ensure_ascii=False, separators=(",", ":"))]


def row_of(reference: str, language: str, url: str, title: str, metadata: dict[str, Any]) -> dict[str, Any]:
    checksum = hashlib.sha256(f"{reference}{title}".encode()).hexdigest().upper()
    return {
        "apiVersion": VERSION,
        "reference": reference,
        "url": url,
        "contentType": "text/plain",
        "language": language,
        "databaseLabel": "SEDIA",
        "database": "SEDIA",
        "summary": title,
        "weight": 6.0,
        "groupById": metadata.get("sortStatus", ["1"])[0],
        "content": title,
        "accessRestriction": False,
        "checksum": checksum,
        "metadata": {
            "DATASOURCE": ["SEDIA"],
            "REFERENCE": [reference],
            "language": [language],
            "es_ContentType": ["text/plain"],
            "esST_checksum": [checksum],
            "esST_FileName": ["file.txt"],
            "esST_URL": [url],
            "url": [url],
            **metadata,
        },
        "enrichedMetadata": {},
        "children": [],
        "highlightedFragments": [],
        "citation": f"{title}. Available at: {url}",
    }


def dated(one: Document, today: date) -> dict[str, Any]:
    status = one.status(today)
    return {
        "status": [status],
        "sortStatus": [_SORTED[status]],
        "startDate": [day_of(one.starts)],
        "es_SortDate": [day_of(one.starts)],
        "esDA_FirstIngestDate": [f"{min(one.starts, today) - timedelta(days=3)}T05:07:03.326+0200"],
        "esDA_IngestDate": [f"{today}T05:01:56.611+0100"],
        "esDA_QueueDate": [f"{today}T05:01:56.611+0100"],
        "programmePeriod": ["2021 - 2027"],
    }


def cascade(one: Document, *, today: date) -> dict[str, Any]:
    entry = one.texts
    metadata = dated(one, today) | {
        "type": ["8"],
        "title": [entry["parent_title"]],  # the parent's: the trap
        "callTitle": [f" {one.title['en']}"],
        "caName": [one.title["en"]],
        "identifier": [entry["parent"]],
        "callccm2Id": [str(44_000_000 + sum(entry["parent"].encode()))],
        "frameworkProgramme": [entry["programme"]],
        "deadlineDate": [f"{one.due[0]}T17:00:00.000+0000"],
        "projectName": [f"{entry['project']}, a project that hands grants on"],
        "projectAcronym": [entry["project"]],
        "duration": ["9 months"],
        "beneficiaryAdministration": [f"<p>{entry['text']}</p>"],
        "furtherInformation": ["<p>Apply on the project's own page.</p>"],
        "budget": [entry["budget"]],
        "currency": ["EUR"],
    }
    url = f"{PORTAL}/portal/screen/opportunities/competitive-calls-cs/{metadata['callccm2Id'][0]}"
    row = row_of(f"{one.reference}en", "en", url, one.title["en"], metadata)
    if one.index % 20 == 5:
        # A handful has no `metadata`: the same fields stand beside the others.
        inner = row.pop("metadata")
        return row | {key: value for key, value in inner.items() if key not in row}
    return row


def external(one: Document, *, today: date) -> dict[str, Any]:
    entry = one.texts
    metadata = dated(one, today) | {
        "type": ["2"],
        "title": [one.title["en"]],
        "identifier": [one.identifier],
        "callIdentifier": [str(one.number)],
        "frameworkProgramme": ["111111"],
        "startDate": [f"{one.starts}T15:00:11.000+0000"],
        "deadlineDate": [f"{one.due[0]}T11:00:09.000+0000"],
        "description": [entry["text"]],
        "budget": [str(entry["budget"])],
        "currency": ["EUR"],
        "publicationDocuments": json_text(
            [{"nameDoc": "Guidelines", "typeDoc": "G", "docUrl": f"https://webgate.example.org/documents/{one.number}.zip"}]
        ),
    }  # fmt: skip
    url = f"https://webgate.ec.europa.eu/prospect/external/publishedcalls.htm?callId={one.number}"
    return row_of(f"{one.reference}EN", "en", url, one.title["en"], metadata)


def tender(one: Document, *, today: date) -> dict[str, Any]:
    entry = one.texts
    title, place = one.title["en"], entry["place"]
    zones = ["31085511", "20000825"] if not place else []
    lot = {
        "procurementProjectLotID": "LOT-0001",
        "procurementProject": {
            "mainCommodityClassification": {
                "itemClassificationCode": entry["cpv"],
                "itemClassificationCodeListName": "cpv",
            },
            "name": title,
        },
    }
    number = "0" * (11 - len(one.ted_number) + 2) + one.ted_number if one.index % 2 else one.ted_number
    metadata = dated(one, today) | {
        "type": ["0"],
        "title": [title],
        "caName": [title],  # the title, not the buyer
        "identifier": [one.reference],
        "cftId": [one.reference],
        "callIdentifier": [f"EC/{one.starts.year}/OP/{one.index:04}"],
        "frameworkProgramme": [],
        "description": [entry["text"]],
        "cftTimezone": [one.zone],
        "cftPublicationDateEForm": [f"{one.starts}T00:00:00"],
        "cftContractNoticeLink": json_text([number, "172/2026", f"{one.starts}T00:00:00"]),
        "cftLeadContractingAuthorityCode": json_text(
            [{"name": entry["buyer"].format(place=entry["place_name"]), "link": "https://buyer.example.org/", "isLeadAuthority": True}]
        ),
        "cftPartyLegalEntityId": ["47352506"],
        "cftEstimatedTotalProcedureValue": [f"{entry['value']} EUR"],
        "cftEstimatedOverallContractAmount": [str(entry["value"])],
        "cftEstimatedOverallContractCurrency": ["EUR"],
        "cftDocuments": ["{}"],
        "cftPlannedDate": [f"{one.starts:%d/%m/%Y}"] if one.prior else [],
        "cftSubmissionMethodCode": ["ESUBMISSION"],
        "contractType": ["31095498"],
        "procedureType": ["47396222"],
        "mainCpv": [entry["cpv"]],
        "mainCpvCode": json_text({"mainCode": entry["cpv"]}),
        "geographicalZones": zones,
        "placesOfDeliveryOrPerformance": [place] if place else [],
        "lots": json_text({"procurementProjectLots": [lot]}),
        "awardMethod": [],
        "cftCorrigendaList": [],
    }  # fmt: skip
    if one.due:
        metadata["deadlineDate"] = [f"{one.due[0]}T14:00:59.000+0000"]
    return row_of(
        one.reference, "en", f"{PORTAL}/portal/screen/opportunities/tender-details/{one.reference}", title, metadata
    )


def announcement(entry: dict[str, Any], number: int, *, today: date) -> dict[str, Any]:
    """An announcement of partner search. Its keys are a guess: no recorded one is known."""
    metadata = {
        "type": ["ANNOUNCEMENT"],
        "topic": [entry["topic"]],
        "topicTitle": [entry["title"]],
        "description": [entry["text"]],
        "pic": [entry["pic"]],
        "firstName": ["Anna"],
        "lastName": ["Verdelli"],
        "es_SortDate": [day_of(today - timedelta(days=number))],
    }
    row = row_of(f"{7_000 + number}ANNOUNCEMENT", "en", f"{PORTAL}/portal", entry["title"], metadata)
    del row["metadata"]["DATASOURCE"]
    return row
