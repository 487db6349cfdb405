"""Grants.gov as a simulator: search2 and fetchOpportunity, with any number of invented opportunities.

The one thing to know: it answers errors with status 200 and a code, and gives every answer another token, as the live
platform does. What it says of an unknown id is a guess (docs/platforms/grants_gov.md); `unknown` switches between two.
"""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal

from tests.portals.grants_gov_content import Grant, grant
from tests.portals.grants_gov_facets import APPLICANTS, CATEGORIES, INSTRUMENTS, RANGES, count
from tests.portals.grants_gov_record import detail, hit
from tests.portals.server import Answer, Call, Portal, json_answer

PATH = "/v1/api"
_TEXTS = (
    *("keyword", "oppNum", "aln", "cfda", "eligibilities", "agencies", "oppStatuses", "fundingCategories"),
    *("fundingInstruments", "dateRange", "sortBy"),
)


class GrantsGovPortal(Portal):
    """Grants.gov with `opportunities` of the last months before `today`; about a tenth are forecasts.

    `docs_names` answers with the names of the documentation; `drifting` posts one more opportunity before every page of a
    list but the first; `stuck` gives the first page again and again; `unknown` is what an id without opportunity brings.
    """

    def __init__(
        self,
        *,
        opportunities: int = 300,
        seed: int = 1,
        today: date | None = None,
        docs_names: bool = False,
        port: int = 0,
    ) -> None:
        super().__init__(port=port)
        self.today = today or datetime.now(UTC).date()
        self.seed = seed
        self.docs_names = docs_names
        self.drifting = self.stuck = False
        self.unknown: Literal["empty", "error"] = "empty"
        self._first = self._total = opportunities
        self._withdrawn: set[int] = set()
        self._facts: dict[int, Grant] = {}
        self._answers = 0

    @property
    def endpoint(self) -> str:
        """What the connector's parameter `endpoint` must be."""
        return self.url + PATH

    def grant(self, index: int) -> Grant:
        """Return the facts of one opportunity; made when first looked at."""
        if index not in self._facts:
            self._facts[index] = grant(index, of=self._first, seed=self.seed, today=self.today)
        return self._facts[index]

    def grants(self, *statuses: str) -> list[Grant]:
        """Every opportunity in one of these statuses, the newest first; without statuses those open or forecast."""
        wanted = statuses or ("posted", "forecasted")
        found = (self.grant(at) for at in reversed(range(self._total)) if at not in self._withdrawn)
        return [one for one in found if one.status(self.today) in wanted]

    def add(self, count: int = 1) -> list[str]:
        """Post so many new opportunities today; return their ids."""
        self._total += count
        return [str(self.grant(index).id) for index in range(self._total - count, self._total)]

    def change(self, count: int = 1, *, quietly: bool = False) -> list[str]:
        """Put off the closing of so many by a week; `quietly`: only the text changes, which no hit shows."""
        chosen = [one for one in self.grants("posted") if one.closes is not None][:count]
        for one in chosen:
            later = one.closes + timedelta(weeks=1) if one.closes else None
            changed = (
                replace(one, description=f"{one.description}<p>Amended.</p>") if quietly else replace(one, closes=later)
            )
            self._facts[one.index] = replace(changed, revision=one.revision + 1)
        return [str(one.id) for one in chosen]

    def publish(self, count: int = 1) -> list[str]:
        """Turn so many forecasts into open opportunities, under the same id."""
        chosen = self.grants("forecasted")[:count]
        for one in chosen:
            closes, archive = self.today + timedelta(days=60), self.today + timedelta(days=90)
            self._facts[one.index] = replace(one, forecast=False, posted=self.today, closes=closes, archive=archive)
        return [str(one.id) for one in chosen]

    def withdraw(self, count: int = 1) -> list[str]:
        """Take so many off the list, and their details away; return their ids."""
        chosen = self.grants("posted")[:count]
        self._withdrawn.update(one.index for one in chosen)
        return [str(one.id) for one in chosen]

    def answer(self, call: Call) -> Answer:
        if call.path not in (f"{PATH}/search2", f"{PATH}/fetchOpportunity"):
            return json_answer({"message": "Not Found"}, status=404)
        if call.method != "POST":
            return json_answer({"message": "Method Not Allowed"}, status=405)
        try:
            asked = call.json()
        except ValueError:
            asked = None
        if not isinstance(asked, dict):
            return self.said(code=400, message="The request is not JSON")
        return self._search(asked) if call.path.endswith("search2") else self._detail(asked)

    def said(self, data: Any = None, *, code: int = 0, message: str = "Webservice Succeeds") -> Answer:
        """Put an answer into its envelope."""
        self._answers += 1
        return json_answer({"errorcode": code, "msg": message, "token": f"simulated-{self._answers}", "data": data})

    def _search(self, asked: dict[str, Any]) -> Answer:
        start, rows = asked.get("startRecordNum", 0), asked.get("rows", 10)
        wrong = [name for name in asked if name not in (*_TEXTS, "rows", "startRecordNum")]
        wrong += [name for name in _TEXTS if not isinstance(asked.get(name, ""), str)]
        if wrong or not isinstance(start, int) or not isinstance(rows, int) or start < 0 or rows < 1:
            return self.said(code=400, message=f"Invalid search parameters {wrong}")
        if self.drifting and start:
            self.add()
        found = [one for one in self.grants(*_codes(asked, "oppStatuses")) if self._fits(one, asked)]
        if asked.get("sortBy") == "closeDate|asc":
            found.sort(key=lambda one: one.closes or date.max)
        start = 0 if self.stuck else start
        shown = found[start : start + rows]
        return self.said(
            {
                "searchParams": self._echo(asked, start=start, rows=rows),
                "hitCount": len(found),
                "startRecord": start,
                "oppHits": [hit(one, today=self.today, documented=self.docs_names) for one in shown],
                **self._facets(found, asked),
                "accessKey": "",
                "errorMsgs": [],
            }
        )

    def _fits(self, one: Grant, asked: dict[str, Any]) -> bool:
        words = asked.get("keyword", "").casefold().split()
        text = f"{one.title} {one.description} {one.number}".casefold()
        listing = asked.get("aln") or asked.get("cfda")
        agencies = _codes(asked, "agencies")
        of_agency = any(one.agency == code or one.agency.startswith(f"{code}-") for code in agencies)
        days = asked.get("dateRange", "")
        return (
            all(word in text for word in words)
            and (not asked.get("oppNum") or asked["oppNum"] == one.number)
            and (not listing or listing in dict(one.theme.aln))
            and (not agencies or of_agency or one.theme.top in agencies)
            and _any(one.theme.applicants, _codes(asked, "eligibilities"))
            and _any(one.theme.categories, _codes(asked, "fundingCategories"))
            and _any(one.theme.instruments, _codes(asked, "fundingInstruments"))
            and (not days.isdigit() or one.posted >= self.today - timedelta(days=int(days)))
        )

    def _echo(self, asked: dict[str, Any], *, start: int, rows: int) -> dict[str, Any]:
        listing = {"aln" if self.docs_names else "cfda": asked.get("aln") or asked.get("cfda") or ""}
        named = ("oppNum", "sortBy", "eligibilities", "fundingInstruments", "fundingCategories", "agencies", "keyword")
        fixed = {"resultType": "json", "searchOnly": False, "keywordEncoded": True}
        statuses = {"oppStatuses": asked.get("oppStatuses") or "forecasted|posted"}
        return (
            fixed | listing | statuses | {n: asked.get(n, "") for n in named} | {"startRecordNum": start, "rows": rows}
        )

    def _facets(self, found: Sequence[Grant], asked: dict[str, Any]) -> dict[str, Any]:
        all_of_them = [one for at in range(self._total) if self._fits(one := self.grant(at), asked)]
        ages = [(self.today - one.posted).days for one in found]
        tops = {one.theme.top: one.theme.top_name for one in found}
        below = {top: {one.agency: one.agency_name for one in found if one.theme.top == top} for top in tops}
        agencies = [
            {
                "subAgencyOptions": count([one.agency for one in found], below[row["value"]]),
                **row,
            }
            for row in count([one.theme.top for one in found], tops)
        ]
        statuses = {name: name for name in ("posted", "closed", "archived", "forecasted")}
        return {
            "oppStatusOptions": count([one.status(self.today) for one in all_of_them], statuses),
            "dateRangeOptions": [
                {"label": f"Posted Date - Last {said}", "value": days, "count": sum(age <= int(days) for age in ages)}
                for days, said in RANGES.items()
            ],
            "suggestion": "",
            "eligibilities": count([code for one in found for code in one.theme.applicants], APPLICANTS),
            "fundingCategories": count([code for one in found for code in one.theme.categories], CATEGORIES),
            "fundingInstruments": count([code for one in found for code in one.theme.instruments], INSTRUMENTS),
            "agencies": agencies,
        }

    def _detail(self, asked: dict[str, Any]) -> Answer:
        number = asked.get("opportunityId")
        index = int(number) - 910_000 if isinstance(number, int | str) and str(number).isdigit() else -1
        if 0 <= index < self._total and index not in self._withdrawn:
            return self.said(detail(self.grant(index), today=self.today, documented=self.docs_names))
        if self.unknown == "error":
            return self.said(code=1, message="Opportunity not found")
        return self.said({"id": None, "synopsisAttachmentFolders": [], "cfdas": [], "errorMessages": []})


def _codes(asked: dict[str, Any], name: str) -> list[str]:
    return [code for code in asked.get(name, "").split("|") if code]


def _any(has: Sequence[str], wanted: Sequence[str]) -> bool:
    return not wanted or any(code in wanted for code in has)


def asked_of(call: Call) -> Any:
    """The body of a logged call."""
    return json.loads(call.body)
