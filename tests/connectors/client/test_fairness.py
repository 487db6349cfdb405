"""One slow host holds up nobody else, and what a host has said of itself is heard by all who visit it."""

import threading
import time
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network

import pytest

from connectors.base.contract import FetchError
from connectors.base.guard import Egress
from connectors.base.pace import Gates
from connectors.base.transport import GuardedTransport
from tests.connectors.client.hostile import Act, Hostile, Received, answer
from tests.connectors.client.test_addresses import answering
from tests.connectors.conftest import MakeClient
from tests.connectors.memory import DictMemory

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
HOME = Egress(private_networks=(ip_network("127.0.0.0/8"),))


def held(until: threading.Event) -> Act:
    def act(connection: object, _: Received) -> None:
        until.wait(10)
        connection.sendall(answer(body=b"late"))  # type: ignore[attr-defined]

    return act


def test_F13_a_host_that_does_not_answer_holds_up_no_other_host(
    hostile: Hostile, elsewhere: Hostile, make_client: MakeClient
) -> None:
    gates, release, got = Gates(), threading.Event(), list[bytes]()
    hostile.on("/", held(release))
    elsewhere.on("/", answer(body=b"soon"))

    waiting = threading.Thread(target=lambda: got.append(make_client(gates=gates).get(hostile.url("/")).body))
    waiting.start()
    try:
        begun = time.monotonic()
        assert make_client(gates=gates).get(elsewhere.url("/")).body == b"soon"
        assert time.monotonic() - begun < 5
        assert got == []
    finally:
        release.set()
        waiting.join()
    assert got == [b"late"]


def test_F13_two_visits_of_one_host_stand_in_a_row_and_not_side_by_side(
    hostile: Hostile, make_client: MakeClient
) -> None:
    gates, release, order = Gates(), threading.Event(), list[str]()
    hostile.on("/slow", held(release))
    hostile.on("/soon", answer(body=b"soon"))

    def visit(path: str) -> None:
        make_client(gates=gates).get(hostile.url(path))
        order.append(path)

    threads = [threading.Thread(target=visit, args=(path,)) for path in ("/slow", "/soon")]
    threads[0].start()
    while not hostile.seen:
        time.sleep(0.01)
    threads[1].start()
    time.sleep(0.2)
    release.set()
    for thread in threads:
        thread.join()

    assert order == ["/slow", "/soon"]
    assert hostile.most_at_once == 1


def test_F2_one_name_of_a_host_in_other_letters_is_no_way_around_its_wish(
    hostile: Hostile, make_client: MakeClient, memory: DictMemory
) -> None:
    hostile.on("/", answer(429, retry_after="3600"), answer(body=b"x"))

    def client() -> object:
        return make_client(
            egress=HOME,
            transport=GuardedTransport(HOME, resolver=answering("127.0.0.1")),
            extra_hosts=("portal.example.org",),
            ports=(hostile.port,),
            gates=Gates(),
            now=lambda: NOW,
        )

    for name in ("portal.example.org", "PORTAL.example.org", "portal.example.org."):
        with pytest.raises(FetchError) as caught:
            client().get(f"http://{name}:{hostile.port}/")  # type: ignore[attr-defined]
        assert caught.value.kind == "throttled"
    assert len(hostile.seen) == 1


def test_what_survives_a_restart_is_text_that_any_store_can_keep(
    hostile: Hostile, make_client: MakeClient, memory: DictMemory
) -> None:
    """Validators, waits and robots.txt of a host that does its worst: no NUL, no half character, no megabytes."""
    hostile.on("/robots.txt", answer(body=b"User-agent: *\nAllow: /\n#\0\xff\xed\xa0\x80" + b"#\n" * 900_000))
    hostile.on("/", answer(body=b"x", etag='"' + "e" * 5000 + '"', last_modified="\xe8"))
    hostile.on("/later", answer(503, retry_after="9" * 40))
    client = make_client(obey_robots=True, now=lambda: NOW)
    client.confirm(client.get(hostile.url("/")))
    with pytest.raises(FetchError):
        client.get(hostile.url("/later"))

    for value in memory.kept.values():
        assert "\0" not in value
        assert len(value.encode("utf-8")) < 1_200_000
    held_until = datetime.fromisoformat(memory.kept[f"not_before:127.0.0.1:{hostile.port}"])
    assert held_until == NOW + timedelta(hours=24)

    restarted = make_client(obey_robots=True, now=lambda: NOW + timedelta(hours=25))
    restarted.get(hostile.url("/"))
    assert hostile.seen[-1].headers["if-none-match"] == '"' + "e" * 5000 + '"'
    assert "if-modified-since" not in hostile.seen[-1].headers
