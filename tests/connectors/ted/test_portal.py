"""The simulator refuses what the platform refuses, and is the same twice."""

import json
import urllib.error
import urllib.request
from typing import Any

import pytest

from tests.connectors.ted.conftest import TODAY
from tests.portals import ted_faults as faults
from tests.portals.ted import PATH, TedPortal

CALLS = "form-type IN (competition planning consultation)"


def ask(portal: TedPortal, **body: Any) -> tuple[int, dict[str, Any]]:
    asked = {"query": CALLS, "fields": ["publication-number"], "limit": 250, **body}
    headers = {"content-type": "application/json", "user-agent": "worldwidewe/test"}
    request = urllib.request.Request(portal.url + PATH, json.dumps(asked).encode(), headers)
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)


def numbers(answer: dict[str, Any]) -> list[str]:
    return [notice["publication-number"] for notice in answer["notices"]]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ({"fields": ["publication-number", "no-such-field"]}, "QUERY_UNKNOWN_FIELD"),
        ({"query": "no-such-field=1"}, "QUERY_UNKNOWN_FIELD"),
        ({"query": "form-type IN"}, "QUERY_SYNTAX_ERROR"),
        ({"limit": 251}, "UNSUPPORTED_VALUE"),
        ({"fields": ["publication-number"] * 2}, "UNSUPPORTED_VALUE"),
        ({"fields": []}, "UNSUPPORTED_VALUE"),
        ({"scope": "EVERYTHING"}, "UNSUPPORTED_VALUE"),
        ({"iterationNextToken": "S1.250"}, "UNSUPPORTED_VALUE"),
        ({"paginationMode": "ITERATION", "page": 2}, "UNSUPPORTED_VALUE"),
        ({"page": 61}, "UNSUPPORTED_VALUE"),
        ({"pageSize": 10}, "UNSUPPORTED_VALUE"),
    ],
    ids=str,
)
def test_a_wrong_request_is_refused_with_the_documented_error(
    portal: TedPortal, body: dict[str, Any], kind: str
) -> None:
    status, answer = ask(portal, **body)
    assert (status, answer["error"]["type"]) == (400, kind)
    assert answer["message"]


def test_more_than_ten_thousand_cells_are_refused(portal: TedPortal) -> None:
    fields = sorted(set(portal.fields()) - {"links"})
    assert len(fields) > 40
    assert ask(portal, fields=fields, limit=250)[0] == 400
    assert ask(portal, fields=fields, limit=10_000 // len(fields))[0] == 200


def test_an_unknown_token_is_answered_as_in_practice(portal: TedPortal) -> None:
    assert ask(portal, paginationMode="ITERATION", iterationNextToken="made up")[0] == 500


def test_checking_the_syntax_searches_nothing(portal: TedPortal) -> None:
    assert ask(portal, checkQuerySyntax=True)[1]["notices"] == []


def test_pages_by_number_and_by_token_list_the_same(portal: TedPortal) -> None:
    total = ask(portal)[1]["totalNoticeCount"]
    by_number = [number for page in range(1, 9) for number in numbers(ask(portal, limit=50, page=page)[1])]
    by_token: list[str] = []
    token: dict[str, str] = {}
    while True:
        answer = ask(portal, limit=50, paginationMode="ITERATION", **token)[1]
        if not answer["notices"]:
            break
        by_token += numbers(answer)
        token = {"iterationNextToken": answer["iterationNextToken"]}
    assert by_token == by_number
    assert len(set(by_token)) == len(by_token) == total


def test_an_iteration_does_not_see_what_is_published_meanwhile(portal: TedPortal) -> None:
    first = ask(portal, limit=50, paginationMode="ITERATION")[1]
    portal.add(30)
    second = ask(portal, limit=50, paginationMode="ITERATION", iterationNextToken=first["iterationNextToken"])[1]
    assert second["totalNoticeCount"] == first["totalNoticeCount"]
    assert ask(portal, limit=50)[1]["totalNoticeCount"] > first["totalNoticeCount"]


def test_only_what_was_asked_for_comes_and_the_links(portal: TedPortal) -> None:
    notice = ask(portal, fields=["publication-number", "buyer-country"])[1]["notices"][0]
    assert set(notice) == {"publication-number", "buyer-country", "links"}


def test_the_same_seed_invents_the_same_notices_and_another_one_others() -> None:
    def told(seed: int) -> list[Any]:
        with TedPortal(notices=40, seed=seed, today=TODAY) as portal:
            notices: list[Any] = ask(portal, fields=["notice-title", "deadline-receipt-tender-date-lot"])[1]["notices"]
            return notices

    assert told(1) == told(1)
    assert told(1) != told(2)


def test_calls_can_be_added_changed_and_withdrawn() -> None:
    day = "deadline-receipt-tender-date-lot"

    def days(portal: TedPortal) -> dict[str, Any]:
        notices = ask(portal, fields=["publication-number", day])[1]["notices"]
        return {notice["publication-number"]: notice.get(day) for notice in notices}

    with TedPortal(notices=150, today=TODAY) as portal:
        before = days(portal)
        gone, moved = portal.withdraw(3), portal.change(20)
        after = days(portal)
        assert set(before) - set(after) == set(gone)
        changed = {number for number in after if after[number] != before[number]}
        assert 10 < len(changed) <= 20
        assert changed <= set(moved)
        new = portal.add(20)
        assert set(days(portal)) - set(after) <= set(new)
        assert set(days(portal)) > set(after)


def test_a_search_that_timed_out_says_so_and_lacks_notices(portal: TedPortal) -> None:
    whole = ask(portal)[1]
    portal.fail(faults.timed_out())
    half = ask(portal)[1]
    assert half["timedOut"] is True
    assert len(half["notices"]) < len(whole["notices"])
    assert ask(portal)[1] == whole


def test_a_slow_answer_is_late_and_whole(portal: TedPortal) -> None:
    portal.fail(faults.slow(0.05))
    assert ask(portal)[1]["timedOut"] is False


def test_a_hundred_thousand_notices_cost_nothing_before_they_are_asked_for() -> None:
    with TedPortal(notices=100_000, today=TODAY) as portal:
        assert portal.notice(99_999).published == TODAY
        assert portal.notice(0).published < TODAY
