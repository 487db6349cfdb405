"""A connector that reads the files of its folder, a title a line, for whom its source says: small as one can be."""

from collections.abc import Iterator
from typing import Literal

from pydantic import BaseModel

from connectors.base.contract import About, Notice, Page, Record, Rights, Title, Visit

ABOUT = About(
    name="lines",
    title="Lines of files",
    home="https://lines.example/",
    rights=Rights(show="link", audience="office", basis="a test"),
    reads="files",
    keep_days=14,
)


class Params(BaseModel):
    audience: Literal["members", "office"] = "office"


def fetch(visit: Visit) -> Iterator[Page]:
    for file in visit.files():
        yield Page(url=f"file:{file.name}", body=file.body, fetched_at=visit.now, role="file")


def split(page: Page) -> Iterator[Record]:
    for number, line in enumerate(page.body.decode().splitlines()):
        yield Record(f"line {number + 1}", line)


def read(record: Record, page: Page) -> Notice:
    key, _, title = record.data.partition(" ")
    url = f"https://lines.example/{key}"
    return Notice(source_id=key, url=url, titles={"en": Title(text=title)}, kind="business_request", summary=title)


def rights(notice: Notice, params: BaseModel) -> Rights:
    audience = params.audience if isinstance(params, Params) else "office"
    return Rights(show="link", audience=audience, basis="a test")
