"""Most of what we hold is gone and most of what is listed is new: the office is asked before anything follows from it."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from aggregator.intake import acceptance, alerts, flood, renamed
from aggregator.intake.acceptance import accept
from aggregator.intake.carrying import carry
from aggregator.intake.numbering import pairs
from aggregator.intake.renamed import Turn
from aggregator.store.session import Store
from connectors.base.contract import Deadline, Link, Notice, ParamError, Title
from tests.aggregator.intake import letters
from tests.aggregator.intake.reading import DAY, HOUR, NOW, WEEK, add_tiny, everything, listed, one, visit
from tests.aggregator.intake.tiny import TinyPortal, row, rows
from tests.portals.server import Answer, Fault


def notice(id: str, title: str, **given: Any) -> Notice:
    plain: dict[str, Any] = {
        "source_id": id,
        "url": f"https://example.org/{id}",
        "titles": {"en": Title(text=title)},
        "kind": "tender",
        "deadlines": (Deadline(on=date(2027, 2, 1)),),
    }
    return Notice(**plain | given)


def paired(old: list[Notice], new: list[Notice]) -> dict[str, str]:
    return pairs({n.source_id: n for n in old}, {n.source_id: n for n in new})


def test_F18_the_same_words_under_another_number_and_address_are_the_same(store: Store) -> None:
    old = [notice("1", "Baths", documents=(Link(url="https://example.org/1.pdf"),)), notice("2", "Schools")]
    new = [notice("b", "Schools"), notice("a", "Baths", documents=(Link(url="https://example.org/a.pdf"),))]
    assert paired(old, new) == {"1": "a", "2": "b"}


def test_F18_a_text_that_was_corrected_meanwhile_is_known_by_title_and_deadlines() -> None:
    old, new = notice("1", "Baths of  the Town", summary="Old"), notice("a", "baths of the town", summary="New")
    assert paired([old], [new]) == {"1": "a"}
    moved = new.model_copy(update={"deadlines": (Deadline(on=date(2027, 2, 2)),)})
    assert paired([old], [moved]) == {}
    undated = {"deadlines": ()}
    assert paired([old.model_copy(update=undated)], [new.model_copy(update=undated)]) == {}, "a title alone is no proof"


def test_F18_siblings_that_could_each_be_the_other_are_left_alone() -> None:
    twins = [notice("1", "Lot"), notice("2", "Lot"), notice("3", "Baths")]
    assert paired(twins, [notice("a", "Lot"), notice("b", "Lot"), notice("c", "Baths")]) == {"3": "c"}
    assert paired(twins, [notice("a", "Lot")]) == {}


@pytest.mark.parametrize(
    ("turn", "gone", "other"),
    [
        (Turn(100, 51, 100, 51), True, True),
        (Turn(100, 50, 100, 51), False, False),
        (Turn(100, 51, 100, 50), True, False),
        (Turn(9, 9, 9, 9), False, False),
        (Turn(10, 10, 10, 10), True, True),
    ],
)
def test_F18_more_than_half_is_what_is_doubted(turn: Turn, gone: bool, other: bool) -> None:
    assert (turn.most_missing, turn.other_list) == (gone, other)


def renumbered(count: int, first: int = 1) -> list[dict[str, Any]]:
    return [{**r, "id": f"NEW-{r['id']}"} for r in rows(count, first=first)]


def withdrawn(store: Store) -> int:
    count: int = one(store, "SELECT count(*) FROM opportunities WHERE withdrawn_at IS NOT NULL")
    return count


def test_F18_a_source_that_changes_its_numbering_keeps_every_page_history_and_reader(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with TinyPortal(rows=rows(20)) as portal:
        letters.enrol(store)
        add_tiny(store, portal)
        visit(store, "tiny", mode="sweep")
        portal.rows[0]["due"] = "2027-03-01"
        visit(store, "tiny", at=NOW + HOUR, mode="sweep")
        assert letters.write(store, NOW + 2 * HOUR, tmp_path)
        sent = listed(store, "SELECT opportunity_id, state FROM matches ORDER BY 1")
        before = {item.title("en")[0]: (item.id, item.first_seen) for item in everything(store)}
        portal.rows = [
            {**portal.rows[0], "id": "NEW-T1"},
            *renumbered(19, first=2),
            row(77, title="Cleaning of the lido"),
        ]
        for day in (1, 2):
            done = visit(store, "tiny", at=NOW + day * DAY, mode="sweep")
            assert (done.kind, done.complete, done.withdrawn) == ("suspicious", False, 0)
            assert "changed its numbering: 20 of 21 are the same under another number" in (done.error or "")
        assert len(everything(store)) == 41
        assert letters.told(store, NOW + 2 * DAY) == ([], 0), "the letter has told the twenty, and the others wait"
        with store.read() as connection:
            assert [(a.about, a.kind) for a in alerts.listed(connection)] == [("tiny", "suspicious")]
        monkeypatch.setattr(acceptance, "PART", 7)
        done_ = acceptance.accept_in_parts(store, "tiny", now=NOW + 2 * DAY + HOUR)
        assert (done_.carried, done_.released, done_.anew) == (20, True, True)
        assert {item.title("en")[0]: (item.id, item.first_seen) for item in everything(store)}.items() >= before.items()
        assert len(everything(store)) == 21
        ids = [key for (key,) in listed(store, "SELECT source_id FROM notices ORDER BY source_id")]
        assert (len(ids), [key for key in ids if not key.startswith("NEW-")]) == (21, ["T77"])
        assert {n.source_id for item in everything(store) for n in item.notices} == set(ids)
        assert all(len(item.notices) == 1 for item in everything(store))
        kept = [(id, state) for id, state in listed(store, "SELECT opportunity_id, state FROM matches ORDER BY 1")]
        assert set(kept) >= set(sent)
        assert len(kept) == 21
        moved = before["Cleaning of school number 1"][0]
        assert listed(store, f"SELECT after FROM changes WHERE opportunity_id = {moved}") == [("2027-03-01",)]
        assert one(store, "SELECT count(*) FROM redirects") == 20
        later = [visit(store, "tiny", at=NOW + n * WEEK, mode="sweep") for n in (1, 2, 3)]
        shown, _ = letters.told(store, NOW + WEEK)
    assert [(r.good, r.new, r.withdrawn) for r in later] == [(True, 0, 0)] * 3
    assert "Cleaning of the lido" in shown
    assert withdrawn(store) == 0
    with store.read() as connection:
        assert alerts.listed(connection) == []


def test_F18_numbers_that_come_back_by_themselves_leave_nothing_behind(store: Store) -> None:
    with TinyPortal(rows=rows(20)) as portal:
        letters.enrol(store)
        add_tiny(store, portal)
        visit(store, "tiny", mode="sweep")
        portal.rows = renumbered(20)
        assert visit(store, "tiny", at=NOW + DAY, mode="sweep").kind == "suspicious"
        portal.rows = rows(20)
        back = [visit(store, "tiny", at=NOW + n * DAY, mode="sweep") for n in (2, 3)]
        first = visit(store, "tiny", at=NOW + 4 * DAY, mode="sweep")
    assert [r.withdrawn for r in back] == [0, 20], "what had come in their place is gone after two whole sweeps"
    assert first.good
    open_ = [item.notices[0].source_id for item in everything(store) if item.withdrawn_at is None]
    assert sorted(open_) == sorted(f"T{n}" for n in range(1, 21))
    with store.read() as connection:
        assert flood.held(connection, "tiny") is None
        assert renamed.proposed(connection, "tiny") is None


def test_F18_while_the_phantoms_are_there_no_letter_tells_them(store: Store) -> None:
    with TinyPortal(rows=rows(20)) as portal:
        letters.enrol(store)
        add_tiny(store, portal)
        visit(store, "tiny", mode="sweep")
        portal.rows = renumbered(20)
        visit(store, "tiny", at=NOW + DAY, mode="sweep")
        portal.rows = rows(20)
        visit(store, "tiny", at=NOW + 2 * DAY, mode="sweep")
        shown, more = letters.told(store, NOW + 2 * DAY + HOUR)
        assert len(shown) + more == 20
        with store.write() as connection:
            done = accept(connection, "tiny", now=NOW + 2 * DAY + 2 * HOUR)
    assert (done.carried, done.anew) == (0, False), "what is listed again is not carried away"


def test_F18_a_visit_that_broke_off_after_the_new_numbers_were_written_changes_nothing(store: Store) -> None:
    with TinyPortal(rows=rows(20), size=10) as portal:
        letters.enrol(store)
        add_tiny(store, portal)
        visit(store, "tiny", mode="sweep")
        portal.rows = renumbered(20)
        portal.fail(Fault(answer=Answer(500, b"", {}), times=0, when=lambda call: call.query.get("page") == "2"))
        broken = visit(store, "tiny", at=NOW + DAY, mode="sweep", patient=False)
        assert (broken.kind, broken.new) == ("partial", 10)
        portal.heal()
        whole = [visit(store, "tiny", at=NOW + n * DAY, mode="sweep") for n in (2, 3, 4)]
    assert [(r.kind, r.withdrawn) for r in whole] == [("suspicious", 0)] * 3
    assert "20 of 20 are the same under another number" in (whole[-1].error or "")
    assert letters.told(store, NOW + 4 * DAY)[1] + len(letters.told(store, NOW + 4 * DAY)[0]) == 20


def test_F18_another_list_altogether_is_not_accepted_in_a_hurry(store: Store) -> None:
    with TinyPortal(rows=rows(20)) as portal:
        add_tiny(store, portal)
        visit(store, "tiny", mode="sweep")
        portal.rows = [row(n, title=f"Catering of canteen {n}") for n in range(200, 220)]
        for hours in (24, 36):
            done = visit(store, "tiny", at=NOW + hours * HOUR, mode="sweep")
            assert (done.kind, done.withdrawn) == ("suspicious", 0)
            assert "0 of 20 are the same" in (done.error or "")
            with store.write() as connection, pytest.raises(ParamError, match="it takes 3 over 24"):
                accept(connection, "tiny", now=NOW + hours * HOUR)
        visit(store, "tiny", at=NOW + 49 * HOUR, mode="sweep")
        with store.write() as connection:
            assert accept(connection, "tiny", now=NOW + 50 * HOUR).released
        assert [visit(store, "tiny", at=NOW + n * DAY, mode="sweep").withdrawn for n in (3, 4)] == [0, 20]


def test_F6_most_of_what_we_hold_missing_at_once_withdraws_nothing(store: Store) -> None:
    with TinyPortal(rows=rows(40)) as portal:
        add_tiny(store, portal)
        visit(store, "tiny", mode="sweep")
        portal.rows = rows(19)
        for day in (1, 2, 3):
            done = visit(store, "tiny", at=NOW + day * DAY, mode="sweep")
            assert (done.kind, done.withdrawn) == ("suspicious", 0)
            assert "21 of the 40 that were listed are missing at once" in (done.error or "")
        with store.write() as connection:
            accept(connection, "tiny", now=NOW + 3 * DAY + HOUR)
        assert [visit(store, "tiny", at=NOW + n * DAY, mode="sweep").withdrawn for n in (4, 5)] == [0, 21]


def test_F6_what_has_closed_or_was_missed_before_does_not_make_a_sweep_suspicious(store: Store) -> None:
    closing = [row(n, due="2026-11-24") for n in range(1, 31)]
    with TinyPortal(rows=[*closing, *rows(20, first=31)]) as portal:
        add_tiny(store, portal)
        visit(store, "tiny", mode="sweep")
        portal.rows = rows(20, first=31)
        assert visit(store, "tiny", at=NOW + 3 * DAY, mode="sweep").good
        portal.rows = rows(11, first=31)
        assert visit(store, "tiny", at=NOW + 4 * DAY, mode="sweep").good
        portal.rows = rows(6, first=31)
        assert visit(store, "tiny", at=NOW + 5 * DAY, mode="sweep").withdrawn == 9


@pytest.mark.parametrize("done", [6, 19])
def test_F18_an_acceptance_that_was_broken_off_is_taken_up_where_it_ended(store: Store, done: int) -> None:
    with TinyPortal(rows=rows(20)) as portal:
        letters.enrol(store)
        add_tiny(store, portal)
        visit(store, "tiny", mode="sweep")
        ids = {item.title("en")[0]: item.id for item in everything(store)}
        portal.rows = renumbered(20)
        visit(store, "tiny", at=NOW + DAY, mode="sweep")
        with store.write() as connection:
            proposal = renamed.proposed(connection, "tiny")
            assert proposal is not None
            some = dict([*proposal.pairs.items()][:done])
            assert carry(connection, "tiny", some, now=NOW + DAY) == done
        again = visit(store, "tiny", at=NOW + DAY + HOUR, mode="sweep")
        assert (again.kind, again.withdrawn) == ("suspicious", 0)
        shown, more = letters.told(store, NOW + DAY + HOUR)
        assert len(shown) + more == 20, "nothing is told twice"
        assert acceptance.accept_in_parts(store, "tiny", now=NOW + DAY + 2 * HOUR).carried == 20 - done
        assert {item.title("en")[0]: item.id for item in everything(store)} == ids
        assert visit(store, "tiny", at=NOW + 2 * DAY, mode="sweep").good
