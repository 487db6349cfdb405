"""Reading the search over real sockets: to its end, or saying that it did not come to its end."""

import json
import re
from datetime import UTC, datetime
from typing import Any

import pytest

from connectors import ted
from connectors.base.contract import FetchError, Notice, Page, ParamError, ParseError, Skipped
from connectors.ted.query import FIELDS
from tests.connectors.conftest import MakeClient
from tests.connectors.ted.conftest import TODAY, MakeVisit
from tests.connectors.visit import SimpleVisit
from tests.portals import ted_faults as faults
from tests.portals.server import Answer, Fault, json_answer
from tests.portals.ted import PATH, TedPortal


def numbers(pages: list[Page]) -> list[str]:
    return [notice["publication-number"] for page in pages for notice in json.loads(page.body)["notices"]]


def bodies(portal: TedPortal) -> list[dict[str, Any]]:
    return [call.json() for call in portal.calls]


def read_all(visit: SimpleVisit) -> list[Notice | Skipped]:
    return [ted.read(record, page) for page in ted.fetch(visit) for record in ted.split(page)]


def test_a_sweep_reads_every_call_once_and_every_one_can_be_read(portal: TedPortal, visit_to: MakeVisit) -> None:
    visit = visit_to(portal, page_size=50)
    notices = [notice for notice in read_all(visit) if isinstance(notice, Notice)]
    wanted = [
        one.number
        for one in map(portal.notice, range(400))
        if one.form in ("competition", "planning", "consultation") and not (one.due and max(one.due) < TODAY)
    ]
    assert sorted(notice.source_id for notice in notices) == sorted(wanted)
    assert visit.totals == [len(wanted)]
    assert visit.log.lines == []


def test_the_search_ends_with_the_empty_page_though_a_token_comes_with_it(
    portal: TedPortal, visit_to: MakeVisit
) -> None:
    pages = list(ted.fetch(visit_to(portal, page_size=100)))
    assert all(numbers([page]) for page in pages)
    assert len(portal.calls) == len(pages) + 1


def test_every_request_stays_within_the_cells_that_the_platform_allows(portal: TedPortal, visit_to: MakeVisit) -> None:
    list(ted.fetch(visit_to(portal, page_size=250)))
    assert all(len(body["fields"]) * body["limit"] <= 10_000 and body["limit"] <= 250 for body in bodies(portal))
    assert bodies(portal)[0] == {
        "query": "form-type IN (competition planning consultation) SORT BY publication-date DESC",
        "fields": list(FIELDS),
        "limit": 250,
        "scope": "ACTIVE",
        "paginationMode": "ITERATION",
        "onlyLatestVersions": True,
    }
    assert "iterationNextToken" in bodies(portal)[1]


def test_no_field_of_a_person_or_a_mailbox_is_asked_for() -> None:
    assert not [name for name in FIELDS if re.search("email|person|tel|fax|contact", name)]


def test_a_recent_visit_asks_for_the_days_it_was_told_in_brussels_time(portal: TedPortal, visit_to: MakeVisit) -> None:
    late = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)  # half past midnight of the 23rd in Brussels
    since = datetime(2026, 11, 22, 9, tzinfo=UTC)
    list(ted.fetch(visit_to(portal, days=3, visit={"mode": "recent", "now": late, "since": since})))
    assert "AND publication-date>=20261120 SORT BY" in bodies(portal)[0]["query"]


def test_after_a_fortnight_without_a_visit_nothing_of_it_is_left_out(portal: TedPortal, visit_to: MakeVisit) -> None:
    since = datetime(2026, 11, 9, 9, tzinfo=UTC)
    list(ted.fetch(visit_to(portal, days=3, visit={"mode": "recent", "since": since})))
    assert "publication-date>=20261108" in bodies(portal)[0]["query"]


def test_trades_countries_and_reservation_narrow_the_search(portal: TedPortal, visit_to: MakeVisit) -> None:
    with TedPortal(notices=3_000, seed=3, today=TODAY) as big:
        visit = visit_to(
            big, cpv=("85", "90"), buyer_countries=("fr", "DE", "ES"), not_buyer_countries=("DE",), reserved=True
        )
        notices = [notice for notice in read_all(visit) if isinstance(notice, Notice)]
    assert len(notices) > 5
    assert {notice.origin_country for notice in notices} == {"FR", "ES"}
    assert all(notice.reserved for notice in notices)
    assert all(any(code[4:6] in ("85", "90") for code in notice.codes) for notice in notices)


def test_an_expert_part_is_added_to_the_query(portal: TedPortal, visit_to: MakeVisit) -> None:
    notices = read_all(visit_to(portal, query="notice-type=cn-social OR notice-type=pmc"))
    assert {notice.extra["ted"]["notice_type"] for notice in notices if isinstance(notice, Notice)} == {
        "cn-social",
        "pmc",
    }


def test_a_field_that_the_platform_forgot_is_dropped_and_the_rest_is_read(
    portal: TedPortal, visit_to: MakeVisit
) -> None:
    portal.forgotten_fields = {"sme-lot", "social-objective-lot"}
    visit = visit_to(portal)
    assert len([notice for notice in read_all(visit) if isinstance(notice, Notice)]) == visit.totals[0]
    assert visit.log.warnings() == ["field dropped, the platform does not know it any more"] * 2
    assert {"sme-lot", "social-objective-lot"}.isdisjoint(bodies(portal)[-1]["fields"])


