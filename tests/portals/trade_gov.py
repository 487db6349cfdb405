"""The data services of the International Trade Administration as a simulator: events and leads, any number of them.

The one thing to know: no answer of the platform of today was ever seen. The records are those of the service before it,
the envelope and the errors are what is documented and what clients read (docs/platforms/trade_gov.md).
"""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from tests.portals.server import Answer, Call, Portal, json_answer
from tests.portals.trade_gov_content import SOURCES, event, lead

KEY = "simulated-key-of-trade-gov"
EVENTS, LEADS = "/events/v1/search", "/trade_leads/v1/search"
_ASKED = {
    EVENTS: {"q", "countries", "states", "industries", "event_types", "start_date_range[from]", "start_date_range[to]"},
    LEADS: {"q", "country_codes", "tender_start_date_range[from]", "tender_start_date_range[to]"},
}


class TradeGovPortal(Portal):
    """The platform with so many `events` and `leads`; `leads=None`: that interface is gone.

    `renamed` gives events the names of today's application; `silent` are sources behind it that have not spoken for
    forty days; `stuck` gives the first page again and again.
    """

    def __init__(
        self,
        *,
        events: int = 120,
        leads: int | None = 140,
        seed: int = 1,
        today: date | None = None,
        renamed: bool = False,
        port: int = 0,
    ) -> None:
        super().__init__(port=port)
        self.events, self.leads, self.seed = events, leads, seed
        self.today = today or datetime.now(UTC).date()
        self.renamed = renamed
        self.silent: tuple[str, ...] = ()
        self.stuck = False

    def rows(self, path: str) -> list[dict[str, Any]]:
        """Every record of one interface."""
        if path == EVENTS:
            made = range(self.events)
            return [event(index, seed=self.seed, today=self.today, renamed=self.renamed) for index in made]
        return [lead(index, seed=self.seed, today=self.today) for index in range(self.leads or 0)]

    def answer(self, call: Call) -> Answer:
        if call.path not in _ASKED or (call.path == LEADS and self.leads is None):
            return json_answer({"statusCode": 404, "message": "Resource not found"}, status=404)
        if not (key := call.headers.get("subscription-key", "")):
            why = (
                "Access denied due to missing subscription key. Make sure to include it when making requests to an API."
            )
            return json_answer({"statusCode": 401, "message": why}, status=401)
        if key != KEY:
            why = "Access denied due to invalid subscription key. Make sure to provide a valid key for an active subscription."
            return json_answer({"statusCode": 401, "message": why}, status=401)
        size, offset = call.query.get("size", "10"), call.query.get("offset", "0")
        unknown = set(call.query) - _ASKED[call.path] - {"size", "offset"}
        if unknown or not (size + offset).isdigit() or int(size) > 100:
            return json_answer({"errors": [f"invalid: {sorted(unknown)}"]}, status=400)
        found = [row for row in self.rows(call.path) if _fits(row, call)]
        start = 0 if self.stuck else int(offset)
        return json_answer(
            {
                "total": len(found),
                "offset": start,
                "sources_used": [self._source(name) for name in (("ITA", "SBA") if call.path == EVENTS else SOURCES)],
                "search_performed_at": f"{self.today.isoformat()}T06:00:00Z",
                "aggregations": {"countries": [{"value": "C&ocirc;te d&#39;Ivoire", "count": 1}]},
                "results": found[start : start + int(size)],
            }
        )

    def _source(self, name: str) -> dict[str, str]:
        days = 40 if name in self.silent else 1
        at = datetime.combine(self.today - timedelta(days=days), time(5), UTC).isoformat()
        return {"source": name, "source_last_updated": at, "last_imported": at}


def _fits(row: dict[str, Any], call: Call) -> bool:
    places = {row["country"]} if "country" in row else {venue["country"] for venue in row.get("venues", [])}
    wanted = {code for key in ("countries", "country_codes") for code in call.query.get(key, "").split(",") if code}
    since = call.query.get("start_date_range[from]") or call.query.get("tender_start_date_range[from]") or ""
    begins = row["start_date"] if call.path == EVENTS else row["publish_date"]
    text = " ".join(str(value) for value in row.values()).casefold()
    return (not wanted or bool(places & wanted)) and begins >= since and call.query.get("q", "").casefold() in text
