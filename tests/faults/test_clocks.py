"""Clocks that jump: forwards, back, over a night without an hour, after a sleep of the machine (R10).

The one thing to know: nothing happens twice, because it is asked of the store and not of the clock; and nothing waits
until a clock that was ahead has been caught up.
"""

import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
import time_machine

from aggregator import schedule
from aggregator.digest import outbox
from aggregator.digest.mailer import Outcome, Outgoing
from aggregator.digest.run import run
from aggregator.intake import sources
from aggregator.intake.due import has_come
from aggregator.intake.pipeline import read_source
from aggregator.store.session import Store
from aggregator.store.tables import stamp
from tests.aggregator.digest.sample import settings as office
from tests.aggregator.digest.sample import tender
from tests.aggregator.digest.stored import enrol, keep, match, member
from tests.aggregator.intake.reading import DAY, HOUR, NOW, add_tiny, listed, one, settings
from tests.aggregator.intake.tiny import TinyPortal, rows
from tests.aggregator.test_schedule import letters

MINUTE = timedelta(minutes=1)
ROME = "Europe/Rome"


@pytest.fixture
def portal() -> Iterator[TinyPortal]:
    with TinyPortal(rows=rows(3)) as running:
        yield running


def tick(store: Store, home: Path, at: datetime) -> list[str]:
    """One tick at this instant; the sources that it read."""
    done: list[str] = []
    given = office(home, loopback_hosts=["127.0.0.1"], zone=ROME)
    event = threading.Event()
    schedule.tick(store, given, stopping=event, finished=lambda result: done.append(result.source), now=lambda: at)
    return done


@pytest.mark.parametrize(
    ("meant", "ahead", "comes"),
    [
        (60, timedelta(0), 60),
        (60, timedelta(minutes=3), 63),  # as two machines differ
        (60, timedelta(minutes=40), 100),  # later, but not twice as late as was meant
        (60, timedelta(minutes=61), 0),
        (60, DAY * 3, 0),
        (60, DAY * 300, 0),
        (1440, HOUR * 2, 1560),  # a source that is read once a day does not mind
        (1440, DAY * 2, 0),
    ],
)
def test_R10_a_source_waits_at_most_twice_as_long_as_was_meant_whatever_the_clock_did(
    meant: int, ahead: timedelta, comes: int
) -> None:
    ended = NOW + ahead
    next_visit = stamp(ended + meant * MINUTE)
    minutes = [n for n in range(2 * meant + 10) if has_come(next_visit, ended=stamp(ended), now=NOW + n * MINUTE)]
    assert minutes[0] == comes
    assert comes <= 2 * meant


def test_R10_a_source_that_was_never_read_is_due_when_it_says_so() -> None:
    assert has_come(stamp(NOW), ended=None, now=NOW)
    assert not has_come(stamp(NOW + MINUTE), ended=None, now=NOW)
    assert has_come(stamp(NOW + 8 * DAY), ended=None, now=NOW)


def test_R10_a_clock_that_was_three_days_ahead_for_a_moment_costs_one_visit_and_no_silence(
    store: Store, portal: TinyPortal, tmp_path: Path
) -> None:
    add_tiny(store, portal)
    told = [tick(store, tmp_path, NOW)]
    told.append(tick(store, tmp_path, NOW + 3 * DAY))  # the clock is wrong: everything seems due
    told += [tick(store, tmp_path, NOW + n * MINUTE) for n in (1, 2, 30, 61, 62)]
    assert told == [["tiny"], ["tiny"], ["tiny"], [], [], ["tiny"], []]
    assert one(store, "SELECT count(*) FROM notices") == 3
    assert one(store, "SELECT count(*) FROM changes") == 0


def test_R10_a_clock_that_is_set_back_a_little_has_nothing_read_twice(
    store: Store, portal: TinyPortal, tmp_path: Path
) -> None:
    add_tiny(store, portal)
    assert tick(store, tmp_path, NOW) == ["tiny"]
    back = NOW - timedelta(minutes=30)
    assert [tick(store, tmp_path, back + n * MINUTE) for n in (0, 1, 30, 60, 89)] == [[], [], [], [], []]
    assert tick(store, tmp_path, back + 90 * MINUTE) == ["tiny"]


@pytest.mark.parametrize("sunday", ["2026-10-25", "2027-03-28"])
def test_R10_in_the_nights_in_which_the_clocks_change_every_hour_has_its_visit(
    store: Store, portal: TinyPortal, tmp_path: Path, sunday: str
) -> None:
    midnight = datetime.fromisoformat(f"{sunday}T00:00:00+00:00") - 3 * HOUR
    with store.write() as connection:
        now = midnight
        sources.add(connection, "tiny", connector="tiny", params={"url": f"{portal.url}/list"}, now=now)
    read = [n for n in range(0, 8 * 60, 20) if tick(store, tmp_path, midnight + n * MINUTE)]
    assert read == list(range(0, 8 * 60, 60))


