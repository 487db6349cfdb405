"""From page to page of a site over real sockets, and everything that a pager, a wall or a new design can do to that."""

from dataclasses import replace
from typing import Any

import pytest

from connectors.base.client import Client
from connectors.base.contract import FetchError, Gone, Notice, ParseError, Reading, Seen
from connectors.generic import html_list
from tests.connectors.html_list.conftest import UNMARKED, MakeVisit
from tests.connectors.visit import SimpleVisit
from tests.portals import site
from tests.portals.site import SitePortal

WHOLE: dict[str, Any] = {"complete": True, "total_selector": ".totale"}


def numbers(found: list[Reading]) -> list[int]:
    return [int(r.source_id.rsplit("/", 1)[1][:5]) for r in found if isinstance(r, Notice)]


def _details(portal: SitePortal) -> set[str]:
    return {portal.url + call.path for call in portal.calls if call.path.startswith("/bandi/")}


def asked(portal: SitePortal) -> list[str]:
    return [call.query.get("pagina", "1") for call in portal.calls if call.path in ("/bandi", "/elenco")]


def test_every_open_call_is_read_with_the_facts_of_the_site(portal: SitePortal, visit_to: MakeVisit) -> None:
    found = visit_to(**WHOLE).run(html_list)
    assert numbers(found) == portal.open
    assert len([reading for reading in found if isinstance(reading, Gone)]) == len(portal.listed) - len(portal.open)
    for notice in (reading for reading in found if isinstance(reading, Notice)):
        call = portal.call(numbers([notice])[0])
        assert notice.titles["it"].text == call.title
        assert notice.published_at == call.published.date()
        assert notice.keywords == call.categories
        assert notice.url == portal.address(call.number)


def test_a_whole_list_announces_what_is_open(portal: SitePortal, visit_to: MakeVisit) -> None:
    made = visit_to(**WHOLE)
    made.run(html_list)
    assert made.totals == [len(portal.open)]
    assert asked(portal) == ["1", "2", "3", "4"]


def test_a_window_announces_nothing_and_keeps_to_its_pages(portal: SitePortal, visit_to: MakeVisit) -> None:
    made = visit_to(max_pages=2, total_selector=".totale")
    made.run(html_list)
    assert made.totals == []
    assert asked(portal) == ["1", "2"]


def test_without_a_total_the_end_is_a_page_behind_the_last(portal: SitePortal, visit_to: MakeVisit) -> None:
    made = visit_to(complete=True)
    assert numbers(made.run(html_list)) == portal.open
    assert asked(portal) == ["1", "2", "3", "4", "5"]
    assert made.totals == [len(portal.open)]


def test_pages_are_followed_by_their_link_where_they_have_no_number(portal: SitePortal, visit_to: MakeVisit) -> None:
    made = visit_to("/elenco", next_selector="a.successiva", complete=True)
    assert numbers(made.run(html_list)) == portal.open
    assert asked(portal) == ["1", "2", "3", "4"]


def test_a_site_whose_markup_nobody_has_seen_is_read_by_its_addresses(loopback_client: Client) -> None:
    with SitePortal(items=12) as portal:
        params = html_list.Params(list_urls=(f"{portal.url}/bandi?pagina={{page}}",), **UNMARKED)
        found = SimpleVisit(http=loopback_client, params=params).run(html_list)
        assert numbers(found) == portal.listed
        titles = [reading.titles["it"].text for reading in found if isinstance(reading, Notice)]
        assert titles == [portal.call(number).title for number in portal.listed]


def test_items_that_stand_in_two_whole_lists_are_counted_once(portal: SitePortal, visit_to: MakeVisit) -> None:
    both = [f"{portal.url}/bandi?pagina={{page}}", f"{portal.url}/elenco?pagina={{page}}"]
    made = visit_to(list_urls=both, **WHOLE)
    made.run(html_list)
    assert made.totals == [len(portal.open)]


@pytest.mark.parametrize("pages", [1, 2])
def test_F10_a_list_cut_off_by_its_limit_is_no_whole_one(portal: SitePortal, visit_to: MakeVisit, pages: int) -> None:
    made = visit_to(complete=True, max_pages=pages)
    found = made.run(html_list)
    assert made.totals[-1] > len(numbers(found))
    assert made.log.warnings() == ["the list was not read to its end"]


def test_F9_a_pager_that_repeats_ends_and_is_no_whole_list(portal: SitePortal, visit_to: MakeVisit) -> None:
    portal.fail(site.repeating_pager())
    made = visit_to(complete=True)
    found = made.run(html_list)
    assert asked(portal) == ["1", "2"]
    assert made.totals[-1] > len(numbers(found))
    assert "the pager repeats itself" in made.log.warnings()


def test_F10_a_link_that_leads_back_ends(portal: SitePortal, visit_to: MakeVisit) -> None:
    portal.fail(site._altered(lambda body: body.replace(b"/elenco?pagina=2", b"/elenco#x"), when=site.on_list()))
    made = visit_to("/elenco", next_selector="a.successiva", complete=True)
    made.run(html_list)
    assert len(portal.calls) == 1
    assert made.log.lines[0].facts["why"] == "the link to the next page leads back"


