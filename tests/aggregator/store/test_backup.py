"""R7: a copy and its way back: what a restore checks, what it sets aside, and who must not be there meanwhile."""

import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from aggregator.digest import pause
from aggregator.intake import lease
from aggregator.intake.tables import sources
from aggregator.store.backup import BackupError, backup
from aggregator.store.migrations import current, newest
from aggregator.store.restore import Restored, restore
from aggregator.store.session import Store, open_store
from aggregator.store.tables import memory
from tests.aggregator.intake.reading import NOW, add_feed, tables, visit
from tests.portals.feeds import FeedPortal
from tests.released import laid

WHY = "restored from monday's copy: 100 % of it, it's said"


@pytest.fixture
def filled(store: Store) -> Iterator[Store]:
    """A store with a source that was read."""
    with FeedPortal(items=5) as portal:
        add_feed(store, portal)
        assert visit(store, "news").new == 5
    yield store
    store.close()


def back(store: Store, file: Path, *, force: bool = True, name: str = "aside") -> Restored:
    store.close()
    return restore(store, file, aside=file.with_name(name), force=force, followed=pause.begin(WHY, now=NOW))


def grow(store: Store) -> None:
    with store.write() as connection:
        connection.execute(sa.insert(memory).values(source="news", key="later", value="x"))


def test_R7_a_restored_store_is_the_one_of_the_backup_with_mail_paused(filled: Store, tmp_path: Path) -> None:
    before = tables(filled, without={"memory"})
    backup(filled, tmp_path / "copy")
    grow(filled)
    with FeedPortal(items=9) as portal:
        add_feed(filled, portal, "more", "/atom.xml")
        assert visit(filled, "more").new == 9
    later = tables(filled)
    assert tables(filled, without={"memory"}) != before
    done = back(filled, tmp_path / "copy")
    assert done == Restored(at=str(newest()), aside=tmp_path / "aside")
    assert tables(filled, without={"memory"}) == before
    with filled.read() as connection:
        held = pause.paused(connection)
        assert held == pause.Pause(NOW, WHY)
        assert connection.scalar(sa.select(memory.c.value).where(memory.c.key == "later")) is None
    # What was there is not lost: it is a backup like any other.
    back(filled, tmp_path / "aside", name="again")
    assert tables(filled, without={"memory"}) == {name: found for name, found in later.items() if name != "memory"}


def test_R7_a_store_that_holds_something_is_left_alone_without_force(filled: Store, tmp_path: Path) -> None:
    backup(filled, tmp_path / "copy")
    grow(filled)
    before = tables(filled)
    with pytest.raises(BackupError, match="--force sets it aside"):
        back(filled, tmp_path / "copy", force=False)
    assert tables(filled) == before
    assert not (tmp_path / "aside").exists()


def test_R7_into_an_empty_installation_no_force_is_needed(filled: Store, tmp_path: Path) -> None:
    backup(filled, tmp_path / "copy")
    if filled.sqlite:
        filled.close()
        Path(str(filled.engine.url.database)).unlink()
    else:
        with filled.write() as connection:
            connection.exec_driver_sql("DROP SCHEMA public CASCADE")
            connection.exec_driver_sql("CREATE SCHEMA public")
    assert back(filled, tmp_path / "copy", force=False).aside is None
    with filled.read() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(sources)) == 1


def test_R7_a_restore_that_breaks_off_leaves_the_store_of_before(filled: Store, tmp_path: Path) -> None:
    backup(filled, tmp_path / "copy")
    grow(filled)
    before = tables(filled)
    filled.close()
    broken = [*pause.begin(WHY, now=NOW), sa.text("INSERT INTO nowhere VALUES (1)")]
    with pytest.raises(BackupError, match="nowhere"):
        restore(filled, tmp_path / "copy", aside=tmp_path / "aside", force=True, followed=broken)
    assert tables(filled) == before


