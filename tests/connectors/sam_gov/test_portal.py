"""The simulator answers as the platform does, traps included, and says no more than was recorded."""

import json
import os
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from tests.connectors.sam_gov.conftest import TODAY
from tests.portals.sam_gov import KEY, SamGovPortal
from tests.portals.sam_gov_content import NOTICE

SAMPLES = os.environ.get("WORLDWIDEWE_SAMPLES")
WINDOW = {"postedFrom": "01/01/2026", "postedTo": "11/23/2026"}


def ask(portal: SamGovPortal, path: str = "", **asked: str) -> tuple[int, Any]:
    query = urllib.parse.urlencode({"api_key": KEY, **asked})
    try:
        with urllib.request.urlopen(f"{path or portal.endpoint + '/search'}?{query}", timeout=10) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def ids(answer: tuple[int, Any]) -> list[str]:
    return [row["noticeId"] for row in answer[1]["opportunitiesData"]]


def test_offset_counts_pages_and_a_page_past_the_end_holds_one_record_from_anywhere(portal: SamGovPortal) -> None:
    everything = ids(ask(portal, **WINDOW, limit="1000"))
    assert ids(ask(portal, **WINDOW, limit="25", offset="1")) == everything[25:50]
    (stray,) = ids(ask(portal, **WINDOW, limit="25", offset="90"))
    assert stray in everything


def test_one_record_comes_unless_more_are_asked_for(portal: SamGovPortal) -> None:
    status, answer = ask(portal, **WINDOW)
    assert (status, len(answer["opportunitiesData"]), answer["totalRecords"]) == (200, 1, 60)


@pytest.mark.parametrize(
    ("asked", "status", "said"),
    [
        ({}, 400, "mandatory"),
        ({**WINDOW, "postedFrom": "2026-01-01"}, 400, "MM/dd/yyyy"),
        ({**WINDOW, "postedFrom": "11/01/2025"}, 400, "1 year"),
        ({**WINDOW, "limit": "1001"}, 400, "0-1000"),
        ({**WINDOW, "offset": "-1"}, 400, "positive"),
        ({"postedFrom": "01/01/2020", "postedTo": "01/02/2020"}, 404, "No Data"),
        ({**WINDOW, "api_key": "wrong"}, 403, "invalid api_key"),
        ({**WINDOW, "api_key": ""}, 403, "No api_key"),
    ],
)
def test_a_wrong_question_is_refused_in_words(
    portal: SamGovPortal, asked: dict[str, str], status: int, said: str
) -> None:
    answer = ask(portal, **asked)
    assert answer[0] == status
    assert said in answer[1]


def test_calls_beyond_the_quota_are_refused_until_tomorrow(portal: SamGovPortal) -> None:
    portal.quota = 2
    assert [ask(portal, **WINDOW)[0] for _ in range(3)] == [200, 200, 429]
    assert "2026-Nov-24 00:00:00" in ask(portal, **WINDOW)[1]


def test_types_are_a_filter_and_the_same_seed_invents_the_same(portal: SamGovPortal) -> None:
    rows = ask(portal, **WINDOW, limit="1000", ptype="r,p")[1]["opportunitiesData"]
    assert {row["type"] for row in rows} == {"Sources Sought", "Presolicitation"}
    with SamGovPortal(notices=60, seed=3, today=TODAY) as twin:
        assert ids(ask(twin, **WINDOW, limit="1000")) == ids(ask(portal, **WINDOW, limit="1000"))


def test_an_amendment_has_another_id_and_the_day_of_today(portal: SamGovPortal) -> None:
    before = set(ids(ask(portal, **WINDOW, limit="1000")))
    (new,) = portal.amend()
    today = {"postedFrom": "11/23/2026", "postedTo": "11/23/2026"}
    assert new not in before
    assert new in ids(ask(portal, **today, limit="1000"))


def test_a_description_is_json_or_is_not_found(portal: SamGovPortal) -> None:
    told = [ask(portal, f"{portal.url}{NOTICE}", noticeid=one.id) for one in portal.all()]
    assert {status for status, _ in told} == {200, 404}
    assert all("<p>" in answer["description"] for status, answer in told if status == 200)
    assert all("Description Not Found" in answer for status, answer in told if status == 404)


@pytest.mark.skipif(not SAMPLES, reason="WORLDWIDEWE_SAMPLES does not name a folder of recorded answers")
def test_a_record_has_every_recorded_field_and_no_other(portal: SamGovPortal) -> None:
    path = Path(SAMPLES or "") / "sam_gov" / "search_v2_2025_title_Driving_6_of_10.json"
    theirs = json.loads(path.read_text(encoding="utf-8"))["opportunitiesData"]
    ours = ask(portal, **WINDOW, limit="1000")[1]["opportunitiesData"]
    assert {key for row in ours for key in row} == {key for row in theirs for key in row}
    for key in ("placeOfPerformance", "officeAddress", "award"):
        known = {inner for row in theirs for inner in row[key] or ()}
        known |= {"date", "number", "amount"} if key == "award" else set()  # documented, in no recorded answer
        assert {inner for row in ours for inner in row[key] or ()} <= known