def test_F8_a_new_design_is_drift_and_not_the_end_of_everything(portal: SitePortal, visit_to: MakeVisit) -> None:
    portal.fail(site.changed_markup())
    made = visit_to(**WHOLE)
    with pytest.raises(ParseError, match=r"item_selector: article\.scheda matches nothing"):
        made.run(html_list)


def test_cards_that_lost_their_links_are_drift(portal: SitePortal, visit_to: MakeVisit) -> None:
    portal.fail(site.lost_links())
    with pytest.raises(ParseError, match="link_selector: none of 10 items has a link"):
        visit_to().run(html_list)


def test_F8_a_page_in_the_middle_that_lost_its_links_is_not_the_end(portal: SitePortal, visit_to: MakeVisit) -> None:
    portal.fail(replace(site.lost_links(), when=site.on_list(2)))
    made = visit_to(complete=True)
    with pytest.raises(ParseError, match="link_selector"):
        made.run(html_list)
    assert asked(portal) == ["1", "2"]


def test_F6_an_empty_list_is_believed_only_by_its_sign(portal: SitePortal, visit_to: MakeVisit) -> None:
    portal.fail(site.empty_list())
    with pytest.raises(ParseError, match="matches nothing"):
        visit_to().run(html_list)
    with SitePortal(items=0) as nothing:
        params = visit_to(empty_selector=".nessuno").params.model_copy(update={"list_urls": (f"{nothing.url}/bandi",)})
        assert SimpleVisit(http=visit_to().http, params=params).run(html_list) == []


@pytest.mark.parametrize("fault", [site.login_page(), site.challenge()])
def test_F5_a_wall_in_the_place_of_the_list_is_suspicious(portal: SitePortal, visit_to: MakeVisit, fault: Any) -> None:
    portal.fail(fault)
    with pytest.raises(ParseError) as error:
        visit_to(**WHOLE).run(html_list)
    assert error.value.suspicious


def test_F5_a_wall_that_says_so_blocks(portal: SitePortal, visit_to: MakeVisit) -> None:
    portal.fail(site.challenge(status=403))
    with pytest.raises(FetchError) as error:
        visit_to().run(html_list)
    assert error.value.kind == "blocked"


def test_F13_a_huge_page_is_refused(portal: SitePortal, visit_to: MakeVisit) -> None:
    portal.fail(site.huge_page())
    with pytest.raises(ParseError, match="more than 50000 tags"):
        visit_to().run(html_list)


def test_F11_a_wrong_charset_is_read_all_the_same(portal: SitePortal, visit_to: MakeVisit) -> None:
    true = visit_to(max_pages=1).run(html_list)
    portal.fail(site.wrong_charset())
    assert visit_to(max_pages=1).run(html_list) == true


def test_details_are_read_for_what_is_open_and_once(portal: SitePortal, visit_to: MakeVisit) -> None:
    made = visit_to(follow_details=True, content_selector="main", visit={"mode": "recent"}, **WHOLE)
    found = made.run(html_list)
    assert sorted(numbers(found)) == sorted(portal.open)
    assert all(notice.body and "cookie" not in notice.body for notice in found if isinstance(notice, Notice))
    details = [call.path for call in portal.calls if call.path.startswith("/bandi/")]
    assert len(details) == len(set(details)) == len(portal.open)
    again = visit_to(follow_details=True, content_selector="main", visit={"mode": "recent"}, **WHOLE)
    again.stored = made.stored
    portal.calls.clear()
    assert all(isinstance(reading, Seen | Gone) for reading in again.run(html_list))
    assert [call.path for call in portal.calls] == ["/bandi"], "the first page shows nothing new, so no other is turned"


def test_a_new_call_brings_its_page_and_no_other(portal: SitePortal, visit_to: MakeVisit) -> None:
    made = visit_to(follow_details=True)
    made.run(html_list)
    portal.publish()
    portal.calls.clear()
    again = visit_to(follow_details=True, visit={"mode": "recent"})
    again.stored = made.stored
    assert numbers(again.run(html_list)) == [34]


def test_a_page_that_is_gone_says_so(portal: SitePortal, visit_to: MakeVisit) -> None:
    portal.forget(33)
    found = visit_to(follow_details=True, max_pages=1).run(html_list)
    assert Gone(portal.address(33)) in found


def test_F20_a_soft_404_is_gone(portal: SitePortal, visit_to: MakeVisit) -> None:
    portal.fail(site.soft_404())
    found = visit_to(follow_details=True, max_pages=1).run(html_list)
    assert any(isinstance(reading, Gone) and reading.source_id in _details(portal) for reading in found)
    assert len(numbers(found)) == len([n for n in portal.open if n in portal.listed[:10]]) - 1


def test_a_trial_asks_for_one_page_of_the_list(portal: SitePortal, visit_to: MakeVisit) -> None:
    made = visit_to(visit={"trial": True}, **WHOLE)
    made.run(html_list)
    assert asked(portal) == ["1"]


def test_only_a_list_that_shows_everything_is_swept(portal: SitePortal, visit_to: MakeVisit) -> None:
    assert html_list.sweep_days(visit_to().params) is None
    assert html_list.sweep_days(visit_to(complete=True).params) == 7


def test_the_same_seed_tells_the_same_story() -> None:
    first, again, other = SitePortal(seed=3), SitePortal(seed=3), SitePortal(seed=4)
    told = [[portal.call(number) for number in range(34)] for portal in (first, again, other)]
    assert told[0] == told[1] != told[2]
