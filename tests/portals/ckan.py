"""A CKAN portal as a simulator: the description of a data set, its file as CSV, and its rows in the data store.

The one thing to know: the file says everything as people write it, `1/9/2026` and `3.200.000,00`.
"""

import csv
import io
from datetime import UTC, date, datetime
from typing import Any

from tests.portals.region_content import Call as Bando
from tests.portals.region_content import call as bando
from tests.portals.server import Answer, Call, Portal, json_answer

DATASET = "calendario-bandi"
RESOURCE = "5c0ffee0-0000-4000-8000-000000000001"
COLUMNS = ("Stato", "Intervento", "Apertura", "Chiusura", "Importo (euro)", "Beneficiari", "Informazioni")


class CKANPortal(Portal):
    """One data set with so many rows. `separator` is that of its file; `lost` is a column that the file no longer has."""

    def __init__(self, *, rows: int = 60, today: date | None = None, port: int = 0) -> None:
        super().__init__(port=port)
        self.today = today or datetime.now(UTC).date()
        self.bandi: list[Bando] = [bando(number, self.today) for number in range(rows)]
        self.separator = ","
        self.lost = ""

    @property
    def params(self) -> dict[str, Any]:
        """What the connector's parameters must be to read this data set."""
        names = ("state", "title", "opens", "deadline", "budget", "eligibility", "url")
        return {
            "url": f"{self.url}/dataset/{DATASET}",
            "columns": dict(zip(names, COLUMNS, strict=True)),
            "closed": ["scaduto"],
            "currency": "EUR",
            "kind": "grant_call",
            "lang": "it",
            "origin_country": "IT",
        }

    def answer(self, call: Call) -> Answer:
        match call.path:
            case "/api/3/action/package_show":
                return self._package(call)
            case "/api/3/action/datastore_search":
                return self._rows(call)
            case "/download/calendario.csv":
                return Answer(200, self._csv(), {"content-type": "text/csv; charset=utf-8"})
            case _:
                return Answer(404, b"<html><title>404 Not Found</title></html>", {"content-type": "text/html"})

    def _package(self, call: Call) -> Answer:
        if call.query.get("id") != DATASET:
            told = {"success": False, "error": {"message": "Non trovato", "__type": "Not Found Error"}}
            return json_answer(told, status=404)
        old = {"format": "CSV", "url": f"{self.url}/download/old.csv", "last_modified": "2024-01-08T10:00:00.000000"}
        new = {
            "format": "CSV",
            "url": f"{self.url}/download/calendario.csv",
            "last_modified": "2026-05-08T10:00:00.000000",
        }
        pdf = {"format": "PDF", "url": f"{self.url}/download/note.pdf", "last_modified": "2026-09-08T10:00:00.000000"}
        return json_answer({"success": True, "result": {"name": DATASET, "resources": [old, new, pdf]}})

    def _rows(self, call: Call) -> Answer:
        if call.query.get("resource_id") != RESOURCE:
            told = {"success": False, "error": {"message": "Resource was not found.", "__type": "Not Found Error"}}
            return json_answer(told, status=404)
        start, size = int(call.query.get("offset", 0)), int(call.query.get("limit", 100))
        rows = [{"_id": one.number + 1, **self.row(one)} for one in self.bandi]
        fields = [{"id": "_id", "type": "int"}, *({"id": name, "type": "text"} for name in COLUMNS)]
        result = {"fields": fields, "records": rows[start : start + size], "total": len(rows)}
        return json_answer({"success": True, "result": result})

    def _csv(self) -> bytes:
        text = io.StringIO()
        names = [name for name in COLUMNS if name != self.lost]
        writer = csv.DictWriter(text, names, delimiter=self.separator, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(self.row(one) for one in self.bandi)
        return text.getvalue().encode()

    def row(self, one: Bando) -> dict[str, str]:
        told = {
            "Stato": "scaduto" if one.closes < self.today else "aperto",
            "Intervento": one.title,
            "Apertura": f"{one.opens.day}/{one.opens.month}/{one.opens.year}",
            "Chiusura": f"{one.closes.day:02}/{one.closes.month:02}/{one.closes:%y}",
            "Importo (euro)": f"{one.number % 7 + 1}.200.000,00",
            "Beneficiari": ", ".join(one.addressees),
            "Informazioni": f'<a href="{self.url}/bando/{one.number}">Scheda</a>',
        }
        return told | {name: str(value) for name, value in one.more.items()}
