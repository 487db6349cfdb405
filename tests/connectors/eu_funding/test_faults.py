"""What goes wrong at the portal, and that a visit then fails, or ends well and knows that it is not whole."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from connectors import eu_funding
from connectors.base.contract import TITLES, FetchError, Notice, ParamError, ParseError, Skipped
from tests.connectors.eu_funding.conftest import MakeVisit
from tests.portals import eu_funding_faults as faults
from tests.portals.eu_funding import EUFundingPortal
from tests.portals.server import Fault, json_answer


def test_nothing_at_all_is_taken_for_a_fault(visit_to: MakeVisit) -> None:
    with EUFundingPortal(documents=0) as empty:
        for params in ({}, {"programmes": ("CERV",)}):
            with pytest.raises(ParseError, match="nothing at all is open"):
                visit_to(empty, **params).run(eu_funding)


@pytest.mark.parametrize("field", ["type", "status", "language", "DATASOURCE", "frameworkProgramme"])
def test_a_visit_fails_when_one_row_contradicts_it(portal: EUFundingPortal, visit_to: MakeVisit, field: str) -> None:
    portal.fail(faults.contradicting(field, "other"))
    visit = visit_to(portal, types=("grant",), programmes=("CERV", "LIFE", "CREA"), title_languages=())
    pages = eu_funding.fetch(visit)
    first = next(pages)
    with pytest.raises(ParseError, match=f"filter {field}"):
        list(eu_funding.split(first.with_params(visit.params)))
    with pytest.raises(ParseError, match=f"filter {field}"):
        next(pages)


@pytest.mark.parametrize("field", ["language", "DATASOURCE", "frameworkProgramme"])
def test_a_visit_goes_on_when_one_row_does_not_say(portal: EUFundingPortal, visit_to: MakeVisit, field: str) -> None:
    portal.fail(faults.without(field))
    visit = visit_to(portal, types=("grant",))
    assert len([n for n in visit.run(eu_funding) if isinstance(n, Notice)]) == visit.totals[-1]
    told = [line.facts for line in visit.log.lines]
    assert told == ([{"rows": 1}] if field == "DATASOURCE" else [])


def test_a_portal_that_ignores_the_question_is_refused_at_once(portal: EUFundingPortal, visit_to: MakeVisit) -> None:
    portal.deaf = True
    with pytest.raises(ParseError, match="was ignored"):
        visit_to(portal).run(eu_funding)
    assert [b"displayFields" in call.body for call in portal.calls] == [True, False]  # the titles, and then the notices


def test_a_list_that_is_cut_off_is_no_end(portal: EUFundingPortal, visit_to: MakeVisit) -> None:
    portal.hollow = 3
    for languages in ((), ("it",)):
        visit = visit_to(portal, page_size=20, title_languages=languages)
        with pytest.raises(ParseError, match="is empty after 40 of"):
            visit.run(eu_funding)


def test_a_total_that_is_too_high_is_a_list_that_was_cut_off(portal: EUFundingPortal, visit_to: MakeVisit) -> None:
    portal.says = 9_000
    with pytest.raises(ParseError, match="the list was cut off"):
        visit_to(portal, title_languages=()).run(eu_funding)
    assert len(portal.calls) < 5


def test_a_total_below_what_came_is_a_lie(portal: EUFundingPortal, visit_to: MakeVisit) -> None:
    portal.says = 3
    with pytest.raises(ParseError, match="says 3 where 40 rows stand beside it"):
        visit_to(portal, page_size=40).run(eu_funding)


def test_a_page_other_than_the_one_asked_for_is_refused(portal: EUFundingPortal, visit_to: MakeVisit) -> None:
    portal.stuck = True
    with pytest.raises(ParseError, match="page 2 was asked for, and page 1 came"):
        visit_to(portal, page_size=20).run(eu_funding)


def unnumbered(answer: Any) -> Any:
    page = json.loads(answer.body)
    del page["pageNumber"]
    return json_answer(page)


def test_a_page_that_comes_again_ends_the_visit_which_then_lacks_what_was_announced(
    portal: EUFundingPortal, visit_to: MakeVisit
) -> None:
    portal.stuck = True
    portal.fail(Fault(alter=unnumbered, times=0))
    visit = visit_to(portal, page_size=20, title_languages=())
    ids = {n.source_id for n in visit.run(eu_funding) if isinstance(n, Notice)}
    assert len(portal.calls) == 2
    assert visit.log.warnings() == ["the portal gave a page again"]
    assert len(ids) <= 20 < visit.totals[-1]


def test_a_document_on_two_pages_is_one_and_nothing_is_missing_for_it(
    portal: EUFundingPortal, visit_to: MakeVisit
) -> None:
    rows: list[Any] = []

    def carried_over(answer: Any) -> Any:
        page = json.loads(answer.body)
        rows.extend(page["results"])
        if page["pageNumber"] == 2:
            page["results"] = [rows[0], *page["results"][:-1]]
        return json_answer(page)

    portal.fail(Fault(alter=carried_over, times=0))
    visit = visit_to(portal, types=("grant",), page_size=20, title_languages=())
    ids = {n.source_id for n in visit.run(eu_funding) if isinstance(n, Notice)}
    assert len(ids) == visit.totals[-1] == visit.totals[0] - 1


def test_the_same_row_twice_on_a_page_counts_as_left_out(portal: EUFundingPortal, visit_to: MakeVisit) -> None:
    portal.fail(faults.twice())
    visit = visit_to(portal, types=("cascade",), title_languages=())
    found = visit.run(eu_funding)
    assert [each for each in found if isinstance(each, Skipped)] == [Skipped("listed twice")]
    assert len(found) == visit.totals[-1]


def test_more_than_the_portal_hands_out_is_a_matter_for_the_admin(portal: EUFundingPortal, visit_to: MakeVisit) -> None:
    portal.says = 10_001
    with pytest.raises(ParamError, match=r"programmes: 10001 documents are found.*several sources"):
        visit_to(portal).run(eu_funding)


@pytest.mark.parametrize(
    ("fault", "error"),
    [(faults.maintenance, ParseError), (faults.internal_error, None)],
)
def test_maintenance_is_no_answer_and_one_internal_error_is_asked_again(
    portal: EUFundingPortal, visit_to: MakeVisit, fault: Callable[[], Any], error: type[Exception] | None
) -> None:
    portal.fail(fault())
    visit = visit_to(portal, types=("cascade",))
    if error is None:
        assert visit.run(eu_funding)
        return
    with pytest.raises(error, match=r"is not JSON: .* came in its place"):
        visit.run(eu_funding)


def test_an_internal_error_that_stays_is_a_failure_of_the_platform(
    portal: EUFundingPortal, visit_to: MakeVisit
) -> None:
    portal.fail(*(faults.internal_error() for _ in range(8)))
    with pytest.raises(FetchError) as failed:
        visit_to(portal, types=("cascade",)).run(eu_funding)
    assert failed.value.kind == "transient"


HELD = "titles could not be had, those we hold stay"


@pytest.mark.parametrize(
    ("fault", "page_size", "titled"),
    [
        (lambda: faults.in_titles(faults.maintenance()), 100, 0),
        (lambda: faults.in_titles(faults.internal_error(times=0)), 100, 0),
        (lambda: faults.in_titles(faults.contradicting("language", "en")), 100, 0),
        (lambda: faults.in_titles(faults.contradicting("status", "31094503")), 20, 0),
        (lambda: faults.in_titles(faults.contradicting("language", "en"), page=2), 20, 20),
    ],
    ids=["maintenance", "internal error", "in English", "closed", "second page"],
)
def test_titles_that_cannot_be_had_cost_no_notice(
    portal: EUFundingPortal, visit_to: MakeVisit, fault: Callable[[], Fault], page_size: int, titled: int
) -> None:
    portal.fail(fault())
    visit = visit_to(portal, types=("grant",), page_size=page_size)
    pages = list(eu_funding.fetch(visit))
    for page in pages:
        list(eu_funding.split(page))  # a page of titles that contradicts is not handed on, so none is a bad page
    assert sum(len(json.loads(page.body)["results"]) for page in pages if page.role == TITLES) == titled
    assert [(line.event, line.facts["language"]) for line in visit.log.lines] == [(HELD, "it")]
    grants = [one for one in portal.listed() if one.type == "1"]
    assert sum(len(json.loads(page.body)["results"]) for page in pages if page.role != TITLES) == len(grants)
    assert visit.totals[-1] == len(grants)


@pytest.mark.parametrize(("status", "kind"), [(401, "auth"), (403, "blocked"), (410, "gone")])
def test_a_wall_before_the_titles_is_a_wall_before_all(
    portal: EUFundingPortal, visit_to: MakeVisit, status: int, kind: str
) -> None:
    portal.fail(faults.in_titles(Fault(answer=json_answer({}, status=status), times=0)))
    with pytest.raises(FetchError) as failed:
        list(eu_funding.fetch(visit_to(portal, types=("grant",))))
    assert failed.value.kind == kind


def test_a_code_that_nothing_ever_carried_is_not_known_any_more(portal: EUFundingPortal, visit_to: MakeVisit) -> None:
    for params, codes in (
        ({"programmes": ("PERICLES",)}, "43252433"),
        ({"programmes": ("CERV",), "divisions": ("43999999",)}, "43251589 or 43999999"),
        ({"programmes": ("PERICLES",), "text": '"no such words"', "words": ("no such words",)}, "43252433"),
    ):
        with pytest.raises(
            ParseError, match=rf"{codes} is not known any more: .* search page, and set it in the source"
        ):
            visit_to(portal, types=("grant",), **params).run(eu_funding)


def test_a_total_of_millions_is_no_matter_for_the_admin(portal: EUFundingPortal, visit_to: MakeVisit) -> None:
    portal.says = 4_184_545
    with pytest.raises(ParseError, match="the filters were ignored"):
        visit_to(portal).run(eu_funding)
    portal.says = 1_000_000
    with pytest.raises(ParamError, match="several sources"):
        visit_to(portal).run(eu_funding)
