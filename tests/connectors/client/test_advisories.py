"""Flaws that others had, by the numbers under which we keep them (C): each one is tried on us. Here, the way out.

The one thing to know: a number is one of docs/promises.md; what concerns content is in test_advisories_in_content.py.
"""

import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from ipaddress import ip_address
from typing import Any

import pytest
from pydantic import ValidationError

from aggregator.intake import sources
from aggregator.intake.trial import trial
from aggregator.store.session import Store
from config.settings import Settings
from connectors.base.client import Client
from connectors.base.contract import FetchError
from connectors.base.guard import Egress, check_url
from connectors.base.text import http_url
from connectors.base.transport import GuardedTransport
from connectors.generic import feed
from tests.connectors.client.hostile import Hostile, answer
from tests.connectors.client.test_addresses import ANYWHERE, answering
from tests.connectors.client.test_only_way_out import PROGRAM, ways_out
from tests.connectors.conftest import MakeClient

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
ROOMS = ("connectors", "aggregator", "web", "config")
CLOUD = "http://169.254.169.254/latest/meta-data/"
RESERVED = [
    "10.0.0.1",
    "127.0.0.1",
    "169.254.169.254",
    "192.168.1.1",
    "172.16.0.1",
    "0.0.0.0",
    "192.0.0.8",
    "198.18.0.1",
    "203.0.113.1",
    "240.0.0.1",
    "255.255.255.255",
    "::1",
    "fe80::1",
    "fc00::1",
    "::ffff:10.0.0.1",
    "64:ff9b::a00:1",
]
FILES = [
    "file:///etc/passwd",
    "FILE:///etc/passwd",
    "file:/etc/passwd",
    "file:etc/passwd",
    "source:file:///etc/passwd",
    "view-source:file:///etc/passwd",
    " file:///etc/passwd",
    "\tfile:///etc/passwd",
    "fi\nle:///etc/passwd",
    "file://localhost/etc/passwd",
    "file:\\\\etc\\passwd",
    "jar:file:///x!/y",
    "http:file:///etc/passwd",
    "http:///etc/passwd",
    "//etc/passwd",
    "/etc/passwd",
    "blob:file:///etc/passwd",
    "ﬁle:///etc/passwd",
]
ASTRAY = [
    CLOUD,
    "http://127.0.0.1:1/",
    "http://[::ffff:169.254.169.254]/",
    "file:///etc/passwd",
    "http://2852039166/",
    "http://portal.example.org.evil.example/",
    "http://portal.example.org@evil.example/",
    "http://evil.example/",
    "http://portal.example.orgevil.example/",
    "//evil.example/portal.example.org",
    "gopher://127.0.0.1:25/_x",
]


def modules() -> Iterator[tuple[str, str]]:
    for room in ROOMS:
        for path in (PROGRAM / room).rglob("*.py"):
            yield path.relative_to(PROGRAM).as_posix(), path.read_text("utf-8")


def inward(make_client: MakeClient, *addresses: str, **settings: Any) -> Client:
    """A client for which a public name leads to these addresses."""
    transport = GuardedTransport(ANYWHERE, resolver=answering(*addresses))
    return make_client(egress=ANYWHERE, transport=transport, extra_hosts=("portal.example.org",), **settings)


@pytest.mark.parametrize(
    "address",
    RESERVED,
)
def test_C1_an_address_that_iana_keeps_for_itself_is_not_fetched_by_number_or_by_name(
    make_client: MakeClient, address: str
) -> None:
    literal = f"[{address}]" if ":" in address else address
    by_number = make_client(egress=ANYWHERE, extra_hosts=(ip_address(address).compressed,))

    for client, host in ((by_number, literal), (inward(make_client, address), "portal.example.org")):
        with pytest.raises(FetchError, match="address not allowed") as caught:
            client.get(f"http://{host}/")
        assert caught.value.kind == "blocked"


