"""What could not be read: told once, read again after a fix, gone by itself when it is well, and quiet when dismissed."""

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from structlog.testing import capture_logs

from aggregator.intake import kept, lease, quarantine
from aggregator.intake.quarantine import Aside
from aggregator.intake.second_look import Look, look
from aggregator.intake.tables import pages
from aggregator.people.member import Member
from aggregator.people.members import put as put_members
from aggregator.store.session import Store
from connectors.base.contract import Page, ParamError, Record
from tests.aggregator.intake import tiny
from tests.aggregator.intake.carded import CardPortal
from tests.aggregator.intake.reading import (
    DAY,
    HOUR,
    NOW,
    add_carded,
    add_tiny,
    everything,
    listed,
    one,
    tables,
    visit,
)
from tests.aggregator.intake.tiny import TinyPortal, row, rows

LATER = NOW + 2 * HOUR


def aside(store: Store, *, dismissed: bool = False) -> list[Aside]:
    with store.read() as connection:
        return quarantine.listed(connection, dismissed=dismissed)


def reread(store: Store, *, at: Any = LATER) -> Look:
    return look(store, aside(store, dismissed=True), now=at)


def titles(store: Store) -> dict[str, str]:
    return {item.notices[0].source_id: item.title("en")[0] for item in everything(store)}


@pytest.fixture
def stumbling() -> Iterator[pytest.MonkeyPatch]:
    """A reader that breaks on T2, by a fault of ours; undo it to fix the reader."""
    read = tiny.read

    def stumbles(record: Record, page: Page) -> Any:
        if record.data.get("id") == "T2":
            raise KeyError("due")
        return read(record, page)

    mine = pytest.MonkeyPatch()  # `undo` of the shared one would take the connector away as well
    mine.setattr(tiny, "read", stumbles)
    yield mine
    mine.undo()


def test_F23_a_fault_of_ours_is_told_once_with_its_way_through_the_code_and_not_on_every_visit(
    store: Store, stumbling: pytest.MonkeyPatch
) -> None:
    with TinyPortal(rows=rows(6)) as portal:
        name = add_tiny(store, portal)
        told = []
        for n in range(3):
            portal.rows[0] = row(1, title=f"Cleaning, version {n}")
            with capture_logs() as logs:
                assert visit(store, name, at=NOW + n * HOUR, mode="sweep").good
            told.append([entry for entry in logs if entry["log_level"] == "error"])
    assert [len(entries) for entries in told] == [1, 0, 0]
    assert told[0][0]["source_id"] == "T2"
    assert "in stumbles" in told[0][0]["stack"]
    (bad,) = aside(store)
    assert bad.reason.startswith("KeyError: 'due' (test_quarantine.py:")


def test_a_row_knows_the_page_on_which_its_record_stood_last_and_when_that_was(
    store: Store, stumbling: pytest.MonkeyPatch
) -> None:
    with TinyPortal(rows=rows(6)) as portal:
        name = add_tiny(store, portal)
        visit(store, name)
        (first,) = aside(store)
        portal.rows[0] = row(1, title="Something else")
        visit(store, name, at=NOW + HOUR)
        (second,) = aside(store)
        assert visit(store, name, at=NOW + 2 * HOUR, mode="sweep").kind == "same"
        before = tables(store, without={"visits", "memory", "sources"})
        assert visit(store, name, at=NOW + 3 * HOUR, mode="sweep").kind == "same"
        assert tables(store, without={"visits", "memory", "sources"}) == before  # noted once a day at most
        visit(store, name, at=NOW + 2 * DAY, mode="sweep")
        (third,) = aside(store)
    assert first.id == second.id == third.id
    assert (first.first_seen, first.last_seen, second.last_seen) == (NOW, NOW, NOW + HOUR)
    assert third.last_seen == NOW + 2 * DAY
    assert first.page_id != second.page_id == third.page_id == one(store, "SELECT max(id) FROM pages")
    assert second.page_fetched_at == NOW + HOUR
    assert second.page_url is not None
    assert second.page_url.endswith("/list?page=1")


def test_a_record_that_a_later_visit_reads_well_stands_aside_no_longer(
    store: Store, stumbling: pytest.MonkeyPatch
) -> None:
    with TinyPortal(rows=rows(6)) as portal:
        name = add_tiny(store, portal)
        visit(store, name)
        stumbling.undo()
        portal.rows[0] = row(1, title="So that the page is read again")
        visit(store, name, at=NOW + HOUR, mode="recent")
    assert aside(store, dismissed=True) == []
    assert "T2" in titles(store)


def test_a_record_that_a_complete_sweep_does_not_meet_any_more_is_gone_and_a_window_proves_nothing(
    store: Store, stumbling: pytest.MonkeyPatch
) -> None:
    with TinyPortal(rows=rows(8)) as portal:
        name = add_tiny(store, portal)
        visit(store, name)
        del portal.rows[1]
        visit(store, name, at=NOW + HOUR, mode="recent")
        assert [bad.source_id for bad in aside(store)] == ["T2"]
        visit(store, name, at=NOW + 2 * HOUR, mode="sweep")
        assert aside(store) == []


def test_a_bad_detail_page_stands_aside_until_it_is_read_well(store: Store) -> None:
    with CardPortal(12) as portal:
        portal.broken = {"C3"}
        name = add_carded(store, portal)
        visit(store, name)
        (bad,) = aside(store)
        assert (bad.reason, bad.page_role) == ("title: is missing", "detail")
        portal.broken = set()
        visit(store, name, at=NOW + HOUR)
    assert aside(store) == []
    assert "C3" in titles(store)


