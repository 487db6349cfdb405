"""What proves that a sweep has seen the whole list, and what does not."""

import pytest

from connectors import een
from tests.connectors.een.conftest import TODAY, MakeVisit
from tests.connectors.een.visits import kinds, lists
from tests.portals import een_faults as faults
from tests.portals.een import EenPortal
from tests.portals.een_content import Profile
from tests.portals.server import Fault

UNREAD = ["the list was not read to its end"]


class Twice(EenPortal):
    """The first profile is listed again at the end, and the heading counts it twice."""

    def listed(self) -> list[Profile]:
        found = super().listed()
        return [*found, *found[:1]]


@pytest.mark.parametrize("profiles", [1, 5, 12])
def test_a_list_of_one_page_is_whole_where_the_heading_agrees(visit_to: MakeVisit, profiles: int) -> None:
    with EenPortal(profiles=profiles, today=TODAY) as portal:
        visit = visit_to(portal)
        assert kinds(visit.run(een))["Notice"] == profiles
        assert visit.totals == [profiles]
        assert visit.log.lines == []


@pytest.mark.parametrize("profiles", [5, 12, 40])
def test_a_list_without_a_number_and_without_links_to_its_pages_is_incomplete(
    visit_to: MakeVisit, profiles: int
) -> None:
    with EenPortal(profiles=profiles, today=TODAY) as portal:
        portal.fail(faults.both(faults.silent_heading(), faults.without_pagination()))
        visit = visit_to(portal)
        read = kinds(visit.run(een))["Notice"]
        assert read == min(profiles, 12)
        assert visit.totals == [read + 1]
        assert visit.log.warnings() == UNREAD
        assert visit.log.lines[-1].facts["why"] == "nothing says that this page is the last"


def test_a_list_without_a_number_ends_where_its_links_go_back_and_no_further(
    portal: EenPortal, visit_to: MakeVisit
) -> None:
    portal.fail(faults.silent_heading())
    visit = visit_to(portal)
    assert kinds(visit.run(een))["Notice"] == 60
    assert visit.totals == []
    assert visit.log.lines == []


def test_links_to_pages_are_followed_whatever_their_classes_are(portal: EenPortal, visit_to: MakeVisit) -> None:
    portal.fail(faults.both(faults.silent_heading(), faults.renamed_pagination()))
    visit = visit_to(portal)
    assert kinds(visit.run(een))["Notice"] == 60
    assert visit.log.lines == []


def test_a_last_page_that_was_linked_once_is_asked_for(portal: EenPortal, visit_to: MakeVisit) -> None:
    portal.fail(faults.both(faults.silent_heading(), faults.without_pagination(), page="2"))
    visit = visit_to(portal)
    assert kinds(visit.run(een))["Notice"] == 60
    assert visit.log.lines == []


def test_fewer_cards_than_the_heading_announces_are_incomplete(portal: EenPortal, visit_to: MakeVisit) -> None:
    portal.fail(faults.without_pagination())
    visit = visit_to(portal)
    assert kinds(visit.run(een))["Notice"] == 12
    assert visit.totals[-1] == 60
    assert visit.log.lines[-1].facts["why"] == "the heading announces more"


def test_a_profile_that_is_listed_twice_is_one_of_those_announced(visit_to: MakeVisit) -> None:
    with Twice(profiles=36, seed=7, today=TODAY) as portal:
        visit = visit_to(portal)
        found = visit.run(een)
        assert len({one.source_id for one in visit.waiting.values()} | set(visit.stored)) == 36
        assert kinds(found)["Notice"] == 36
        assert visit.totals == [37, 36]
        assert visit.log.lines == []


def test_a_profile_that_is_listed_twice_does_not_stand_for_one_that_was_not_shown(visit_to: MakeVisit) -> None:
    with Twice(profiles=36, seed=7, today=TODAY) as portal:
        hidden = portal.listed()[20].reference.encode()
        drop = faults.without_card(hidden)
        portal.fail(drop)
        visit = visit_to(portal)
        assert kinds(visit.run(een))["Notice"] == 35
        assert visit.totals[-1] > 35
        assert visit.log.warnings() == UNREAD


def test_one_question_that_was_cut_short_makes_the_visit_incomplete_whatever_the_others_bring(
    portal: EenPortal, visit_to: MakeVisit
) -> None:
    bare = faults.without_pagination()
    portal.fail(
        Fault(alter=bare.alter, when=lambda call: _country(portal, "Italy") in call.query.get("f[0]", ""), times=0)
    )
    visit = visit_to(portal, targeted_countries=("Italy", "All countries"))
    visit.run(een)
    assert len(lists(portal)) > 2
    assert visit.totals[-1] > len(visit.stored)
    assert visit.log.warnings() == UNREAD


def _country(portal: EenPortal, name: str) -> str:
    targets = next(facet for facet in portal.facets() if facet.name == "tc")
    return next(f"tc:{value}" for label, value, _ in targets.links if label == name)
