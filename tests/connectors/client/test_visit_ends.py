"""A visit ends: at its time, when the program stops, and never in the middle of a pause that it cannot finish."""

import socket
import threading

import pytest

from connectors.base.contract import FetchError
from connectors.base.pace import Gates, VisitClock, VisitOver
from tests.connectors.client.hostile import Hostile, Received, answer
from tests.connectors.client.test_manners import Time
from tests.connectors.conftest import MakeClient


def test_a_visit_ends_when_its_time_is_spent(hostile: Hostile, make_client: MakeClient) -> None:
    clock = Time()
    client = make_client(sleep=clock.sleep, monotonic=clock.monotonic, time_limit=900)
    url = hostile.on("/", answer(body=b"x"))
    client.get(url)
    clock.now += 901

    with pytest.raises(VisitOver, match="time limit"):
        client.get(url)
    assert len(hostile.seen) == 1


def test_a_visit_does_not_wait_beyond_its_time_for_another_try(hostile: Hostile, make_client: MakeClient) -> None:
    clock = Time()
    client = make_client(sleep=clock.sleep, monotonic=clock.monotonic, time_limit=20)

    with pytest.raises(FetchError) as caught:
        client.get(hostile.on("/", answer(500)))

    assert (caught.value.kind, client.requests) == ("transient", 3)
    assert clock.now < 1020


def test_a_visit_whose_time_ends_within_an_answer_ends_well(hostile: Hostile, make_client: MakeClient) -> None:
    def hang(connection: socket.socket, _: Received) -> None:
        connection.recv(1)

    with pytest.raises(VisitOver, match="time limit"):
        make_client(time_limit=0.3).get(hostile.on("/", hang))


def test_a_visit_does_not_start_a_pause_that_it_cannot_finish() -> None:
    clock, gates = Time(), Gates()
    visit = VisitClock(900, sleep=clock.sleep, monotonic=clock.monotonic)
    with gates.turn("example.org", 3600, visit):
        pass

    with pytest.raises(VisitOver, match="time limit"), gates.turn("example.org", 3600, visit):
        pytest.fail("the pause was not kept")

    assert clock.now == 1000.0


def test_a_visit_ends_at_once_when_the_program_stops(hostile: Hostile, make_client: MakeClient) -> None:
    stop = threading.Event()
    client = make_client(stopping=stop.is_set, sleep=lambda _: stop.set())

    with pytest.raises(VisitOver, match="stopping"):
        client.get(hostile.on("/", answer(500)))

    assert client.requests == 1


def test_a_visit_that_waits_at_a_gate_hears_that_the_program_stops() -> None:
    gates, stop = Gates(), threading.Event()
    inside, done = threading.Event(), threading.Event()

    def stay() -> None:
        with gates.turn("example.org", 0, VisitClock(60)):
            inside.set()
            done.wait(10)

    thread = threading.Thread(target=stay)
    thread.start()
    inside.wait(10)
    stop.set()
    try:
        with (
            pytest.raises(VisitOver, match="stopping"),
            gates.turn("example.org", 0, VisitClock(60, stopping=stop.is_set)),
        ):
            pytest.fail("two visits stood at one gate")
        assert thread.is_alive()
    finally:
        done.set()
        thread.join()
