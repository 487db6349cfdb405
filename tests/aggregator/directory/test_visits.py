"""A network is read like any other source: counted, judged, taken in page by page, and never emptied by one bad day."""

import os
import shutil
from pathlib import Path

import pytest

from aggregator.directory.search import Query, find
from aggregator.intake import drop, kept, sources
from aggregator.intake.reparse import reparse
from aggregator.intake.standing import states, unread
from aggregator.intake.trial import trial
from aggregator.store.session import Store
from connectors.base.contract import Organisation
from tests.aggregator.directory import guild as module
from tests.aggregator.directory.guild import GuildPortal, member, members
from tests.aggregator.directory.sample import look, names, together
from tests.aggregator.intake.reading import DAY, HOUR, NOW, add, everything, listed, one, settings, tables, visit
from tests.connectors.ica.test_reading import HEADER, ROW
from tests.portals.server import Answer, Call, Fault, json_answer

SAMPLES = os.environ.get("WORLDWIDEWE_SAMPLES", "")


def guild(store: Store, portal: GuildPortal, name: str = "guild") -> str:
    return add(store, name, "guild", url=portal.url)


def test_a_source_of_organisations_alone_is_healthy_and_counted(store: Store) -> None:
    with GuildPortal(*members(329), size=100) as portal:
        name = guild(store, portal)
        first = visit(store, name)
        second = visit(store, name, at=NOW + DAY)
        portal.rows[3] |= {"description": "Cheese of the valley."}
        third = visit(store, name, at=NOW + 2 * DAY)
    assert (first.kind, first.complete, first.seen, first.new) == ("ok", True, 329, 329)
    assert (second.kind, second.seen, second.same) == ("same", 329, 329)
    assert (third.kind, third.changed, third.same) == ("ok", 1, 328)
    assert names(look(store, "valley")) == ["Dairy number 3"]
    with store.read() as connection:
        (state,) = states(connection)
    assert (state.organisations, state.notices, state.last_class) == (329, 0, "ok")


def test_two_complete_sweeps_without_it_hide_an_organisation_and_a_return_brings_it_back(store: Store) -> None:
    with GuildPortal(*members(12)) as portal:
        name = guild(store, portal)
        visit(store, name)
        left = portal.rows.pop(5)
        once = visit(store, name, at=NOW + DAY)
        twice = visit(store, name, at=NOW + 2 * DAY)
        assert (once.withdrawn, twice.withdrawn, len(look(store, limit=50))) == (0, 1, 11)
        portal.rows.append(left)
        back = visit(store, name, at=NOW + 3 * DAY)
    assert (back.new, back.changed, len(look(store, limit=50))) == (0, 1, 12)


def test_a_list_that_collapses_or_cannot_be_read_hides_nobody(store: Store) -> None:
    with GuildPortal(*members(40)) as portal:
        name = guild(store, portal)
        visit(store, name)
        rows, portal.rows = portal.rows, portal.rows[:5]
        assert visit(store, name, at=NOW + DAY).kind == "suspicious"
        portal.rows = []
        assert visit(store, name, at=NOW + 2 * DAY).kind == "suspicious"
        portal.fail(Fault(answer=Answer(200, b"<html>under maintenance", {"content-type": "text/html"})))
        assert not visit(store, name, at=NOW + 2 * DAY + HOUR).good
        portal.rows = rows
        assert visit(store, name, at=NOW + 3 * DAY).good
    assert len(look(store, limit=50)) == 40


def test_a_member_that_cannot_be_read_is_set_aside_alone_and_never_counts_as_missing(store: Store) -> None:
    with GuildPortal(*members(12)) as portal:
        name = guild(store, portal)
        visit(store, name)
        portal.rows[4] = {"source_id": "G4", "name": "Dr. Pia Neri"}
        results = [visit(store, name, at=NOW + n * DAY) for n in (1, 2, 3)]
    assert [(r.rejected, r.withdrawn) for r in results] == [(1, 0)] * 3
    assert len(look(store, limit=50)) == 12
    assert listed(store, "SELECT source_id FROM quarantine") == [("G4",)]


