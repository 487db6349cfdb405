"""A full disk: the visit ends with a sentence, the store stays whole and readable, and no letter goes out (R4).

The one thing to know: SQLite says "full" for its own limit of pages as it does for a disk, so the first tests run anywhere;
the last ones fill a real file system of four megabytes, in a process that has mounted it for itself alone.
"""

import itertools
import json
import sqlite3
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from aggregator.digest.mailer import Outcome, Outgoing
from aggregator.digest.run import run
from aggregator.schedule import tick
from aggregator.store import disk
from aggregator.store.migrations import upgrade
from aggregator.store.session import Store, open_store
from tests.aggregator.digest.sample import NOW as MONDAY
from tests.aggregator.digest.sample import settings as office
from tests.aggregator.digest.sample import tender
from tests.aggregator.digest.stored import enrol, keep, match, member
from tests.aggregator.intake.reading import NOW, add_tiny, listed, one, visit
from tests.aggregator.intake.tiny import TinyPortal, row
from tests.faults.contents import contents, differences
from tests.faults.killing import ROOT
from tests.skips import NO_SMALL_DISK
from web.app import create_app

ROWS = [row(number, title=f"Cleaning of school number {number}, " + "with words " * 40) for number in range(1, 61)]


class Counting:
    """A mailer that notes what it was handed."""

    repeatable = False

    def __init__(self) -> None:
        self.handed: list[str] = []

    def deliver(self, outgoing: Outgoing) -> Outcome:
        self.handed.append(outgoing.recipient)
        return Outcome("accepted", "250 ok")

    def close(self) -> None:
        """Nothing is open."""


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Store]:
    store = open_store(f"sqlite:///{tmp_path / 'store.sqlite'}")
    upgrade(store)
    yield store
    store.close()


@contextmanager
def full(store: Store, *, pages: int = 0) -> Iterator[None]:
    """The store may grow by so many pages and no more; without any, what room it has inside is taken too."""
    limit = one(store, "PRAGMA page_count") + pages

    def limited(connection: Any, *_: Any) -> None:
        connection.execute(f"PRAGMA max_page_count={limit}")

    sa.event.listen(store.engine, "connect", limited)
    store.engine.dispose()
    for size in (3_000, 300, 30) if not pages else ():
        for number in itertools.count():
            try:
                with store.write() as connection:
                    said = {"key": f"{size}-{number}", "value": "x" * size}
                    connection.execute(sa.text("INSERT INTO memory VALUES ('filler', :key, :value)"), said)
            except disk.NoSpace:
                break
    try:
        yield
    finally:
        sa.event.remove(store.engine, "connect", limited)
        store.engine.dispose()
        with store.write() as connection:
            connection.execute(sa.text("DELETE FROM memory WHERE source = 'filler'"))


def test_R4_a_visit_that_fills_the_disk_ends_with_a_sentence_and_the_next_one_is_whole(
    small: Store, tmp_path: Path
) -> None:
    with TinyPortal(rows=ROWS, size=6) as portal:
        name = add_tiny(small, portal)
        with full(small, pages=12):
            stopped = visit(small, name)
            assert (stopped.kind, stopped.complete) == ("transient", False)
            assert stopped.error == (
                f"the disk of {tmp_path / 'store.sqlite'} is full; make room on it, and it goes on where it stood"
            )
            assert 0 < one(small, "SELECT count(*) FROM notices") < len(ROWS)
            assert one(small, "PRAGMA integrity_check") == "ok"
            # Still full: it is said again, and not that somebody else reads.
            assert "is full" in (visit(small, name, at=NOW + timedelta(minutes=1)).error or "")
            board = create_app(office(tmp_path), small).test_client()
            assert board.get("/").status_code == 200
            assert "school number 1" in board.get("/opportunities?q=cleaning&lang=en").get_data(as_text=True)
        whole = visit(small, name)
        assert (whole.kind, whole.complete) == ("ok", True)
        assert "interrupted" in listed(small, "SELECT error FROM visits ORDER BY id")[0][0]
        quiet = open_store(f"sqlite:///{tmp_path / 'quiet.sqlite'}")
        upgrade(quiet)
        visit(quiet, add_tiny(quiet, portal))
        assert differences(contents(quiet), contents(small)) == ""
        quiet.close()
    assert one(small, "PRAGMA integrity_check") == "ok"


def test_R4_a_letter_that_cannot_be_written_down_is_not_sent(small: Store, tmp_path: Path) -> None:
    who, mailer = [member(f"coop{n}") for n in range(3)], Counting()
    enrol(small, *who)
    items = keep(small, [tender(n) for n in range(3)])
    with small.write() as connection:
        for each in who:
            for item in items:
                match(connection, each, item)
    with full(small), pytest.raises(disk.NoSpace, match=r"store\.sqlite is full"):
        run(small, office(tmp_path), now=MONDAY, mailer=mailer)
    assert mailer.handed == []
    # One may still have found room inside; it waits with those that did not.
    assert one(small, "SELECT count(*) FROM digests") == one(small, "SELECT count(*) FROM outbox") < 3
    assert run(small, office(tmp_path), now=MONDAY, mailer=mailer).sent == Counter(accepted=3)
    assert len(mailer.handed) == 3


