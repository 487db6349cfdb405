"""R6: the store of every earlier version comes up to this one with all that it holds, goes back, and comes up again."""

import threading
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import structlog

from aggregator.digest import compose, outbox
from aggregator.digest.tables import outbox as messages
from aggregator.directory.search import Query as Asked
from aggregator.directory.search import find as find_organisations
from aggregator.intake.tables import sources
from aggregator.matching.tables import matches
from aggregator.people import members
from aggregator.store.backup import BackupError
from aggregator.store.migrations import StoreTooNew, current, newest, upgrade
from aggregator.store.opportunities import changes_of, every
from aggregator.store.opportunity import Opportunity
from aggregator.store.search import Query, find
from aggregator.store.session import Store, open_store
from aggregator.store.tables import notices, opportunities
from config.settings import Settings
from tests.aggregator.intake.reading import visit
from tests.portals.ted import PATH, TedPortal
from tests.released import REVISIONS, laid, move
from tests.released.make import NOTICES, TODAY, move_on
from web.app import create_app

LATER = datetime(2026, 11, 26, 7, tzinfo=UTC)
_DOWN = [revision for revision in ("0001", "0002", "0003", "0004", "0005") if revision in {*REVISIONS, "0004"}]
_INDEXES = ("opportunity_words", "directory_words", "opportunity_terms", "vocabulary", "alembic_version")


@pytest.fixture(params=REVISIONS)
def released(request: pytest.FixtureRequest, store_url: str, tmp_path: Path) -> Iterator[Store]:
    """The store of an earlier version, not brought up."""
    store = laid(request.param, store_url, tmp_path)
    yield store
    store.close()


def held(store: Store) -> dict[str, int]:
    """How many rows every table has, the indexes apart."""
    names = [name for name in sa.inspect(store.engine).get_table_names() if not name.startswith(_INDEXES)]
    with store.read() as connection:
        return {
            name: connection.exec_driver_sql(f'SELECT count(*) FROM "{name}"').scalar_one() for name in sorted(names)
        }


def rows(store: Store, before: dict[str, list[str]] | None = None) -> dict[str, list[Any]]:
    """The rows of every table, in the columns that are given."""
    inspected = sa.inspect(store.engine)
    found: dict[str, list[Any]] = {}
    for name in inspected.get_table_names():
        if name.startswith(_INDEXES):
            continue
        columns = [column["name"] for column in inspected.get_columns(name)]
        if before is not None:
            if name not in before:
                continue
            columns = before[name]
        listed = ", ".join(f'"{column}"' for column in columns)
        with store.read() as connection:
            found[name] = sorted(map(tuple, connection.exec_driver_sql(f'SELECT {listed} FROM "{name}"')), key=repr)
    return found


def columns_of(store: Store) -> dict[str, list[str]]:
    inspected = sa.inspect(store.engine)
    names = [name for name in inspected.get_table_names() if not name.startswith(_INDEXES)]
    return {name: [column["name"] for column in inspected.get_columns(name)] for name in names}


def sound(store: Store) -> None:
    """Nothing is broken inside, and no row belongs to nothing."""
    with store.read() as connection:
        if store.sqlite:
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalars().all() == ["ok"]
            assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
            return
    inspected = sa.inspect(store.engine)
    for name in inspected.get_table_names():
        for key in inspected.get_foreign_keys(name):
            (mine,), (theirs,) = key["constrained_columns"], key["referred_columns"]
            orphans = (
                f'SELECT count(*) FROM "{name}" AS a LEFT JOIN "{key["referred_table"]}" AS b'
                f' ON a."{mine}" = b."{theirs}" WHERE a."{mine}" IS NOT NULL AND b."{theirs}" IS NULL'
            )
            with store.read() as connection:
                assert connection.exec_driver_sql(orphans).scalar() == 0


def everything(store: Store) -> list[Opportunity]:
    with store.read() as connection:
        return list(every(connection))


def test_there_is_a_store_of_every_version_that_ever_was_the_newest() -> None:
    # 0004 and 0005 came together: no version ever stood at 0004.
    assert REVISIONS == ["0001", "0002", "0003", "0005"]


def test_R6_what_an_earlier_version_wrote_is_all_there_and_sound(released: Store) -> None:
    columns, before = columns_of(released), rows(released)
    assert all(before[name] for name in ("sources", "visits", "pages", "opportunities", "notices", "changes", "memory"))
    assert all(before[name] for name in ("members", "profiles", "matches", "digests", "outbox", "quarantine"))
    upgrade(released)
    with released.read() as connection:
        assert current(connection) == newest()
    assert rows(released, columns) == before
    sound(released)
    # A second start finds nothing to do.
    after = held(released)
    upgrade(released)
    assert held(released) == after


