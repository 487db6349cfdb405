"""What becomes of failures, refusals and waits."""

import socket
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from connectors.base.answers import retry_after
from connectors.base.body import Limits
from connectors.base.contract import FetchError, ParamError
from connectors.base.guard import Egress
from connectors.base.pace import held_for
from connectors.base.transport import GuardedTransport
from tests.connectors.client.hostile import Hostile, answer
from tests.connectors.conftest import MakeClient
from tests.connectors.memory import DictMemory

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


class Slept:
    """Sleeps without sleeping, and adds up."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self, seconds: float) -> None:
        self.seconds += seconds


def failing(get: Callable[[], object]) -> FetchError:
    with pytest.raises(FetchError) as caught:
        get()
    return caught.value


def test_F1_a_server_that_is_not_there_is_tried_four_times_with_growing_pauses(make_client: MakeClient) -> None:
    with socket.create_server(("127.0.0.1", 0)) as vacant:
        port = vacant.getsockname()[1]
    slept = Slept()
    client = make_client(sleep=slept)

    failure = failing(lambda: client.get(f"http://127.0.0.1:{port}/"))

    assert (failure.kind, failure.why, failure.status) == ("transient", "cannot be reached", None)
    assert client.requests == 4
    assert 0.8 * 40 <= slept.seconds <= 1.2 * 40


def test_F1_a_name_that_does_not_resolve_is_told_like_a_server_that_does_not_answer(make_client: MakeClient) -> None:
    def unknown(*_: object, **__: object) -> list[object]:
        raise socket.gaierror(-2, "Name or service not known")

    transport = GuardedTransport(Egress(), resolver=unknown)
    client = make_client(egress=Egress(), transport=transport, extra_hosts=("portal.example.org",))

    failure = failing(lambda: client.get("https://portal.example.org/"))

    assert (failure.kind, failure.why) == ("transient", "cannot be reached")


def test_F1_a_resolver_that_hangs_ends_with_the_connect_time(make_client: MakeClient) -> None:
    release, begun = threading.Event(), time.monotonic()

    def hanging(*_: object, **__: object) -> list[object]:
        release.wait(10)
        return []

    transport = GuardedTransport(Egress(), resolver=hanging)
    client = make_client(
        egress=Egress(), transport=transport, extra_hosts=("portal.example.org",), limits=Limits(connect=0.05)
    )
    try:
        assert failing(lambda: client.get("https://portal.example.org/")).why == "cannot be reached"
        assert not release.is_set()
        assert time.monotonic() - begun < 5
    finally:
        release.set()


def test_F1_a_server_that_comes_back_is_read_in_the_same_visit(hostile: Hostile, make_client: MakeClient) -> None:
    url = hostile.on("/", b"", answer(500), answer(502), answer(body=b"back"))
    client = make_client()

    assert client.get(url).body == b"back"
    assert client.requests == 4


def test_F1_a_search_is_tried_again_with_the_same_body(hostile: Hostile, make_client: MakeClient) -> None:
    url = hostile.on("/", answer(503), answer(body=b"{}"))

    make_client().post_json(url, {"page": 1})

    assert [received.body for received in hostile.seen] == [b'{"page":1}', b'{"page":1}']


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("120", 120.0),
        ("0", 1.0),
        ("-30", 1.0),
        ("1.5", 1.5),
        ("999999999999999999999999999999", 86400.0),
        ("90000", 86400.0),
        (format_datetime(NOW + timedelta(seconds=90), usegmt=True), 90.0),
        (format_datetime(NOW - timedelta(days=3), usegmt=True), 1.0),
        (format_datetime(NOW + timedelta(days=400), usegmt=True), 86400.0),
        ("", None),
        ("soon", None),
        ("Fri, 99 Foo 2026 99:99:99 GMT", None),
    ],
)
def test_F2_every_way_to_say_retry_after_is_read_and_clamped(said: str, seconds: float | None) -> None:
    assert retry_after({"retry-after": said} if said else {}, NOW) == seconds


def test_F2_a_date_to_come_back_is_held_against_the_clock_of_the_server() -> None:
    fast = NOW + timedelta(hours=5)
    headers = {
        "retry-after": format_datetime(fast + timedelta(seconds=30), usegmt=True),
        "date": format_datetime(fast, usegmt=True),
    }

    assert retry_after(headers, NOW) == 30.0


@pytest.mark.parametrize("status", [429, 503])
def test_F2_a_short_wait_is_waited_within_the_visit(hostile: Hostile, make_client: MakeClient, status: int) -> None:
    url = hostile.on("/", answer(status, retry_after="7"), answer(body=b"x"))
    slept = Slept()

    assert make_client(sleep=slept).get(url).body == b"x"
    assert slept.seconds == pytest.approx(7)


def test_F2_a_long_wait_outlives_the_visit_and_a_restart(
    hostile: Hostile, make_client: MakeClient, memory: DictMemory
) -> None:
    url = hostile.on("/", answer(429, retry_after="3600"), answer(body=b"x"))

    failure = failing(lambda: make_client(now=lambda: NOW).get(url))
    assert (failure.kind, failure.status, failure.retry_after) == ("throttled", 429, 3600.0)
    assert len(hostile.seen) == 1

    restarted = make_client(now=lambda: NOW + timedelta(minutes=59))
    again = failing(lambda: restarted.get(url + "?manual=click"))
    assert (again.kind, again.retry_after, restarted.requests) == ("throttled", 60.0, 0)

    assert make_client(now=lambda: NOW + timedelta(minutes=61)).get(url).body == b"x"


def test_F2_a_wait_of_two_minutes_is_left_to_the_next_visit(hostile: Hostile, make_client: MakeClient) -> None:
    slept = Slept()
    url = hostile.on("/", answer(429, retry_after="120"), answer(body=b"x"))

    assert failing(lambda: make_client(sleep=slept).get(url)).retry_after == 120.0
    assert (slept.seconds, len(hostile.seen)) == (0.0, 1)


def test_F2_a_clock_that_was_set_back_does_not_silence_a_source_for_ever(memory: DictMemory) -> None:
    memory.remember("not_before:example.org", (NOW + timedelta(days=900)).isoformat())

    assert held_for(memory, "example.org", NOW) == 86400.0


def test_F2_a_429_without_a_time_is_tried_again_slowly_and_then_left_alone(
    hostile: Hostile, make_client: MakeClient, memory: DictMemory
) -> None:
    url = hostile.on("/", answer(429))
    client = make_client(now=lambda: NOW)

    assert failing(lambda: client.get(url)).kind == "throttled"
    assert client.requests == 4
    assert held_for(memory, f"127.0.0.1:{hostile.port}", NOW) == 60.0


@pytest.mark.parametrize(
    ("status", "kind", "requests"),
    [
        (500, "transient", 4),
        (502, "transient", 4),
        (503, "transient", 4),
        (504, "transient", 4),
        (408, "transient", 4),
        (206, "transient", 4),
        (304, "transient", 4),
        (401, "auth", 1),
        (407, "auth", 1),
        (403, "blocked", 1),
        (451, "blocked", 1),
        (404, "gone", 1),
        (410, "gone", 1),
        (400, "blocked", 1),
        (422, "blocked", 1),
    ],
)
def test_F3_every_status_has_its_kind_and_only_a_passing_one_is_tried_again(
    hostile: Hostile, make_client: MakeClient, status: int, kind: str, requests: int
) -> None:
    client = make_client()

    failure = failing(lambda: client.get(hostile.on("/", answer(status, b""))))

    assert (failure.kind, failure.status, client.requests) == (kind, status, requests)


@pytest.mark.parametrize("status", [403, 503, 429])
def test_F3_a_challenge_is_a_wall_and_not_a_failure(hostile: Hostile, make_client: MakeClient, status: int) -> None:
    client = make_client()

    failure = failing(lambda: client.get(hostile.on("/", answer(status, cf_mitigated="challenge"))))

    assert (failure.kind, client.requests) == ("blocked", 1)


def test_F3_an_error_that_a_connector_wants_to_read_comes_as_a_page(hostile: Hostile, make_client: MakeClient) -> None:
    url = hostile.on("/", answer(400, b'{"field":"x"}', content_type="Application/JSON; charset=utf-8"))
    client = make_client()

    page = client.post_json(url, {}, accept={400})

    assert (page.status, page.body, page.content_type) == (400, b'{"field":"x"}', "application/json")
    assert client.requests == 1
    assert client.get(hostile.on("/e", answer(500, b"why")), accept={500}).body == b"why"


@pytest.mark.parametrize(
    "headers",
    [
        {"User-Agent": "Mozilla/5.0"},
        {"Accept-Encoding": "br"},
        {"Host": "evil.example"},
        {"X-Note": "a\r\nX-Other: b"},
        {"X-Note": "però"},
    ],
)
def test_a_connector_cannot_set_what_is_the_clients_own(
    hostile: Hostile, make_client: MakeClient, headers: dict[str, str]
) -> None:
    with pytest.raises(ParamError):
        make_client().get(hostile.on("/", answer(body=b"x")), headers=headers)
    assert hostile.seen == []


def test_a_page_says_where_when_and_how_it_was_had(hostile: Hostile, make_client: MakeClient) -> None:
    url = hostile.on("/", answer(body=b"x", date="Mon, 23 Nov 2026 07:00:00 GMT", vary="a", X_Two="b"))
    client = make_client(now=lambda: NOW.astimezone())

    page = client.get(url, role="feed")

    assert (page.role, page.status, page.fetched_at.utcoffset()) == ("feed", 200, timedelta(0))
    assert page.headers["x-two"] == "b"
    assert client.last_date == datetime(2026, 11, 23, 7, 0, tzinfo=UTC)


def test_a_client_without_pauses_tries_once(make_client: MakeClient) -> None:
    with pytest.raises(FetchError) as failed:
        make_client(pauses=()).get("http://127.0.0.1:9/")
    assert failed.value.kind == "transient"
