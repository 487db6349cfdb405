"""A running LinkedIn simulator and visits to it with the real client."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from connectors import linkedin
from connectors.base.client import Client
from connectors.base.contract import Page
from connectors.linkedin.tokens import Connection, new
from tests.connectors.visit import DictSecrets, SimpleVisit
from tests.portals.linkedin import CLIENT, SECRET, LinkedInPortal

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
MakeVisit = Callable[..., SimpleVisit]


@pytest.fixture
def portal() -> Iterator[LinkedInPortal]:
    with LinkedInPortal(posts=120, now=NOW) as running:
        yield running


def connection(portal: LinkedInPortal, now: datetime = NOW) -> Connection:
    """What a person who has just connected has in the vault."""
    return new(portal.tokens(), client_id=CLIENT, client_secret=SECRET, now=now, url=portal.url)


@pytest.fixture
def visit_to(loopback_client: Client) -> MakeVisit:
    def make(portal: LinkedInPortal, *, visit: dict[str, Any] | None = None, **params: Any) -> SimpleVisit:
        chosen = linkedin.Params(**portal.params | params)
        secrets = DictSecrets({"linkedin": connection(portal).text()})
        given: dict[str, Any] = {"http": loopback_client, "params": chosen, "secrets": secrets, "now": NOW}
        return SimpleVisit(**given | (visit or {}))

    return make


def page_of(body: str, *, params: dict[str, Any] | None = None, **more: Any) -> Page:
    """A page as the client would hand it on."""
    given: dict[str, Any] = {
        "url": "https://api.linkedin.com/rest/posts?q=author",
        "body": body.encode(),
        "fetched_at": NOW,
        "headers": {"content-type": "application/json"},
        "params": linkedin.Params(**(params or {})),
    }
    return Page(**given | more)
