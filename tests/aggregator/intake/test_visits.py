"""Visits over real sockets: what a second one writes, what an odd one says, and what it never destroys."""

from datetime import timedelta

import pytest

from aggregator.intake import sources
from aggregator.store.session import Store
from connectors.base import client
from tests.aggregator.intake.reading import (
    DAY,
    HOUR,
    NOW,
    WEEK,
    add_feed,
    add_ted,
    add_tiny,
    everything,
    listed,
    one,
    tables,
    visit,
)
from tests.aggregator.intake.tiny import TinyPortal, row, rows
from tests.portals.feeds import FeedPortal, empty_list, login_page
from tests.portals.server import Answer, Fault
from tests.portals.ted import TedPortal
from tests.portals.ted_faults import dropped, throttled

# What a visit may write even when nothing is new: its row, the rhythm, the memory of the client, pages, what the office hears.
_OF_A_VISIT = {"visits", "sources", "memory", "pages", "alerts"}


def test_a_second_visit_of_ted_writes_its_visit_and_nothing_else(store: Store) -> None:
    with TedPortal(notices=200, today=NOW.date()) as portal:
        name = add_ted(store, portal, page_size=40)
        first = visit(store, name)
        before = tables(store, without=_OF_A_VISIT)
        again = [visit(store, name, at=NOW + HOUR, mode=mode) for mode in ("recent", "sweep", "recent")]
    assert first.kind == "ok"
    assert first.new == first.seen > 100
    assert [(r.kind, r.complete, r.new, r.changed) for r in again] == [("same", True, 0, 0)] * 3
    assert tables(store, without=_OF_A_VISIT) == before
    assert one(store, "SELECT count(*) FROM visits") == 4


def test_F4_a_feed_that_says_nothing_changed_writes_its_visit_row_alone(store: Store) -> None:
    with FeedPortal(items=30) as portal:
        name = add_feed(store, portal)
        first = visit(store, name)
        before = tables(store, without={"visits", "sources"})
        second = visit(store, name, at=NOW + HOUR)
        asked = [call for call in portal.calls if call.path == "/rss.xml"]
    assert (first.kind, first.new, second.kind, second.complete) == ("ok", 20, "same", True)
    assert "if-none-match" in asked[1].headers
    assert tables(store, without={"visits", "sources"}) == before


def test_the_same_bytes_without_a_304_are_not_read_again_and_not_kept_twice(store: Store) -> None:
    with TinyPortal(rows=rows(12)) as portal:
        name = add_tiny(store, portal)
        visit(store, name)
        second = visit(store, name, at=NOW + HOUR, mode="recent")
    assert (second.kind, second.complete, second.seen) == ("same", True, 0)
    assert one(store, "SELECT count(*) FROM pages") == 1


def test_a_visit_is_complete_when_some_of_its_pages_brought_nothing_new(store: Store) -> None:
    with TinyPortal(rows=rows(12), size=5) as portal:
        name = add_tiny(store, portal)
        visit(store, name)
        portal.rows[11] = row(12, title="Cleaning of the town hall")
        second = visit(store, name, at=NOW + HOUR, mode="recent")
    assert (second.kind, second.complete, second.changed) == ("ok", True, 1)
    assert one(store, "SELECT announced FROM visits ORDER BY id DESC LIMIT 1") == 12


@pytest.mark.parametrize("tags", [False, True])
def test_a_page_that_cannot_be_read_stays_a_fault_however_often_it_is_answered(store: Store, tags: bool) -> None:
    headers = {"content-type": "application/json"} | ({"etag": '"login"'} if tags else {})
    with TinyPortal(rows=rows(12)) as portal:
        name = add_tiny(store, portal)
        portal.fail(Fault(answer=Answer(200, b"<html>please log in</html>", headers), times=0))
        kinds = [visit(store, name, at=NOW + n * HOUR, mode="recent").kind for n in range(3)]
        portal.heal()
        well = visit(store, name, at=NOW + 4 * HOUR, mode="recent")
    assert kinds == ["drift", "drift", "drift"]
    assert (well.kind, well.new) == ("ok", 12)


def test_an_empty_list_after_a_full_one_is_suspicious_until_it_is_full_again(store: Store) -> None:
    with FeedPortal(items=30) as portal:
        name = add_feed(store, portal)
        visit(store, name)
        before = tables(store, without=_OF_A_VISIT)
        portal.fail(Fault(answer=empty_list().answer, times=0))
        kinds = [visit(store, name, at=NOW + n * HOUR).kind for n in (1, 2, 3)]
        assert tables(store, without=_OF_A_VISIT) == before
        portal.heal()
        well = visit(store, name, at=NOW + 4 * HOUR)
    assert kinds == ["suspicious"] * 3
    assert well.good


def test_a_quiet_window_after_a_full_sweep_is_nothing_suspicious(store: Store) -> None:
    with TedPortal(notices=120, today=NOW.date()) as portal:
        name = add_ted(store, portal, days=1)
        sweep = visit(store, name)
        later = NOW + 3 * DAY
        portal.today = later.date()
        quiet = visit(store, name, at=later)
    assert sweep.seen > 10
    assert quiet.kind in {"ok", "same"}, quiet.error


def test_a_login_page_in_place_of_a_feed_leaves_everything_as_it_was(store: Store) -> None:
    with FeedPortal(items=30) as portal:
        name = add_feed(store, portal)
        visit(store, name)
        before = tables(store, without=_OF_A_VISIT)
        portal.fail(login_page())
        result = visit(store, name, at=NOW + HOUR)
    assert (result.kind, result.good) == ("suspicious", False)
    assert tables(store, without=_OF_A_VISIT) == before


