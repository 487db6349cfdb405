"""A Socrata portal as a simulator: rows of tenders by lot, with limit, offset, order, condition and count.

The one thing to know: a cell without a value is no key; without an order the rows come as the portal likes.
"""

import random
import re
from datetime import UTC, date, datetime
from typing import Any

from tests.portals.region_content import Tender, tender
from tests.portals.server import Answer, Call, Portal, json_answer

DATASET = "ab12-cd34"
_SINCE = re.compile(r"`(\w+)` >= '([\d-]+)T00:00:00'")


class SocrataPortal(Portal):
    """One data set of so many tenders; every third has two lots, a row each. `token` is wanted where it is set."""

    def __init__(self, *, tenders: int = 60, today: date | None = None, port: int = 0) -> None:
        super().__init__(port=port)
        self.today = today or datetime.now(UTC).date()
        self.tenders: list[Tender] = [tender(number, self.today) for number in range(tenders)]
        self.token: str | None = None
        self.lying = False

    @property
    def params(self) -> dict[str, Any]:
        """What the connector's parameters must be to read this data set."""
        return {
            "url": self.url,
            "dataset": DATASET,
            "order": "codice DESC, lotto",
            "kind": "tender",
            "lang": "it",
            "origin_country": "IT",
            "currency": "EUR",
            "decimal": ".",
            "columns": {
                "id": "codice",
                "title": "oggetto",
                "published": "pubblicato",
                "deadline": "scadenza",
                "budget": "importo",
                "organisation": "ente",
                "region": "provincia",
                "cpv": "cpv",
            },
        }

    @property
    def rows(self) -> list[dict[str, Any]]:
        return [row for one in self.tenders for row in _rows(one)]

    def answer(self, call: Call) -> Answer:
        if call.path != f"/resource/{DATASET}.json":
            return json_answer({"code": "dataset.missing", "error": True, "message": "Not found"}, status=404)
        if self.token is not None and call.headers.get("x-app-token") != self.token:
            told = {"code": "permission_denied", "error": True, "message": "Invalid app_token specified"}
            return json_answer(told, status=403)
        found = self.rows
        if where := call.query.get("$where"):
            if "BROKEN" in where:
                told = {"code": "query.compiler.malformed", "error": True, "message": "Could not parse SoQL query"}
                return json_answer(told, status=400)
            limits = _SINCE.findall(where)
            found = [row for row in found if any(row.get(name, "") >= since for name, since in limits)]
        if "count" in call.query.get("$select", ""):
            return json_answer([{"count": str(len(found))}])
        if call.query.get("$order", "").endswith(":id"):
            found.sort(key=lambda row: (-int(row["codice"]), row["lotto"]))
        else:
            random.shuffle(found)
        start = 0 if self.lying else int(call.query.get("$offset", 0))
        return json_answer(found[start : start + int(call.query.get("$limit", 1_000))])


def _rows(one: Tender) -> list[dict[str, Any]]:
    lots = 2 if one.number % 3 == 0 else 1
    return [
        {
            "codice": str(one.number),
            "oggetto": one.title,
            "ente": one.buyer,
            "provincia": one.place,
            "importo": one.amount,
            "pubblicato": f"{one.published}T08:54:34.000",
            "scadenza": f"{one.closes}T00:00:00.000",
            "cpv": one.cpv,
            "lotto": str(lot),
        }
        for lot in range(1, lots + 1)
    ]
