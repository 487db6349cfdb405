"""Reading kept pages again after a fix of ours: what changes, who is told, what can no longer be redone."""

import json
import subprocess
import sys
from typing import Any

import pytest
import sqlalchemy as sa

from aggregator.intake import lease, rereading
from aggregator.intake.reparse import SHOWN, Reread, Step, reparse
from aggregator.people.member import Member
from aggregator.people.members import put as put_members
from aggregator.store import put, search
from aggregator.store.session import Store
from aggregator.store.tables import notices
from connectors.base.contract import Deadline, Notice, Page, Record
from tests.aggregator.intake import carded, tiny
from tests.aggregator.intake.carded import CardPortal
from tests.aggregator.intake.reading import (
    DAY,
    HOUR,
    NOW,
    add_carded,
    add_ted,
    add_tiny,
    everything,
    listed,
    one,
    tables,
    visit,
)
from tests.aggregator.intake.tiny import TinyPortal, row, rows
from tests.portals.server import Answer
from tests.portals.ted import TedPortal

LATER = NOW + DAY


def again(store: Store, name: str, *, dry: bool = False) -> Reread:
    return reparse(store, name, now=LATER, dry=dry)


@pytest.fixture
def better_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    """After the fix the reader understands that the day ends at noon."""
    read = tiny.read

    def reads_the_hour(record: Record, page: Page) -> Any:
        notice = read(record, page)
        if not isinstance(notice, Notice):
            return notice
        noon = tuple(Deadline(on=d.on, at="12:00") for d in notice.deadlines)
        return notice.model_copy(update={"deadlines": noon})

    monkeypatch.setattr(tiny, "_fixed", reads_the_hour, raising=False)


def fix_the_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tiny, "read", tiny._fixed)  # type: ignore[attr-defined]


