"""Which addresses the client speaks to, and which it refuses: the guard, alone and over real sockets."""

import socket
import threading
from ipaddress import ip_address, ip_network
from typing import Any

import pytest

from connectors.base.body import Limits
from connectors.base.contract import FetchError
from connectors.base.guard import AddressNotAllowed, Egress, Resolver, allowed, check_url, connect, masked, resolve
from connectors.base.transport import GuardedTransport
from tests.connectors.client.hostile import Hostile, answer
from tests.connectors.conftest import LOOPBACK, MakeClient

ANYWHERE = Egress()
HOME = Egress(private_networks=(ip_network("127.0.0.0/8"),))

INSIDE = """
    0.0.0.0 0.1.2.3 10.0.0.1 100.64.0.1 100.127.255.254 127.0.0.1 127.255.255.255 169.254.169.254 172.16.0.1
    172.31.255.255 192.0.0.8 192.0.2.1 192.88.99.1 192.168.1.1 198.18.0.1 198.19.255.255 198.51.100.7 203.0.113.9
    224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255
    :: ::1 ::7f00:1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:169.254.169.254 64:ff9b::7f00:1 64:ff9b::808:808
    64:ff9b:1::1 100::1 2001::1 2001:0:4136:e378:8000:63bf:3fff:fdd2 2001:db8::1 2002:7f00:1:: 2002:a00:1:: 3fff::1
    5f00::1 fc00::1 fd12:3456::1 fe80::1 fec0::1 ff02::1 ff0e::1
"""
PUBLIC = (
    "8.8.8.8 93.184.215.14 100.63.255.255 100.128.0.1 172.32.0.1 2a00:1450:4001::200e 2606:4700::1111 ::ffff:8.8.8.8"
)


def answering(*addresses: str) -> Any:
    """A resolver that gives these addresses for every name, in the shape of getaddrinfo."""
    return lambda host, port, **_: [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (text, port)) for text in addresses]


@pytest.mark.parametrize("text", INSIDE.split())
def test_E3_an_address_that_is_not_public_is_refused(text: str) -> None:
    assert not allowed(ip_address(text), ANYWHERE)


@pytest.mark.parametrize("text", PUBLIC.split())
def test_E3_a_public_address_is_allowed(text: str) -> None:
    assert allowed(ip_address(text), ANYWHERE)


def test_E9_a_private_network_is_reached_only_when_the_deployment_names_it() -> None:
    office = Egress(private_networks=(ip_network("10.20.0.0/16"), ip_network("fd00:1::/32")))

    assert allowed(ip_address("10.20.3.4"), office)
    assert allowed(ip_address("fd00:1::5"), office)
    assert allowed(ip_address("::ffff:10.20.3.4"), office)
    assert not allowed(ip_address("10.21.0.1"), office)
    assert not allowed(ip_address("127.0.0.1"), office)


@pytest.mark.parametrize(
    "raw",
    [
        "file:///etc/passwd",
        "FILE:///etc/passwd",
        "source:file:///etc/passwd",
        "ftp://example.org/x",
        "gopher://example.org/",
        "javascript:alert(1)",
        "//example.org/x",
        "example.org",
        "",
        "http:///x",
        "http:/example.org/",
        "http://user@example.org/",
        "http://user:secret@example.org/",
        "http://127.0.0.1:8888\\@example.org/",
        "http://example.org\\@127.0.0.1/",
        "http://example.org/a b",
        " http://example.org/",
        "http://example.org/\n",
        "http://example.org/\tx",
        "http://example.org/\x00",
        "http://example.org/\u202egnp.exe",
        "http://exam\u200bple.org/",
        "http://example.org/<script>",
        "http://example.org:99999/",
        "http://example.org:22/",
        "http://example.org:/",
        "http://example.org/" + "a" * 2048,
        "http://example..org/",
        "http://-example.org/",
        "http://%65xample.org/",
        "http://[fe80::1%25eth0]/",
        "http://2130706433/",
        "http://0x7f.1/",
        "http://127.1/",
        "http://0177.0.0.1/",
        "http://example.org.127.1/",
        "http://①②⑦.0.0.1/",
        "http://127.0.0.1/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://0.0.0.0/",
        "http://169.254.169.254/latest/meta-data/",
        "http://localhost/",
        "http://localhost./",
        "http://router/",
        "http://db.internal/",
    ],
)
def test_E5_an_address_outside_the_grammar_is_refused(raw: str) -> None:
    everything = ["*.org", "example.org", "*.1", "*.0.1", "*.254", "127.0.0.1", "::1", "::ffff:7f00:1", "*.0"]
    everything += ["localhost", "router", "*.internal", "2130706433", "169.254.169.254"]
    with pytest.raises(FetchError) as caught:
        check_url(raw, hosts=everything, egress=ANYWHERE)
    assert caught.value.kind == "blocked"


