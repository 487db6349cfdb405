"""A running simulator of Open Innovation Lombardia, visits to it with the real client, and pages without any network."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest

from connectors import een_lombardia
from connectors.base.client import Client
from connectors.base.contract import Page
from tests.connectors.visit import SimpleVisit
from tests.portals.een_lombardia import PATH, LombardiaPortal

TODAY = date(2026, 11, 23)
LIVE = een_lombardia.about.LIVE
MakeVisit = Callable[..., SimpleVisit]


@pytest.fixture
def portal() -> Iterator[LombardiaPortal]:
    with LombardiaPortal(proposals=40, seed=7, today=TODAY) as running:
        yield running


@pytest.fixture
def visit_to(loopback_client: Client) -> MakeVisit:
    """Make a visit to a portal; params are those of the connector, `visit` settings those of the visit."""

    def make(portal: LombardiaPortal, *, visit: dict[str, Any] | None = None, **params: Any) -> SimpleVisit:
        chosen = een_lombardia.Params(endpoint=portal.url + PATH, **params)
        return SimpleVisit(http=loopback_client, params=chosen, **(visit or {}))

    return make


def page_of(html: str, *, url: str = LIVE, role: str = "listing", **more: Any) -> Page:
    """A page as the client would hand it on; `more` are further fields of it."""
    given: dict[str, Any] = {
        "url": url,
        "body": html.encode(),
        "fetched_at": datetime(2026, 11, 23, 7, 0, tzinfo=UTC),
        "role": role,
        "headers": {"content-type": "text/html; charset=utf-8"},
        "params": een_lombardia.Params(),
    }
    return Page(**given | more)