def test_after_a_fix_what_stands_aside_is_read_from_its_kept_page_as_our_own_reading_and_finds_its_members(
    store: Store, stumbling: pytest.MonkeyPatch
) -> None:
    wish = {"name": "All", "kinds": ["tender"], "any": ["cleaning"], "countries": [], "home": True}
    member = Member.model_validate({"id": "coop", "name": "Esempio", "recipients": [], "profiles": [wish]})
    with store.write() as connection:
        put_members(connection, [member], now=NOW)
    with TinyPortal(rows=[*rows(6), row(7) | {"title": 7}]) as portal:
        name = add_tiny(store, portal)
        visit(store, name)
        asked = len(portal.calls)
        done = reread(store)
        assert (len(done.read), len(done.failing), done.new) == (0, 2, 0)
        stumbling.undo()
        done = reread(store)
        assert len(portal.calls) == asked
    assert ([bad.source_id for bad in done.read], done.new, done.changed) == (["T2"], 1, 0)
    ((left, why),) = done.failing
    assert left.source_id == "T7"
    assert "valid string" in why
    assert [bad.id for bad in aside(store)] == [left.id]
    assert "T2" in titles(store)
    assert one(store, "SELECT count(*) FROM matches") == 6
    assert one(store, "SELECT count(*) FROM sources WHERE lease_owner IS NOT NULL") == 0


def test_a_changed_notice_that_could_not_be_read_changes_after_the_fix_and_says_that_it_was_us(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    with TinyPortal(rows=rows(6)) as portal:
        name = add_tiny(store, portal)
        visit(store, name)
        read = tiny.read

        def stumbles(record: Record, page: Page) -> Any:
            if record.data.get("due") == "2027-03-01":
                raise KeyError("due")
            return read(record, page)

        monkeypatch.setattr(tiny, "read", stumbles)
        portal.rows[1] = row(2, due="2027-03-01")
        visit(store, name, at=NOW + HOUR)
        monkeypatch.setattr(tiny, "read", read)
        done = reread(store)
    assert (done.new, done.changed) == (0, 1)
    assert listed(store, "SELECT field, before, after, cause FROM changes") == [
        ("deadline", "2027-02-01", "2027-03-01", "our_reading")
    ]


def test_an_older_page_undoes_nothing_that_a_later_visit_has_read(store: Store, stumbling: pytest.MonkeyPatch) -> None:
    with TinyPortal(rows=rows(6)) as portal:
        name = add_tiny(store, portal)
        visit(store, name)
        stumbling.undo()
        with store.write() as connection:  # a row that its visit could give no name
            connection.exec_driver_sql("UPDATE quarantine SET source_id = NULL")
        portal.rows[1] = row(2, title="A newer title", due="2027-05-01")
        visit(store, name, at=NOW + HOUR, mode="recent")
        assert len(aside(store)) == 1
        done = reread(store)
    assert (len(done.read), done.new, done.changed) == (1, 0, 0)
    assert titles(store)["T2"] == "A newer title"
    assert aside(store) == []


def test_what_broke_our_own_cleaning_is_known_by_its_name_and_read_again(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_args: Any, **_given: Any) -> Any:
        raise RecursionError("too deep")

    with TinyPortal(rows=rows(1)) as portal:
        name = add_tiny(store, portal)
        with monkeypatch.context() as broken:
            broken.setattr("aggregator.intake.normalise._cleaned", breaks)
            visit(store, name)
        assert [bad.source_id for bad in aside(store)] == ["T1"]
        assert reread(store).new == 1
    assert (list(titles(store)), aside(store)) == (["T1"], [])


def test_a_page_that_is_not_kept_any_more_and_a_source_that_is_removed_are_told_as_such(
    store: Store, stumbling: pytest.MonkeyPatch
) -> None:
    with TinyPortal(rows=rows(6)) as portal:
        name = add_tiny(store, portal)
        visit(store, name)
    with store.write() as connection:
        kept.forget(connection, name, list(connection.scalars(sa.select(pages.c.id))))
    (bad,) = aside(store)
    assert (bad.page_id, bad.page_url) == (None, None)
    assert [why for _, why in reread(store).failing] == ["the page on which it stood is not kept any more"]
    with store.write() as connection:
        connection.exec_driver_sql("UPDATE sources SET removed_at = '2026-11-23T07:00:00Z'")
    assert "there is no source 'tiny'" in reread(store).failing[0][1]


def test_a_source_that_is_being_read_is_left_alone_meanwhile(store: Store, stumbling: pytest.MonkeyPatch) -> None:
    with TinyPortal(rows=rows(6)) as portal:
        name = add_tiny(store, portal)
        visit(store, name)
    with store.write() as connection:
        lease.take(connection, name, now=LATER)
    with pytest.raises(lease.Busy):
        reread(store)


def test_what_is_dismissed_is_listed_no_more_and_stays_so_when_it_is_met_again(
    store: Store, stumbling: pytest.MonkeyPatch
) -> None:
    with TinyPortal(rows=rows(6)) as portal:
        name = add_tiny(store, portal)
        visit(store, name)
        (bad,) = aside(store)
        with store.write() as connection:
            quarantine.dismiss(connection, [bad.id], now=NOW)
        portal.rows[0] = row(1, title="Something else")
        visit(store, name, at=NOW + 2 * DAY)
        assert aside(store) == []
        assert [one.dismissed_at for one in aside(store, dismissed=True)] == [NOW]
        with store.write() as connection:
            quarantine.dismiss(connection, [bad.id], now=NOW, undo=True)
        assert [one.id for one in aside(store)] == [bad.id]
        stumbling.undo()
        assert reread(store, at=NOW + 3 * DAY).new == 1


def test_a_number_that_does_not_exist_is_told(store: Store) -> None:
    with store.read() as connection, pytest.raises(ParamError, match="nothing stands aside under 7"):
        quarantine.get(connection, 7)
