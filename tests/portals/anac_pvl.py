"""ANAC's platform of legal publication as a simulator: pages of acts, newest first, with any number of invented acts.

The one thing to know: it publishes `a_day` acts at six in the morning (UTC) of every day, and lets more come while it is read
(`growing`), as the live platform does.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Any

from tests.portals.anac_pvl_content import act, is_call
from tests.portals.server import Answer, Call, Portal, json_answer

PATH = "/api/v0/avvisi"


class AnacPortal(Portal):
    """The acts of `days` days until `today`. `stuck`: every page is the first. `ted_numbers`: publications on TED that the
    newest calls name."""

    def __init__(
        self,
        *,
        a_day: int = 400,
        days: int = 6,
        seed: int = 1,
        today: date | None = None,
        ted_numbers: tuple[str, ...] = (),
        port: int = 0,
    ) -> None:
        super().__init__(port=port)
        self.today = today or datetime.now(UTC).date()
        self.a_day, self.seed = a_day, seed
        self.stuck, self.growing = False, 0
        self._total = a_day * days
        self._days = days
        calls = [index for index in reversed(range(self._total)) if is_call(index)]
        self._ted = dict(zip(calls, ted_numbers, strict=False))
        self._act = cache(self._made)

    @property
    def endpoint(self) -> str:
        return self.url + PATH

    def acts(self) -> list[dict[str, Any]]:
        """Every act, the newest first."""
        return [self._act(index) for index in reversed(range(self._total))]

    def calls_open(self) -> list[dict[str, Any]]:
        """Those that were open calls when they were published."""
        return [self._act(index) for index in reversed(range(self._total)) if is_call(index)]

    def publish(self, count: int) -> None:
        """Publish so many more on the day after the last."""
        self._total += count

    def _made(self, index: int) -> dict[str, Any]:
        day = self.today - timedelta(days=self._days - 1 - index // self.a_day)
        at = datetime.combine(day, time(6), UTC) + timedelta(milliseconds=index % 1_000)
        return act(index, seed=self.seed, published=at, ted=self._ted.get(index))

    def answer(self, call: Call) -> Answer:
        if call.path != PATH:
            return json_answer({"status": 404, "error": "Not Found"}, status=404)
        page, size = call.query.get("page", "0"), call.query.get("size", "20")
        if not (page.isdigit() and size.isdigit()) or call.query.get("sortDirection") != "DESC":
            return json_answer({"status": 400, "error": "Bad Request"}, status=400)
        if int(page):
            self._total += self.growing
        number, rows = 0 if self.stuck else int(page), int(size)
        last = self._total - number * rows
        shown = [self._act(index) for index in reversed(range(max(0, last - rows), max(0, last)))]
        pages = -(-self._total // rows)
        told = {"totalPages": pages, "totalElements": self._total, "size": rows, "number": int(page)}
        return json_answer({"content": shown, **told})
