"""The real client, for every test of a connector: real sockets to loopback, and a memory that is a dict.

The one thing to know: with WORLDWIDEWE_TEST_HTTPX2=1 everything below runs on httpx2, which must be put in the place of
httpx before anything imports that.
"""

import os

if os.environ.get("WORLDWIDEWE_TEST_HTTPX2") == "1":
    import httpx2

    httpx2.alias_httpx()

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from connectors.base.client import Client
from connectors.base.contract import About, Rights
from connectors.base.guard import Egress
from tests.connectors.memory import DictMemory

LOOPBACK = Egress(loopback_hosts=frozenset({"127.0.0.1"}))
ABOUT = About(name="test", title="Test", home="https://example.org/", rights=Rights())

MakeClient = Callable[..., Client]


@pytest.fixture
def memory() -> DictMemory:
    return DictMemory()


@pytest.fixture
def make_client(memory: DictMemory) -> Iterator[MakeClient]:
    """Make clients that may speak to 127.0.0.1 and never really wait; any argument of Client can be given."""
    made: list[Client] = []

    def make(**settings: Any) -> Client:
        usual: dict[str, Any] = {
            "about": ABOUT,
            "memory": memory,
            "user_agent": "worldwidewe/0 (+https://example.org/contact)",
            "egress": LOOPBACK,
            "extra_hosts": ("127.0.0.1",),
            "obey_robots": False,
            "sleep": lambda seconds: None,
        }
        made.append(Client(**usual | settings))
        return made[-1]

    yield make
    for client in made:
        client.close()


@pytest.fixture
def loopback_client(make_client: MakeClient) -> Client:
    return make_client()