def test_F9_a_page_that_comes_again_and_again_ends_the_visit_incomplete_and_withdraws_nothing(store: Store) -> None:
    with TedPortal(notices=200, today=NOW.date()) as portal:
        name = add_ted(store, portal, page_size=40)
        whole = visit(store, name)
        portal.stuck = True
        stuck = [visit(store, name, at=NOW + (n + 1) * WEEK, mode="sweep") for n in range(2)]
    assert whole.complete
    assert [(r.kind, r.complete, r.withdrawn, r.new) for r in stuck] == [("partial", False, 0, 0)] * 2
    assert one(store, "SELECT count(*) FROM notices WHERE missed > 0") == 0


def test_a_notice_that_stands_on_two_pages_is_one_notice(store: Store) -> None:
    with TinyPortal(rows=[*rows(5), row(3), *rows(2, first=6), row(1)], size=4) as portal:
        result = visit(store, add_tiny(store, portal))
    assert (result.new, result.changed, len(everything(store))) == (7, 0, 7)


def test_what_a_failed_visit_has_committed_stays_and_the_next_one_completes_it(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "PAUSES", ())
    with TedPortal(notices=200, today=NOW.date()) as portal:
        name = add_ted(store, portal, page_size=40)
        portal.fail(Fault(when=lambda call: b"iterationNextToken" in call.body, cut_after=2_000))
        broken = visit(store, name)
        there = one(store, "SELECT count(*) FROM notices")
        whole = visit(store, name, at=NOW + HOUR)
        undisturbed = portal.calls and len(
            portal._found(portal._parsed(portal.calls[-1].json()["query"], portal.fields()))
        )
    assert (broken.kind, broken.complete, broken.new, there) == ("partial", False, 40, 40)
    assert whole.complete
    assert one(store, "SELECT count(*) FROM notices") == undisturbed


def test_F2_a_wait_that_a_server_asks_for_outlives_the_process_and_binds_every_source_of_the_host(store: Store) -> None:
    with TedPortal(notices=30, today=NOW.date()) as portal:
        first, second = add_ted(store, portal, "one"), add_ted(store, portal, "two")
        portal.fail(throttled(3 * 3600))
        asked = visit(store, first)
        calls = len(portal.calls)
        # Another source, another client: nothing is shared but the store.
        held = [visit(store, name, at=NOW + HOUR) for name in (second, first)]
        assert len(portal.calls) == calls
        after = visit(store, second, at=NOW + 3 * HOUR + timedelta(seconds=1))
    assert [r.kind for r in (asked, *held)] == ["throttled"] * 3
    assert after.kind == "ok"
    assert one(store, "SELECT next_visit FROM sources WHERE name = 'one'") >= "2026-11-23T10:00:00Z"


def test_validators_are_of_one_source_and_what_a_host_says_is_of_all(store: Store) -> None:
    with FeedPortal(items=30) as portal:
        one_, two = add_feed(store, portal, "one"), add_feed(store, portal, "two")
        assert [visit(store, name).seen for name in (one_, two)] == [20, 20]
        assert [call.path for call in portal.calls].count("/robots.txt") == 1
    keys = listed(store, "SELECT source, key FROM memory ORDER BY source, key")
    assert [(source, key.partition(":")[0]) for source, key in keys] == [
        ("", "robots"),
        ("one", "validators"),
        ("two", "validators"),
    ]


def test_a_stop_ends_the_visit_after_its_page_and_leaves_the_source_due(store: Store) -> None:
    pages_read: list[int] = []
    with TedPortal(notices=200, today=NOW.date()) as portal:
        name = add_ted(store, portal, page_size=40)
        stopped = visit(store, name, stopping=lambda: len(portal.calls) >= 2)
        pages_read.append(len(portal.calls))
    assert (stopped.kind, stopped.complete, stopped.error) == ("partial", False, "stopping")
    assert pages_read == [2]
    assert one(store, "SELECT next_visit FROM sources") == "2026-11-23T07:00:00Z"


def test_a_connection_that_drops_in_the_middle_is_tried_again_in_the_same_visit(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "PAUSES", (0.01, 0.01, 0.01))
    with TedPortal(notices=60, today=NOW.date()) as portal:
        name = add_ted(store, portal, page_size=20)
        portal.fail(dropped(500), dropped(500))
        result = visit(store, name)
    assert (result.kind, result.complete) == ("ok", True)


def test_after_a_change_of_parameters_the_next_visit_is_a_sweep_from_the_beginning(store: Store) -> None:
    with TinyPortal(rows=rows(4)) as portal:
        add_tiny(store, portal)
        visit(store, "tiny")
        assert one(store, "SELECT mode FROM visits ORDER BY id DESC LIMIT 1") == "sweep"
        visit(store, "tiny", at=NOW + HOUR)
        assert one(store, "SELECT mode FROM visits ORDER BY id DESC LIMIT 1") == "recent"
        with store.write() as connection:
            sources.change(connection, "tiny", now=NOW + 2 * HOUR, params={"url": f"{portal.url}/other"})
        visit(store, "tiny", at=NOW + 3 * HOUR)
        assert one(store, "SELECT mode FROM visits ORDER BY id DESC LIMIT 1") == "sweep"


def test_a_clock_that_was_ahead_once_silences_no_source(store: Store) -> None:
    with TinyPortal(rows=rows(4)) as portal:
        add_tiny(store, portal)
        visit(store, "tiny", at=NOW + 3_650 * DAY)
        with store.read() as connection:
            assert sources.due(connection, now=NOW) == ["tiny"]
        visit(store, "tiny", at=NOW)
        assert one(store, "SELECT mode FROM visits ORDER BY id DESC LIMIT 1") == "sweep"
