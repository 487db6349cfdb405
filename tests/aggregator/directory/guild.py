"""A network whose members stand in a list, and the connector that reads it: small as one can be.

The one thing to know: a row with `card` is a card, whose truth stands on a page of its own; `offer` makes a notice.
"""

import json
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from connectors.base.cards import details
from connectors.base.contract import (
    About,
    Expect,
    Gone,
    Notice,
    Organisation,
    Page,
    ParseError,
    Record,
    Rights,
    Seen,
    Title,
    Url,
    Visit,
)
from tests.portals.server import Answer, Call, Portal

ABOUT = About(
    name="guild",
    title="The guild",
    home="https://guild.example.org/",
    hosts=("127.0.0.1",),
    rights=Rights(show="full", basis="CC BY 4.0"),
    robots=False,
    expect=Expect(with_deadline=0.5),
    sweep_days=0,
    rhythm_minutes=60,
)


class Params(BaseModel):
    url: Url


def fetch(visit: Visit) -> Iterator[Page]:
    number, more = 1, True
    while more:
        page = visit.http.get(f"{visit.params.url}/list", params={"page": number})
        told = json.loads(page.body) if page.body.startswith(b"{") else {}
        visit.announced(told.get("total", 0))
        yield page
        number, more = number + 1, told.get("more", False)
    yield from details(visit, lambda card: visit.http.get(str(card.url), role="detail", accept=(404, 410)))


def split(page: Page) -> Iterator[Record]:
    if page.role == "detail":
        yield Record("page", page.status if page.status != 200 else json.loads(page.body))
        return
    if not page.body.startswith(b"{"):
        raise ParseError(page.url, "page", "is not the list")
    for place, row in enumerate(json.loads(page.body)["rows"]):
        yield Record(f"rows[{place}]", row)


def read(record: Record, page: Page) -> Organisation | Seen | Notice | Gone:
    row: Any = record.data
    if row in (404, 410):
        return Gone(page.url.rpartition("/")[2])
    if "card" in row and page.role != "detail":
        return Seen(row["source_id"], row["card"], f"{page.url.partition('/list')[0]}/one/{row['source_id']}")
    told = {key: value for key, value in row.items() if key not in {"card", "offer"}}
    if "offer" in row:
        url = f"https://guild.example.org/{row['source_id']}"
        titles = {"en": Title(text=row["offer"])}
        return Notice(source_id=row["source_id"], url=url, titles=titles, kind="business_offer")
    return Organisation.model_validate(told)


def identify(record: Record) -> str | None:
    id: str | None = record.data.get("source_id")
    return id


class GuildPortal(Portal):
    """`rows` are what it lists, `size` of them a page; `gone` are members whose page is no more."""

    def __init__(self, *rows: dict[str, Any], size: int = 100) -> None:
        super().__init__()
        self.rows, self.size = list(rows), size
        self.gone: set[str] = set()

    def answer(self, call: Call) -> Answer:
        if "/one/" in call.path:
            key = call.path.rpartition("/")[2]
            if key in self.gone:
                return Answer(410, b"gone", {"content-type": "text/plain"})
            return _json(next(row for row in self.rows if row["source_id"] == key))
        start = (int(call.query["page"]) - 1) * self.size
        more = start + self.size < len(self.rows)
        return _json({"rows": self.rows[start : start + self.size], "more": more, "total": len(self.rows)})

    def details_asked(self) -> list[str]:
        return [call.path.rpartition("/")[2] for call in self.calls if "/one/" in call.path]


def member(number: int, **given: Any) -> dict[str, Any]:
    return {"source_id": f"G{number}", "name": f"Dairy number {number}", "country": "IT"} | given


def members(count: int, **given: Any) -> list[dict[str, Any]]:
    return [member(number, **given) for number in range(count)]


def _json(value: Any) -> Answer:
    return Answer(200, json.dumps(value).encode(), {"content-type": "application/json"})