@pytest.mark.parametrize(
    ("raw", "fetched"),
    [
        ("https://example.org", "https://example.org/"),
        ("HTTPS://Example.ORG:443/A?b=C#part", "https://example.org/A?b=C"),
        ("http://example.org.:80/", "http://example.org/"),
        ("https://bücher.example.org/", "https://xn--bcher-kva.example.org/"),
        ("https://example.org/città?q=è", "https://example.org/citt%C3%A0?q=%C3%A8"),
        ("https://example.org/100%/x%2F", "https://example.org/100%25/x%2F"),
        ("https://example.org/?page[limit]=50&a={b}|c", "https://example.org/?page[limit]=50&a=%7Bb%7D%7Cc"),
    ],
)
def test_E5_an_address_has_one_form_and_that_one_is_fetched(raw: str, fetched: str) -> None:
    checked = check_url(raw, hosts=["example.org", "*.example.org"], egress=ANYWHERE)

    assert checked == fetched
    assert check_url(checked, hosts=["example.org", "*.example.org"], egress=ANYWHERE) == checked


def test_E5_what_was_validated_is_what_the_server_sees(hostile: Hostile, make_client: MakeClient) -> None:
    hostile.on("/b%20c/è".replace("è", "%C3%A8"), answer(body=b"x"))

    page = make_client().get(hostile.url("/a/../b%20c/è?x=1#top"), params={"y": "a b&c"})

    assert hostile.paths() == ["/b%20c/%C3%A8?x=1&y=a+b%26c"]
    assert page.url == hostile.url("/b%20c/%C3%A8?x=1&y=a+b%26c")


def test_E5_an_address_keeps_its_one_form_when_its_dots_are_resolved(hostile: Hostile, make_client: MakeClient) -> None:
    hostile.on("/", answer(body=b"x"))

    assert make_client().get(hostile.url("/.")).url == hostile.url("/")


def test_E7_only_the_hosts_of_the_source_are_fetched() -> None:
    hosts = ["portal.example.org", "*.example.net"]

    for good in ("https://portal.example.org/", "https://www.portal.example.org/", "https://a.b.example.net/"):
        assert check_url(good, hosts=hosts, egress=ANYWHERE) == good
    for bad in ("https://example.org/", "https://portal.example.org.evil.example/", "https://badexample.net/"):
        with pytest.raises(FetchError, match="not among the hosts"):
            check_url(bad, hosts=hosts, egress=ANYWHERE)
    with pytest.raises(FetchError, match="not among the hosts"):
        check_url("https://example.org/", hosts=[], egress=ANYWHERE)


def test_E7_a_client_asks_nobody_but_its_own_hosts(hostile: Hostile, make_client: MakeClient) -> None:
    with pytest.raises(FetchError) as caught:
        make_client(extra_hosts=("example.org",)).get(hostile.on("/", answer(body=b"x")))

    assert caught.value.kind == "blocked"
    assert hostile.seen == []


def test_E2_a_name_with_an_inside_address_is_refused_before_any_connection(
    hostile: Hostile, make_client: MakeClient
) -> None:
    inward = GuardedTransport(ANYWHERE, resolver=answering("127.0.0.1"))
    client = make_client(egress=ANYWHERE, transport=inward, extra_hosts=("portal.example.org",), ports=(hostile.port,))

    with pytest.raises(FetchError, match="address not allowed") as caught:
        client.get(f"http://portal.example.org:{hostile.port}/")

    assert caught.value.kind == "blocked"
    assert hostile.seen == []


def test_E2_the_connection_goes_to_the_checked_address_and_the_name_stays_the_host(
    hostile: Hostile, make_client: MakeClient
) -> None:
    hostile.on("/", answer(body=b"hello"))
    pinned = GuardedTransport(HOME, resolver=answering("127.0.0.1"))
    client = make_client(egress=HOME, transport=pinned, extra_hosts=("portal.example.org",), ports=(hostile.port,))

    assert client.get(f"http://portal.example.org:{hostile.port}/").body == b"hello"
    assert hostile.seen[0].headers["host"] == f"portal.example.org:{hostile.port}"