@pytest.mark.parametrize("sunday", ["2026-10-25", "2027-03-28"])
def test_R10_the_letter_after_such_a_night_comes_once_and_at_eight(store: Store, tmp_path: Path, sunday: str) -> None:
    ready(store)
    start = datetime.fromisoformat(f"{sunday}T00:00:00+00:00")
    came: list[datetime] = []
    for n in range(2 * 24):
        before = len(letters(tmp_path))
        tick(store, tmp_path, at := start + n * HOUR)
        came += [at] * (len(letters(tmp_path)) - before)
    assert [f"{at.astimezone(ZoneInfo(ROME)):%a %H:%M}" for at in came] == ["Mon 08:00"]


def ready(store: Store) -> None:
    """A member whose letter has something to say, in whatever week."""
    who = member("coop")
    enrol(store, who)
    (item,) = keep(store, [tender(0, deadlines=[], zone="UTC")])
    with store.write() as connection:
        match(connection, who, item)


def test_R10_letters_are_of_a_week_and_not_of_a_clock(store: Store, tmp_path: Path) -> None:
    ready(store)
    monday = NOW
    times = (monday, monday - HOUR, monday, monday - DAY, monday + MINUTE, monday + DAY, monday + 30 * HOUR)
    for at in times:
        tick(store, tmp_path, at)
    assert len(letters(tmp_path)) == 1
    # A machine that slept from Sunday until Tuesday noon sends what was due meanwhile, and only that.
    assert listed(store, "SELECT period, count(*) FROM digests GROUP BY period") == [("2026-W48", 1)]


class Later:
    """A mail server that puts everything off."""

    repeatable = False

    def __init__(self) -> None:
        self.asked = 0

    def deliver(self, outgoing: Outgoing) -> Outcome:
        self.asked += 1
        return Outcome("deferred", "451 later")

    def close(self) -> None:
        """Nothing is open."""


def test_R10_a_letter_put_off_by_a_clock_that_was_ahead_does_not_wait_for_it(store: Store, tmp_path: Path) -> None:
    ready(store)
    mailer = Later()
    run(store, office(tmp_path), now=NOW, mailer=mailer)
    with store.write() as connection:
        connection.execute(sa.text("UPDATE outbox SET next_attempt = '2031-01-01T00:00:00Z'"))
    outbox.send(store, mailer, now=NOW + MINUTE)
    outbox.send(store, mailer, now=NOW + 2 * MINUTE)
    assert mailer.asked == 2
    # And one that a sender of such a clock had in hand when it died becomes unknown.
    with store.write() as connection:
        connection.execute(sa.text("UPDATE outbox SET state = 'sending', changed_at = '2031-01-01T00:00:00Z'"))
    assert outbox.send(store, mailer, now=NOW + 3 * MINUTE)["unknown"] == 1
    assert mailer.asked == 2


def test_R10_a_machine_that_sleeps_in_the_middle_of_a_visit_goes_on_with_it(store: Store, tmp_path: Path) -> None:
    with TinyPortal(rows=rows(9), size=3) as portal:
        name = add_tiny(store, portal)
        # Nine hours pass between the second page and the third by the clock on the wall, and none by the other.
        clock = lambda: NOW if len(portal.calls) < 2 else NOW + 9 * HOUR  # noqa: E731 - one word for one line
        done = read_source(store, name, settings=settings(), now=clock, time_limit=60)
        assert (done.kind, done.complete, done.new) == ("ok", True, 9)
        assert done.seconds < 60
        assert tick(store, tmp_path, NOW + 9 * HOUR + MINUTE) == []
        assert tick(store, tmp_path, NOW + 10 * HOUR) == [name]


def test_R10_a_visit_is_measured_by_a_clock_that_nobody_sets(store: Store, portal: TinyPortal) -> None:
    name = add_tiny(store, portal)
    moments = iter([NOW, NOW - DAY, NOW - 2 * DAY])
    done = read_source(store, name, settings=settings(), now=lambda: next(moments, NOW - 2 * DAY))
    assert done.kind == "ok"
    assert 0 <= one(store, "SELECT seconds FROM visits") < 60


def test_R10_ticks_go_on_after_the_clock_was_set_back(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticked: list[datetime] = []
    monkeypatch.setattr(schedule, "tick", lambda *_, **__: ticked.append(datetime.now(UTC)))
    monkeypatch.setattr(schedule, "LOOKS_EVERY", 0.05)
    stopping = threading.Event()
    started: list[Any] = []
    running = threading.Thread(
        target=schedule.keep_ticking,
        args=(store, office(tmp_path)),
        kwargs={"stopping": stopping, "finished": started.append},
    )
    with time_machine.travel(datetime.now(UTC) + DAY, tick=True):
        running.start()
        time.sleep(0.3)
    # A day back: the next tick lies a day and a minute ahead.
    ends = time.monotonic() + 20
    while not ticked and time.monotonic() < ends:
        time.sleep(0.05)
    stopping.set()
    running.join(20)
    assert len(ticked) == 1
