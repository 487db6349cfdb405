"""Many sources at once: hosts side by side, one host in turn, a broken one beside the others, and a stop."""

import threading
from typing import Any

import pytest
import sqlalchemy as sa

from aggregator.intake import sources, standing
from aggregator.intake.result import Progress, Result
from aggregator.intake.rounds import read_all
from aggregator.intake.tables import sources as rows_of_sources
from aggregator.store.session import Store
from connectors.base.contract import ParamError
from connectors.base.pace import VisitClock
from tests.aggregator.intake.reading import DAY, NOW, add, add_feed, add_ted, add_tiny, listed, settings
from tests.aggregator.intake.tiny import TinyPortal, rows
from tests.portals.feeds import FeedPortal
from tests.portals.server import Answer, Call, Fault
from tests.portals.ted import TedPortal


def read(store: Store, *names: str, **given: Any) -> list[Result]:
    return read_all(store, names, settings=settings(), now=lambda: NOW, **given)


class MeetingPortal(TinyPortal):
    """Answers only when somebody asks at another host at the same time."""

    def __init__(self, meeting: threading.Barrier) -> None:
        super().__init__(rows=rows(2))
        self.meeting = meeting

    def answer(self, call: Call) -> Answer:
        self.meeting.wait(timeout=10)
        return super().answer(call)


def test_hosts_are_read_side_by_side(store: Store) -> None:
    meeting = threading.Barrier(2)
    with MeetingPortal(meeting) as one, MeetingPortal(meeting) as two:
        add_tiny(store, one, "one")
        add(store, "two", "tiny", url=two.url.replace("127.0.0.1", "localhost") + "/list")
        results = read(store, "one", "two")
    assert [(r.source, r.new) for r in results] == [("one", 2), ("two", 2)]


def test_sources_of_one_host_are_read_one_after_the_other(store: Store) -> None:
    under_way: list[str] = []
    most: list[int] = []

    def progress(step: Progress) -> None:
        under_way.append(step.source)
        most.append(len(set(under_way)))

    def finished(result: Result) -> None:
        under_way[:] = [name for name in under_way if name != result.source]

    with TedPortal(notices=60, today=NOW.date()) as ted, FeedPortal(items=30) as feeds:
        names = [add_ted(store, ted, "ted", page_size=10), add_feed(store, feeds, "a"), add_feed(store, feeds, "b")]
        results = read(store, *names, progress=progress, finished=finished)
    assert [r.kind for r in results] == ["ok"] * 3
    assert set(most) == {1}


def test_one_source_that_fails_keeps_no_other_from_being_read(store: Store) -> None:
    with TinyPortal(rows=rows(2)) as well, TinyPortal(rows=rows(2)) as ill:
        ill.fail(Fault(answer=Answer(403, b"", {}), times=0))
        results = read(store, add_tiny(store, ill, "ill"), add_tiny(store, well, "well"))
    assert [(r.source, r.kind) for r in results] == [("ill", "blocked"), ("well", "ok")]


def test_a_source_whose_connector_is_gone_is_told_as_such_and_holds_up_nobody(store: Store) -> None:
    with TinyPortal(rows=rows(2)) as portal:
        names = [add_tiny(store, portal, "gone"), add_tiny(store, portal, "well")]
        with store.write() as connection:
            mine = sa.update(rows_of_sources).where(rows_of_sources.c.name == "gone")
            connection.execute(mine.values(connector="left-with-its-package"))
        told: list[Result] = []
        results = read(store, *names, finished=told.append)
    assert [(r.source, r.kind) for r in results] == [("gone", "config"), ("well", "ok")]
    assert sorted(r.source for r in told) == ["gone", "well"]
    with store.read() as connection:
        state = {s.name: s for s in standing.states(connection)}["gone"]
        assert sources.due(connection, now=NOW) == []
        assert "gone" in sources.due(connection, now=NOW + DAY)
    assert (state.last_class, "left-with-its-package" in (state.last_error or "")) == ("config", True)


def test_a_name_that_nobody_has_is_refused_before_anything_is_read(store: Store) -> None:
    with TinyPortal(rows=rows(2)) as portal:
        add_tiny(store, portal, "there")
        with pytest.raises(ParamError, match="there are: there"):
            read(store, "there", "nowhere")
        assert portal.calls == []


def test_a_stop_ends_the_round_and_what_was_not_begun_stays_due(store: Store) -> None:
    stopping = threading.Event()
    with TinyPortal(rows=rows(2)) as portal:
        names = [add_tiny(store, portal, name) for name in ("a", "b", "c")]
        results = read(store, *names, stopping=stopping, finished=lambda _: stopping.set())
    assert [(r.source, r.kind) for r in results] == [("a", "ok")]
    with store.read() as connection:
        assert sources.due(connection, now=NOW) == ["b", "c"]
    assert listed(store, "SELECT source FROM visits") == [("a",)]


def test_a_host_that_is_silent_is_asked_once_for_each_of_its_other_sources(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(VisitClock, "wait", lambda *_: None)
    with TinyPortal(rows=rows(2)) as portal:
        names = [add_tiny(store, portal, name) for name in ("a", "b", "c")]
    assert [(r.kind, r.requests) for r in read(store, *names)] == [("transient", 4), ("transient", 1), ("transient", 1)]
