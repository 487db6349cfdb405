"""TLS is always verified; the name stays the name when the address is pinned; a proxy is one that we were told of."""

import socket
from typing import Any

import pytest

from connectors.base.client import Client
from connectors.base.contract import FetchError
from connectors.base.guard import Egress
from connectors.base.transport import GuardedTransport
from tests.connectors.client.conftest import CERTS
from tests.connectors.client.hostile import Hostile, answer
from tests.connectors.client.test_addresses import HOME, answering
from tests.connectors.conftest import MakeClient

TRUSTING = Egress(
    private_networks=HOME.private_networks,
    loopback_hosts=frozenset({"127.0.0.1"}),
    extra_ca=str(CERTS / "ca.pem"),
)


def trusting(make_client: MakeClient, secure: Hostile, **settings: Any) -> Client:
    """A client that trusts the test's authority and finds portal.example.org on loopback."""
    transport = GuardedTransport(TRUSTING, resolver=answering("127.0.0.1"))
    usual: dict[str, Any] = {"extra_hosts": ("portal.example.org",), "ports": (secure.port,)}
    return make_client(egress=TRUSTING, transport=transport, **usual | settings)


def test_E11_a_certificate_of_an_unknown_authority_is_refused(secure: Hostile, make_client: MakeClient) -> None:
    transport = GuardedTransport(HOME, resolver=answering("127.0.0.1"))
    client = make_client(egress=HOME, transport=transport, extra_hosts=("portal.example.org",), ports=(secure.port,))

    with pytest.raises(FetchError, match="certificate") as caught:
        client.get(f"https://portal.example.org:{secure.port}/")

    assert caught.value.kind == "transient"
    assert secure.seen == []


def test_E11_a_certificate_for_another_name_is_refused(secure: Hostile, make_client: MakeClient) -> None:
    client = trusting(make_client, secure, extra_hosts=("other.example.org",))

    with pytest.raises(FetchError, match="certificate"):
        client.get(f"https://other.example.org:{secure.port}/")

    assert secure.seen == []


def test_E11_E2_an_extra_authority_is_trusted_and_the_server_hears_the_name(
    secure: Hostile, make_client: MakeClient
) -> None:
    secure.on("/", answer(body=b"sealed"))

    page = trusting(make_client, secure).get(f"https://portal.example.org:{secure.port}/")

    assert page.body == b"sealed"
    assert secure.names == ["portal.example.org"]
    assert secure.seen[0].headers["host"] == f"portal.example.org:{secure.port}"


def test_E8_proxies_of_the_environment_are_not_used(
    hostile: Hostile, elsewhere: Hostile, make_client: MakeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", "HTTPS_PROXY", "https_proxy"):
        monkeypatch.setenv(name, elsewhere.url())
    hostile.on("/", answer(body=b"direct"))

    assert make_client().get(hostile.url("/")).body == b"direct"
    assert elsewhere.seen == []


def test_E8_a_proxy_that_the_deployment_names_is_used_and_resolves_the_name(
    elsewhere: Hostile, make_client: MakeClient
) -> None:
    through = Egress(proxy=f"http://user:secret@127.0.0.1:{elsewhere.port}")
    elsewhere.on("http://portal.example.org/x", answer(body=b"through"))
    client = make_client(egress=through, extra_hosts=("portal.example.org",))

    assert client.get("http://portal.example.org/x").body == b"through"
    assert elsewhere.seen[0].headers["proxy-authorization"] == "Basic dXNlcjpzZWNyZXQ="


def test_E8_the_guard_keeps_names_and_addresses_of_the_inside_from_the_proxy(
    elsewhere: Hostile, make_client: MakeClient
) -> None:
    through = Egress(proxy=f"http://127.0.0.1:{elsewhere.port}")
    hosts = ("10.0.0.1", "127.0.0.1", "localhost", "router", "db.internal")
    client = make_client(egress=through, extra_hosts=hosts)

    for host in hosts:
        with pytest.raises(FetchError, match="address not allowed"):
            client.get(f"http://{host}/")
    assert elsewhere.seen == []


def test_E8_a_loopback_service_of_our_own_is_not_looked_for_behind_the_proxy(
    hostile: Hostile, elsewhere: Hostile, make_client: MakeClient
) -> None:
    through = Egress(proxy=f"http://127.0.0.1:{elsewhere.port}", loopback_hosts=frozenset({"127.0.0.1"}))
    hostile.on("/", answer(body=b"direct"))

    assert make_client(egress=through).get(hostile.url("/")).body == b"direct"
    assert elsewhere.seen == []


def test_E8_a_secure_page_goes_through_the_proxy_in_a_tunnel(elsewhere: Hostile, make_client: MakeClient) -> None:
    through = Egress(proxy=f"http://127.0.0.1:{elsewhere.port}")

    def refuse(connection: socket.socket, _: object) -> None:
        connection.sendall(answer(403))

    elsewhere.on("portal.example.org:443", refuse)
    client = make_client(egress=through, extra_hosts=("portal.example.org",))

    with pytest.raises(FetchError, match="cannot be reached"):
        client.get("https://portal.example.org/x")
    assert elsewhere.seen[0].method == "CONNECT"
    assert "user-agent" not in elsewhere.seen[0].headers or "x" not in elsewhere.seen[0].path
