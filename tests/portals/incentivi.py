"""incentivi.gov.it as a simulator: the catalogue's Solr, in whole envelopes, with any number of invented incentives.

The one thing to know: it serves what Solr serves (start, rows, numFound, errors with a status); the envelope of the live
catalogue was never recorded.
"""

from datetime import UTC, date, datetime
from typing import Any

from tests.portals.incentivi_content import incentive, nid
from tests.portals.server import Answer, Call, Portal, json_answer

PATH = "/solr/coredrupal/select"


class IncentiviPortal(Portal):
    """A catalogue of `incentives`. `stuck`: whatever start is asked for, the first page comes. `drifting`: one incentive
    disappears from the top before every page but the first, as when the index is rebuilt meanwhile."""

    def __init__(self, *, incentives: int = 120, seed: int = 1, today: date | None = None, port: int = 0) -> None:
        super().__init__(port=port)
        self.today = today or datetime.now(UTC).date()
        self.docs = [incentive(index, seed=seed, today=self.today) for index in range(incentives)]
        self.seed = seed
        self._next = incentives
        self.stuck = self.drifting = False

    @property
    def endpoint(self) -> str:
        return self.url + PATH

    def add(self, count: int = 1) -> list[str]:
        """Put so many new incentives into the catalogue; return their numbers."""
        new = range(self._next, self._next + count)
        self._next += count
        self.docs = [incentive(index, seed=self.seed, today=self.today) for index in new] + self.docs
        return [nid(index) for index in new]

    def withdraw(self, count: int = 1) -> list[str]:
        """Take so many out of the catalogue; return their numbers."""
        gone, self.docs = self.docs[:count], self.docs[count:]
        return [doc["zs_nid"] for doc in gone]

    def change(self, **facts: Any) -> str:
        """Let the first incentive say something else; return its number."""
        self.docs[0] = {**self.docs[0], **facts}
        return str(self.docs[0]["zs_nid"])

    def answer(self, call: Call) -> Answer:
        if call.path != PATH:
            return Answer(404, b"<html><title>404 Not Found</title></html>", {"content-type": "text/html"})
        start, rows = call.query.get("start", "0"), call.query.get("rows", "10")
        if not (start.isdigit() and rows.isdigit()) or call.query.get("wt") != "json":
            return error(f"For input string: {start!r}")
        if call.query.get("fq") != "index_id:incentivi":
            return error("undefined field")
        if self.drifting and int(start):
            self.withdraw()
        at = 0 if self.stuck else int(start)
        shown = self.docs[at : at + int(rows)]
        header = {"status": 0, "QTime": len(self.calls), "params": dict(call.query)}
        found = {"numFound": len(self.docs), "start": int(start), "numFoundExact": True, "docs": shown}
        return json_answer({"responseHeader": header, "response": found})


def error(why: str) -> Answer:
    """What Solr answers to a question that it does not understand."""
    return json_answer({"responseHeader": {"status": 400}, "error": {"msg": why, "code": 400}}, status=400)
