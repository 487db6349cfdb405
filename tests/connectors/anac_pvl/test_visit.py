"""The whole way over real sockets: simulator, client, pages back to the last visit; and a platform that is unwell."""

from datetime import UTC, datetime, timedelta

import pytest

from connectors import anac_pvl
from connectors.base.contract import FetchError, Notice, ParseError, Reading, Skipped
from tests.connectors.anac_pvl.conftest import TODAY, MakeVisit
from tests.portals.anac_pvl import AnacPortal
from tests.portals.server import Answer, Fault

SINCE = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def ids(found: list[Reading]) -> set[str]:
    return {each.source_id for each in found if isinstance(each, Notice)}


def pages(portal: AnacPortal) -> list[str]:
    return [call.query["page"] for call in portal.calls]


def published_since(portal: AnacPortal, moment: datetime) -> set[str]:
    return {
        each["idAvviso"] for each in portal.calls_open() if datetime.fromisoformat(each["dataPubblicazione"]) >= moment
    }


def test_exactly_the_open_calls_are_read_and_all_else_is_left_out_by_name(
    portal: AnacPortal, visit_to: MakeVisit
) -> None:
    found = visit_to(portal, days=30).run(anac_pvl)
    assert ids(found) == {each["idAvviso"] for each in portal.calls_open()}
    reasons = {each.reason for each in found if isinstance(each, Skipped)}
    assert reasons == {
        "of type rettifica, no call",
        "withheld from the public",
        "not active",
        "without a term: a result, or a change of a contract",
        "its term had passed when it was published",
    }


def test_a_visit_goes_back_to_the_beginning_of_the_last_one_and_no_further(
    portal: AnacPortal, visit_to: MakeVisit
) -> None:
    visit = visit_to(portal, visit={"since": SINCE})
    found = ids(visit.run(anac_pvl))
    assert published_since(portal, SINCE) <= found
    # Four pages of today, four of the morning before, for some hours are read twice, and one that shows that all is older.
    assert pages(portal) == [str(number) for number in range(9)]
    assert (visit.totals, visit.log.lines) == ([], [])


def test_the_first_visit_reads_as_many_days_as_it_is_told(portal: AnacPortal, visit_to: MakeVisit) -> None:
    visit_to(portal, days=1).run(anac_pvl)
    one = len(portal.calls)
    visit_to(portal, days=3).run(anac_pvl)
    assert len(portal.calls) - one > one


def test_what_is_published_while_it_is_read_hides_nothing_of_the_window(
    portal: AnacPortal, visit_to: MakeVisit
) -> None:
    wanted = published_since(portal, SINCE)
    portal.growing = 7
    assert wanted <= ids(visit_to(portal, visit={"since": SINCE}).run(anac_pvl))


def test_two_visits_one_after_the_other_leave_no_gap(portal: AnacPortal, visit_to: MakeVisit) -> None:
    first = ids(visit_to(portal, visit={"since": SINCE}).run(anac_pvl))
    portal.publish(400)
    began = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
    second = ids(visit_to(portal, visit={"since": began, "now": began + timedelta(days=1)}).run(anac_pvl))
    assert published_since(portal, SINCE) <= first | second


def test_a_list_that_never_turns_its_page_ends_and_is_no_whole_visit(portal: AnacPortal, visit_to: MakeVisit) -> None:
    portal.stuck = True
    visit = visit_to(portal, days=30)
    visit.run(anac_pvl)
    assert pages(portal) == ["0", "1"]
    assert visit.totals == [101]
    assert visit.log.warnings() == ["the window was not read to its end"]


def test_the_limit_of_pages_is_kept_and_makes_no_whole_visit(portal: AnacPortal, visit_to: MakeVisit) -> None:
    visit = visit_to(portal, days=30, max_pages=3)
    visit.run(anac_pvl)
    assert pages(portal) == ["0", "1", "2"]
    assert visit.totals == [301]


def test_the_end_of_all_acts_ends_the_visit(visit_to: MakeVisit) -> None:
    with AnacPortal(a_day=50, days=3, today=TODAY) as portal:
        visit = visit_to(portal, days=30)
        visit.run(anac_pvl)
        assert pages(portal) == ["0", "1"]
    assert visit.totals == []


def test_only_the_natures_that_are_asked_for_are_read(portal: AnacPortal, visit_to: MakeVisit) -> None:
    found = visit_to(portal, days=30, natures=("Forniture",)).run(anac_pvl)
    natures = {each.extra["anac_pvl"]["nature"][0] for each in found if isinstance(each, Notice)}
    assert natures == {"Forniture"}
    assert "of another nature than was asked for" in {each.reason for each in found if isinstance(each, Skipped)}


def test_a_call_that_is_on_ted_too_carries_its_number(visit_to: MakeVisit) -> None:
    with AnacPortal(today=TODAY, ted_numbers=("00383667-2026",)) as portal:
        found = visit_to(portal, days=30).run(anac_pvl)
    assert [each.same_as for each in found if isinstance(each, Notice) and each.same_as] == [("ted:383667-2026",)]


def test_no_act_at_all_is_an_index_that_is_being_built(portal: AnacPortal, visit_to: MakeVisit) -> None:
    empty = Answer(200, b'{"content":[],"totalPages":0,"number":0}', {"content-type": "application/json"})
    portal.fail(Fault(answer=empty))
    with pytest.raises(ParseError) as caught:
        visit_to(portal).run(anac_pvl)
    assert caught.value.suspicious


@pytest.mark.parametrize(
    "body", [b"[]", b"{}", b'{"content":{},"totalPages":1}', b'{"content":[1],"totalPages":"1"}', b'{"content":[']
)
def test_another_answer_than_the_platform_s_is_refused_and_kept(
    portal: AnacPortal, visit_to: MakeVisit, body: bytes
) -> None:
    portal.fail(Fault(answer=Answer(200, body, {"content-type": "application/json"})))
    fetched = anac_pvl.fetch(visit_to(portal))
    assert next(fetched).body == body
    with pytest.raises(ParseError):
        next(fetched)


def test_a_refusal_is_told_as_one(portal: AnacPortal, visit_to: MakeVisit) -> None:
    portal.fail(Fault(answer=Answer(403, b"no"), times=0))
    with pytest.raises(FetchError) as caught:
        visit_to(portal).run(anac_pvl)
    assert caught.value.kind == "blocked"


def test_a_server_that_fails_once_is_asked_again(portal: AnacPortal, visit_to: MakeVisit) -> None:
    portal.fail(Fault(answer=Answer(502, b"")), Fault(cut_after=500))
    assert published_since(portal, SINCE) <= ids(visit_to(portal, visit={"since": SINCE}).run(anac_pvl))
