"""A visit to the portal: what is asked, where it ends, and what makes it fail."""

import json
from typing import Any

from connectors import eu_funding
from connectors.base.contract import TITLES, Notice, Skipped, Translation
from connectors.eu_funding import question
from tests.connectors.eu_funding.conftest import MakeVisit
from tests.portals.eu_funding import EUFundingPortal
from tests.portals.eu_funding_content import CLOSED
from tests.portals.server import Call


def asked(call: Call) -> dict[str, Any]:
    return {name: json.loads(text) for name, text in question.parts_of(call.body).items()}


def terms(call: Call) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for clause in asked(call)["query"]["bool"]["must"]:
        found |= clause["terms"]
    return found


def test_everything_open_is_read_once_with_its_italian_title(portal: EUFundingPortal, visit_to: MakeVisit) -> None:
    visit = visit_to(portal, page_size=40)
    found = visit.run(eu_funding)
    notices = [each for each in found if isinstance(each, Notice)]
    left_out = [each for each in found if isinstance(each, Skipped)]
    listed = portal.listed()
    assert {each.reason for each in left_out} == {"prior information older than a year"}
    assert {n.source_id for n in notices} <= {one.reference for one in listed}
    assert len(notices) + len(left_out) == len(listed) == visit.totals[-1]
    titled = {each.source_id: each.titles["it"].text for each in found if isinstance(each, Translation)}
    assert titled == {one.reference: one.title["it"] for one in listed if one.type == "1"}
    assert found.index(next(n for n in found if isinstance(n, Notice))) >= len(titled)
    assert visit.log.warnings() == []


def test_the_question_is_typed_sorted_and_filtered(portal: EUFundingPortal, visit_to: MakeVisit) -> None:
    visit_to(portal, types=("tender", "grant"), programmes=("cerv", "43252476"), divisions=("43422715",)).run(
        eu_funding
    )
    titles, listing = portal.calls[0], portal.calls[-1]
    assert listing.headers["content-type"].startswith("multipart/form-data; boundary=")
    assert listing.query == {"apiKey": "SEDIA", "text": "***", "pageSize": "100", "pageNumber": "1"}
    assert terms(listing) == {
        "type": ["0", "1"],
        "status": ["31094502", "31094501"],
        "DATASOURCE": ["SEDIA"],
        "language": ["en"],
        "frameworkProgramme": ["43251589", "43252476"],
        "programmeDivision": ["43422715"],
    }
    assert asked(listing)["languages"] == ["en"]
    assert asked(listing)["sort"] == {"field": "identifier", "order": "ASC"}
    assert "displayFields" not in asked(listing)  # else the conditions would be missing
    assert terms(titles)["type"] == ["1"]  # the rows of tenders are one text under any language
    assert (terms(titles)["language"], asked(titles)["languages"]) == (["it"], ["it"])
    assert set(terms(titles)) <= set(asked(titles)["displayFields"])


def test_titles_are_asked_for_in_the_languages_that_the_source_wants(
    portal: EUFundingPortal, visit_to: MakeVisit
) -> None:
    visit_to(portal, types=("grant",), title_languages=("it", "sv")).run(eu_funding)
    passes = [asked(call)["languages"] for call in portal.calls if "displayFields" in asked(call)]
    assert passes == [["it"], ["sv"]]
    portal.calls.clear()
    for nothing in ({"types": ("tender",)}, {"title_languages": ()}, {"title_languages": ("en",)}):
        visit_to(portal, **nothing).run(eu_funding)
    assert not [call for call in portal.calls if "displayFields" in asked(call)]


def test_a_small_programme_costs_two_requests(portal: EUFundingPortal, visit_to: MakeVisit) -> None:
    found = visit_to(portal, types=("grant",), programmes=("ESC",)).run(eu_funding)
    assert len(portal.calls) == 2
    assert {n.programme.code for n in found if isinstance(n, Notice) and n.programme} == {"43254037"}


def test_a_programme_without_anything_open_is_believed_where_others_have_something_and_it_once_had(
    portal: EUFundingPortal, visit_to: MakeVisit
) -> None:
    portal.withdraw_programme("43252405")
    visit = visit_to(portal, types=("grant",), programmes=("LIFE",), text="nature", words=("nature",))
    assert visit.run(eu_funding) == []
    assert (visit.totals, len(portal.calls)) == ([0], 4)
    others, once = portal.calls[-2:]
    assert "frameworkProgramme" not in terms(others)
    assert terms(others)["status"] == ["31094502", "31094501"]
    assert (terms(once)["frameworkProgramme"], terms(once)["type"]) == (["43252405"], ["1", "2", "8", "0"])
    assert "status" not in terms(once)
    assert {call.query["text"] for call in (others, once)} == {"***"}
    assert {call.query["pageSize"] for call in (others, once)} == {"1"}


def test_a_visit_stops_at_its_limit_of_pages(portal: EUFundingPortal, visit_to: MakeVisit) -> None:
    visit = visit_to(portal, page_size=20, max_pages=2, title_languages=())
    visit.run(eu_funding)
    assert len(portal.calls) == 2
    assert visit.log.warnings() == ["visit stopped at its limit of pages"]
    assert visit.totals[-1] > 40


def test_a_trial_asks_for_one_page_of_each_kind(portal: EUFundingPortal, visit_to: MakeVisit) -> None:
    visit = visit_to(portal, page_size=20, visit={"trial": True})
    assert [page.role for page in eu_funding.fetch(visit)] == [TITLES, "listing"]


def test_announcements_are_read_from_their_own_index_when_wanted(portal: EUFundingPortal, visit_to: MakeVisit) -> None:
    visit = visit_to(portal, types=("external_action",), title_languages=(), partner_search=True)
    found = visit.run(eu_funding)
    assert [n.extra["sedia"]["pic"] for n in found if isinstance(n, Notice) and n.kind == "partner_search"] == [
        "900000102",
        "900000101",
    ]
    assert len(found) == visit.totals[-1]
    assert portal.calls[-1].query["apiKey"] == "SEDIA_PERSON"
    assert terms(portal.calls[-1]) == {"type": ["ANNOUNCEMENT"]}
    assert "Verdelli" not in " ".join(n.model_dump_json() for n in found if isinstance(n, Notice))


def test_closed_calls_come_when_they_are_asked_for(portal: EUFundingPortal, visit_to: MakeVisit) -> None:
    visit = visit_to(portal, types=("grant",), statuses=("closed",), title_languages=())
    found = visit.run(eu_funding)
    assert found
    assert len(found) == sum(one.status(portal.today) == CLOSED and one.type == "1" for one in portal._documents)
