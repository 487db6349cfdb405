"""R7: while mail is paused nothing is written and nothing leaves, whoever asks; and the scheduler says so once."""

import threading
from collections import Counter
from datetime import timedelta
from pathlib import Path

import structlog

from aggregator.digest import pause
from aggregator.digest.run import deliver, run
from aggregator.schedule import letters_due, tick
from aggregator.store.session import Store
from tests.aggregator.digest.sample import NOW, settings, tender
from tests.aggregator.digest.stored import enrol, fill, keep, mail_states, match, member

WEEK = timedelta(days=7)


def begin(store: Store) -> None:
    with store.write() as connection:
        for statement in pause.begin("restored from a copy", now=NOW):
            connection.execute(statement)


def ready(store: Store) -> None:
    """A member with something to hear, and a message of last week that waits in the outbox."""
    who = member("one")
    enrol(store, who)
    (item,) = keep(store, [tender(0)])
    with store.write() as connection:
        match(connection, who, item)
    fill(store, "late@example.org")


def test_R7_nothing_is_written_or_sent_while_mail_is_paused(store: Store, tmp_path: Path) -> None:
    ready(store)
    begin(store)
    ran = run(store, settings(tmp_path), now=NOW)
    assert (ran.members, ran.sent, ran.paused) == ([], Counter(), pause.Pause(NOW, "restored from a copy"))
    assert deliver(store, settings(tmp_path), now=NOW) == Counter()
    assert mail_states(store) == ["pending"]
    assert not (tmp_path / "maildir").exists()


def test_R7_the_scheduler_sends_nothing_and_says_so_once(store: Store, tmp_path: Path) -> None:
    ready(store)
    begin(store)
    monday = NOW - timedelta(days=NOW.weekday())
    monday = monday.replace(hour=9) + WEEK
    assert letters_due(monday, "Europe/Rome")
    pause._said.clear()
    with structlog.testing.capture_logs() as said:
        for minutes in range(3):
            tick(
                store,
                settings(tmp_path),
                stopping=threading.Event(),
                now=lambda m=minutes: monday + timedelta(minutes=m),  # type: ignore[misc]
            )
        tick(store, settings(tmp_path), stopping=threading.Event(), now=lambda: monday + timedelta(days=3))
    (line,) = [entry for entry in said if entry["event"] == "mail is paused"]
    assert (line["way_out"], line["log_level"]) == ("worldwidewe digest resume", "warning")
    assert mail_states(store) == ["pending"]


def test_R7_after_the_pause_what_was_due_goes(store: Store, tmp_path: Path) -> None:
    ready(store)
    begin(store)
    with store.read() as connection:
        plan = pause.plan(connection, now=NOW, zone="Europe/Rome", due=True)
    assert plan is not None
    assert plan.unwritten == ("one",)
    with store.write() as connection:
        pause.resume(connection, plan, skip=False, now=NOW)
    with store.read() as connection:
        assert pause.paused(connection) is None
        assert pause.plan(connection, now=NOW, zone="Europe/Rome", due=True) is None
    assert run(store, settings(tmp_path), now=NOW).sent["accepted"] >= 1


def test_R9_a_stop_leaves_the_rest_of_the_letters_for_the_next_run(store: Store, tmp_path: Path) -> None:
    for name in ("one", "two", "three"):
        who = member(name)
        enrol(store, who)
        for item in keep(store, [tender(0)]):
            with store.write() as connection:
                match(connection, who, item)
    asked = iter([False, False, True, True, True])
    ran = run(store, settings(tmp_path), now=NOW, stopping=lambda: next(asked))
    assert len(ran.members) == 2
    assert ran.sent == Counter()
    assert mail_states(store) == ["pending", "pending"]
    again = run(store, settings(tmp_path), now=NOW)
    assert again.sent == Counter(accepted=3)