def test_R4_a_tick_over_a_full_disk_ends_well_and_the_next_one_does_everything(small: Store, tmp_path: Path) -> None:
    settings = office(tmp_path, loopback_hosts=["127.0.0.1"])
    who = [member(f"coop{n}") for n in range(4)]
    enrol(small, *who)
    (item,) = keep(small, [tender(0)])
    with small.write() as connection:
        for each in who:
            match(connection, each, item)
    with TinyPortal(rows=ROWS, size=6) as portal:
        add_tiny(small, portal)
        told: list[str] = []
        for again in range(2):
            done: list[Any] = []
            with full(small):
                tick(small, settings, stopping=threading.Event(), finished=done.append, now=lambda: MONDAY)
            told += [result.kind for result in done]
            assert not list((tmp_path / "maildir" / "new").glob("*")), again
        assert told == ["transient", "transient"]
        tick(small, settings, stopping=threading.Event(), finished=done.append, now=lambda: MONDAY)
    assert done[-1].kind == "ok"
    assert len(list((tmp_path / "maildir" / "new").glob("*.eml"))) == len(who)


def test_R4_what_means_a_full_disk_and_what_does_not(tmp_path: Path) -> None:
    file = tmp_path / "store.sqlite"

    def failed(code: int) -> sqlite3.OperationalError:
        exc = sqlite3.OperationalError("x")
        exc.sqlite_errorcode = code
        return exc

    assert disk.full(failed(sqlite3.SQLITE_FULL), store=file) is not None
    # An error of the disk while there is room is an error of the disk.
    for code in (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_BUSY):
        assert disk.full(failed(code), store=file) is None
    assert disk.full(OSError(28, "No space left on device"), store=file) is None

    class Full(Exception):
        sqlstate = "53100"

    assert "PostgreSQL server" in str(disk.full(Full("could not extend file\nHINT"), store=None))
    assert disk.full(None, store=None) is None


@pytest.fixture
def on_a_small_disk(tmp_path: Path) -> Any:
    """Run a scenario of tests/faults/small_disk.py on a file system of its own."""
    alone = ["unshare", "--mount"] if _may_mount("--mount") else ["unshare", "--mount", "--map-root-user"]
    if not _may_mount(*alone[1:]):
        pytest.skip(NO_SMALL_DISK)

    def run_it(scenario: str, *arguments: str) -> dict[str, Any]:
        folder = tmp_path / "disk"
        folder.mkdir(exist_ok=True)
        done = subprocess.run(
            [*alone, sys.executable, "-m", "tests.faults.small_disk", scenario, str(folder), *arguments],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        said: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return said

    return run_it


def _may_mount(*how: str) -> bool:
    probe = 'mount -t tmpfs -o size=1m none "$(mktemp -d)"'
    try:
        return subprocess.run(["unshare", *how, "sh", "-c", probe], capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False


def test_R4_a_real_disk_that_fills_up_and_is_freed(on_a_small_disk: Any, tmp_path: Path) -> None:
    with TinyPortal(rows=ROWS, size=6) as portal:
        said = on_a_small_disk("visit", portal.url, str(tmp_path / "after.sqlite"))
        assert [done["class"] for done in said["full"]] == ["transient", "transient"]
        assert all(f"the disk of {said['store']} is full" in done["error"] for done in said["full"])
        assert said["integrity"] == ["ok", "ok"]
        assert 0 < said["held"] < len(ROWS)
        assert said["board"] == [200, 200]
        # A board that starts now finds the disk full already.
        assert said["second board"] in ([200, 200], ["full"])
        assert (said["freed"]["class"], said["freed"]["complete"]) == ("ok", True)
        quiet, after = (open_store(f"sqlite:///{tmp_path / name}.sqlite") for name in ("quiet", "after"))
        upgrade(quiet)
        visit(quiet, add_tiny(quiet, portal))
        assert differences(contents(quiet), contents(after)) == ""
        quiet.close()
        after.close()


def test_R4_on_a_full_disk_nothing_is_handed_to_a_mail_server_and_nothing_twice(on_a_small_disk: Any) -> None:
    said = on_a_small_disk("letters")
    # Letters lay in the outbox, and the disk was full: that one is being sent could not be written, so none was sent.
    assert said["full"] == {"handed": 0, "states": ["pending", "pending", "pending"], "why": said["full"]["why"]}
    assert "is full" in said["full"]["why"]
    # It filled up while the first was being handed over: the rest waits, and what became of the first nobody knows.
    assert said["while sending"] == {"handed": 1, "states": ["pending", "pending", "sending"]}
    assert said["freed"] == {"handed": 3, "states": ["accepted", "accepted", "unknown"]}
