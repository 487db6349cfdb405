"""The TED search API v3 as a simulator: its requests, its answers, its ways of failing; any number of invented notices.

The one thing to know: it refuses what the live platform refuses, so that a connector which passes here has asked
correctly. In one thing it is simpler: a changed deadline keeps its publication number, where TED prints a correction.
"""

import json
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from tests.portals.server import Answer, Call, Portal, json_answer
from tests.portals.ted_content import COUNTRIES, Tender, tender
from tests.portals.ted_query import Query, QueryError, parse
from tests.portals.ted_record import links, record, titles

PATH = "/v3/notices/search"
_STATED_SOMETIMES = {
    "deadline-receipt-tender-date-lot", "deadline-receipt-tender-time-lot", "deadline-receipt-request-date-lot",
    "deadline-receipt-request-time-lot", "deadline-receipt-expressions-date-lot",
    "deadline-receipt-expressions-time-lot", "estimated-value-proc", "estimated-value-cur-proc", "estimated-value-lot",
    "estimated-value-cur-lot", "framework-estimated-value", "framework-estimated-value-cur", "reserved-procurement-lot",
    "reserved-execution-lot", "social-objective-lot", "strategic-procurement-lot", "place-of-performance",
    "place-of-performance-country-lot", "change-notice-version-identifier",
}  # fmt: skip
_OPTIONS: dict[str, type] = {
    "query": str, "fields": list, "page": int, "limit": int, "scope": str, "paginationMode": str,
    "onlyLatestVersions": bool, "checkQuerySyntax": bool, "iterationNextToken": str,
}  # fmt: skip
_LIBRARIES = ("python-", "curl/", "go-http-client", "java/", "okhttp")
_SNAPSHOTS = 20


class _Refused(Exception):
    def __init__(self, message: str, **error: Any) -> None:
        super().__init__(message)
        self.error = error


class TedPortal(Portal):
    """TED with `notices` publications of the last 45 days before `today`, most of them active calls.

    `forgotten_fields` are names that this version of the interface does not know any more; `stuck` gives the same
    token, and so the same page, again and again.
    """

    def __init__(self, *, notices: int = 3_000, seed: int = 1, today: date | None = None, port: int = 0) -> None:
        super().__init__(port=port)
        self.today = today or datetime.now(UTC).date()
        self.seed = seed
        self.forgotten_fields: set[str] = set()
        self.stuck = False
        self._first = notices
        self._total = notices
        self._withdrawn: set[int] = set()
        self._later: dict[int, int] = {}
        self._facts: dict[int, Tender] = {}
        self._snapshots: dict[str, tuple[int, ...]] = {}
        self._taken = 0

    def add(self, count: int = 1) -> list[str]:
        """Publish so many new notices today; return their numbers."""
        self._total += count
        return [self.notice(index).number for index in range(self._total - count, self._total)]

    def change(self, count: int = 1) -> list[str]:
        """Put off the deadline of so many open calls by a week; return their numbers."""
        chosen = self._open(count)
        for one in chosen:
            self._later[one.index] = self._later.get(one.index, 0) + 1
            self._facts.pop(one.index, None)
        return [one.number for one in chosen]

    def withdraw(self, count: int = 1) -> list[str]:
        """Take so many open calls off the list; return their numbers."""
        chosen = self._open(count)
        self._withdrawn.update(one.index for one in chosen)
        return [one.number for one in chosen]

    def forget_tokens(self) -> None:
        """Make every token invalid, as a release of the Official Journal does in time."""
        self._snapshots.clear()

    def _open(self, count: int) -> list[Tender]:
        found: list[Tender] = []
        for index in range(self._total):
            if len(found) == count:
                return found
            one = self.notice(index)
            if index not in self._withdrawn and one.due and one.due[0] > self.today:
                found.append(one)
        return found

    def notice(self, index: int) -> Tender:
        """Return the facts of one notice; made when first looked at, the same for ever."""
        if index not in self._facts:
            made = tender(index, of=self._first, seed=self.seed, today=self.today)
            weeks = self._later.get(index, 0)
            self._facts[index] = replace(made, due=tuple(day + timedelta(weeks=weeks) for day in made.due))
        return self._facts[index]

    def fields(self) -> Collection[str]:
        """Name the fields that this simulator knows; the platform knows some 1,500."""
        stated = set(record(self.notice(0))) | _STATED_SOMETIMES | {"notice-title", "links"}
        return stated - self.forgotten_fields

    def answer(self, call: Call) -> Answer:
        if call.headers.get("user-agent", "python-").lower().startswith(_LIBRARIES):
            return Answer(403, b"Forbidden", {"content-type": "text/plain"})
        if call.path != PATH:
            return json_answer({"message": "Not Found"}, status=404)
        if call.method != "POST":
            return json_answer({"message": "Method Not Allowed"}, status=405, headers={"allow": "POST"})
        try:
            return self._search(_checked(call.body))
        except _Refused as refused:
            return json_answer({"message": str(refused), "error": refused.error}, status=400)

    def _search(self, asked: dict[str, Any]) -> Answer:
        known = self.fields()
        for name in asked["fields"]:
            if name not in known:
                raise _Refused(f"Unknown field: {name}", type="QUERY_UNKNOWN_FIELD", fieldName=name)
        query = self._parsed(asked["query"], known)
        if asked.get("checkQuerySyntax"):
            return json_answer({"notices": [], "totalNoticeCount": 0, "iterationNextToken": None, "timedOut": False})
        limit = asked.get("limit", 10)
        if asked.get("paginationMode") == "ITERATION":
            return self._iterate(query, asked, limit)
        found = self._found(query)
        start = (asked.get("page", 1) - 1) * limit
        if start + limit > 15_000:
            raise _Refused("Too many notices for PAGE_NUMBER", type="UNSUPPORTED_VALUE", parameterName="page")
        return self._page(found, found[start : start + limit], asked["fields"], token=None)

    def _parsed(self, text: str, known: Collection[str]) -> Query:
        try:
            return parse(text, fields=known, today=self.today)
        except QueryError as error:
            place = {"beginLine": 1, "beginColumn": error.column, "endLine": 1, "endColumn": error.column}
            named = {"fieldName": error.field} if error.field else {}
            raise _Refused("The query cannot be read", type=error.kind, location=place, **named) from error

    def _found(self, query: Query) -> tuple[int, ...]:
        order = range(self._total - 1, -1, -1) if query.newest_first else range(self._total)
        return tuple(
            index for index in order if index not in self._withdrawn and self._matches(query, self.notice(index))
        )

    def _matches(self, query: Query, one: Tender) -> bool:
        if one.due and max(one.due) < self.today:
            return False  # scope ACTIVE
        return query.test(lambda field: _values(one, field))

    def _iterate(self, query: Query, asked: dict[str, Any], limit: int) -> Answer:
        """The first call freezes what is found; the end is an empty page, with a token still beside it."""
        token = asked.get("iterationNextToken")
        if token is None:
            self._taken += 1
            name, start = f"S{self._taken}", 0
            self._snapshots[name] = self._found(query)
            if len(self._snapshots) > _SNAPSHOTS:
                del self._snapshots[next(iter(self._snapshots))]
        else:
            name, _, place = token.partition(".")
            if name not in self._snapshots or not place.isdigit():
                # Documented as 400 INVALID_ITERATION_TOKEN; in practice this (docs/platforms/ted.md).
                return json_answer({"message": "Internal Server Error"}, status=500)
            start = int(place)
        found = self._snapshots[name]
        following = token if self.stuck and token else f"{name}.{start + limit}"
        return self._page(found, found[start : start + limit], asked["fields"], token=following)

    def _page(self, found: Sequence[int], shown: Sequence[int], fields: Sequence[str], *, token: str | None) -> Answer:
        notices = [_record(self.notice(index), fields) for index in shown]
        answer = {"notices": notices, "totalNoticeCount": len(found), "iterationNextToken": token, "timedOut": False}
        return json_answer(answer)


