"""What may go wrong with the Enterprise Europe Network's pages, over real sockets: walls, circles, changed markup."""

import pytest

from connectors import een
from connectors.base.client import Client
from connectors.base.contract import FetchError
from connectors.een.walk import RECENT_PAGES
from tests.connectors.conftest import MakeClient
from tests.connectors.een.conftest import TODAY, MakeVisit
from tests.connectors.een.visits import details, failed, kinds, lists, taken
from tests.connectors.visit import SimpleVisit
from tests.portals import een_faults as faults
from tests.portals.een import PATH, EenPortal, html, refusal
from tests.portals.server import Call, Fault


def test_a_visit_stops_at_its_limit_and_says_that_there_is_more(portal: EenPortal, visit_to: MakeVisit) -> None:
    visit = visit_to(portal, most_pages=2)
    assert kinds(visit.run(een)) == {"Seen": 24, "Notice": 24}
    assert visit.totals[-1] == 60
    assert visit.log.warnings() == ["the list was not read to its end"]


def test_an_ordinary_visit_never_walks_the_whole_list(visit_to: MakeVisit) -> None:
    with EenPortal(profiles=12 * (RECENT_PAGES + 2), today=TODAY) as portal:
        visit = visit_to(portal, visit={"mode": "recent"})
        pages = [page for page in een.fetch(visit) if page.role == "listing"]
        assert len(pages) == RECENT_PAGES
        assert visit.totals == []
        assert visit.log.warnings() == []


def test_F9_a_page_that_comes_again_ends_the_list_incomplete(portal: EenPortal, visit_to: MakeVisit) -> None:
    first = portal.answer(Call("GET", PATH, {}, {"user-agent": "worldwidewe/test"}))
    portal.fail(faults.first_page_again(first))
    visit = visit_to(portal)
    assert kinds(visit.run(een))["Notice"] == 12
    assert len(lists(portal)) == 2
    assert visit.totals[-1] == 60
    assert visit.log.lines[-1].facts == {"why": "a page came twice", "page": 1}


def test_a_list_whose_heading_has_no_number_is_incomplete_when_a_page_repeats(
    portal: EenPortal, visit_to: MakeVisit
) -> None:
    first = portal.answer(Call("GET", PATH, {}, {"user-agent": "worldwidewe/test"}))
    silent = html(first.body.decode().replace("Partnering opportunities (60)", "Results"))
    portal.fail(Fault(answer=silent, when=lambda call: call.path == PATH, times=0))
    visit = visit_to(portal)
    visit.run(een)
    assert visit.totals == [25]  # twelve cards, twice, and one more that nobody has seen


def test_an_empty_page_before_the_end_ends_the_list_incomplete(portal: EenPortal, visit_to: MakeVisit) -> None:
    empty = portal.answer(Call("GET", PATH, {"page": "99"}, {"user-agent": "worldwidewe/test"}))
    portal.fail(Fault(answer=empty, when=lambda call: call.query.get("page") == "2"))
    visit = visit_to(portal)
    assert kinds(visit.run(een))["Notice"] == 24
    assert visit.totals == [60, 60]
    assert visit.log.lines[-1].facts == {"why": "a page without cards", "page": 2}


def test_a_refused_client_is_blocked_at_once_and_asks_nothing_more(portal: EenPortal, visit_to: MakeVisit) -> None:
    portal.fail(faults.refused())
    with pytest.raises(FetchError) as error:
        visit_to(portal).run(een)
    assert (error.value.kind, error.value.status) == ("blocked", 403)
    assert len(portal.calls) == 1


def test_a_wall_that_comes_up_among_the_details_ends_the_visit(portal: EenPortal, visit_to: MakeVisit) -> None:
    visit = visit_to(portal)
    portal.fail(Fault(answer=refusal(), when=lambda call: "/" in call.path[len(PATH) :], times=0))
    with pytest.raises(FetchError, match="refuses this request"):
        visit.run(een)
    assert len(visit.waiting) == 60
    assert len(details(portal)) == 2


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (faults.login(), "a login page came in its place"),
        (faults.login(step="e-mail"), "a login page came in its place"),
        (faults.challenge(), "a wall against robots came in its place"),
        (faults.renamed_classes(), "article.ecl-card"),
    ],
    ids=["login", "first step of a login", "challenge", "renamed classes"],
)
def test_F5_what_is_no_list_is_refused_and_handed_on_to_be_kept(
    portal: EenPortal, visit_to: MakeVisit, fault: Fault, said: str
) -> None:
    portal.fail(fault)
    kept, why = failed(visit_to(portal))
    assert kept == ["listing"]
    assert said in why
    assert len(portal.calls) == 1


@pytest.mark.parametrize(
    "fault",
    [
        faults.challenge(details=True),
        faults.without("POD Reference"),
        faults.without("Short Summary"),
        faults.home_page(0),
    ],
)
def test_details_that_are_no_profiles_end_the_visit_after_three(
    portal: EenPortal, visit_to: MakeVisit, fault: Fault
) -> None:
    portal.fail(fault)
    kept, why = failed(visit_to(portal))
    assert kept == [*["listing"] * 5, *["detail"] * 3]
    assert "3 of 3 are no profiles" in why
    assert len(details(portal)) == 3


def test_one_page_that_is_no_profile_costs_the_others_nothing(portal: EenPortal, visit_to: MakeVisit) -> None:
    portal.fail(faults.home_page())
    visit = visit_to(portal)
    found = [reading for page in een.fetch(visit) for reading in taken(visit, page)]
    assert kinds(found)["Notice"] == 59
    assert len(details(portal)) == 60


def test_a_server_that_fails_once_is_asked_again(portal: EenPortal, visit_to: MakeVisit) -> None:
    portal.fail(faults.server_error())
    assert kinds(visit_to(portal).run(een))["Notice"] == 60


def test_robots_txt_is_obeyed(portal: EenPortal, make_client: MakeClient) -> None:
    portal.robots = f"User-agent: *\nDisallow: {PATH}\n"
    client: Client = make_client(about=een.ABOUT, obey_robots=een.ABOUT.robots)
    visit = SimpleVisit(http=client, params=een.Params(endpoint=portal.url + PATH))
    with pytest.raises(FetchError, match=r"robots\.txt does not allow"):
        visit.run(een)
    assert [call.path for call in portal.calls] == ["/robots.txt"]


def test_the_client_says_who_it_is_and_which_language_it_reads(portal: EenPortal, make_client: MakeClient) -> None:
    client: Client = make_client(about=een.ABOUT)
    SimpleVisit(http=client, params=een.Params(endpoint=portal.url + PATH, keyword="nothing")).run(een)
    (call,) = portal.calls
    assert call.headers["user-agent"].startswith("worldwidewe/")
    assert call.headers["accept-language"] == "en"