def test_R6_this_version_reads_every_opportunity_member_match_and_letter(released: Store, tmp_path: Path) -> None:
    upgrade(released)
    items = everything(released)
    with released.read() as connection:
        assert len(items) == connection.scalar(sa.select(sa.func.count()).select_from(opportunities))
        assert {"tender", "news"} <= {item.kind for item in items} or {"tender", "grant_call"} <= {
            i.kind for i in items
        }
        joined = [item for item in items if len({n.source for n in item.notices}) > 1]
        assert joined, "two sources tell of one tender"
        moved = changes_of(connection, [item.id for item in items])
        assert {change.field for told in moved.values() for change in told} >= {"deadline"}
        for item in items:
            title = next(iter(item.titles.values())).text
            found = find(connection, Query(text=f'"{title}"', audience="office", statuses=()), now=LATER, size=100)
            assert item.id in {one.id for one in found.items} or item.withdrawn_at, title
        assert len(members.everyone(connection)) == 3
        assert connection.scalar(sa.select(sa.func.count()).select_from(matches)) == len(
            {*connection.execute(sa.select(matches.c.profile_id, matches.c.opportunity_id))}
        )
        for body in connection.scalars(sa.select(messages.c.body)):
            assert outbox.body(body).startswith(b"From: ")
        states = Counter(connection.scalars(sa.select(messages.c.state)))
        assert (states["accepted"], states["deferred"], states["pending"]) == (3, 1, 2)
        for who in members.everyone(connection):
            # What was told is told no more; what is left makes a letter, or none, and never an error.
            compose.preview(connection, who, now=LATER, settings=Settings(home=tmp_path), sources=())
        if held(released)["organisations"]:
            assert find_organisations(connection, Asked()).total == 4


def test_R6_the_board_shows_them_all(released: Store, tmp_path: Path) -> None:
    upgrade(released)
    board = create_app(Settings(home=tmp_path), released).test_client()
    for path in ("/", "/opportunities", "/sources", "/health"):
        assert board.get(path).status_code == 200, path
    with released.read() as connection:
        shown = list(connection.scalars(sa.select(opportunities.c.id).where(opportunities.c.audience == "public")))
    assert len(shown) > 5
    for number in shown:
        assert board.get(f"/opportunities/{number}").status_code == 200


def test_R6_a_visit_of_this_version_goes_on_where_the_earlier_one_stood(released: Store) -> None:
    upgrade(released)
    numbers = {item.id for item in everything(released)}
    with TedPortal(notices=NOTICES, today=TODAY) as portal:
        move_on(portal)
        with released.write() as connection:
            search = f'{{"endpoint": "{portal.url}{PATH}", "not_buyer_countries": ["IT"]}}'
            connection.execute(sa.update(sources).where(sources.c.name == "tenders").values(params=search))
            before = connection.scalar(
                sa.select(sa.func.count()).where(notices.c.source == "tenders", notices.c.withdrawn_at.is_(None))
            )
        read = visit(released, "tenders", at=LATER, mode="sweep")
        assert (read.kind, read.new) in {("ok", 0), ("same", 0)}, read
        # What the earlier version missed once is missed a second time by this one.
        assert read.seen + read.withdrawn == before
        portal.add(2)
        more = visit(released, "tenders", at=LATER + timedelta(hours=1), mode="sweep")
    assert (more.kind, more.new > 0) == ("ok", True)
    assert {item.id for item in everything(released)} > numbers
    sound(released)


@pytest.mark.parametrize("down", _DOWN)
def test_R6_a_store_goes_down_to_every_version_and_comes_up_again(down: str, store_url: str, tmp_path: Path) -> None:
    first = max(revision for revision in REVISIONS if revision <= down)
    store = laid(first, store_url, tmp_path)
    columns, before = columns_of(store), rows(store)
    upgrade(store)
    read = everything(store)
    move(store, down)
    with store.read() as connection:
        assert current(connection) == down
    assert rows(store, columns) == before
    sound(store)
    upgrade(store)
    assert rows(store, columns) == before
    assert everything(store) == read
    sound(store)
    store.close()


def test_R6_the_newest_earlier_store_goes_all_the_way_down_and_up(store_url: str, tmp_path: Path) -> None:
    store = laid(REVISIONS[-1], store_url, tmp_path)
    upgrade(store)
    kept = {"opportunities", "notices", "members", "digests", "outbox"}
    before = {name: count for name, count in held(store).items() if name in kept}
    for revision in reversed(_DOWN):
        move(store, revision)
        sound(store)
    upgrade(store)
    assert {name: held(store)[name] for name in kept} == before
    assert len(everything(store)) == before["opportunities"]
    store.close()


def test_R6_a_copy_is_made_before_the_store_is_migrated(released: Store, tmp_path: Path) -> None:
    before = held(released)
    with released.read() as connection:
        at = current(connection)
    copies = tmp_path / "backups"
    upgrade(released, copies=copies)
    if not released.sqlite:
        assert [copy.name for copy in copies.iterdir()] == ["before-0006.dump"]
        assert (copies / "before-0006.dump").read_bytes().startswith(b"PGDMP")
        return
    assert [copy.name for copy in copies.iterdir()] == ["before-0006.sqlite"]
    copy = open_store(f"sqlite:///{copies / 'before-0006.sqlite'}")
    with copy.read() as connection:
        assert current(connection) == at
    assert held(copy) == before
    copy.close()
    # Nothing to migrate, nothing to copy.
    upgrade(released, copies=copies)
    assert len(list(copies.glob("*.sqlite"))) == 1


