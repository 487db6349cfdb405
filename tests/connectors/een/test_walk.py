"""The whole way over real sockets: simulator, client, list, filters, details."""

from typing import Any

import pytest

from connectors import een
from connectors.base.contract import Gone, Notice, ParamError, ParseError
from tests.connectors.een.conftest import TODAY, MakeVisit
from tests.connectors.een.visits import again, details, kinds, lists, read_ids, taken
from tests.portals import een_faults as faults
from tests.portals.een import EenPortal


def test_a_sweep_reads_every_page_and_every_profile_once(portal: EenPortal, visit_to: MakeVisit) -> None:
    visit = visit_to(portal)
    found = visit.run(een)
    assert kinds(found) == {"Seen": 60, "Notice": 60}
    assert sorted(read_ids(found)) == sorted(one.reference for one in portal.listed())
    assert [call.query for call in lists(portal)] == [{}, *({"page": str(number)} for number in range(1, 5))]
    assert visit.totals == [60]
    assert visit.log.lines == []


def test_the_contact_form_is_never_asked_for(portal: EenPortal, visit_to: MakeVisit) -> None:
    visit_to(portal).run(een)
    assert not [call.path for call in portal.calls if "contact" in call.path]


def test_an_ordinary_visit_stops_at_the_first_page_on_which_all_is_known(
    portal: EenPortal, visit_to: MakeVisit
) -> None:
    first = visit_to(portal)
    first.run(een)
    portal.calls.clear()
    second = again(first)
    assert kinds(second.run(een)) == {"Seen": 12}
    assert second.totals == []
    assert len(portal.calls) == 1


def test_new_and_changed_profiles_are_read_and_the_others_are_not(portal: EenPortal, visit_to: MakeVisit) -> None:
    first = visit_to(portal)
    first.run(een)
    changed = portal.change(2)
    new = portal.add(13)
    portal.calls.clear()
    second = again(first)
    assert sorted(read_ids(second.run(een))) == sorted([*new, *changed])
    assert len(lists(portal)) == 3  # thirteen new ones and the changed ones stand on two pages, the third is all known
    assert len(details(portal)) == 15


def test_what_a_card_does_not_show_is_found_when_the_page_is_read_again(portal: EenPortal, visit_to: MakeVisit) -> None:
    first = visit_to(portal)
    first.run(een)
    (extended,) = portal.extend()
    assert read_ids(again(first).run(een)) == []
    stale = {id: "another period" if id == extended else mark for id, mark in first.stored.items()}
    (notice,) = [each for each in again(first, stored=stale).run(een) if isinstance(each, Notice)]
    assert notice.source_id == extended
    assert notice.extra["een"]["validity"]["to"] == portal.listed()[0].expires.isoformat()


def test_details_that_were_left_are_read_by_the_next_visit(portal: EenPortal, visit_to: MakeVisit) -> None:
    first = visit_to(portal)
    pages = een.fetch(first)
    for _ in range(5):  # the time of the visit ends with the list
        taken(first, next(pages))
    assert len(first.waiting) == 60
    second = again(first)
    assert len(read_ids(second.run(een))) == 60
    assert second.waiting == {}


def test_a_profile_that_is_gone_says_so(portal: EenPortal, visit_to: MakeVisit) -> None:
    portal.fail(faults.gone())
    found = visit_to(portal).run(een)
    assert [each.source_id for each in found if isinstance(each, Gone)] == [portal.listed()[0].reference]
    assert kinds(found)["Notice"] == 59


def test_the_filters_of_the_site_are_looked_up_and_then_asked_for(portal: EenPortal, visit_to: MakeVisit) -> None:
    visit = visit_to(portal, profile_types=("RDR", "BR"), targeted_countries=("italy",))
    found = visit.run(een)
    wanted = [one for one in portal.listed() if one.type in ("RDR", "BR") and "Italy" in one.targets]
    assert wanted
    assert sorted(read_ids(found)) == sorted(one.reference for one in wanted)
    asked = [call.query for call in lists(portal)]
    assert asked[0] == {}
    assert {query["f[0]"].split(":")[0] for query in asked[1:]} == {"p"}
    assert {query["f[1]"].split(":")[0] for query in asked[1:]} == {"tc"}
    assert visit.totals[-1] == len(wanted)


def test_search_words_are_asked_for_without_looking_anything_up(portal: EenPortal, visit_to: MakeVisit) -> None:
    one = portal.listed()[7]
    assert read_ids(visit_to(portal, keyword=one.reference).run(een)) == [one.reference]
    assert [call.query for call in lists(portal)] == [{"f[0]": f"k:{one.reference}"}]


def test_two_countries_are_asked_for_one_by_one_and_a_profile_for_both_is_read_once(
    portal: EenPortal, visit_to: MakeVisit
) -> None:
    visit = visit_to(portal, targeted_countries=("Italy", "France", "All countries"))
    found = visit.run(een)
    wanted = {one.reference for one in portal.listed() if {"Italy", "France", "All countries"} & set(one.targets)}
    assert sorted(read_ids(found)) == sorted(wanted)
    assert visit.totals == []  # their totals say nothing together
    assert visit.log.lines == []


def test_a_label_that_the_site_does_not_offer_is_for_the_admin(portal: EenPortal, visit_to: MakeVisit) -> None:
    with pytest.raises(ParamError, match=r"targeted_countries: the site offers no 'Italien'; it offers .*Italy"):
        visit_to(portal, targeted_countries=("Italien",)).run(een)


def test_a_filter_that_the_site_has_no_more_is_for_the_admin(visit_to: MakeVisit) -> None:
    class Poorer(EenPortal):
        def facets(self) -> list[Any]:
            return super().facets()[:2]

    with (
        Poorer(profiles=20, today=TODAY) as portal,
        pytest.raises(ParamError, match="has no filter 'tc' now, only 'p', 'c'"),
    ):
        visit_to(portal, targeted_countries=("Italy",)).run(een)


def test_a_list_without_filters_has_changed(visit_to: MakeVisit) -> None:
    class Bare(EenPortal):
        def facets(self) -> list[Any]:
            return []

    with Bare(profiles=20, today=TODAY) as portal, pytest.raises(ParseError, match="no filters any more"):
        visit_to(portal, profile_types=("BO",)).run(een)


def test_a_search_that_finds_nothing_is_no_fault(portal: EenPortal, visit_to: MakeVisit) -> None:
    visit = visit_to(portal, keyword="no such thing")
    assert visit.run(een) == []
    assert visit.totals == [0]


def test_after_a_visit_that_was_cut_off_the_list_is_read_beyond_what_is_known(
    portal: EenPortal, visit_to: MakeVisit
) -> None:
    first = visit_to(portal)
    first.run(een)
    new = portal.add(40)
    cut = again(first)
    pages = een.fetch(cut)
    for _ in range(2):  # the second page was the last that came: its cards are known now, those behind it are not
        taken(cut, next(pages))
    resumed = again(cut, resuming=True)
    read = read_ids(resumed.run(een))
    assert sorted(read) == sorted(new)
    portal.calls.clear()
    assert kinds(again(resumed).run(een)) == {"Seen": 12}
    assert len(lists(portal)) == 1


def test_a_source_that_is_only_tried_says_how_many_profiles_it_announces(
    portal: EenPortal, visit_to: MakeVisit
) -> None:
    visit = visit_to(portal, visit={"mode": "recent", "trial": True})
    visit.run(een)
    assert visit.totals == [60]
    assert len(lists(portal)) == 1
