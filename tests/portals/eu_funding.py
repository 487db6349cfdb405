"""The corporate search of the EU Funding & Tenders Portal as a simulator, with any number of invented documents.

The one thing to know: it is as forgiving as the platform. A question that it does not understand is no error; it is
answered with status 200 and the whole index, and a connector that does not look at the rows believes it.
"""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from email.parser import BytesParser
from email.policy import HTTP
from json import JSONDecodeError, loads
from typing import Any

from tests.portals.eu_funding_content import CLOSED, Document, document, texts
from tests.portals.eu_funding_record import VERSION, announcement
from tests.portals.eu_funding_topic import rows
from tests.portals.server import Answer, Call, Portal, json_answer

PATH = "/search-api/prod/rest/search"
FACETS = "/search-api/prod/rest/facet"
MOST_PER_PAGE = 100
# As the facet call writes them: "&" and dashes encoded, the plus of Erasmus+ lost.
_DAMAGED = {
    "43353764": "Erasmus  (ERASMUS )",
    "43254019": "European Social Fund   (ESF) ",
    "43637601": "Pilot Projects %26 Preparation Actions (PPPA)",
    "45876777": "Neighbourhood, Development and International Cooperation Instrument %E2%80%93 Global Europe (NDICI)",
}


class _Broken(Exception):
    """A part that is typed otherwise than application/json: the platform answers 500."""


class EUFundingPortal(Portal):
    """The portal with `documents` calls and tenders around `today`, their translations, news and a frozen copy of 2023.

    `ted_numbers` are numbers of TED that the first tenders carry. `deaf` ignores every question, as the platform does
    with one in a wrong encoding; `stuck` gives the first page whatever page is asked for; `says` is a total that is told
    in place of the true one; `hollow` is the page from which on no rows come.
    """

    def __init__(
        self,
        *,
        documents: int = 300,
        seed: int = 1,
        today: date | None = None,
        ted_numbers: Sequence[str] = (),
        port: int = 0,
    ) -> None:
        super().__init__(port=port)
        self.today = today or datetime.now(UTC).date()
        self.seed = seed
        self.deaf = False
        self.stuck = False
        self.says: int | None = None
        self.hollow: int | None = None
        self._numbers = tuple(ted_numbers)
        self._documents = [
            document(index, seed=seed, today=self.today, ted_numbers=self._numbers) for index in range(documents)
        ]
        self._withdrawn: set[int] = set()
        self._rows: dict[int, list[dict[str, Any]]] = {}

    def add(self, count: int = 1) -> list[str]:
        """Open so many new documents today; return their references without language."""
        first = len(self._documents)
        self._documents += [
            document(index, seed=self.seed, today=self.today, ted_numbers=self._numbers, fresh=True)
            for index in range(first, first + count)
        ]
        return [one.reference for one in self._documents[first:]]

    def change(self, count: int = 1) -> list[str]:
        """Put off every deadline of so many open documents by a week; return their references without language."""
        chosen = self.open()[:count]
        for one in chosen:
            later = replace(one, due=tuple(day + timedelta(weeks=1) for day in one.due))
            self._documents[one.index] = later
            self._rows.pop(one.index, None)
        return [one.reference for one in chosen]

    def withdraw(self, count: int = 1) -> list[str]:
        """Take so many open documents out of the index; return their references without language."""
        chosen = self.open()[:count]
        self._withdrawn.update(one.index for one in chosen)
        return [one.reference for one in chosen]

    def withdraw_programme(self, code: str) -> None:
        """Take all that is announced or open of a programme out of the index; what is closed stays."""
        self._withdrawn.update(one.index for one in self.listed() if one.texts.get("programme") == code)

    def listed(self) -> list[Document]:
        """Every document that is announced or open."""
        return [one for one in self._documents if one.index not in self._withdrawn and one.status(self.today) != CLOSED]

    def open(self) -> list[Document]:
        """Those that have a deadline to come."""
        return [one for one in self.listed() if one.due]

    def answer(self, call: Call) -> Answer:
        if call.path not in (PATH, FACETS):
            return json_answer({"type": "businessError", "message": "Not found"}, status=404)
        if call.method != "POST":
            return json_answer({"message": "Method Not Allowed"}, status=405, headers={"allow": "POST"})
        try:
            parts = _parts(call)
        except _Broken:
            return json_answer({"type": "throwable", "message": "An internal error occurred"}, status=500)
        if call.query.get("apiKey") not in ("SEDIA", "SEDIA_PERSON"):
            return json_answer({"type": "businessError", "message": "No result found"}, status=400)
        if call.path == FACETS:
            return json_answer(self._facets())
        return json_answer(self._search(call, {} if self.deaf else parts))

    def _index(self, name: str) -> Iterator[dict[str, Any]]:
        if name == "SEDIA_PERSON":
            yield from (announcement(entry, n, today=self.today) for n, entry in enumerate(texts()["announcements"]))
            return
        for one in self._documents:
            if one.index not in self._withdrawn:
                if one.index not in self._rows:
                    self._rows[one.index] = rows(one, today=self.today)
                yield from self._rows[one.index]

    def _search(self, call: Call, parts: dict[str, Any]) -> dict[str, Any]:
        number = 1 if self.stuck else _whole(call.query.get("pageNumber"), 1)
        size = min(_whole(call.query.get("pageSize"), 10), MOST_PER_PAGE)
        found = [row for row in self._index(call.query["apiKey"]) if _matches(row, parts)]
        words = call.query.get("text", "***")
        if words != "***":
            found = [row for row in found if _speaks(row, words)]
        if isinstance(parts.get("sort"), dict):
            found.sort(key=lambda row: (_values(row, parts["sort"]["field"])[:1], row["reference"]))
        else:
            found.sort(key=lambda row: hashlib.md5(f"{number}{row['reference']}".encode()).hexdigest())  # unstable
        shown = found[(number - 1) * size : number * size]
        if self.hollow is not None and number >= self.hollow:
            shown = []
        total = len(found) if self.says is None else self.says
        fields = parts.get("displayFields")
        return {
            "apiVersion": VERSION,
            "terms": words,
            "responseTime": 40 + number,
            "totalResults": total,
            "pageNumber": number,
            "pageSize": size,
            "sort": "relevance",
            "groupByField": "sortStatus",
            "queryLanguage": {"language": "en", "probability": 0.0},
            "spellingSuggestion": words,
            "bestBets": [],
            "results": [_only(row, fields) for row in shown] if isinstance(fields, list) else shown,
            "warnings": [],
        }

    def _facets(self) -> dict[str, Any]:
        values = [
            {"apiVersion": VERSION, "rawValue": code, "value": label, "count": 1} for code, label in _DAMAGED.items()
        ]
        name = "frameworkProgramme"
        facet = {
            "apiVersion": VERSION,
            "name": name,
            "rawName": name,
            "database": "SEDIA",
            "count": 1,
            "values": values,
        }
        return {"apiVersion": VERSION, "terms": "***", "facets": [facet]}


