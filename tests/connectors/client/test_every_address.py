"""Advisory C5 on every connector: whatever address an admin enters, in whatever parameter, leads nowhere inside."""

from typing import Any

import pytest
from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

import connectors
from connectors.base.contract import ConnectorError, FetchError
from connectors.base.guard import Egress
from tests.connectors.client.hostile import Hostile
from tests.connectors.conftest import MakeClient
from tests.connectors.visit import DictSecrets, SimpleVisit

INSIDE = ("http://169.254.169.254/latest/meta-data/", "http://localhost/", "http://[::1]/", "http://db.internal/x")
HOSTS = ("169.254.169.254", "127.0.0.1", "localhost", "::1", "db.internal")
# What a connector must be told besides before it asks anything at all.
BESIDES: dict[str, dict[str, Any]] = {
    "ckan": {"columns": {"title": "t"}, "url": "https://data.example.org/dataset/x"},
    "socrata": {"columns": {"title": "t"}, "url": "https://data.example.org", "dataset": "abcd-1234"},
    "html_list": {"list_urls": ["https://www.example.org/"], "item_selector": "li"},
    "linkedin": {"page_id": "1"},
    "plone": {"url": "https://www.example.org"},
    "wordpress": {"url": "https://www.example.org"},
    "page_watch": {"url": "https://www.example.org"},
    "feed": {"url": "https://www.example.org"},
}
WEB = [name for name in connectors.names() if connectors.load(name).ABOUT.reads == "web"]


def addresses_of(model: type[BaseModel]) -> dict[str, FieldInfo]:
    """The parameters that hold addresses, alone, in a list, or not at all."""
    return {
        name: field
        for name, field in model.model_fields.items()
        if "_http_url" in repr(field) or str(field.default).startswith("http") or name in {"list_urls", "url"}
    }


def entered(name: str, field: str, address: str) -> BaseModel | None:
    """Enter an address as an admin would; None where the form refuses it."""
    model = connectors.load(name).Params
    many = "tuple" in str(model.model_fields[field].annotation)
    try:
        return model.model_validate(BESIDES.get(name, {}) | {field: [address] if many else address})
    except ValidationError:
        return None


def test_the_connectors_that_read_the_web_have_addresses_to_enter() -> None:
    assert {name for name in WEB if not addresses_of(connectors.load(name).Params)} <= {"brainport", "cecop"}


@pytest.mark.parametrize("name", WEB)
def test_C5_every_address_that_an_admin_may_enter_passes_the_gate(
    hostile: Hostile, make_client: MakeClient, name: str
) -> None:
    connector = connectors.load(name)
    for field in addresses_of(connector.Params):
        stopped = 0
        for inside in (*INSIDE, hostile.url("/")):
            params = entered(name, field, inside)
            if params is None:
                stopped += 1
                continue
            client = make_client(egress=Egress(), extra_hosts=HOSTS, pauses=())
            keys = DictSecrets(dict.fromkeys(("sam-gov", "trade-gov", "linkedin", "socrata"), "a key"))
            try:
                list(connector.fetch(SimpleVisit(http=client, params=params, secrets=keys)))
            except FetchError as exc:
                stopped += exc.kind in {"blocked", "auth"}
            except ConnectorError:
                stopped += 1
            assert client.requests == 0, f"{name}.{field} reached {inside}"
        # An address that is only shown to people is asked for by nobody; then its own one was refused as not among ours.
        assert stopped == len(INSIDE) + 1, field
    assert hostile.seen == []
