"""A running site, lists that read it, and pages of markup without any network."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest

from connectors.base.client import Client
from connectors.base.contract import Notice, Page, Reading
from connectors.generic import html_list
from tests.connectors.visit import SimpleVisit
from tests.portals.site import SitePortal

NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)
MARKED: dict[str, Any] = {
    "item_selector": "article.scheda",
    "date_selector": "time",
    "state_selector": ".stato",
    "category_selector": ".temi li",
    "summary_selector": ".testo",
    "max_pages": 9,
    "lang": "it",
    "origin_country": "IT",
}
"""The parameters of somebody who has looked at the markup."""
UNMARKED: dict[str, Any] = {"url_pattern": r"/bandi/\d{5}-", "date_line": True, "max_pages": 9, "lang": "it"}
"""Those of somebody who has not."""
MakeVisit = Callable[..., SimpleVisit]


@pytest.fixture
def portal() -> Iterator[SitePortal]:
    with SitePortal(items=34, today=TODAY) as running:
        yield running


@pytest.fixture
def visit_to(loopback_client: Client, portal: SitePortal) -> MakeVisit:
    """Make a visit to the site; `visit` are settings of the visit, the rest is put upon MARKED."""

    def make(path: str = "/bandi?pagina={page}", *, visit: dict[str, Any] | None = None, **params: Any) -> SimpleVisit:
        chosen = html_list.Params(**{**MARKED, "list_urls": [portal.url + path], **params})
        return SimpleVisit(http=loopback_client, params=chosen, **(visit or {}))

    return make


def page_of(html: str | bytes, *, url: str = "https://www.example.org/it/bandi", **params: Any) -> Page:
    """A page as the client would hand it on, of a list at that address. `role`, `of`, `status` go to the page."""
    own = {name: params.pop(name) for name in ("role", "of", "status") if name in params}
    given: dict[str, Any] = {"list_urls": [url], "lang": "it", **params}
    if not {"item_selector", "url_pattern"} & given.keys():
        given["item_selector"] = "article"
    return Page(
        url=url,
        body=html.encode() if isinstance(html, str) else html,
        fetched_at=NOW,
        headers={"content-type": "text/html; charset=utf-8"},
        params=html_list.Params(**given),
        **own,
    )


def readings(page: Page) -> list[Reading]:
    return [html_list.read(record, page) for record in html_list.split(page)]


def notices(page: Page) -> list[Notice]:
    return [reading for reading in readings(page) if isinstance(reading, Notice)]


def only(page: Page) -> Notice:
    (notice,) = notices(page)
    return notice


def title(notice: Notice) -> str:
    (stated,) = notice.titles.values()
    return stated.text