def test_E4_a_name_that_changes_its_answer_is_resolved_once_and_then_refused(make_client: MakeClient) -> None:
    asked: list[str] = []
    flips = iter(["93.184.215.14", "127.0.0.1", "127.0.0.1"])

    def resolver(host: str, port: int, **_: Any) -> Any:
        asked.append(host)
        return answering(next(flips))(host, port)

    assert resolve("portal.example.org", 80, ANYWHERE, resolver) == ("93.184.215.14",)
    with pytest.raises(AddressNotAllowed):
        resolve("portal.example.org", 80, ANYWHERE, resolver)
    client = make_client(
        egress=ANYWHERE,
        transport=GuardedTransport(ANYWHERE, resolver=resolver),
        extra_hosts=("portal.example.org",),
    )
    with pytest.raises(FetchError, match="address not allowed"):
        client.get("http://portal.example.org/")
    assert len(asked) == 3


@pytest.mark.parametrize("mixed", [("93.184.215.14", "10.0.0.1"), ("10.0.0.1", "93.184.215.14"), ("8.8.8.8", "::1")])
def test_E4_one_inside_address_among_public_ones_is_enough_to_refuse(mixed: tuple[str, str]) -> None:
    with pytest.raises(AddressNotAllowed):
        resolve("portal.example.org", 443, ANYWHERE, answering(*mixed))


def test_a_listed_loopback_host_may_not_lead_anywhere_but_to_loopback() -> None:
    listed = Egress(loopback_hosts=frozenset({"simulator"}))

    assert resolve("simulator", 8801, listed, answering("127.0.0.1")) == ("127.0.0.1",)
    for other in ("10.0.0.1", "93.184.215.14", "169.254.169.254"):
        with pytest.raises(AddressNotAllowed):
            resolve("simulator", 8801, listed, answering(other))


def test_a_loopback_host_listed_with_a_port_is_open_at_that_port_only() -> None:
    listed = Egress(loopback_hosts=frozenset({"127.0.0.1:8801"}))

    assert check_url("http://127.0.0.1:8801/", hosts=["127.0.0.1"], egress=listed)
    with pytest.raises(FetchError, match="address not allowed"):
        check_url("http://127.0.0.1:8802/", hosts=["127.0.0.1"], egress=listed)


def test_E10_an_open_and_a_closed_port_inside_are_refused_in_the_same_words(
    hostile: Hostile, make_client: MakeClient
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as vacant:
        closed = vacant.getsockname()[1]
    said = set()
    for port in (hostile.port, closed):
        inward = GuardedTransport(ANYWHERE, resolver=answering("127.0.0.1"))
        client = make_client(egress=ANYWHERE, transport=inward, extra_hosts=("portal.example.org",), ports=(port,))
        with pytest.raises(FetchError) as caught:
            client.get(f"http://portal.example.org:{port}/")
        said.add((caught.value.kind, caught.value.why))

    assert said == {("blocked", "address not allowed")}


def test_E10_a_name_a_closed_port_and_a_silent_one_are_told_alike(make_client: MakeClient) -> None:
    def unknown(*_: Any, **__: Any) -> list[Any]:
        raise socket.gaierror(-2, "Name or service not known")

    def silent(*_: Any, **__: Any) -> list[Any]:
        threading.Event().wait(1)
        return []

    with socket.create_server(("127.0.0.1", 0)) as vacant:
        closed = vacant.getsockname()[1]
    cases: list[tuple[Resolver, int, Limits]] = [
        (unknown, 80, Limits()),
        (answering("127.0.0.1"), closed, Limits()),
        (silent, 80, Limits(connect=0.05)),
    ]
    said = set()
    for resolver, port, limits in cases:
        client = make_client(
            egress=HOME,
            transport=GuardedTransport(HOME, resolver=resolver),
            extra_hosts=("portal.example.org",),
            ports=(port,),
            limits=limits,
            pauses=(),
        )
        with pytest.raises(FetchError) as caught:
            client.get(f"http://portal.example.org:{port}/")
        said.add((caught.value.kind, caught.value.why))

    assert said == {("transient", "cannot be reached")}


def test_E1_other_protocols_connect_through_the_same_guard(hostile: Hostile) -> None:
    with pytest.raises(AddressNotAllowed):
        connect("localhost", hostile.port, ANYWHERE, 2)

    with connect("127.0.0.1", hostile.port, LOOPBACK, 2) as opened:
        assert opened.getpeername() == ("127.0.0.1", hostile.port)


def test_secrets_in_an_address_do_not_reach_a_message() -> None:
    assert masked("https://example.org/?api_key=abc&q=1&Access-Token=d#x") == (
        "https://example.org/?api_key=***&q=1&Access-Token=***#x"
    )
