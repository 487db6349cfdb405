"""A running simulator of ANAC's platform, visits to it with the real client, and acts made ready to be read."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest

from connectors import anac_pvl
from connectors.base.client import Client
from connectors.base.contract import Notice, Page, Skipped
from tests.connectors.visit import SimpleVisit
from tests.portals.anac_pvl import AnacPortal
from tests.portals.anac_pvl_content import act

TODAY = date(2026, 11, 23)
PUBLISHED = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
MakeVisit = Callable[..., SimpleVisit]


@pytest.fixture
def portal() -> Iterator[AnacPortal]:
    with AnacPortal(a_day=400, days=6, seed=7, today=TODAY) as running:
        yield running


@pytest.fixture
def visit_to(loopback_client: Client) -> MakeVisit:
    """Make a visit to a portal; params are those of the connector, `visit` settings those of the visit."""

    def make(portal: AnacPortal, *, visit: dict[str, Any] | None = None, **params: Any) -> SimpleVisit:
        chosen = anac_pvl.Params(endpoint=portal.endpoint, **params)
        return SimpleVisit(http=loopback_client, params=chosen, **{"mode": "recent", **(visit or {})})

    return make


def page_of(*records: Any, **params: Any) -> Page:
    """An answer of the platform with these records."""
    envelope = {"totalPages": 1, "totalElements": len(records), "size": 100, "number": 0}
    return Page(
        url=anac_pvl.about.LIVE,
        body=json.dumps({"content": records, **envelope}).encode(),
        fetched_at=datetime(2026, 11, 23, 9, 0, tzinfo=UTC),
        params=anac_pvl.Params(**params),
    )


def call(
    index: int = 0, *, lot: dict[str, Any] | None = None, metadata: dict[str, Any] | None = None, **head: Any
) -> Any:
    """An invented open call that says this beside what it says, in its head, its words and its first lot."""
    made = act(index, seed=1, published=PUBLISHED) | head
    template = made["template"][0]["template"]
    template["metadata"] |= metadata or {}
    template["sections"][2]["items"][0] |= lot or {}
    return made


def read(record: Any, **params: Any) -> Notice | Skipped:
    page = page_of(record, **params)
    (one,) = anac_pvl.split(page)
    return anac_pvl.read(one, page)


def noticed(record: Any, **params: Any) -> Notice:
    found = read(record, **params)
    assert isinstance(found, Notice), found
    return found