@pytest.mark.parametrize(
    "raw",
    [
        "http://127.0.0.1:{port}\\@portal.example.org/",
        "http://portal.example.org\\@127.0.0.1:{port}/",
        "http:\\\\127.0.0.1:{port}\\",
        "http://portal.example.org\\.127.0.0.1:{port}/",
        "http://portal.example.org#@127.0.0.1:{port}/",
        "http://portal.example.org@127.0.0.1:{port}/",
    ],
)
def test_C2_two_readers_of_an_address_never_see_two_hosts(
    hostile: Hostile, elsewhere: Hostile, make_client: MakeClient, raw: str
) -> None:
    address = raw.format(port=hostile.port)
    asked = inward(make_client, "127.0.0.1", ports=(80, hostile.port))
    led = make_client(extra_hosts=("127.0.0.1",))
    elsewhere.on("/", answer(302, location=address))

    with pytest.raises(FetchError):
        asked.get(address)
    with pytest.raises(FetchError) as caught:
        led.get(elsewhere.url("/"))

    assert caught.value.kind == "blocked"
    assert hostile.seen == []


@pytest.mark.parametrize("address", ["100.64.0.0", "100.100.100.200", "100.127.255.255", "::ffff:100.64.0.1"])
def test_C3_the_address_space_of_carriers_is_inside(make_client: MakeClient, address: str) -> None:
    with pytest.raises(FetchError, match="address not allowed"):
        inward(make_client, address).get("http://portal.example.org/")


def test_C4_there_is_no_second_way_to_fetch_a_source(hostile: Hostile, store: Store) -> None:
    """A trial ("test connection") passes the same gate as a visit, and no module has a gate of its own."""
    with store.write() as connection:
        params = {"url": hostile.on("/", answer(body=b"<rss/>"))}
        sources.add(connection, "inside", connector="feed", params=params, now=NOW)

    done = trial(store, "inside", settings=Settings(contact_page="https://example.org/contact"), now=NOW)

    assert "address not allowed" in str(done.error)
    assert hostile.seen == []
    importing = {name for name, source in modules() if {"httpx", "httpcore"} & ways_out(source)}
    assert importing <= {f"connectors/base/{name}.py" for name in ("client", "transport", "network")}


@pytest.mark.parametrize(
    "raw",
    FILES,
)
def test_C6_a_file_is_no_address_however_it_is_written(hostile: Hostile, make_client: MakeClient, raw: str) -> None:
    with pytest.raises(FetchError):
        check_url(raw, hosts=["*", "etc", "localhost", "file"], egress=ANYWHERE)
    with pytest.raises(FetchError):
        make_client().get(raw)
    shown = http_url(raw)
    assert shown is None or not shown.startswith("file")
    with pytest.raises(ValidationError):
        feed.Params(url=raw)


def test_C29_a_name_that_turns_inside_between_look_and_use_is_refused(
    hostile: Hostile, make_client: MakeClient
) -> None:
    turns = iter([["93.184.215.14", "127.0.0.1"], ["127.0.0.1"]])

    def resolver(host: str, port: int, **_: Any) -> Any:
        return answering(*next(turns))(host, port)

    client = make_client(
        egress=ANYWHERE,
        transport=GuardedTransport(ANYWHERE, resolver=resolver),
        extra_hosts=("portal.example.org",),
        ports=(hostile.port,),
    )
    for _ in range(2):
        with pytest.raises(FetchError, match="address not allowed"):
            client.get(f"http://portal.example.org:{hostile.port}/")
    assert hostile.seen == []


@pytest.mark.parametrize(
    "location",
    ASTRAY,
)
def test_C37_a_redirect_leads_neither_inside_nor_to_a_name_that_only_begins_like_ours(
    hostile: Hostile, make_client: MakeClient, location: str
) -> None:
    hosts = ("127.0.0.1", "portal.example.org")
    client = make_client(egress=Egress(loopback_hosts=frozenset({f"127.0.0.1:{hostile.port}"})), extra_hosts=hosts)

    for status in (301, 302, 303, 307, 308):
        with pytest.raises(FetchError) as caught:
            client.get(hostile.on("/", answer(status, location=location)))
        assert (caught.value.kind, caught.value.status) == ("blocked", status)

    assert client.requests == 5


def test_C37_a_refused_redirect_is_not_even_resolved(hostile: Hostile, make_client: MakeClient) -> None:
    asked: list[str] = []

    def resolver(host: str, port: int, **_: Any) -> list[Any]:
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (host, port))]

    home = Egress(loopback_hosts=frozenset({"127.0.0.1"}))
    client = make_client(egress=home, transport=GuardedTransport(home, resolver=resolver))
    with pytest.raises(FetchError):
        client.get(hostile.on("/", answer(302, location="http://evil.example/")))

    assert asked == ["127.0.0.1"]