def _parts(call: Call) -> dict[str, Any]:
    """Read the parts that are understood: those typed application/json. Without any, everything is asked for."""
    typed = call.headers.get("content-type", "")
    if not typed.startswith("multipart/form-data"):
        return {}
    whole = b"Content-Type: " + typed.encode() + b"\r\n\r\n" + call.body
    found: dict[str, Any] = {}
    for part in BytesParser(policy=HTTP).parsebytes(whole).iter_parts():
        name = part.get_param("name", header="content-disposition")
        if part["content-type"] is None:
            continue  # a plain form field
        if part.get_content_type() != "application/json":
            raise _Broken
        try:
            found[str(name)] = loads(part.get_payload(decode=True) or b"")  # type: ignore[arg-type]
        except JSONDecodeError:
            raise _Broken from None
    return found


def _whole(text: str | None, usual: int) -> int:
    return int(text) if text and text.isdigit() and int(text) > 0 else usual


def _values(row: dict[str, Any], field: str) -> list[str]:
    value = row.get("metadata", row).get(field, [])
    return value if isinstance(value, list) else [value]


def _matches(row: dict[str, Any], parts: dict[str, Any]) -> bool:
    languages = parts.get("languages")
    if languages and not set(_values(row, "language")) & set(languages):
        return False
    clauses = parts.get("query", {}).get("bool", {})
    return all(_holds(row, clause) for clause in clauses.get("must", [])) and not any(
        _holds(row, clause) for clause in clauses.get("must_not", [])
    )


def _holds(row: dict[str, Any], clause: dict[str, Any]) -> bool:
    [(how, what)] = clause.items()
    [(field, wanted)] = what.items()
    given = _values(row, field)
    if how == "range":
        # A bare date does not compare: the filter says no more than "has one".
        bounds = {side: bound for side, bound in wanted.items() if len(bound) > 10}
        return bool(given) and all(
            given[0] >= b if side.startswith("g") else given[0] <= b for side, b in bounds.items()
        )
    return bool(set(given) & set(wanted if how == "terms" else [wanted]))


def _speaks(row: dict[str, Any], words: str) -> bool:
    said = " ".join([row["content"], *(value for name in ("identifier", "keywords") for value in _values(row, name))])
    if words.startswith('"'):
        return words.strip('"').casefold() in said.casefold()
    tokens = set(re.findall(r"\w+", said.casefold()))
    return any(word in tokens for word in re.findall(r"\w+", words.casefold()))


def _only(row: dict[str, Any], fields: list[str]) -> dict[str, Any]:
    if "metadata" not in row:
        return row
    # Whatever is asked for, the conditions of a topic are not among it (docs/platforms/eu_funding.md).
    wanted = set(fields) - {"topicConditions"}
    return row | {"metadata": {key: value for key, value in row["metadata"].items() if key in wanted}}
