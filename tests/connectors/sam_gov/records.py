"""Records of SAM.gov for tests, each in the shape of the search, and what the connector reads in them."""

import json
from datetime import UTC, datetime
from typing import Any

from connectors import sam_gov
from connectors.base.contract import Notice, Page, Reading, Seen

ID = "ab12" * 8
PLAIN: dict[str, Any] = {
    "noticeId": ID,
    "title": "Linen service for a clinic",
    "solicitationNumber": " SIM-26-001 ",
    "fullParentPathName": "DEPT OF EXAMPLES.OFFICE OF LINEN.CONTRACTING   OFFICE, NORTH",
    "fullParentPathCode": "099.9900.SIM",
    "postedDate": "2026-11-20",
    "type": "Solicitation",
    "baseType": "Solicitation",
    "typeOfSetAside": None,
    "typeOfSetAsideDescription": None,
    "responseDeadLine": "2026-12-14T14:00:00-06:00",
    "naicsCode": "812332",
    "naicsCodes": ["812332"],
    "classificationCode": "S209",
    "active": "Yes",
    "award": None,
    "pointOfContact": [{"fullName": "Robin Marlowe", "email": "robin.marlowe@office.example", "phone": "210-555-0100"}],
    "description": "null",
    "officeAddress": {"zipcode": "78234", "city": "SAN ANTONIO", "countryCode": "USA", "state": "TX"},
    "placeOfPerformance": {"country": {"code": "ITA", "name": "ITALY"}, "city": {"code": "1", "name": "Vicenza"}},
    "uiLink": f"https://sam.gov/opp/{ID}/view",
    "resourceLinks": None,
}


def page(*rows: Any, params: sam_gov.Params | None = None, **fields: Any) -> Page:
    """An answer of the search that holds these records."""
    told = {"totalRecords": len(rows), "limit": 1_000, "offset": 0, "opportunitiesData": list(rows)} | fields
    return Page(
        url="https://api.sam.gov/opportunities/v2/search",
        body=json.dumps(told).encode(),
        fetched_at=datetime(2026, 11, 23, 9, tzinfo=UTC),
        headers={"content-type": "application/json"},
        params=params or sam_gov.Params(),
    )


def reading(params: sam_gov.Params | None = None, **changed: Any) -> Reading:
    """What one record is read as; `changed` are its fields that differ from PLAIN."""
    given = page(PLAIN | changed, params=params)
    (record,) = sam_gov.split(given)
    return sam_gov.read(record, given)


def notice(**changed: Any) -> Notice:
    """What the card of one record says."""
    card = reading(sam_gov.Params(set_asides=True, types=tuple("okprisaug")), **changed)
    assert isinstance(card, Seen)
    assert card.says is not None
    return card.says
