"""A running simulator of trade.gov, and visits to it with the real client."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest

from connectors import trade_gov
from connectors.base.client import Client
from tests.connectors.visit import DictSecrets, SimpleVisit
from tests.portals.trade_gov import KEY, TradeGovPortal

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
MakeVisit = Callable[..., SimpleVisit]


@pytest.fixture
def portal() -> Iterator[TradeGovPortal]:
    with TradeGovPortal(events=64, leads=70, seed=2, today=TODAY) as running:
        yield running


@pytest.fixture
def visit_to(loopback_client: Client) -> MakeVisit:
    """Make a visit to a portal; params are those of the connector, `visit` settings those of the visit."""

    def make(portal: TradeGovPortal, *, visit: dict[str, Any] | None = None, **params: Any) -> SimpleVisit:
        chosen = trade_gov.Params(endpoint=portal.url, **params)
        settings = {"http": loopback_client, "params": chosen, "secrets": DictSecrets({"trade-gov": KEY}), "now": NOW}
        return SimpleVisit(**{**settings, **(visit or {})})

    return make
