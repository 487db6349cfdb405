"""The list is walked page by page, to where it is known or to an end that is proved; the token goes to no other host."""

from datetime import timedelta
from typing import Any

import pytest

from connectors import linkedin
from connectors.base.contract import Notice, ParamError
from connectors.linkedin.walk import COUNT
from tests.connectors.linkedin.conftest import NOW, MakeVisit
from tests.connectors.visit import SimpleVisit
from tests.portals.linkedin import LinkedInPortal
from tests.portals.linkedin_content import PAGE
from tests.portals.server import Answer, Call, Fault, json_answer


def lists(portal: LinkedInPortal) -> list[Call]:
    return [call for call in portal.calls if call.path == "/rest/posts"]


def ids(found: list[Any]) -> set[str]:
    return {each.source_id for each in found if isinstance(each, Notice)}


def test_a_sweep_reads_every_post_and_sends_what_the_interface_wants(
    portal: LinkedInPortal, visit_to: MakeVisit
) -> None:
    visit = visit_to(portal)
    assert ids(visit.run(linkedin)) == {one.id for one in portal.posts}
    assert visit.totals == []
    first = lists(portal)[0]
    assert first.headers["linkedin-version"] == linkedin.Params().version
    assert first.headers["x-restli-protocol-version"] == "2.0.0"
    assert first.query == {
        "author": PAGE,
        "q": "author",
        "count": str(COUNT),
        "start": "0",
        "sortBy": "LAST_MODIFIED",
    }
    assert [call.query["start"] for call in lists(portal)] == ["0", "50", "100"]


def test_the_token_is_in_no_page_that_is_kept(portal: LinkedInPortal, visit_to: MakeVisit) -> None:
    visit = visit_to(portal)
    for page in linkedin.fetch(visit):
        assert "access-1" not in repr(page)


def test_an_ordinary_visit_stops_where_the_last_one_began(portal: LinkedInPortal, visit_to: MakeVisit) -> None:
    new, edited = portal.add(), portal.edit(3)
    visit = visit_to(portal, visit={"mode": "recent", "since": NOW - timedelta(days=3)})
    assert {new, edited} <= ids(visit.run(linkedin))
    assert len(lists(portal)) == 1


def test_an_ordinary_visit_without_a_last_one_goes_to_the_end(portal: LinkedInPortal, visit_to: MakeVisit) -> None:
    assert len(ids(visit_to(portal, visit={"mode": "recent"}).run(linkedin))) == 120


def test_a_trial_asks_for_one_page(portal: LinkedInPortal, visit_to: MakeVisit) -> None:
    visit_to(portal, visit={"trial": True}).run(linkedin)
    assert len(lists(portal)) == 1


def test_a_full_page_that_names_no_next_one_is_not_believed_to_be_the_last(visit_to: MakeVisit) -> None:
    with LinkedInPortal(posts=100, now=NOW) as portal:
        portal.links = False
        visit = visit_to(portal)
        assert len(ids(visit.run(linkedin))) == 100
        assert [call.query["start"] for call in lists(portal)] == ["0", "50", "100"]
        assert visit.totals == []


def test_a_list_that_always_names_a_next_page_ends_and_is_incomplete(
    portal: LinkedInPortal, visit_to: MakeVisit
) -> None:
    portal.lying = True
    visit = visit_to(portal)
    assert len(ids(visit.run(linkedin))) == 120
    assert visit.totals == [121]
    assert visit.log.warnings() == ["the list was not read to its end"]


def test_a_list_that_goes_round_in_a_circle_ends_and_is_incomplete(portal: LinkedInPortal, visit_to: MakeVisit) -> None:
    held: dict[str, Answer] = {}

    def stuck(answer: Answer) -> Answer:
        return held.setdefault("first", answer)

    portal.fail(Fault(alter=stuck, when=lambda call: call.path == "/rest/posts", times=0))
    visit = visit_to(portal)
    assert len(ids(visit.run(linkedin))) == COUNT
    assert len(lists(portal)) == 2
    assert visit.totals == [101]


def test_the_most_pages_end_a_visit_and_say_that_it_is_incomplete(portal: LinkedInPortal, visit_to: MakeVisit) -> None:
    visit = visit_to(portal, most_pages=2)
    assert len(ids(visit.run(linkedin))) == 100
    assert visit.totals == [101]


def test_a_next_link_to_another_host_is_not_followed(portal: LinkedInPortal, visit_to: MakeVisit) -> None:
    with LinkedInPortal(posts=1, now=NOW) as thief:
        links = [{"rel": "next", "href": f"{thief.url}/rest/posts?start=50"}]
        body = {"paging": {"links": links}, "elements": [one.json(PAGE) for one in portal.posts[:COUNT]]}
        portal.fail(Fault(answer=json_answer(body), when=lambda call: call.path == "/rest/posts"))
        visit_to(portal).run(linkedin)
        assert thief.calls == []
    assert [call.query["start"] for call in lists(portal)][:2] == ["0", "50"]


def test_without_a_page_the_visit_says_how_to_find_its_number(portal: LinkedInPortal, visit_to: MakeVisit) -> None:
    with pytest.raises(ParamError, match="page_id: which page is read"):
        visit_to(portal, page_id="").run(linkedin)
    assert portal.calls == []


def test_a_showcase_page_is_named_by_its_urn() -> None:
    assert linkedin.Params(page_id="urn:li:organizationBrand:7").author == "urn:li:organizationBrand:7"
    assert linkedin.Params(page_id="7").author == "urn:li:organization:7"


@pytest.mark.parametrize("wrong", ["acme", "7/../8", "urn:li:person:7", "7&count=1"])
def test_what_is_no_page_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="page_id"):
        linkedin.Params(page_id=wrong)


def warned(visit: SimpleVisit) -> bool:
    return any(line.event.startswith("this version of LinkedIn's interface") for line in visit.log.lines)


def test_a_version_that_is_about_to_end_is_told_before(portal: LinkedInPortal, visit_to: MakeVisit) -> None:
    assert linkedin.Params(version="202512").version_ends.isoformat() == "2026-12-15"
    old, young = visit_to(portal, version="202512"), visit_to(portal)
    old.run(linkedin)
    young.run(linkedin)
    assert (warned(old), warned(young)) == (True, False)
