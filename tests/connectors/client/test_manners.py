"""Manners: who we say we are, how fast we ask, and what robots.txt wants."""

import itertools
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network

import pytest

from connectors.base.contract import FetchError
from connectors.base.guard import Egress
from connectors.base.pace import Gates
from connectors.base.transport import GuardedTransport
from tests.connectors.client.hostile import Hostile, answer
from tests.connectors.client.test_addresses import answering
from tests.connectors.conftest import ABOUT, MakeClient
from tests.connectors.memory import DictMemory

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


class Time:
    """A clock that moves only when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 1000.0

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    def monotonic(self) -> float:
        return self.now


def test_F21_every_request_says_who_we_are(hostile: Hostile, make_client: MakeClient) -> None:
    hostile.on("/robots.txt", answer(404))
    hostile.on("/", answer(302, location="/x"))
    hostile.on("/x", answer(body=b"x"))

    make_client(obey_robots=True).get(hostile.url("/"))

    agents = {received.headers["user-agent"] for received in hostile.seen}
    assert agents == {"worldwidewe/0 (+https://example.org/contact)"}


def test_F21_between_two_requests_to_a_host_lies_its_pace(hostile: Hostile, make_client: MakeClient) -> None:
    """The server is reached under a name of the public kind, for listed loopback hosts have no pace."""
    egress = Egress(private_networks=(ip_network("127.0.0.0/8"),))
    hostile.on("/", answer(302, location="/x"))
    hostile.on("/x", answer(body=b"x"))
    clock = Time()
    client = make_client(
        about=replace(ABOUT, pace_seconds=2.0),
        egress=egress,
        transport=GuardedTransport(egress, resolver=answering("127.0.0.1")),
        extra_hosts=("portal.example.org",),
        ports=(hostile.port,),
        gates=Gates(),
        sleep=clock.sleep,
        monotonic=clock.monotonic,
    )

    client.get(f"http://portal.example.org:{hostile.port}/")
    client.get(f"http://portal.example.org:{hostile.port}/x")

    assert len(hostile.seen) == 3
    assert clock.now == pytest.approx(1004.0)


def test_F21_real_requests_of_two_sources_keep_the_pace_of_their_host(
    hostile: Hostile, make_client: MakeClient
) -> None:
    egress = Egress(private_networks=(ip_network("127.0.0.0/8"),))
    hostile.on("/", answer(body=b"x"))
    gates = Gates()

    def read(times: int) -> None:
        client = make_client(
            about=replace(ABOUT, pace_seconds=0.1),
            egress=egress,
            transport=GuardedTransport(egress, resolver=answering("127.0.0.1")),
            extra_hosts=("portal.example.org",),
            ports=(hostile.port,),
            gates=gates,
            sleep=time.sleep,
        )
        for _ in range(times):
            client.get(f"http://portal.example.org:{hostile.port}/")

    threads = [threading.Thread(target=read, args=(3,)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    times = [received.at for received in hostile.seen]
    assert len(times) == 6
    assert min(later - earlier for earlier, later in itertools.pairwise(times)) >= 0.095
    assert hostile.most_at_once == 1


def test_F21_a_loopback_service_of_our_own_has_no_pace(hostile: Hostile, make_client: MakeClient) -> None:
    clock = Time()
    client = make_client(
        about=replace(ABOUT, pace_seconds=60), sleep=clock.sleep, monotonic=clock.monotonic, gates=Gates()
    )
    for _ in range(3):
        client.get(hostile.on("/", answer(body=b"x")))

    assert clock.now == 1000.0


def test_F21_what_robots_txt_forbids_is_not_asked_for(hostile: Hostile, make_client: MakeClient) -> None:
    rules = b"\xef\xbb\xbfUser-agent: *\nDisallow: /private/\n\nUser-agent: worldwidewe\nDisallow: /calls/drafts\n"
    hostile.on("/robots.txt", answer(body=rules))
    hostile.on("/private/a", answer(body=b"our own group of rules says nothing of it"))
    client = make_client(obey_robots=True)

    with pytest.raises(FetchError, match=r"robots\.txt") as caught:
        client.get(hostile.url("/calls/drafts/1"))
    assert caught.value.kind == "blocked"
    assert client.get(hostile.url("/private/a")).status == 200
    assert hostile.paths() == ["/robots.txt", "/private/a"]


def test_F21_robots_txt_is_read_once_a_day_and_survives_a_restart(hostile: Hostile, make_client: MakeClient) -> None:
    hostile.on("/robots.txt", answer(body=b"User-agent: *\nAllow: /\n"))
    hostile.on("/", answer(body=b"x"))

    for hours in (0, 1, 23, 25):
        make_client(obey_robots=True, now=lambda hours=hours: NOW + timedelta(hours=hours)).get(hostile.url("/"))

    assert hostile.paths() == ["/robots.txt", "/", "/", "/", "/robots.txt", "/"]


def test_F21_a_redirect_does_not_lead_around_robots_txt(hostile: Hostile, make_client: MakeClient) -> None:
    hostile.on("/robots.txt", answer(body=b"User-agent: *\nDisallow: /closed\n"))
    hostile.on("/", answer(302, location="/closed"))

    with pytest.raises(FetchError, match=r"robots\.txt"):
        make_client(obey_robots=True).get(hostile.url("/"))
    assert "/closed" not in hostile.paths()


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_F21_a_site_without_robots_txt_allows_everything(
    hostile: Hostile, make_client: MakeClient, status: int
) -> None:
    hostile.on("/robots.txt", answer(status))

    assert make_client(obey_robots=True).get(hostile.on("/x", answer(body=b"x"))).body == b"x"


def test_F21_a_site_whose_robots_txt_fails_is_not_read(hostile: Hostile, make_client: MakeClient) -> None:
    hostile.on("/robots.txt", answer(500))

    with pytest.raises(FetchError) as caught:
        make_client(obey_robots=True).get(hostile.on("/x", answer(body=b"x")))

    assert caught.value.kind == "transient"
    assert "/x" not in hostile.paths()


def test_F21_the_delay_that_robots_txt_asks_for_is_kept(hostile: Hostile, make_client: MakeClient) -> None:
    egress = Egress(private_networks=(ip_network("127.0.0.0/8"),))
    hostile.on("/robots.txt", answer(body=b"User-agent: *\nCrawl-delay: 12\n"))
    hostile.on("/", answer(body=b"x"))
    clock = Time()
    client = make_client(
        egress=egress,
        transport=GuardedTransport(egress, resolver=answering("127.0.0.1")),
        extra_hosts=("portal.example.org",),
        ports=(hostile.port,),
        gates=Gates(),
        sleep=clock.sleep,
        monotonic=clock.monotonic,
        obey_robots=True,
    )

    client.get(f"http://portal.example.org:{hostile.port}/")
    client.get(f"http://portal.example.org:{hostile.port}/")

    assert clock.now == pytest.approx(1024.0)


def test_what_must_survive_a_restart_is_all_in_the_memory(
    hostile: Hostile, make_client: MakeClient, memory: DictMemory
) -> None:
    hostile.on("/robots.txt", answer(body=b""))
    client = make_client(obey_robots=True)
    client.confirm(client.get(hostile.on("/", answer(body=b"x", etag='"a"'))))
    with pytest.raises(FetchError):
        client.get(hostile.on("/later", answer(429, retry_after="600")))

    assert sorted(key.partition(":")[0] for key in memory.kept) == ["not_before", "robots", "validators"]
