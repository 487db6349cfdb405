"""What goes wrong with the EU Funding & Tenders Portal, ready for `portal.fail(...)`.

The one thing to know: most of it comes with status 200. What lasts (a deaf portal, one that always gives its first page,
a wrong total, a list that is cut off) are switches of the portal itself.
"""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from tests.portals.server import Answer, Call, Fault, json_answer


def internal_error(*, times: int = 1) -> Fault:
    """Fail as the platform does, once or so many times; 0: until healed."""
    answer = json_answer({"type": "throwable", "message": "An internal error occurred"}, status=500)
    return Fault(answer=answer, times=times)


def maintenance() -> Fault:
    """Answer with a web page and status 200, until healed."""
    page = b"<!DOCTYPE html><html><head><title>Maintenance</title></head><body>We will be back soon.</body></html>"
    return Fault(answer=Answer(200, page, {"content-type": "text/html; charset=utf-8"}), times=0)


def contradicting(field: str = "status", value: str = "31094503") -> Fault:
    """Let one row in the middle of the next page say something else than was asked for."""

    def alter(row: dict[str, Any]) -> None:
        row["metadata"][field] = [value]

    return _altered(alter)


def in_titles(fault: Fault, *, page: int = 0) -> Fault:
    """Let a fault strike passes of titles and nothing else; of these, with a number, only that page."""

    def when(call: Call) -> bool:
        return b"displayFields" in call.body and page in (0, int(call.query["pageNumber"]))

    return replace(fault, when=when)


def without(field: str) -> Fault:
    """Leave a key out of one row of the next page."""
    return _altered(lambda row: row["metadata"].pop(field, None))


def twice() -> Fault:
    """List the first row of the next page at its end as well."""

    def alter(answer: Answer) -> Answer:
        page = json.loads(answer.body)
        page["results"].append(page["results"][0])
        return json_answer(page | {"totalResults": page["totalResults"] + 1})

    return Fault(alter=alter)


def _altered(change: Callable[[dict[str, Any]], object]) -> Fault:
    def alter(answer: Answer) -> Answer:
        page = json.loads(answer.body)
        rows = [row for row in page["results"] if "metadata" in row]
        change(rows[len(rows) // 2])
        return json_answer(page)

    return Fault(alter=alter, when=lambda call: b"displayFields" not in call.body)
