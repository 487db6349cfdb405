"""A running index with its sites, visits to it with the real client, and pages without any network."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from connectors import murmurations
from connectors.base.contract import Page
from tests.connectors.conftest import MakeClient
from tests.connectors.visit import SimpleVisit
from tests.portals.murmurations import MurmurationsPortal

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
HOME = "https://orto.example.org/murmurations/profile.json"
MakeVisit = Callable[..., SimpleVisit]


@pytest.fixture
def portal() -> Iterator[MurmurationsPortal]:
    with MurmurationsPortal(now=NOW) as running:
        yield running


@pytest.fixture
def visit_to(make_client: MakeClient) -> MakeVisit:
    """Make a visit to a portal; it may speak to any host, as the real one."""

    def make(portal: MurmurationsPortal, *, visit: dict[str, Any] | None = None, **params: Any) -> SimpleVisit:
        client = make_client(about=murmurations.ABOUT, extra_hosts=(), pauses=())
        chosen = murmurations.Params(endpoint=portal.endpoint, **params)
        given: dict[str, Any] = {"http": client, "params": chosen, "now": NOW}
        return SimpleVisit(**given | (visit or {}))

    return make


def page_of(value: Any, *, role: str = "profile", **more: Any) -> Page:
    body = value if isinstance(value, bytes) else json.dumps(value).encode()
    given: dict[str, Any] = {
        "url": HOME,
        "body": body,
        "fetched_at": NOW,
        "role": role,
        "of": HOME if role == "profile" else None,
        "headers": {"content-type": "application/json"},
        "params": murmurations.Params(),
    }
    return Page(**given | more)
