"""Reading kept pages again after a fix of ours: what changes, who is told, what can no longer be redone."""

from typing import Any

import pytest

from aggregator.intake import lease
from aggregator.intake.reparse import Reread, reparse
from aggregator.people.member import Member
from aggregator.people.members import put as put_members
from aggregator.store.session import Store
from connectors.base.contract import Deadline, Notice, Page, Record
from tests.aggregator.intake import tiny
from tests.aggregator.intake.reading import DAY, HOUR, NOW, add_ted, add_tiny, everything, listed, one, tables, visit
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
