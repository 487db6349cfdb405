"""What a source lists no more: one absence is noted, two withdraw, and most absences say nothing."""

import pytest

from aggregator.store.session import Store
from tests.aggregator.intake.reading import DAY, HOUR, NOW, WEEK, add_ted, add_tiny, everything, listed, one, visit
from tests.aggregator.intake.tiny import TinyPortal, row, rows
from tests.portals.server import Answer, Fault
from tests.portals.ted import TedPortal

_MISSED = "SELECT source_id, missed, withdrawn_at IS NOT NULL FROM notices WHERE missed > 0 ORDER BY source_id"


def gone(store: Store) -> list[str]:
    return [item.notices[0].source_id for item in everything(store) if item.withdrawn_at is not None]


def test_F17_two_complete_sweeps_withdraw_and_a_return_reopens_the_same_one(store: Store) -> None:
    with TedPortal(notices=120, today=NOW.date()) as portal:
        name = add_ted(store, portal)
        visit(store, name)
        ids = {item.notices[0].source_id: item.id for item in everything(store)}
        missing = sorted(portal.withdraw(2))
        first = visit(store, name, at=NOW + WEEK, mode="sweep")
        assert (first.complete, first.withdrawn, gone(store)) == (True, 0, [])
        assert [source_id for source_id, *_ in listed(store, _MISSED)] == missing
        second = visit(store, name, at=NOW + 2 * WEEK, mode="sweep")
        assert (second.withdrawn, sorted(gone(store))) == (2, missing)
        portal._withdrawn.clear()
        third = visit(store, name, at=NOW + 2 * WEEK + DAY, mode="sweep")
    assert (third.new, third.changed, gone(store)) == (0, 2, [])
    assert {item.notices[0].source_id: item.id for item in everything(store)} == ids
    assert listed(store, _MISSED) == []
    fields = [field for (field,) in listed(store, "SELECT field FROM changes ORDER BY id")]
    assert fields == ["withdrawn", "withdrawn", "reopened", "reopened"]


def test_a_listed_record_that_cannot_be_read_any_more_is_not_missing(store: Store) -> None:
    with TinyPortal(rows=rows(8)) as portal:
        name = add_tiny(store, portal)
        visit(store, name)
        del portal.rows[3]["title"]
        results = [visit(store, name, at=NOW + n * WEEK, mode="sweep") for n in (1, 2, 3)]
    assert [(r.complete, r.rejected, r.withdrawn) for r in results] == [(True, 1, 0)] * 3
    assert gone(store) == []


def test_while_an_unreadable_record_has_no_name_nothing_is_taken_for_missing(store: Store) -> None:
    with TinyPortal(rows=rows(8)) as portal:
        name = add_tiny(store, portal)
        visit(store, name)
        nameless = portal.rows.pop(3)
        del nameless["id"]
        portal.rows.append(nameless)
        results = [visit(store, name, at=NOW + n * WEEK, mode="sweep") for n in (1, 2)]
        assert [r.withdrawn for r in results] == [0, 0]
        portal.rows.remove(nameless)
        results = [visit(store, name, at=NOW + n * WEEK, mode="sweep") for n in (3, 4)]
    assert [r.withdrawn for r in results] == [0, 1]


def test_a_third_sweep_does_not_withdraw_again(store: Store) -> None:
    with TinyPortal(rows=rows(5)) as portal:
        name = add_tiny(store, portal)
        visit(store, name)
        portal.rows = rows(4)
        results = [visit(store, name, at=NOW + n * WEEK, mode="sweep") for n in (1, 2, 3, 4)]
    assert [r.withdrawn for r in results] == [0, 1, 0, 0]
    assert one(store, "SELECT count(*) FROM changes") == 1


def test_a_window_says_nothing_of_what_it_does_not_show(store: Store) -> None:
    with TinyPortal(rows=rows(5)) as portal:
        name = add_tiny(store, portal)
        visit(store, name)
        portal.rows = rows(3)
        for n in (1, 2, 3):
            assert visit(store, name, at=NOW + n * HOUR, mode="recent").complete
            portal.rows[0] = row(1, title=f"Cleaning, version {n}")
    assert (listed(store, _MISSED), gone(store)) == ([], [])


