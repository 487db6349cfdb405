"""A connector as small as one can be, and the platform it reads: a list of JSON rows that a test writes.

The one thing to know: it sweeps, it announces how many rows there are, and it cuts its list into pages.
"""

import json
from collections.abc import Iterator
from datetime import date
from hashlib import sha256
from typing import Any

from pydantic import BaseModel

from connectors.base.contract import (
    About,
    Deadline,
    Notice,
    Page,
    ParseError,
    Record,
    Rights,
    Seen,
    Skipped,
    Title,
    Url,
    Visit,
)
from tests.portals.server import Answer, Call, Portal

ABOUT = About(
    name="tiny",
    title="Tiny",
    home="https://tiny.example.org/",
    hosts=("127.0.0.1", "localhost"),
    rights=Rights(show="full", basis="CC BY 4.0"),
    robots=False,
    sweep_days=7,
    rhythm_minutes=60,
)


class Params(BaseModel):
    url: Url


def fetch(visit: Visit) -> Iterator[Page]:
    number = 1
    while True:
        page = visit.http.get(visit.params.url, params={"page": number})
        if page.unchanged:
            yield page
            return
        answer = json.loads(page.body) if page.body.startswith(b"{") else {}
        if "total" in answer:
            visit.announced(answer["total"])
        yield page
        if not answer.get("more"):
            return
        number += 1


def split(page: Page) -> Iterator[Record]:
    if not page.body.startswith(b"{"):
        raise ParseError(page.url, "page", "is not the list")
    for place, row in enumerate(json.loads(page.body)["rows"]):
        yield Record(f"rows[{place}]", row)


def read(record: Record, page: Page) -> Notice | Seen | Skipped:
    row: dict[str, Any] = record.data
    if "card" in row:
        return Seen(row["id"], row["card"])
    if "skip" in row:
        return Skipped(row["skip"])
    return Notice(
        source_id=row["id"],
        url=f"https://tiny.example.org/{row['id']}",
        titles={"en": Title(text=row["title"])},
        kind="tender",
        deadlines=(Deadline(on=date.fromisoformat(row["due"])),) if "due" in row else (),
        codes=tuple(row.get("codes", ())),
        same_as=tuple(row.get("same_as", ())),
    )


def identify(record: Record) -> str | None:
    id: str = record.data["id"]
    return id


class TinyPortal(Portal):
    """`rows` is what it lists, `size` of them a page; with `tags` it answers 304 to whoever has the page already."""

    def __init__(self, *, rows: list[dict[str, Any]], size: int = 100, tags: bool = False) -> None:
        super().__init__()
        self.rows, self.size, self.tags = rows, size, tags

    def answer(self, call: Call) -> Answer:
        start = (int(call.query.get("page", "1")) - 1) * self.size
        shown = self.rows[start : start + self.size]
        more = start + self.size < len(self.rows)
        # Everything beyond ASCII as an escape, which can also write half a character.
        body = json.dumps({"total": len(self.rows), "rows": shown, "more": more}, separators=(",", ":")).encode()
        whole = Answer(200, body, {"content-type": "application/json"})
        if not self.tags:
            return whole
        tag = f'"{sha256(whole.body).hexdigest()[:16]}"'
        if call.headers.get("if-none-match") == tag:
            return Answer(304, headers={"etag": tag})
        return Answer(200, whole.body, {**whole.headers, "etag": tag})


def row(number: int, **given: Any) -> dict[str, Any]:
    """One row that the reader can read; `given` says what differs."""
    return {"id": f"T{number}", "title": f"Cleaning of school number {number}", "due": "2027-02-01"} | given


def rows(count: int, first: int = 1) -> list[dict[str, Any]]:
    return [row(number) for number in range(first, first + count)]
