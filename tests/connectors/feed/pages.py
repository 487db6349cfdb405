"""Pages for the tests of the feed reader, written in the shape of real feeds."""

from datetime import UTC, datetime
from typing import Any

from connectors.base.contract import Notice, Page, Skipped
from connectors.generic import feed

URL = "https://www.example.org/notizie/feed.xml"
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def page(body: str | bytes, content_type: str = "application/rss+xml", **params: Any) -> Page:
    data = body.encode() if isinstance(body, str) else body
    settings = feed.Params(**{"url": URL, **params})
    return Page(
        url=URL, body=data, fetched_at=NOW, role="feed", headers={"content-type": content_type}, params=settings
    )


def rss(*items: str, head: str = "<language>it</language>") -> str:
    inside = "".join(f"<item>{item}</item>" for item in items)
    return f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Bandi</title>{head}{inside}</channel></rss>'


def readings(given: Page) -> list[Notice | Skipped]:
    return [feed.read(record, given) for record in feed.split(given)]


def notices(given: Page) -> list[Notice]:
    return [reading for reading in readings(given) if isinstance(reading, Notice)]


def skipped(given: Page) -> list[str]:
    return [reading.reason for reading in readings(given) if isinstance(reading, Skipped)]


def only(given: Page) -> Notice:
    (notice,) = notices(given)
    return notice


def title(notice: Notice) -> str:
    (stated,) = notice.titles.values()
    return stated.text
