"""A running Grants.gov simulator, visits to it with the real client, and what they brought."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any

import pytest

from connectors import grants_gov
from connectors.base.client import Client
from connectors.base.contract import Gone, Notice, Seen
from tests.connectors.visit import SimpleVisit
from tests.portals.grants_gov import GrantsGovPortal, asked_of

TODAY = date(2026, 11, 23)
MakeVisit = Callable[..., SimpleVisit]


@pytest.fixture
def portal() -> Iterator[GrantsGovPortal]:
    with GrantsGovPortal(opportunities=60, seed=7, today=TODAY) as running:
        yield running


@pytest.fixture
def visit_to(loopback_client: Client) -> MakeVisit:
    """Make a visit to a portal; params are those of the connector, `visit` settings those of the visit."""

    def make(portal: GrantsGovPortal, *, visit: dict[str, Any] | None = None, **params: Any) -> SimpleVisit:
        chosen = grants_gov.Params(endpoint=portal.endpoint, **{"rows": 10, **params})
        return SimpleVisit(http=loopback_client, params=chosen, **(visit or {}))

    return make


def ids(portal: GrantsGovPortal) -> list[str]:
    return [str(one.id) for one in portal.grants()]


def told(readings: Sequence[Any], kind: type[Notice | Seen | Gone]) -> list[str]:
    return [reading.source_id for reading in readings if isinstance(reading, kind)]


def listed(visit: SimpleVisit) -> Iterator[str]:
    """Fetch the list alone: no card is handed to the visit, so no detail is due."""
    for page in grants_gov.fetch(visit):
        yield from told([grants_gov.read(record, page) for record in grants_gov.split(page)], Seen)


def searches(portal: GrantsGovPortal) -> list[dict[str, Any]]:
    return [asked_of(call) for call in portal.calls if call.path.endswith("search2")]


def asked_details(portal: GrantsGovPortal) -> list[str]:
    return [str(asked_of(call)["opportunityId"]) for call in portal.calls if call.path.endswith("fetchOpportunity")]