@pytest.mark.parametrize("damage", ["cut", "garbled", "other", "missing", "later", "empty"])
def test_R7_a_copy_that_cannot_be_trusted_changes_nothing(filled: Store, tmp_path: Path, damage: str) -> None:
    copy = tmp_path / "copy"
    if damage == "later":
        with filled.write() as connection:
            connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    backup(filled, copy)
    if damage == "later":
        with filled.write() as connection:
            connection.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{newest()}'")
    data = copy.read_bytes()
    if damage == "cut":
        copy.write_bytes(data[: len(data) // 2])
    elif damage == "garbled":
        middle = len(data) // 3
        copy.write_bytes(data[:middle] + b"\xa5" * 20_000 + data[middle + 20_000 :])
    elif damage == "other":
        copy.write_bytes(b"PGDMP" + data[5:] if filled.sqlite else b"SQLite format 3\0" + data[16:])
    elif damage == "empty":
        copy.write_bytes(b"")
    elif damage == "missing":
        copy.unlink()
    before = tables(filled)
    with pytest.raises(BackupError) as failed:
        back(filled, copy)
    assert str(copy) in str(failed.value)
    assert tables(filled) == before
    assert sorted(path.name for path in tmp_path.iterdir() if "restored" in path.name) == []


def test_R7_a_copy_of_an_earlier_version_is_brought_up(store_url: str, tmp_path: Path) -> None:
    old = laid("0003", store_url, tmp_path)
    backup(old, tmp_path / "copy")
    done = back(old, tmp_path / "copy")
    assert done.at == "0003"
    with old.read() as connection:
        assert current(connection) == newest()
        assert pause.paused(connection) is not None
    old.close()


def _holder(store: Store) -> subprocess.Popen[str]:
    """Another process that has the store open and does nothing, as a worker between two visits."""
    url = store.engine.url.render_as_string(hide_password=False)
    code = (
        "import sys; from aggregator.store.session import open_store; import sqlalchemy as sa\n"
        f"store = open_store({url!r})\n"
        "with store.read() as c: c.exec_driver_sql('SELECT count(*) FROM sources').scalar()\n"
        "print('open', flush=True); sys.stdin.read()"
    )
    child = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    assert child.stdout.readline() == "open\n"
    return child


def test_R7_a_store_that_somebody_has_open_is_not_replaced_under_him(filled: Store, tmp_path: Path) -> None:
    backup(filled, tmp_path / "copy")
    grow(filled)
    before = tables(filled)
    child = _holder(filled)
    try:
        with pytest.raises(BackupError, match=r"in use.*: end run, worker, serve"):
            back(filled, tmp_path / "copy")
    finally:
        child.communicate()
    assert tables(filled) == before
    back(filled, tmp_path / "copy")
    assert tables(filled) != before


def test_R7_leases_of_the_copied_store_are_nobodys(filled: Store, tmp_path: Path) -> None:
    with filled.write() as connection:
        held = lease.take(connection, "news", now=NOW)
        elsewhere = {"lease_owner": "another-machine:1:1"}
        connection.execute(sa.update(sources).values(elsewhere))
    backup(filled, tmp_path / "copy")
    filled.close()
    free = sa.update(sources).values(lease_owner=None, lease_until=None)
    restore(filled, tmp_path / "copy", aside=tmp_path / "aside", force=True, followed=[free])
    lease.let_go(filled.engine, held)
    with filled.write() as connection:
        assert lease.take(connection, "news", now=NOW + timedelta(seconds=1)).fence == held.fence + 1


def test_R7_a_store_that_is_broken_is_set_aside_as_it_is(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'store.sqlite'}"
    good = laid("0005", url, tmp_path)
    backup(good, tmp_path / "copy")
    good.close()
    for end in ("-wal", "-shm"):
        (tmp_path / f"store.sqlite{end}").unlink(missing_ok=True)
    (tmp_path / "store.sqlite").write_bytes(b"no database at all" * 1000)
    with pytest.raises(BackupError, match="cannot be read"):
        back(open_store(url), tmp_path / "copy", force=False)
    store = open_store(url)
    assert back(store, tmp_path / "copy").aside == tmp_path / "aside"
    assert (tmp_path / "aside").read_bytes() == b"no database at all" * 1000
    with store.read() as connection:
        assert current(connection) == newest()
    store.close()


def test_R7_a_database_with_tables_of_others_is_left_alone(filled: Store, tmp_path: Path) -> None:
    if filled.sqlite:
        return
    backup(filled, tmp_path / "copy")
    with filled.write() as connection:
        connection.exec_driver_sql("DROP TABLE alembic_version")
        connection.exec_driver_sql("CREATE TABLE payroll (id integer)")
    with pytest.raises(BackupError, match="is not ours"):
        back(filled, tmp_path / "copy")


def test_R7_what_is_copied_is_one_moment_while_others_write(filled: Store, tmp_path: Path) -> None:
    writing: Sequence[int] = range(200)
    with filled.write() as connection:
        connection.execute(sa.insert(memory), [{"source": "pair", "key": f"a{n}", "value": "0"} for n in writing])
    child = _holder(filled)
    with filled.write() as connection:
        # Not committed when the copy is made.
        connection.execute(sa.update(memory).where(memory.c.source == "pair").values(value="1"))
        backup(filled, tmp_path / "copy")
    child.communicate()
    if filled.sqlite:
        with sqlite3.connect(tmp_path / "copy") as copy:
            assert copy.execute("SELECT DISTINCT value FROM memory WHERE source = 'pair'").fetchall() == [("0",)]
        copy.close()
        return
    back(filled, tmp_path / "copy")
    with filled.read() as connection:
        found = connection.scalars(sa.select(memory.c.value).where(memory.c.source == "pair").distinct())
        assert list(found) == ["0"]