def test_a_forgotten_field_named_as_an_unsupported_value_is_dropped_too(portal: TedPortal, visit_to: MakeVisit) -> None:
    error = {"type": "UNSUPPORTED_VALUE", "parameterName": "fields", "unsupportedValue": "sme-lot"}
    portal.fail(Fault(answer=json_answer({"message": "no", "error": error}, status=400)))
    assert list(ted.fetch(visit_to(portal)))
    assert "sme-lot" not in bodies(portal)[-1]["fields"]


def test_a_mistake_in_the_expert_part_is_the_admins_and_is_located(portal: TedPortal, visit_to: MakeVisit) -> None:
    with pytest.raises(ParamError, match="QUERY_UNKNOWN_FIELD no-such-field at line 1, column 55") as caught:
        list(ted.fetch(visit_to(portal, query="no-such-field=1")))
    assert caught.value.name == "query"
    with pytest.raises(ParamError, match="QUERY_SYNTAX_ERROR at line 1, column"):
        list(ted.fetch(visit_to(portal, query="notice-type IN cn-social")))


def test_when_most_fields_are_gone_it_is_another_interface(portal: TedPortal, visit_to: MakeVisit) -> None:
    portal.forgotten_fields = {name for name in FIELDS if name.startswith("deadline")}
    with pytest.raises(ParamError, match="deadline"):
        list(ted.fetch(visit_to(portal)))


def test_a_search_that_timed_out_is_a_transient_failure(portal: TedPortal, visit_to: MakeVisit) -> None:
    portal.fail(faults.timed_out())
    with pytest.raises(FetchError) as caught:
        list(ted.fetch(visit_to(portal)))
    assert caught.value.kind == "transient"


def test_a_lost_token_restarts_the_iteration_once(portal: TedPortal, visit_to: MakeVisit) -> None:
    visit = visit_to(portal, page_size=50)
    pages = []
    for page in ted.fetch(visit):
        pages.append(page)
        if len(pages) == 2:
            portal.forget_tokens()
    assert visit.log.warnings() == ["iteration restarted"]
    assert len(set(numbers(pages))) == len(numbers(pages)) == visit.totals[-1]


@pytest.mark.parametrize("kind", ["EXPIRED_ITERATION_TOKEN", "INVALID_ITERATION_TOKEN"])
def test_the_documented_answer_to_a_lost_token_restarts_it_too(
    portal: TedPortal, visit_to: MakeVisit, kind: str
) -> None:
    refusal = json_answer({"message": "no", "error": {"type": kind}}, status=400)
    portal.fail(Fault(answer=refusal, when=lambda call: b"iterationNextToken" in call.body))
    visit = visit_to(portal, page_size=50)
    assert len(set(numbers(list(ted.fetch(visit))))) == visit.totals[-1]
    portal.fail(Fault(answer=refusal, when=lambda call: b"iterationNextToken" in call.body, times=2))
    with pytest.raises(FetchError, match="lost its place twice"):
        list(ted.fetch(visit_to(portal, page_size=50)))


def test_a_token_that_comes_twice_ends_the_visit_short_of_what_was_announced(
    portal: TedPortal, visit_to: MakeVisit
) -> None:
    portal.stuck = True
    visit = visit_to(portal, page_size=50)
    pages = list(ted.fetch(visit))
    assert len(set(numbers(pages))) < visit.totals[0]
    assert visit.log.warnings() == ["iteration ended early"]
    assert len(portal.calls) < 5


def test_the_limit_of_notices_ends_the_visit_short_of_what_was_announced(
    portal: TedPortal, visit_to: MakeVisit
) -> None:
    visit = visit_to(portal, page_size=20, max_notices=60)
    assert len(numbers(list(ted.fetch(visit)))) == 60 < visit.totals[0]
    assert visit.log.warnings() == ["visit stopped at its limit of notices"]


@pytest.mark.parametrize(
    "fault", [faults.server_error(), faults.throttled(), faults.dropped()], ids=["500", "429", "dropped in the body"]
)
def test_one_bad_moment_is_survived(portal: TedPortal, visit_to: MakeVisit, fault: Fault) -> None:
    portal.fail(fault)
    visit = visit_to(portal)
    assert len(numbers(list(ted.fetch(visit)))) == visit.totals[0]


def test_a_refusal_for_good_is_blocked(portal: TedPortal, visit_to: MakeVisit) -> None:
    portal.fail(faults.forbidden())
    with pytest.raises(FetchError) as caught:
        list(ted.fetch(visit_to(portal)))
    assert caught.value.kind == "blocked"


def test_the_name_of_a_library_is_turned_away_at_the_door(portal: TedPortal, make_client: MakeClient) -> None:
    stranger = make_client(user_agent="python-httpx/0.28")
    with pytest.raises(FetchError) as caught:
        list(ted.fetch(SimpleVisit(http=stranger, params=ted.Params(endpoint=portal.url + PATH))))
    assert caught.value.kind == "blocked"


@pytest.mark.parametrize(
    "body", [b"<html>maintenance</html>", b"[]", b'{"total": 3, "results": []}', b'{"notices": []}']
)
def test_an_answer_that_is_no_search_answer_is_no_success(portal: TedPortal, visit_to: MakeVisit, body: bytes) -> None:
    portal.fail(Fault(answer=Answer(200, body, {"content-type": "application/json"})))
    with pytest.raises(ParseError):
        list(ted.fetch(visit_to(portal)))
