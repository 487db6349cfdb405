"""Search records for the tests of reading: a small true-shaped one, to be changed by each test."""

import json
from datetime import UTC, datetime
from typing import Any

from connectors import ted
from connectors.base.contract import Notice, Page, Skipped
from connectors.ted.about import LIVE


def record(**changes: Any) -> dict[str, Any]:
    """A call of one lot by a French town; `x_y="…"` changes field `x-y`, None takes it away."""
    number = "412345-2026"
    fields: dict[str, Any] = {
        "publication-number": number,
        "procedure-identifier": "5d4e8a52-9c7b-4a52-8a2f-3b6f0f1f7d11",
        "notice-type": "cn-standard",
        "form-type": "competition",
        "notice-title": {
            "ita": "Francia – Servizi di pulizia – Nettoyage des écoles",
            "fra": "France – Services de nettoyage – Nettoyage des écoles",
            "eng": "France – Cleaning services – Nettoyage des écoles",
        },
        "title-proc": {"fra": "Nettoyage des écoles"},
        "buyer-name": {"fra": ["Commune de Val-de-Brenne"]},
        "buyer-country": ["FRA"],
        "classification-cpv": ["90910000", "90910000", "90911300"],
        "place-of-performance": ["FRK24", "FRA", "FRK24", "FRA"],
        "publication-date": "2026-11-16+01:00",
        "identifier-lot": ["LOT-0001"],
        "deadline-receipt-tender-date-lot": ["2026-12-18+01:00"],
        "deadline-receipt-tender-time-lot": ["12:00:00+01:00"],
        "links": {
            "xml": {"MUL": f"https://ted.europa.eu/en/notice/{number}/xml"},
            "pdfs": {"FRA": f"https://ted.europa.eu/fr/notice/{number}/pdfs"},
            "html": {
                "ITA": f"https://ted.europa.eu/it/notice/-/detail/{number}",
                "SWE": f"https://ted.europa.eu/sv/notice/-/detail/{number}",
                "FRA": f"https://ted.europa.eu/fr/notice/-/detail/{number}",
            },
        },
    }
    fields |= {key.replace("_", "-"): value for key, value in changes.items()}
    return {key: value for key, value in fields.items() if value is not None}


def page(body: bytes, *, url: str = LIVE, content_type: str = "application/json") -> Page:
    return Page(
        url=url, body=body, fetched_at=datetime(2026, 11, 23, tzinfo=UTC), headers={"content-type": content_type}
    )


def read_one(fields: dict[str, Any]) -> Notice | Skipped:
    answer = {"notices": [fields], "totalNoticeCount": 1, "iterationNextToken": None, "timedOut": False}
    whole = page(json.dumps(answer).encode())
    [only] = ted.split(whole)
    reading = ted.read(only, whole)
    assert isinstance(reading, Notice | Skipped)
    return reading


def notice(**changes: Any) -> Notice:
    reading = read_one(record(**changes))
    assert isinstance(reading, Notice), reading
    return reading
