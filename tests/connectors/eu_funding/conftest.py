"""A running simulator of the portal, and visits to it with the real client."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest

from connectors import eu_funding
from connectors.base.client import Client
from tests.connectors.visit import SimpleVisit
from tests.portals.eu_funding import PATH, EUFundingPortal

TODAY = date(2026, 11, 23)
MakeVisit = Callable[..., SimpleVisit]


@pytest.fixture
def portal() -> Iterator[EUFundingPortal]:
    with EUFundingPortal(documents=200, seed=7, today=TODAY) as running:
        yield running


@pytest.fixture
def visit_to(loopback_client: Client) -> MakeVisit:
    """Make a visit to a portal; params are those of the connector, `visit` settings those of the visit."""

    def make(portal: EUFundingPortal, *, visit: dict[str, Any] | None = None, **params: Any) -> SimpleVisit:
        chosen = eu_funding.Params(endpoint=portal.url + PATH, **params)
        return SimpleVisit(http=loopback_client, params=chosen, **(visit or {}))

    return make