def test_reading_kept_pages_of_ted_again_with_the_same_reader_changes_nothing(store: Store) -> None:
    with TedPortal(notices=100, today=NOW.date()) as portal:
        name = add_ted(store, portal, page_size=30)
        first = visit(store, name)
    before = tables(store, without={"sources"})
    done = again(store, name)
    assert (done.pages, done.notices, done.new, done.changed, done.same, done.rejected) == (
        -(-first.seen // 30),
        first.seen,
        0,
        0,
        first.seen,
        [],
    )
    assert tables(store, without={"sources"}) == before


@pytest.mark.usefixtures("better_reader")
def test_a_better_reader_changes_what_members_see_and_says_that_it_was_us(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    with TinyPortal(rows=rows(3)) as portal:
        name = add_tiny(store, portal)
        visit(store, name)
    fix_the_reader(monkeypatch)
    before = tables(store)
    would = again(store, name, dry=True)
    assert tables(store) == before
    did = again(store, name)
    assert would == did
    assert (did.new, did.changed, did.same, did.lost) == (0, 3, 0, 0)
    assert did.differences[0] == ("T1", "deadline", "2027-02-01", "2027-02-01T12:00")
    assert {item.deadlines[0].at for item in everything(store)} == {"12:00"}
    causes = listed(store, "SELECT field, before, after, cause FROM changes")
    assert causes == [("deadline", "2027-02-01", "2027-02-01T12:00", "our_reading")] * 3
    assert one(store, "SELECT count(*) FROM sources WHERE lease_owner IS NOT NULL") == 0


def test_of_several_kept_pages_the_newest_counts(store: Store) -> None:
    with TinyPortal(rows=rows(3)) as portal:
        name = add_tiny(store, portal)
        visit(store, name)
        portal.rows[0] = row(1, title="Cleaning of the town hall")
        visit(store, name, at=NOW + HOUR)
    done = again(store, name)
    assert (done.pages, done.notices, done.changed) == (2, 3, 0)
    assert everything(store)[0].title("en")[0] == "Cleaning of the town hall"


def test_what_was_a_poison_is_read_after_the_fix_and_finds_its_members(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    wish = {"name": "All", "kinds": ["tender"], "any": ["cleaning"], "countries": [], "home": True}
    member = Member.model_validate({"id": "coop", "name": "Esempio", "recipients": [], "profiles": [wish]})
    with store.write() as connection:
        put_members(connection, [member], now=NOW)
    read = tiny.read

    def stumbles(record: Record, page: Page) -> Any:
        if record.data["id"] == "T2":
            raise KeyError("due")
        return read(record, page)

    with TinyPortal(rows=rows(6)) as portal:
        name = add_tiny(store, portal)
        monkeypatch.setattr(tiny, "read", stumbles)
        assert (visit(store, name).new, one(store, "SELECT count(*) FROM matches")) == (5, 5)
    monkeypatch.setattr(tiny, "read", read)
    assert again(store, name).new == 1
    assert one(store, "SELECT count(*) FROM matches") == 6


def test_what_can_no_longer_be_redone_is_told_with_its_period(store: Store) -> None:
    with TinyPortal(rows=rows(3)) as portal:
        name = add_tiny(store, portal)
        visit(store, name)
        portal.rows = rows(2, first=4)
        visit(store, name, at=NOW + HOUR)
        portal.rows = rows(1, first=6)
        visit(store, name, at=NOW + 2 * HOUR)
    with store.write() as connection:
        connection.exec_driver_sql("DELETE FROM pages WHERE id < (SELECT max(id) FROM pages)")
    done = again(store, name)
    assert (done.notices, done.lost) == (1, 5)
    assert (done.lost_from, done.lost_to) == ("2026-11-23T07:00:00Z", "2026-11-23T08:00:00Z")
    assert done.lost_by_month == {"2026-11": 5}


def test_what_can_no_longer_be_redone_is_counted_by_month_where_there_are_gaps(store: Store) -> None:
    with TinyPortal(rows=rows(9)) as portal:
        name = add_tiny(store, portal)
        visit(store, name)
    with store.write() as connection:
        connection.exec_driver_sql("DELETE FROM pages")
        connection.exec_driver_sql("UPDATE notices SET fetched_at = '2026-08-02T07:00:00Z' WHERE source_id < 'T4'")
    done = again(store, name)
    assert (done.notices, done.lost) == (0, 9)
    assert done.lost_by_month == {"2026-08": 3, "2026-11": 6}


def test_a_page_that_cannot_be_read_is_told_and_the_others_are_read(store: Store) -> None:
    with TinyPortal(rows=rows(3)) as portal:
        name = add_tiny(store, portal)
        visit(store, name)
        portal.answer = lambda call: _LOGIN  # type: ignore[method-assign]
        visit(store, name, at=NOW + HOUR)
    done = again(store, name)
    assert (done.pages, done.notices, done.same) == (2, 3, 3)
    assert "is not the list" in done.rejected[0]


_LOGIN = Answer(200, b"<html>log in</html>", {"content-type": "text/html"})


def test_a_source_that_is_being_read_is_not_reread_meanwhile(store: Store) -> None:
    with TinyPortal(rows=[]) as portal:
        name = add_tiny(store, portal)
    with store.write() as connection:
        lease.take(connection, name, now=LATER)
    for dry in (True, False):
        with pytest.raises(lease.Busy):
            again(store, name, dry=dry)


def test_it_works_in_batches_of_which_each_is_a_whole_with_the_lease_renewed(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aggregator.intake.reparse.BATCH", 7)
    written: list[int] = []

    def counted(connection: sa.Connection, drafts: Any, **given: Any) -> Any:
        assert connection.exec_driver_sql("SELECT lease_until FROM sources").scalar() is not None
        written.append(len(drafts))
        return put.put(connection, drafts, **given)

    monkeypatch.setattr("aggregator.intake.rereading.put", counted)
    with TinyPortal(rows=rows(40), size=10) as portal:
        name = add_tiny(store, portal)
        visit(store, name)
    steps: list[Step] = []
    done = reparse(store, name, now=LATER, dry=False, progress=steps.append)
    assert (done.notices, done.same) == (40, 40)
    assert written == [7, 7, 7, 7, 7, 5]
    assert [(step.pages, step.of, step.notices) for step in steps] == [(1, 4, 10), (2, 4, 20), (3, 4, 30), (4, 4, 40)]


@pytest.mark.usefixtures("better_reader")
def test_killed_in_the_middle_and_repeated_it_ends_the_same(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aggregator.intake.reparse.BATCH", 5)
    with TinyPortal(rows=[*rows(20), row(21) | {"title": 7}], size=7) as portal:
        name = add_tiny(store, portal)
        visit(store, name)
        other = add_tiny(store, portal, "undisturbed")
        visit(store, other)
    fix_the_reader(monkeypatch)
    write, calls = rereading.write, []

    def dies(*args: Any, **given: Any) -> Any:
        calls.append(args)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return write(*args, **given)

    with monkeypatch.context() as killed:
        killed.setattr(rereading, "write", dies)
        with pytest.raises(KeyboardInterrupt):
            again(store, name)
    changed = "SELECT count(*) FROM changes WHERE source = 'tiny'"
    assert one(store, changed) == 10  # two batches, whole
    rest, undisturbed = again(store, name), again(store, other)
    assert (rest.changed, rest.same) == (10, 10)
    assert (undisturbed.changed, undisturbed.same) == (20, 0)
    columns = "source_id, hash, fetched_at, withdrawn_at, missed"
    ours, theirs = (
        listed(store, f"SELECT {columns} FROM notices WHERE source = '{n}' ORDER BY source_id") for n in (name, other)
    )
    assert ours == theirs
    assert one(store, changed) == one(store, "SELECT count(*) FROM changes WHERE source = 'undisturbed'") == 20


def test_a_dry_run_over_several_batches_writes_nothing_and_says_what_the_true_one_does(
    store: Store, monkeypatch: pytest.MonkeyPatch, better_reader: None
) -> None:
    monkeypatch.setattr("aggregator.intake.reparse.BATCH", 4)
    with TinyPortal(rows=rows(30), size=10) as portal:
        name = add_tiny(store, portal)
        visit(store, name)
    with store.write() as connection:  # as if three had been unreadable when they came
        put_back(connection, "T5", "T6", "T25")
    fix_the_reader(monkeypatch)
    before = tables(store)
    would = again(store, name, dry=True)
    assert tables(store) == before
    did = again(store, name)
    assert would == did
    assert (did.new, did.changed, did.counts) == (3, 27, {"deadline": 27})
    assert len(did.differences) == SHOWN


def put_back(connection: sa.Connection, *keys: str) -> None:
    """Take these notices out of the store again, as if they had never been read."""
    for key in keys:
        id = connection.scalar(sa.select(notices.c.opportunity_id).where(notices.c.source_id == key))
        search.remove(connection, [id or 0])
        for table in ("likenesses", "notices"):
            connection.exec_driver_sql(f"DELETE FROM {table} WHERE source_id = '{key}'")
        connection.exec_driver_sql(f"DELETE FROM strong_keys WHERE opportunity_id = {id}")
        connection.exec_driver_sql(f"DELETE FROM opportunities WHERE id = {id}")


def test_a_field_that_no_history_watches_is_shown_too_and_of_a_text_its_length(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    with TinyPortal(rows=rows(3)) as portal:
        name = add_tiny(store, portal)
        visit(store, name)
    read = tiny.read

    def says_more(record: Record, page: Page) -> Any:
        notice = read(record, page)
        assert isinstance(notice, Notice)
        return notice.model_copy(update={"summary": "Words that a log has no need of.", "countries": ("FR",)})

    monkeypatch.setattr(tiny, "read", says_more)
    done = again(store, name, dry=True)
    assert done.counts == {"summary": 3, "lang": 3, "countries": 3}
    (summary,) = [after for key, name, _, after in done.differences if (key, name) == ("T1", "summary")]
    assert (summary or "").startswith("32 ")
    assert ("T1", "countries", None, "FR") in done.differences


def test_a_notice_that_is_new_by_our_reading_joins_and_leads_like_in_a_visit_and_says_that_it_was_us(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = tiny.read

    def without_keys(record: Record, page: Page) -> Any:
        if record.data["id"] == "T2":
            raise KeyError("same_as")
        return read(record, page)

    shared = ["tiny:2"]  # the key of this connector's own platform: whoever has it tells the original
    with TinyPortal(rows=[row(1), row(2, same_as=shared, due="2027-03-03"), *rows(6, first=3)]) as portal:
        name = add_tiny(store, portal)
        with monkeypatch.context() as broken:
            broken.setattr(tiny, "read", without_keys)
            visit(store, name)
    with CardPortal(1) as mirror:
        monkeypatch.setattr(carded, "read", _sharing(carded.read, shared))
        visit(store, add_carded(store, mirror, "mirror"), at=NOW + HOUR)
    before = one(store, "SELECT max(id) FROM changes") or 0
    assert again(store, name).new == 1
    (both,) = (item for item in everything(store) if len(item.notices) == 2)
    assert [notice.source for notice in both.notices] == ["tiny", "mirror"]
    causes = listed(store, f"SELECT DISTINCT cause FROM changes WHERE id > {before}")
    assert causes == [("our_reading",)]


def _sharing(read: Any, keys: list[str]) -> Any:
    def reads(record: Record, page: Page) -> Any:
        said = read(record, page)
        return said.model_copy(update={"same_as": tuple(keys)}) if isinstance(said, Notice) else said

    return reads


GROWTH = 30
"""Megabytes more than the first thousand notices took. Batches took 13, all at once 78."""


def test_five_thousand_notices_are_read_again_in_the_memory_of_the_first_thousand() -> None:
    command = [sys.executable, "-m", "tests.aggregator.intake.many_pages", "5000"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=600)
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["notices"] == told["new"] == 5000
    assert told["peak"] - told["at_first"] <= GROWTH, told
