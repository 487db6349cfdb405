"""SAM.gov as a simulator: the search of opportunities, version 2, and the descriptions, with any number of invented notices.

The one thing to know: it traps whoever pages carelessly, as the live platform does: `offset` is a page, a page past the end
holds one record from anywhere, a call too many is a 429, and an unknown question is a plain text with status 400.
"""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta

from tests.portals.sam_gov_content import NOTICE, Opportunity, id_of, opportunity, record
from tests.portals.server import Answer, Call, Portal, json_answer

PATH = "/opportunities/v2"
KEY = "simulated-key-of-sam-gov"
_ASKED = {"api_key", "postedFrom", "postedTo", "limit", "offset", "ptype", "noticeid", "title", "ncode", "ccode"}


@dataclass(eq=False)
class SamGovPortal(Portal):
    """SAM.gov with `notices` of the last forty days before `today`. `quota` calls are answered, then come 429.

    `cap` is the most records a page really has, whatever was asked for; `stuck` gives the first page again and again;
    `foreign` makes descriptions point at another host.
    """

    notices: int = 120
    seed: int = 1
    today: date = field(default_factory=lambda: datetime.now(UTC).date())
    port: int = 0
    quota: int = 1_000
    cap: int = 1_000
    stuck: bool = False
    foreign: str = ""

    def __post_init__(self) -> None:
        Portal.__init__(self, port=self.port)
        self._added: list[Opportunity] = []

    @property
    def endpoint(self) -> str:
        """What the connector's parameter `endpoint` must be."""
        return self.url + PATH

    def all(self) -> list[Opportunity]:
        """Every notice, the newest first."""
        made = [opportunity(index, seed=self.seed, today=self.today, of=self.notices) for index in range(self.notices)]
        return sorted([*made, *self._added], key=lambda one: (one.posted, one.index), reverse=True)

    def amend(self, count: int = 1) -> list[str]:
        """Post so many again today, under another id, as the platform does with amendments; return the new ids."""
        for one in self.all()[:count]:
            again = replace(one, id=id_of(f"{one.id} amended"), posted=self.today, index=self.notices + one.index)
            self._added.append(again)
        return [one.id for one in self._added[-count:]]

    def answer(self, call: Call) -> Answer:
        if call.path not in (f"{PATH}/search", NOTICE):
            return Answer(404, b"<html><body><h1>Not Found</h1></body></html>", {"content-type": "text/html"})
        if not (key := call.query.get("api_key", "")):
            return _error("API_KEY_MISSING", "No api_key was supplied. Please submit with a valid API key.", 403)
        if key != KEY:
            return _error("API_KEY_INVALID", f"An invalid api_key was supplied: {key}", 403)
        if len(self.calls) > self.quota:
            tomorrow = datetime.combine(self.today + timedelta(days=1), time(), UTC)
            told = {
                "code": "900804",
                "message": "Message throttled out",
                "nextAccessTime": f"{tomorrow:%Y-%b-%d %H:%M:%S}+0000 UTC",
            }
            return json_answer(told, status=429)
        return self._search(call) if call.path.endswith("/search") else self._description(call)

    def _search(self, call: Call) -> Answer:
        asked = call.query
        if not asked.get("postedFrom") or not asked.get("postedTo"):
            return _refused("PostedFrom and PostedTo are mandatory")
        try:
            since, until = (_day(asked[name]) for name in ("postedFrom", "postedTo"))
        except ValueError:
            return _refused("Invalid Date Entered. Expected date format is MM/dd/yyyy")
        if until - since > timedelta(days=364):
            return _refused("Date range must be 1 year(s) apart")
        if set(asked) - _ASKED or not (asked.get("limit", "1") + asked.get("offset", "0")).isdigit():
            return _refused("limit/offset must be a positive number.")
        limit, page = int(asked.get("limit", "1")), int(asked.get("offset", "0"))
        if limit > 1_000:
            return _refused("Limit valid range is 0-1000. Please provide valid input.")
        limit = min(limit, self.cap)
        letters = [letter for letter in asked.get("ptype", "").split(",") if letter]
        found = [one for one in self.all() if since <= one.posted <= until and (not letters or one.letter in letters)]
        found = [one for one in found if asked.get("noticeid", one.id) == one.id]
        if not found:
            return Answer(404, b"No Data Found", {"content-type": "text/plain"})
        start = 0 if self.stuck else page * limit
        shown = found[start : start + limit] or [found[page % len(found)]]
        href = f"https://api.sam.gov/prod/opportunities/v2/search?limit={limit}&api_key={asked['api_key']}"
        return json_answer(
            {
                "totalRecords": len(found),
                "limit": limit,
                "offset": page,
                "opportunitiesData": [record(one, self.foreign or self.url) for one in shown],
                "links": [{"rel": "self", "href": href}],
            }
        )

    def _description(self, call: Call) -> Answer:
        one = next((one for one in self.all() if one.id == call.query.get("noticeid")), None)
        if one is None or not one.described:
            return json_answer({"errorCode": "404", "errorMessage": "Description Not Found"}, status=404)
        return json_answer({"description": f"<p>The office buys: {one.work[1].lower()}.</p><p>Visit on request.</p>"})


def _day(text: str) -> date:
    return datetime.strptime(text, "%m/%d/%Y").replace(tzinfo=UTC).date()


def _refused(why: str) -> Answer:
    return json_answer({"errorCode": "400", "errorMessage": why}, status=400)


def _error(code: str, why: str, status: int) -> Answer:
    return json_answer({"error": {"code": code, "message": why}}, status=status)
