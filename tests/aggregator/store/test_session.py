"""The ways into the store, and the copy out of it."""

import shutil
import sqlite3
import subprocess
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
import sqlalchemy as sa

from aggregator.store.backup import BackupError, backup
from aggregator.store.session import Store, open_store
from aggregator.store.tables import moment, pack, stamp, unpack
from tests.aggregator.intake.reading import one, tables
from tests.aggregator.store.sample import all_of, draft, keep


def test_R3_sqlite_is_opened_for_many_readers_and_one_patient_writer(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'new' / 'store.sqlite'}")
    settings = ("journal_mode", "foreign_keys", "busy_timeout", "synchronous")
    assert [one(store, f"PRAGMA {name}") for name in settings] == ["wal", 1, 10_000, 1]
    other = sqlite3.connect(tmp_path / "new" / "store.sqlite", timeout=0)
    # The writer says so with its first word, before it writes anything.
    with store.write() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar() == 0
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
    other.close()
    store.close()


def test_a_transaction_that_fails_leaves_nothing(store: Store) -> None:
    before = tables(store)
    with pytest.raises(sa.exc.IntegrityError), store.write() as connection:
        connection.exec_driver_sql("INSERT INTO memory VALUES ('a', 'b', 'c'), ('d', 'e', NULL)")
    with store.trial() as connection:
        connection.exec_driver_sql("INSERT INTO memory VALUES ('a', 'b', 'c')")
    with store.read() as connection:
        connection.exec_driver_sql("INSERT INTO memory VALUES ('a', 'b', 'c')")
    assert tables(store) == before


def test_a_reader_sees_one_picture_while_another_writes(store: Store) -> None:
    if store.sqlite:
        with store.read() as reading:
            count = sa.text("SELECT count(*) FROM opportunities")
            assert reading.scalar(count) == 0
            keep(store, [draft("A")])
            assert reading.scalar(count) == 0
    else:
        keep(store, [draft("A")])
    assert len(all_of(store)) == 1


def test_instants_are_kept_as_text_that_sorts() -> None:
    early = datetime(2026, 11, 23, 8, 0, 0, 999_999, timezone(timedelta(hours=5)))
    late = datetime(2026, 11, 23, 3, 0, 1, tzinfo=UTC)
    assert (stamp(early), stamp(late)) == ("2026-11-23T03:00:00Z", "2026-11-23T03:00:01Z")
    assert moment(stamp(late)) == late
    assert unpack(pack("è 🏫")) == "è 🏫".encode()


def test_a_backup_made_while_the_store_is_in_use_holds_everything(store: Store, tmp_path: Path) -> None:
    keep(store, [draft(str(n)) for n in range(50)])
    target = tmp_path / "copies" / "copy"
    with store.write() as connection:
        connection.exec_driver_sql("INSERT INTO memory VALUES ('not', 'committed', 'yet')")
        if store.sqlite or shutil.which("pg_dump"):
            assert backup(store, target) == target.stat().st_size > 0
    assert [path.name for path in target.parent.iterdir()] == ["copy"]
    if store.sqlite:
        copy = open_store(f"sqlite:///{target}")
        assert all_of(copy) == all_of(store)
        assert one(copy, "SELECT count(*) FROM memory") == 0
        copy.close()
    else:
        listing = subprocess.run(["pg_restore", "--list", target], capture_output=True, text=True, check=True).stdout
        assert "TABLE DATA public opportunities" in listing
    with pytest.raises(BackupError, match="exists already"):
        backup(store, target)


def test_a_backup_that_fails_leaves_no_file(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if store.sqlite:
        monkeypatch.setattr(sqlite3, "connect", lambda *_: (_ for _ in ()).throw(sqlite3.OperationalError("disk full")))
    else:
        monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BackupError):
        backup(store, tmp_path / "copy")
    assert not (tmp_path / "copy").exists()