_FAULTS = {
    "incomplete": Fault(
        alter=lambda answer: Answer(200, answer.body.replace(b'"total":4', b'"total":5'), answer.headers)
    ),
    "empty": Fault(answer=Answer(200, b'{"total":0,"rows":[]}', {"content-type": "application/json"})),
    "not the list": Fault(answer=Answer(200, b"<html></html>", {"content-type": "text/html"})),
    "refused": Fault(answer=Answer(403, b"", {})),
}


@pytest.mark.parametrize("fault", _FAULTS)
def test_a_sweep_that_is_not_whole_notes_no_absence(store: Store, fault: str) -> None:
    with TinyPortal(rows=rows(12)) as portal:
        name = add_tiny(store, portal)
        visit(store, name)
        portal.rows = rows(4)
        for n in (1, 2, 3):
            portal.fail(_FAULTS[fault])
            result = visit(store, name, at=NOW + n * WEEK, mode="sweep")
            assert not result.complete, result
    assert (listed(store, _MISSED), gone(store)) == ([], [])


def test_a_sweep_of_unchanged_pages_knows_who_is_listed(store: Store) -> None:
    with TinyPortal(rows=rows(12), tags=True) as portal:
        name = add_tiny(store, portal)
        visit(store, name)
        results = [visit(store, name, at=NOW + n * WEEK, mode="sweep") for n in (1, 2)]
        assert [call.headers.get("if-none-match") is not None for call in portal.calls] == [False, True, True]
    assert [(r.kind, r.complete, r.seen, r.withdrawn) for r in results] == [("same", True, 12, 0)] * 2


def test_an_unchanged_page_that_is_kept_no_more_withdraws_nothing_and_is_asked_for_in_full_again(store: Store) -> None:
    with TinyPortal(rows=rows(5), tags=True) as portal:
        name = add_tiny(store, portal)
        visit(store, name)
        with store.write() as connection:
            connection.exec_driver_sql("DELETE FROM pages")
        blind = visit(store, name, at=NOW + WEEK, mode="sweep")
        whole = visit(store, name, at=NOW + 2 * WEEK, mode="sweep")
    assert (blind.good, blind.complete) == (False, False)
    assert (whole.complete, whole.seen, listed(store, _MISSED)) == (True, 5, [])


def test_what_is_closed_is_not_withdrawn_when_it_leaves_the_list(store: Store) -> None:
    with TinyPortal(rows=[row(1, due="2026-11-25"), row(2), row(3)]) as portal:
        name = add_tiny(store, portal)
        visit(store, name)
        portal.rows = [row(3)]
        results = [visit(store, name, at=NOW + n * WEEK, mode="sweep") for n in (1, 2)]
    assert [r.withdrawn for r in results] == [0, 1]
    assert gone(store) == ["T2"]
    assert listed(store, _MISSED) == [("T2", 2, 1 if store.sqlite else True)]


def test_two_absences_with_a_sight_between_them_are_not_two(store: Store) -> None:
    with TinyPortal(rows=rows(3)) as portal:
        name = add_tiny(store, portal)
        visit(store, name)
        for n in (1, 2, 3):
            portal.rows = rows(2)
            assert visit(store, name, at=NOW + n * WEEK, mode="sweep").complete
            portal.rows = [*rows(3), row(3 + n)]
            assert visit(store, name, at=NOW + n * WEEK + DAY, mode="recent").complete
            assert not [row for row in listed(store, _MISSED) if row[0] == "T3"]
    assert "T3" not in gone(store)


def test_a_card_proves_that_its_notice_is_there_and_blanks_nothing(store: Store) -> None:
    with TinyPortal(rows=rows(3)) as portal:
        name = add_tiny(store, portal)
        visit(store, name)
        before = everything(store)
        portal.rows = [{"id": "T1", "card": "x"}, *rows(2, first=2)]
        results = [visit(store, name, at=NOW + n * WEEK, mode="sweep") for n in (1, 2)]
    assert [(r.seen, r.withdrawn) for r in results] == [(3, 0)] * 2
    assert everything(store) == before
