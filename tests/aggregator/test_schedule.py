"""What is due and when: Monday at eight by the office's clock, late but not lost, and never twice."""

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from apscheduler.schedulers.background import BackgroundScheduler

from aggregator.intake import sources
from aggregator.intake.result import Result
from aggregator.people.member import Member
from aggregator.people.members import put as put_members
from aggregator.schedule import keep_ticking, letters_due, tick
from aggregator.store.session import Store
from config.settings import Settings
from tests.aggregator.intake.reading import add_ted, listed, one
from tests.portals.ted import TedPortal

ROME = "Europe/Rome"
MONDAY = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)  # 08:00 in Rome
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("monday", "hour"),
    [("2026-03-23", 7), ("2026-03-30", 6), ("2026-10-19", 6), ("2026-10-26", 7), ("2027-03-29", 6)],
)
def test_eight_stays_eight_in_the_weeks_in_which_the_clocks_change(monday: str, hour: int) -> None:
    eight = datetime.fromisoformat(monday).replace(hour=hour, tzinfo=UTC)
    assert not letters_due(eight - timedelta(seconds=1), ROME)
    assert letters_due(eight, ROME)
    assert letters_due(eight + timedelta(hours=36), ROME)
    assert not letters_due(eight + timedelta(hours=36, seconds=1), ROME)


def test_X12_letters_are_of_monday_and_of_no_other_day() -> None:
    days = [MONDAY + timedelta(days=n) for n in range(7)]
    assert [letters_due(day, ROME) for day in days] == [True, True, False, False, False, False, False]
    firsts = [
        hour for n in range(24 * 14) if letters_due(hour := MONDAY - timedelta(days=5) + timedelta(hours=n), ROME)
    ]
    assert {first.astimezone(UTC).strftime("%A") for first in firsts} == {"Monday", "Tuesday"}
    assert firsts[0] == MONDAY


def test_the_week_is_the_week_of_the_office() -> None:
    assert letters_due(datetime(2026, 11, 22, 19, 0, tzinfo=UTC), "Pacific/Auckland")  # there it is Monday 08:00
    assert not letters_due(MONDAY, "America/New_York")
    assert letters_due(MONDAY + timedelta(hours=6), "America/New_York")


def deployment(tmp_path: Path, **given: Any) -> Settings:
    return Settings.model_validate({"home": tmp_path, "loopback_hosts": ["127.0.0.1"], "zone": ROME, **given})


def enrol(store: Store, *ids: str) -> None:
    wish = {"name": "All", "kinds": ["tender"], "any": ["cleaning", "pulizia", "nettoyage", "servizi"]}
    with store.write() as connection:
        members = [
            Member.model_validate(
                {
                    "id": id,
                    "name": f"Cooperativa {id}",
                    "recipients": [{"email": f"{id}@example.org", "basis": "consent"}],
                    "profiles": [wish],
                }
            )
            for id in ids
        ]
        put_members(connection, members, now=MONDAY - timedelta(days=30))


def letters(home: Path) -> list[Path]:
    return [path for path in (home / "maildir").rglob("*") if path.is_file()]


def run(store: Store, settings: Settings, at: datetime) -> list[Result]:
    done: list[Result] = []
    tick(store, settings, stopping=threading.Event(), finished=done.append, now=lambda: at)
    return done


def test_a_tick_reads_what_is_due_and_nothing_else(store: Store, tmp_path: Path) -> None:
    at = MONDAY - timedelta(days=3)
    with TedPortal(notices=40, today=at.date()) as portal:
        name = add_ted(store, portal, now=at)
        add_ted(store, portal, "later", now=at + timedelta(hours=1))
        with store.write() as connection:
            sources.change(connection, name, now=at, rhythm_minutes=60)
        told = [[r.source for r in run(store, deployment(tmp_path), at + n * MINUTE)] for n in (0, 1, 59, 60, 61)]
    assert told == [["ted"], [], [], ["later", "ted"], []]


def test_X13_letters_missed_during_a_restart_go_out_later_and_once(store: Store, tmp_path: Path) -> None:
    enrol(store, "coop-a", "coop-b")
    settings = deployment(tmp_path)
    before = MONDAY - timedelta(days=1)
    with TedPortal(notices=120, today=before.date()) as portal:
        add_ted(store, portal, now=before)
        assert [r.kind for r in run(store, settings, before)] == ["ok"]
        assert letters(tmp_path) == []
        # Nothing ran from Sunday to Tuesday noon.
        tuesday = MONDAY + timedelta(hours=28)
        for n in range(4):
            run(store, settings, tuesday + n * MINUTE)
    assert len(letters(tmp_path)) == 2
    assert listed(store, "SELECT member_id, count(*) FROM digests GROUP BY member_id ORDER BY member_id") == [
        ("coop-a", 1),
        ("coop-b", 1),
    ]


def test_two_ticks_at_once_send_one_letter(store: Store, tmp_path: Path) -> None:
    enrol(store, "coop-a", "coop-b", "coop-c")
    settings = deployment(tmp_path)
    before = MONDAY - timedelta(days=1)
    with TedPortal(notices=80, today=before.date()) as portal:
        name = add_ted(store, portal, now=before)
        run(store, settings, before)
        with store.write() as connection:
            sources.change(connection, name, now=MONDAY, enabled=False)
        start = threading.Barrier(2)
        failed: list[BaseException] = []

        def ticking() -> None:
            start.wait()
            try:
                run(store, settings, MONDAY)
            except BaseException as exc:
                failed.append(exc)

        ticks = [threading.Thread(target=ticking) for _ in range(2)]
        for one_ in ticks:
            one_.start()
        for one_ in ticks:
            one_.join()
    assert failed == []
    run(store, settings, MONDAY + MINUTE)
    assert len(letters(tmp_path)) == 3
    assert one(store, "SELECT count(*) FROM digests") == 3
    waiting = one(store, "SELECT count(*) FROM outbox WHERE state IN ('pending', 'sending')")
    assert (waiting, one(store, "SELECT count(*) FROM outbox")) == (0, 3)


def test_a_tick_that_is_told_to_stop_writes_no_letters(store: Store, tmp_path: Path) -> None:
    enrol(store, "coop-a")
    stopping = threading.Event()
    with TedPortal(notices=40, today=MONDAY.date()) as portal:
        add_ted(store, portal, now=MONDAY)
        tick(
            store,
            deployment(tmp_path),
            stopping=stopping,
            finished=lambda _: stopping.set(),
            now=lambda: MONDAY,
        )
    assert one(store, "SELECT count(*) FROM digests") == 0


def test_the_scheduler_ticks_never_twice_at_once_drops_no_late_tick_and_ends_when_told(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs: list[Any] = []
    start = BackgroundScheduler.start

    def started(scheduler: Any, *args: Any) -> None:
        start(scheduler, *args)
        jobs.extend(scheduler.get_jobs())

    monkeypatch.setattr(BackgroundScheduler, "start", started)
    stopping = threading.Event()
    running = threading.Thread(
        target=keep_ticking,
        args=(store, deployment(tmp_path)),
        kwargs={"stopping": stopping, "finished": lambda _: None},
    )
    running.start()
    stopping.set()
    running.join(timeout=20)
    assert not running.is_alive()
    (job,) = jobs
    assert (job.trigger.interval, job.max_instances, job.coalesce) == (MINUTE, 1, True)
    assert job.misfire_grace_time >= 60
