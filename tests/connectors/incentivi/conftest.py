"""A running simulator of incentivi.gov.it, visits to it with the real client, and records made ready to be read."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest

from connectors import incentivi
from connectors.base.client import Client
from connectors.base.contract import Notice, Page
from tests.connectors.visit import SimpleVisit
from tests.portals.incentivi import IncentiviPortal
from tests.portals.incentivi_content import incentive

TODAY = date(2026, 11, 23)
MakeVisit = Callable[..., SimpleVisit]


@pytest.fixture
def portal() -> Iterator[IncentiviPortal]:
    with IncentiviPortal(incentives=45, seed=7, today=TODAY) as running:
        yield running


@pytest.fixture
def visit_to(loopback_client: Client) -> MakeVisit:
    """Make a visit to a portal; params are those of the connector, `visit` settings those of the visit."""

    def make(portal: IncentiviPortal, *, visit: dict[str, Any] | None = None, **params: Any) -> SimpleVisit:
        chosen = incentivi.Params(endpoint=portal.endpoint, **{"rows": 20, **params})
        return SimpleVisit(http=loopback_client, params=chosen, **(visit or {}))

    return make


def page_of(*docs: Any, at: datetime = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)) -> Page:
    """An answer of the catalogue with these records."""
    answer = {"responseHeader": {"status": 0}, "response": {"numFound": len(docs), "start": 0, "docs": docs}}
    return Page(url=incentivi.about.LIVE, body=json.dumps(answer).encode(), fetched_at=at, params=incentivi.Params())


def read(*, at: datetime = datetime(2026, 11, 23, 7, 0, tzinfo=UTC), **facts: Any) -> Notice:
    """Read an invented incentive that says this beside what it says; None takes a field away."""
    doc = incentive(0, seed=1, today=TODAY) | facts
    page = page_of({name: value for name, value in doc.items() if value is not None}, at=at)
    (record,) = incentivi.split(page)
    return incentivi.read(record, page)