def test_cards_are_read_once_and_again_only_when_they_say_something_else(store: Store) -> None:
    with GuildPortal(*members(6, card="f1", description="First words.")) as portal:
        name = guild(store, portal)
        first = visit(store, name)
        assert (first.kind, first.new, len(portal.details_asked())) == ("ok", 6, 6)
        assert one(store, "SELECT count(*) FROM backlog") == 0
        second = visit(store, name, at=NOW + DAY)
        assert (second.kind, len(portal.details_asked())) == ("same", 6)
        portal.rows[2] |= {"card": "f2", "description": "Other words."}
        third = visit(store, name, at=NOW + 2 * DAY)
    assert (third.changed, portal.details_asked()[6:]) == (1, ["G2"])
    assert names(look(store, "other")) == ["Dairy number 2"]
    assert listed(store, "SELECT count(DISTINCT fingerprint) FROM organisations") == [(2,)]


def test_a_detail_that_says_the_same_is_not_asked_for_again(store: Store) -> None:
    with GuildPortal(*members(3, card="f1")) as portal:
        name = guild(store, portal)
        visit(store, name)
        portal.rows[0]["card"] = "f2"
        visit(store, name, at=NOW + DAY)
        visit(store, name, at=NOW + 2 * DAY)
    assert portal.details_asked() == ["G0", "G1", "G2", "G0"]


def test_the_page_of_another_member_is_refused(store: Store) -> None:
    class Mixed(GuildPortal):
        def answer(self, call: Call) -> Answer:
            if call.path.endswith("/one/G1"):
                return json_answer({"source_id": "G9", "name": "Somebody else"})
            return super().answer(call)

    with Mixed(*members(3, card="f1")) as portal:
        done = visit(store, guild(store, portal))
    assert (done.kind, done.new) == ("partial", 2)
    assert "G9" in (done.error or "")
    assert "Somebody else" not in names(look(store))


def test_a_member_whose_page_is_gone_twice_is_hidden(store: Store) -> None:
    with GuildPortal(*members(12, card="f1")) as portal:
        name = guild(store, portal)
        visit(store, name)
        portal.gone.add("G3")
        for n in (1, 2, 3):
            portal.rows[3]["card"] = f"f{n + 1}"
            visit(store, name, at=NOW + n * DAY)
    assert "Dairy number 3" not in names(look(store, limit=50))


def test_notices_and_organisations_of_one_source_stand_beside_each_other(store: Store) -> None:
    offers = [{"source_id": f"O{n}", "offer": f"Cheese number {n}"} for n in range(2)]
    with GuildPortal(*members(30), *offers) as portal:
        done = visit(store, guild(store, portal))
    # What has no deadline are the two notices; the organisations are not held against that.
    assert (done.kind, done.error) == ("drift", "only 0 of 2 notices state a deadline")
    assert (len(everything(store)), len(look(store, limit=50))) == (2, 30)


def test_a_dry_run_leaves_nothing(store: Store) -> None:
    with GuildPortal(*members(8), *members(4, card="f1"), size=3) as portal:
        name = guild(store, portal)
        before = tables(store)
        done = visit(store, name, dry=True)
    assert done.new == 8
    after = tables(store)
    assert {table for table in before if before[table] != after[table]} <= {"sources", "visits"}
    assert look(store) == []


def test_two_sources_that_tell_of_the_same_are_one_entry_whichever_is_read_first(store: Store) -> None:
    with (
        GuildPortal(*members(4, website="https://one.example")[:1]) as one_portal,
        GuildPortal(member(7, name="Latteria Uno", website="http://www.one.example")) as other,
    ):
        for name, portal in (("b", other), ("a", one_portal)):
            visit(store, guild(store, portal, name))
    assert together(store) == {frozenset({"a:G0", "b:G7"})}