def _checked(body: bytes) -> dict[str, Any]:
    try:
        asked = json.loads(body)
    except ValueError:
        raise _Refused("The body is not JSON", type="UNSUPPORTED_VALUE", parameterName="body") from None
    for name, value in asked.items():
        if name not in _OPTIONS or not isinstance(value, _OPTIONS[name]):
            raise _Refused(f"Unsupported parameter: {name}", type="UNSUPPORTED_VALUE", parameterName=name)
    fields, limit = asked.get("fields") or [], asked.get("limit", 10)
    iterates = asked.get("paginationMode", "PAGE_NUMBER") == "ITERATION"
    wrong = {
        "query": not asked.get("query"),
        "fields": not fields or len(set(fields)) != len(fields) or len(fields) * limit > 10_000,
        "limit": not 0 <= limit <= 250,
        "scope": asked.get("scope", "ACTIVE") not in ("LATEST", "ACTIVE", "ALL"),
        "paginationMode": asked.get("paginationMode", "ITERATION") not in ("PAGE_NUMBER", "ITERATION"),
        "page": asked.get("page", 1) < 1 or (iterates and "page" in asked),
        "iterationNextToken": not iterates and "iterationNextToken" in asked,
    }
    for name, is_wrong in wrong.items():
        if is_wrong:
            raise _Refused(f"Unsupported value of {name}", type="UNSUPPORTED_VALUE", parameterName=name)
    return dict(asked)


def _record(one: Tender, fields: Sequence[str]) -> dict[str, Any]:
    stated = record(one)
    asked = {name: stated[name] for name in fields if name in stated}
    if "notice-title" in fields:
        asked["notice-title"] = titles(one)
    return {**asked, "links": links(one)}


def _values(one: Tender, field: str) -> Collection[str]:
    """Return what a query compares: the fields that queries are made of from the facts, any other from the record."""
    if field == "form-type":
        return (one.form,)
    if field == "classification-cpv":
        return one.codes
    if field == "buyer-country":
        return (COUNTRIES[one.country].iso3,)
    if field == "publication-date":
        return (f"{one.published:%Y%m%d}",)
    if field == "reserved-procurement-lot":
        return one.reserved or ()
    value = record(one).get(field, [])
    return [str(each) for each in value] if isinstance(value, list) else [str(value)]