def test_R6_three_copies_stay_and_an_empty_store_makes_none(tmp_path: Path) -> None:
    copies = tmp_path / "backups"
    empty = open_store(f"sqlite:///{tmp_path / 'empty.sqlite'}")
    move(empty, "0005")
    upgrade(empty, copies=copies)
    empty.close()
    assert not copies.exists()
    copies.mkdir()
    (copies / "monday.sqlite").write_text("an admin's own")
    for number in range(5):
        store = laid("0005", f"sqlite:///{tmp_path / f'{number}.sqlite'}", tmp_path)
        upgrade(store, copies=copies)
        store.close()
        time.sleep(0.01)
    assert len(list(copies.glob("before-0006*.sqlite"))) == 3
    assert (copies / "monday.sqlite").read_text() == "an admin's own"


def test_R6_where_no_copy_can_be_made_the_store_stays_as_it_was(tmp_path: Path) -> None:
    store = laid("0005", f"sqlite:///{tmp_path / 'store.sqlite'}", tmp_path)
    blocked = tmp_path / "backups"
    blocked.write_text("a file where the folder should be")
    before = rows(store)
    with pytest.raises((BackupError, OSError)):
        upgrade(store, copies=blocked)
    with store.read() as connection:
        assert current(connection) == "0005"
    assert rows(store) == before
    store.close()


def test_R6_without_the_programs_of_postgres_the_log_says_that_no_copy_was_made(
    store_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if store_url.startswith("sqlite"):
        return
    store = laid("0005", store_url, tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    with structlog.testing.capture_logs() as said:
        upgrade(store, copies=tmp_path / "backups")
    (line,) = [entry for entry in said if "without a copy" in entry["event"]]
    assert "pg_dump is missing" in line["why"]
    with store.read() as connection:
        assert current(connection) == newest()
    store.close()


def test_R6_a_migration_that_breaks_off_leaves_the_store_of_before(
    released: Store,
) -> None:
    with released.read() as connection:
        at = current(connection)
    before = rows(released)

    count = 0

    def after_some(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        nonlocal count
        if statement.lstrip().upper().startswith(("CREATE TABLE", "ALTER TABLE")):
            count += 1
            if count == 4:
                raise KeyboardInterrupt

    sa.event.listen(released.engine, "before_cursor_execute", after_some)
    with pytest.raises(KeyboardInterrupt):
        upgrade(released)
    sa.event.remove(released.engine, "before_cursor_execute", after_some)
    with released.read() as connection:
        assert current(connection) == at
    assert rows(released) == before
    upgrade(released)
    sound(released)


def test_R6_a_store_of_a_later_version_stays_as_it_is_and_no_copy_is_made(released: Store, tmp_path: Path) -> None:
    with released.write() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    before = rows(released)
    with pytest.raises(StoreTooNew, match="9999"):
        upgrade(released, copies=tmp_path / "backups")
    assert rows(released) == before
    assert not (tmp_path / "backups").exists()


def test_R6_readers_go_on_while_the_store_is_migrated(store_url: str, tmp_path: Path) -> None:
    """On SQLite they read what was before without waiting; on PostgreSQL they may wait, and get an answer all the same."""
    store = laid("0005", store_url, tmp_path)
    with store.read() as connection:
        before = connection.exec_driver_sql("SELECT count(*) FROM opportunities").scalar_one()
    reader = open_store(store_url)
    inside, let_go, answers, during = threading.Event(), threading.Event(), [], []

    def hold(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        # In the middle of the migration, with its tables changed and not committed.
        if statement.lstrip().startswith("CREATE TABLE alerts"):
            inside.set()
            assert let_go.wait(20)

    sa.event.listen(store.engine, "before_cursor_execute", hold)
    migrating = threading.Thread(target=upgrade, args=(store,))
    migrating.start()
    assert inside.wait(20)

    def read() -> None:
        with reader.read() as connection:
            answers.append(connection.exec_driver_sql("SELECT count(*) FROM opportunities").scalar_one())

    reading = threading.Thread(target=read)
    reading.start()
    reading.join(2)
    during = list(answers)
    let_go.set()
    migrating.join(20)
    reading.join(20)
    sa.event.remove(store.engine, "before_cursor_execute", hold)
    assert not migrating.is_alive()
    assert answers == [before]
    if store.sqlite:
        assert during == [before], "a reader of SQLite waits for nobody"
    with reader.read() as connection:
        assert current(connection) == newest()
        assert connection.exec_driver_sql("SELECT count(*) FROM opportunities").scalar_one() == before
    reader.close()
    store.close()
