"""Cards and their detail pages: read once, again when they change, left for the next visit when there is no time."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import count

import pytest

from aggregator.intake import sources
from aggregator.intake.pipeline import read_source
from aggregator.intake.reparse import reparse
from aggregator.intake.trial import trial
from aggregator.store.session import Store
from tests.aggregator.intake.carded import CardPortal
from tests.aggregator.intake.reading import DAY, HOUR, NOW, add_carded, everything, listed, one, settings, tables, visit
from tests.portals.server import Answer, Call, Fault


@pytest.fixture
def portal() -> Iterator[CardPortal]:
    with CardPortal(25) as running:
        yield running


def waiting(store: Store) -> int:
    return int(one(store, "SELECT count(*) FROM backlog"))


def test_every_card_is_followed_to_its_page_once(store: Store, portal: CardPortal) -> None:
    add_carded(store, portal)
    first = visit(store, "carded")
    assert (first.kind, first.seen, first.new) == ("ok", 25, 25)
    again = visit(store, "carded", at=NOW + HOUR)
    assert (again.kind, again.seen, again.new, again.changed) == ("same", 25, 0, 0)
    assert len(portal.details_asked()) == 25
    assert waiting(store) == 0


def test_a_card_that_changes_brings_its_page_again_and_no_other(store: Store, portal: CardPortal) -> None:
    add_carded(store, portal)
    visit(store, "carded")
    portal.rows["C7"]["due"] = "2027-03-01"
    asked = len(portal.details_asked())
    changed = visit(store, "carded", at=NOW + HOUR)
    assert (changed.kind, changed.changed) == ("ok", 1)
    assert portal.details_asked()[asked:] == ["C7"]


def test_a_page_that_changes_behind_its_card_is_read_again_within_a_fortnight(store: Store, portal: CardPortal) -> None:
    add_carded(store, portal)
    visit(store, "carded")
    portal.texts["C3"] = "Another text."
    changed = [visit(store, "carded", at=NOW + day * DAY).changed for day in range(1, 15)]
    assert sum(changed) == 1
    asked = portal.details_asked()[25:]
    assert sorted(asked) == sorted(portal.rows), "each once, spread over the days"


def test_what_says_the_same_again_is_marked_as_read_and_costs_no_other_write(store: Store, portal: CardPortal) -> None:
    add_carded(store, portal)
    visit(store, "carded")
    quiet = ("notices", "visits", "pages", "sources")
    before = tables(store, without=quiet)
    for day in range(1, 15):
        assert visit(store, "carded", at=NOW + day * DAY).kind == "same"
    assert tables(store, without=quiet) == before
    assert len(portal.details_asked()) == 50, "a page that says the same is not asked for every day"


def test_a_visit_that_is_cut_off_leaves_its_details_to_the_next_ones(store: Store, portal: CardPortal) -> None:
    add_carded(store, portal)
    portal.fail(Fault(delay=0.06, times=0, when=lambda call: "/one/" in call.path))
    first = visit(store, "carded", time_limit=0.7)
    left = waiting(store)
    assert first.kind == "partial"
    assert first.error == f"time limit; {left} details are still to be read"
    assert 0 < first.new < 25
    assert left == 25 - first.new
    assert one(store, "SELECT next_visit FROM sources") == "2026-11-23T08:00:00Z", "it goes on within the hour"
    portal.heal()
    second = visit(store, "carded", at=NOW + HOUR)
    assert (second.kind, second.new) == ("ok", left)
    assert sorted(portal.details_asked()).count("C0") == 1
    assert waiting(store) == 0
    assert one(store, "SELECT next_visit FROM sources") == "2026-11-24T08:00:00Z"


def test_an_incomplete_visit_withdraws_nothing_and_a_complete_sweep_forgets_cards_that_left(
    store: Store, portal: CardPortal
) -> None:
    add_carded(store, portal)
    portal.fail(Fault(answer=Answer(500), times=0, when=lambda call: "/one/" in call.path))
    first = visit(store, "carded", patient=False)
    assert (first.kind, first.new) == ("partial", 0)
    assert waiting(store) == 25
    portal.heal()
    del portal.rows["C9"]
    portal.gone.add("C9")
    second = visit(store, "carded", at=NOW + HOUR)
    assert (second.new, second.withdrawn) == (24, 0)
    assert waiting(store) == 0


def test_one_page_that_fails_costs_the_others_nothing_and_is_asked_for_again(store: Store, portal: CardPortal) -> None:
    add_carded(store, portal)
    portal.fail(Fault(answer=Answer(400), times=0, when=lambda call: call.path.endswith("/C4")))
    refused = visit(store, "carded")
    assert (refused.kind, refused.new, waiting(store)) == ("partial", 24, 1)
    portal.heal()
    portal.fail(Fault(cut_after=5, times=0, when=lambda call: call.path.endswith("/C4")))
    broken = visit(store, "carded", at=NOW + HOUR, patient=False)
    assert (broken.kind, broken.error) == ("partial", "1 details are still to be read")
    portal.heal()
    assert visit(store, "carded", at=NOW + 2 * HOUR).new == 1


def test_three_pages_that_always_fail_hold_up_the_others_for_one_visit_only(store: Store, portal: CardPortal) -> None:
    add_carded(store, portal)
    bad = {"/one/C0", "/one/C1", "/one/C2"}  # the first three of the list
    portal.fail(Fault(answer=Answer(500), times=0, when=lambda call: call.path in bad))
    seconds = count()
    ticking = read_source(
        store, "carded", settings=settings(), patient=False, now=lambda: NOW + next(seconds) * timedelta(seconds=1)
    )
    assert ticking.new == 0
    second = visit(store, "carded", at=NOW + HOUR, patient=False)
    assert (second.new, waiting(store)) == (22, 3)


def test_a_second_refusal_in_a_row_is_the_platforms_and_ends_the_visit(store: Store, portal: CardPortal) -> None:
    add_carded(store, portal)
    portal.fail(Fault(answer=Answer(403), times=0, when=lambda call: "/one/" in call.path))
    refused = visit(store, "carded")
    assert (refused.kind, len(portal.details_asked())) == ("blocked", 2)


def test_a_page_that_always_fails_is_left_alone_in_the_end_and_the_source_is_well(
    store: Store, portal: CardPortal
) -> None:
    add_carded(store, portal)
    portal.fail(Fault(answer=Answer(500), times=0, when=lambda call: call.path.endswith("/C4")))
    kinds = [visit(store, "carded", at=NOW + n * HOUR, patient=False).kind for n in range(7)]
    assert kinds == ["partial"] * 5 + ["same"] * 2
    assert portal.details_asked().count("C4") == 5
    rhythm = one(store, "SELECT next_visit FROM sources")
    assert rhythm == "2026-11-24T13:00:00Z", "a visit that made no progress is no reason to come back within the hour"
    del portal.rows["C7"]
    gone = [visit(store, "carded", at=NOW + n * DAY, patient=False).withdrawn for n in (2, 3)]
    assert gone == [0, 1]
    portal.heal()
    portal.rows["C4"]["due"] = "2027-03-03"
    assert visit(store, "carded", at=NOW + 4 * DAY).new == 1, "what its card says anew is asked for anew"


def test_many_pages_that_are_gone_at_once_are_a_fault_of_the_site(store: Store, portal: CardPortal) -> None:
    add_carded(store, portal)
    visit(store, "carded")
    portal.gone = set(portal.rows)
    for day in (20, 40, 60):
        done = visit(store, "carded", at=NOW + day * DAY)
        assert (done.kind, done.withdrawn) == ("suspicious", 0)


def test_a_page_that_was_gone_once_and_is_not_modified_since_is_no_second_time(
    store: Store, portal: CardPortal
) -> None:
    portal.tags = True
    add_carded(store, portal)
    visit(store, "carded")
    portal.gone.add("C2")
    portal.rows["C2"]["title"] = "Care home number two"
    visit(store, "carded", at=NOW + HOUR)
    portal.gone.clear()
    for hour in (2, 3, 4):
        portal.rows["C2"]["due"] = f"2027-04-{hour:02}"
        assert visit(store, "carded", at=NOW + hour * HOUR).withdrawn == 0
    assert [item.withdrawn_at for item in everything(store)] == [None] * 25


def test_a_page_of_another_notice_is_a_bad_page_and_its_card_goes_on_waiting(store: Store, portal: CardPortal) -> None:
    add_carded(store, portal)
    stranger = portal.answer(Call("GET", "/one/C9", {}, {}))
    portal.fail(Fault(answer=stranger, times=1, when=lambda call: call.path.endswith("/C4")))
    first = visit(store, "carded")
    assert (first.kind, first.new, waiting(store)) == ("partial", 24, 1)
    assert "is the page of C9, and C4 was asked for" in (first.error or "")
    assert visit(store, "carded", at=NOW + HOUR).new == 1


def test_most_details_that_cannot_be_read_are_a_change_of_the_source_whatever_the_list_says(
    store: Store, portal: CardPortal
) -> None:
    add_carded(store, portal)
    visit(store, "carded")
    for n in range(6):
        portal.rows[f"C{n}"]["title"] = f"Another care home {n}"
        portal.broken.add(f"C{n}")
    done = visit(store, "carded", at=NOW + HOUR)
    assert (done.kind, done.complete, done.rejected) == ("drift", False, 6)


def test_an_unreadable_detail_makes_good_for_no_card_that_is_missing(store: Store, portal: CardPortal) -> None:
    add_carded(store, portal, announces=True)
    visit(store, "carded")
    portal.broken.add("C5")
    portal.rows["C5"]["title"] = "Changed"
    portal.slips = "C9"
    for day in (1, 2):
        done = visit(store, "carded", at=NOW + day * DAY)
        assert (done.kind, done.withdrawn) == ("partial", 0)
        portal.rows["C5"]["title"] = f"Changed {day}"


def test_the_list_after_the_backlog_is_no_repetition(store: Store) -> None:
    with CardPortal(60) as portal:
        add_carded(store, portal, backlog_first=True)
        portal.fail(Fault(delay=0.05, times=0, when=lambda call: "/one/" in call.path))
        assert visit(store, "carded", time_limit=1.5).kind == "partial"
        portal.heal()
        assert visit(store, "carded", at=NOW + HOUR).kind == "ok"
        assert waiting(store) == 0


def test_other_parameters_forget_the_backlog_and_take_nothing_for_missing(store: Store, portal: CardPortal) -> None:
    add_carded(store, portal)
    portal.fail(Fault(answer=Answer(500), times=0, when=lambda call: call.path.endswith("/C4")))
    visit(store, "carded", patient=False)
    assert waiting(store) == 1
    with CardPortal(3) as narrow:
        with store.write() as connection:
            sources.change(connection, "carded", now=NOW + HOUR, params={"url": narrow.url})
        assert waiting(store) == 0
        withdrawn = [visit(store, "carded", at=NOW + n * DAY).withdrawn for n in (1, 2, 3)]
        assert withdrawn == [0, 0, 0], "what was listed under the old question is not missing under the new one"
        del narrow.rows["C1"]
        withdrawn = [visit(store, "carded", at=NOW + n * DAY).withdrawn for n in (4, 5)]
        assert withdrawn == [0, 1]


def test_a_page_that_was_not_believed_is_kept_to_look_at_and_never_read_again(store: Store, portal: CardPortal) -> None:
    add_carded(store, portal)
    visit(store, "carded")
    for row in portal.rows.values():
        row["title"] = "Menu"
    visit(store, "carded", at=NOW + HOUR)
    wrong = sum(item.titles["en"].text == "Menu" for item in everything(store))
    assert wrong < 5
    assert one(store, "SELECT count(*) FROM pages WHERE role = 'doubted'") > 0
    again = reparse(store, "carded", now=NOW + 2 * HOUR, dry=False)
    assert again.changed == 0
    assert sum(item.titles["en"].text == "Menu" for item in everything(store)) == wrong
    assert waiting(store) == 25 - wrong, "their cards go on waiting"


def test_a_page_that_was_not_believed_does_not_push_out_the_last_one_that_was(
    store: Store, portal: CardPortal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aggregator.intake.kept.KEEP_VISITS", 1)
    add_carded(store, portal)
    visit(store, "carded")
    good = {key: row["title"] for key, row in portal.rows.items()}
    for row in portal.rows.values():
        row["title"] = "Menu"
    for hour in (1, 2, 3):
        visit(store, "carded", at=NOW + hour * HOUR)
    again = reparse(store, "carded", now=NOW + 4 * HOUR, dry=True)
    assert again.lost == 0, "every notice can still be read again"
    assert len(good) == again.notices


def test_a_trial_of_a_slow_source_ends_with_a_word(
    store: Store, portal: CardPortal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aggregator.intake.trial.SECONDS", 0.3)
    add_carded(store, portal)
    portal.fail(Fault(delay=0.2, times=0))
    assert "too slowly to be tried" in (trial(store, "carded", settings=settings(), now=NOW).error or "")


def test_a_page_that_cannot_be_read_is_set_aside_and_not_asked_for_until_the_next_listing(
    store: Store, portal: CardPortal
) -> None:
    add_carded(store, portal)
    portal.broken.add("C5")
    first = visit(store, "carded")
    assert (first.kind, first.new, first.rejected) == ("ok", 24, 1)
    assert listed(store, "SELECT reason FROM quarantine") == [("title: is missing",)]
    assert waiting(store) == 0
    portal.broken.clear()
    assert visit(store, "carded", at=NOW + HOUR).new == 1


def test_F3_a_page_that_is_gone_in_two_visits_withdraws_its_notice_though_it_is_still_listed(
    store: Store, portal: CardPortal
) -> None:
    add_carded(store, portal)
    visit(store, "carded")
    portal.gone.add("C2")
    withdrawn = []
    for hour in (1, 2, 3):
        portal.rows["C2"]["title"] = f"Care home number two, notice {hour}"
        withdrawn.append(visit(store, "carded", at=NOW + hour * HOUR).withdrawn)
    assert withdrawn == [0, 1, 0]
    portal.gone.clear()
    back = visit(store, "carded", at=NOW + 4 * HOUR)
    assert back.changed == 1
    assert [item.withdrawn_at for item in everything(store)] == [None] * 25


def test_titles_of_an_answer_of_their_own_join_what_is_read_after_them(store: Store, portal: CardPortal) -> None:
    portal.italian = {"C1": "Casa di riposo numero uno", "C2": "Care home number 2", "C99": "Di nessuno"}
    add_carded(store, portal)
    visit(store, "carded")
    titles = {item.notices[0].source_id: item.titles for item in everything(store)}
    assert titles["C1"]["it"].text == "Casa di riposo numero uno"
    assert titles["C1"]["en"].text == "Care home number 1"
    assert set(titles["C2"]) == {"en"}, "what was not translated is no Italian title"
    assert "C99" not in titles


def test_a_list_that_says_nothing_new_behind_titles_is_neither_empty_nor_incomplete(
    store: Store, portal: CardPortal
) -> None:
    portal.italian = {"C1": "Casa di riposo numero uno"}
    add_carded(store, portal, announces=True)
    visit(store, "carded", mode="sweep")
    for hour in (1, 2, 3):
        quiet = visit(store, "carded", at=NOW + hour * HOUR, mode="recent")
        assert (quiet.kind, quiet.complete) == ("same", True)


def test_titles_that_do_not_come_any_more_stay_as_long_as_they_fit(store: Store, portal: CardPortal) -> None:
    portal.italian = {"C1": "Casa di riposo numero uno", "C2": "Casa di riposo numero due"}
    add_carded(store, portal)
    visit(store, "carded")
    portal.italian = {}
    portal.texts["C1"] = "Another text."
    portal.rows["C1"]["due"] = "2027-03-01"
    portal.rows["C2"]["title"] = "Day centre number two"
    visit(store, "carded", at=NOW + HOUR)
    titles = {item.notices[0].source_id: item.titles for item in everything(store)}
    assert titles["C1"]["it"].text == "Casa di riposo numero uno"
    assert set(titles["C2"]) == {"en"}, "the title that it translated is another one now"
    assert visit(store, "carded", at=NOW + 2 * HOUR).kind == "same"


def test_titles_that_did_not_change_are_joined_all_the_same_with_what_did(store: Store, portal: CardPortal) -> None:
    portal.italian = {"C1": "Casa di riposo numero uno"}
    add_carded(store, portal)
    visit(store, "carded", mode="sweep")
    portal.texts["C1"] = "Another text."
    portal.rows["C1"]["due"] = "2027-03-01"
    assert visit(store, "carded", at=NOW + HOUR, mode="recent").changed == 1
    titles = {item.notices[0].source_id: item.titles for item in everything(store)}
    assert titles["C1"]["it"].text == "Casa di riposo numero uno"


def test_reading_kept_pages_again_finds_titles_and_marks_where_the_visit_had_them(
    store: Store, portal: CardPortal
) -> None:
    portal.italian = {"C1": "Casa di riposo numero uno"}
    add_carded(store, portal)
    visit(store, "carded")
    before = tables(store, without=("sources",))
    again = reparse(store, "carded", now=NOW + HOUR, dry=False)
    assert (again.new, again.changed, again.same, again.lost) == (0, 0, 25, 0)
    assert tables(store, without=("sources",)) == before
    assert visit(store, "carded", at=NOW + HOUR).changed == 0
    assert len(portal.details_asked()) == 25


def test_a_dry_run_reads_details_and_leaves_no_trace(store: Store, portal: CardPortal) -> None:
    add_carded(store, portal)
    before = tables(store, without=("sources",))
    assert visit(store, "carded", dry=True).new == 25
    assert tables(store, without=("sources",)) == before


def test_a_trial_follows_one_card(store: Store, portal: CardPortal) -> None:
    add_carded(store, portal)
    done = trial(store, "carded", settings=settings(), now=NOW)
    assert portal.details_asked() == ["C0"]
    assert any("10 records lead to pages of their own" in fact for _, fact in done.facts)
    assert done.first[0].startswith("C")
    assert waiting(store) == 0


class Circle(CardPortal):
    """Shows its first two pages again and again, and never says that it is at its end."""

    def answer(self, call: Call) -> Answer:
        if not call.path.endswith("/list"):
            return super().answer(call)
        page = (int(call.query["page"]) - 1) % 2 + 1
        return super().answer(replace(call, query={"page": str(page)}))


def test_F9_F10_a_platform_that_goes_round_in_a_circle_is_left_and_nothing_is_withdrawn(store: Store) -> None:
    with Circle(25) as portal:
        add_carded(store, portal, endless=True)
        done = visit(store, "carded")
        assert (done.kind, done.complete, done.withdrawn) == ("partial", False, 0)
        assert len([call for call in portal.calls if call.path.endswith("/list")]) == 5


def test_F8_details_that_all_say_the_same_are_not_believed_and_the_old_ones_stay(
    store: Store, portal: CardPortal
) -> None:
    add_carded(store, portal)
    visit(store, "carded")
    before = {item.notices[0].source_id: item.titles["en"].text for item in everything(store)}
    for row in portal.rows.values():
        row["title"] = "Menu"
    wrong = visit(store, "carded", at=NOW + HOUR)
    assert (wrong.kind, wrong.complete) == ("drift", False)
    assert "notices have one title: 'menu'" in (wrong.error or "")
    after = {item.notices[0].source_id: item.titles["en"].text for item in everything(store)}
    assert sum(after[key] != before[key] for key in before) < 5, "a few cannot be told from chance"