def test_kept_pages_are_read_again_and_nobody_is_asked(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    with GuildPortal(*members(5, description="Formaggio"), member(9, card="f1")) as portal:
        name = guild(store, portal)
        visit(store, name)
        asked = len(portal.calls)
        read = module.read
        monkeypatch.setattr(module, "read", lambda record, page: _louder(read(record, page)))
        dry = reparse(store, name, now=NOW + DAY, dry=True)
        assert (dry.organisations, dry.changed, look(store, "loud")) == (6, 6, [])
        done = reparse(store, name, now=NOW + DAY, dry=False)
        assert len(portal.calls) == asked
    assert (done.new, done.changed, done.lost) == (0, 6, 0)
    assert len(look(store, "loud")) == 6
    with store.write() as connection:
        kept.prune(connection, name, now=NOW + 200 * DAY)
    assert reparse(store, name, now=NOW + 200 * DAY, dry=True).lost == 6


def _louder(reading: object) -> object:
    return reading.model_copy(update={"description": "Loud."}) if isinstance(reading, Organisation) else reading


def test_a_trial_tells_how_many_organisations_say_what(store: Store) -> None:
    with GuildPortal(*members(3, website="https://x.example")) as portal:
        done = trial(store, guild(store, portal), settings=settings(), now=NOW)
    facts = [fact for _, fact in done.facts]
    assert "organisations that state a website: 3 of 3" in facts
    assert "organisations that state a country: 3 of 3" in facts
    assert done.first[0] == "G0 · organisation · IT · Dairy number 0"
    assert done.error is None


def test_a_source_that_is_off_or_removed_keeps_its_organisations_and_is_said_to_be_silent(store: Store) -> None:
    with GuildPortal(*members(2)) as portal:
        for name in ("a", "b", "c"):
            visit(store, guild(store, portal, name))
    with store.write() as connection:
        sources.change(connection, "a", now=NOW, enabled=False)
        sources.remove(connection, "b", now=NOW)
    with store.read() as connection:
        assert unread(connection) == {"a": "off", "b": "removed"}
        assert find(connection, Query(sources=("b",))).total == 2


def test_what_was_listed_under_other_parameters_is_not_missing(store: Store) -> None:
    with GuildPortal(*members(12)) as portal, GuildPortal(*members(12)[:8]) as other:
        name = guild(store, portal)
        visit(store, name)
        with store.write() as connection:
            sources.change(connection, name, now=NOW, params={"url": other.url})
        for n in (1, 2, 3):
            visit(store, name, at=NOW + n * DAY)
    assert len(look(store, limit=50)) == 12


def test_the_list_of_ica_is_read_from_its_folder_and_the_other_form_is_refused(store: Store, tmp_path: Path) -> None:
    name = add(store, "ica", "ica")
    empty = visit(store, name, home=tmp_path)
    assert empty.kind == "config"
    folder = drop.folder(tmp_path, name)
    folder.mkdir(parents=True)
    (folder / "members.csv").write_text(f"{HEADER}\n{ROW}\n", encoding="utf-8")
    done = visit(store, name, at=NOW + DAY, home=tmp_path)
    assert (done.kind, done.new) == ("ok", 1)
    (entry,) = look(store, "agricoltura", networks=["ica"])
    assert entry.name == "Dairies of the Valley, Union of"
    (folder / "members.csv").write_text('{"status": "success", "data": [{"uri": "https://dev.lod.coop/ica/9001"}]}')
    assert visit(store, name, at=NOW + 2 * DAY, home=tmp_path).kind == "config"
    assert len(look(store)) == 1


@pytest.mark.skipif(not SAMPLES, reason="the recorded answers are not beside this checkout (WORLDWIDEWE_SAMPLES)")
def test_the_recorded_list_of_329_rows_is_317_organisations_and_a_second_list_joins_them(
    store: Store, tmp_path: Path
) -> None:
    here = Path(SAMPLES) / "cooperative_networks"
    for name, file in (("ica-map", "ica_members_lod_mykomap_329.json"), ("ica-list", "ica_crm_export_2020_21rows.csv")):
        folder = drop.folder(tmp_path, add(store, name, "ica"))
        folder.mkdir(parents=True)
        shutil.copy(here / file, folder)
        assert visit(store, name, home=tmp_path).kind == "ok"
    with store.read() as connection:
        assert find(connection, Query(sources=("ica-map",))).total == 317
        assert find(connection, Query(sources=("ica-list",))).total == 21
        assert find(connection, Query(networks=("ica",))).total < 330
    assert one(store, "SELECT count(*) FROM organisations") == 350
