"""A connector whose listing holds cards, and the platform it reads: the truth stands on detail pages, one a card.

The one thing to know: Italian titles come from an answer of their own, before the listing, as some platforms give them.
"""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

from pydantic import BaseModel

from connectors.base.cards import details, fingerprint
from connectors.base.contract import (
    TITLES,
    About,
    Deadline,
    Expect,
    Gone,
    Notice,
    Page,
    ParseError,
    Record,
    Rights,
    Seen,
    Title,
    Translation,
    Url,
    Visit,
)
from tests.portals.server import Answer, Call, Portal

ABOUT = About(
    name="carded",
    title="Carded",
    home="https://carded.example.org/",
    hosts=("127.0.0.1",),
    rights=Rights(show="full", basis="CC BY 4.0"),
    robots=False,
    expect=Expect(markup=True),
    sweep_days=0,
    rhythm_minutes=24 * 60,
)


class Params(BaseModel):
    url: Url
    endless: bool = False
    announces: bool = False
    backlog_first: bool = False


def fetch(visit: Visit) -> Iterator[Page]:
    if visit.params.backlog_first:
        yield from _details(visit)
    yield visit.http.get(f"{visit.params.url}/it", role=TITLES)
    number = 1
    while True:
        page = visit.http.get(f"{visit.params.url}/list", params={"page": number})
        more = json.loads(page.body)["more"]
        if visit.params.announces:
            visit.announced(json.loads(page.body)["total"])
        yield page
        number += 1
        if visit.trial or (not more and not visit.params.endless):
            break
    yield from _details(visit)


def _details(visit: Visit) -> Iterator[Page]:
    yield from details(visit, lambda card: visit.http.get(str(card.url), role="detail", accept=(404, 410)))


def split(page: Page) -> Iterator[Record]:
    if page.role == "detail":
        yield Record("page", page.status if page.status != 200 else json.loads(page.body))
        return
    for place, row in enumerate(json.loads(page.body)["rows"]):
        yield Record(f"rows[{place}]", row)


def read(record: Record, page: Page) -> Notice | Seen | Gone | Translation:
    row: Any = record.data
    if row in (404, 410):
        return Gone(page.url.rpartition("/")[2])
    if page.role == TITLES:
        return Translation(row["id"], {"it": Title(text=row["it"])})
    if page.role == "listing":
        told = fingerprint(row["id"], row["title"], row["due"], at=page.fetched_at)
        return Seen(row["id"], told, f"{page.url.partition('/list')[0]}/one/{row['id']}")
    if "title" not in row:
        raise ParseError(page.url, "title", "is missing")
    return Notice(
        source_id=row["id"],
        url=f"https://carded.example.org/{row['id']}",
        titles={"en": Title(text=row["title"])},
        summary=row.get("text"),
        kind="tender",
        deadlines=(Deadline(on=date.fromisoformat(row["due"])),),
    )


class CardPortal(Portal):
    """`rows` are shown `size` a page; `gone` have no page any more, `broken` one that says nothing.

    `slips` is counted and not shown; with `tags` a detail page is answered 304 to whoever has it.
    """

    def __init__(self, count: int, *, size: int = 10) -> None:
        super().__init__()
        self.rows = {
            f"C{n}": {"id": f"C{n}", "title": f"Care home number {n}", "due": f"2027-02-{n % 28 + 1:02}"}
            for n in range(count)
        }
        self.texts: dict[str, str] = {}
        self.italian: dict[str, str] = {}
        self.gone: set[str] = set()
        self.broken: set[str] = set()
        self.size = size
        self.slips = ""
        self.tags = False

    def answer(self, call: Call) -> Answer:
        if call.path.endswith("/it"):
            return _json({"rows": [{"id": key, "it": text} for key, text in self.italian.items()]})
        if call.path.endswith("/list"):
            start = (int(call.query["page"]) - 1) * self.size
            rows = list(self.rows.values())
            shown = [row for row in rows[start : start + self.size] if row["id"] != self.slips]
            return _json({"rows": shown, "more": start + self.size < len(rows), "total": len(rows)})
        key = call.path.rpartition("/")[2]
        if key in self.gone:
            return Answer(410, b"gone", {"content-type": "text/plain"})
        row = self.rows[key]
        whole = _json(
            {"id": key} if key in self.broken else {**row, "text": self.texts.get(key, f"The text of {key}.")}
        )
        if not self.tags:
            return whole
        # As some servers do, it takes the page for the same whatever its card says now.
        if call.headers.get("if-none-match") == f'"{key}"':
            return Answer(304, headers={"etag": f'"{key}"'})
        return Answer(200, whole.body, {**whole.headers, "etag": f'"{key}"'})

    def details_asked(self) -> list[str]:
        return [call.path.rpartition("/")[2] for call in self.calls if "/one/" in call.path]


def _json(value: Any) -> Answer:
    return Answer(200, json.dumps(value).encode(), {"content-type": "application/json"})
