"""Visits to a neutral site as if it were a part of Brainport, and pages of such a part without any network."""

from datetime import UTC, datetime
from typing import Any

from connectors import brainport
from connectors.base.client import Client
from connectors.base.contract import Notice, Page
from tests.connectors.visit import SimpleVisit

NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)


def visit(client: Client, section: str, url: str, **params: Any) -> SimpleVisit:
    chosen = brainport.Params.model_validate({"section": section, "start_url": url, **params})
    return SimpleVisit(http=client, params=chosen)


def page(html: str, section: str, *, role: str = "detail", at: datetime = NOW, **params: Any) -> Page:
    chosen = brainport.Params.model_validate({"section": section, **params})
    return Page(
        url=chosen.address,
        body=html.encode(),
        fetched_at=at,
        role=role,
        headers={"content-type": "text/html; charset=utf-8"},
        params=chosen,
    )


def only(given: Page) -> Notice:
    (record,) = brainport.split(given)
    notice = brainport.read(record, given)
    assert isinstance(notice, Notice)
    return notice
