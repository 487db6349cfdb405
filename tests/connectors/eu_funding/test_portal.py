"""The simulator forgives what the platform forgives, and is the same twice."""

import json
import urllib.error
import urllib.parse
import urllib.request
from typing import Any

import pytest

from connectors.base.asking import json_parts
from tests.connectors.eu_funding.conftest import TODAY
from tests.portals.eu_funding import FACETS, PATH, EUFundingPortal

OPEN = {"bool": {"must": [{"terms": {"status": ["31094501", "31094502"]}}, {"terms": {"DATASOURCE": ["SEDIA"]}}]}}


def send(
    portal: EUFundingPortal, body: bytes, typed: str, path: str = PATH, **query: Any
) -> tuple[int, dict[str, Any]]:
    address = f"{portal.url}{path}?{urllib.parse.urlencode({'apiKey': 'SEDIA', 'text': '***'} | query)}"
    request = urllib.request.Request(address, body, {"content-type": typed})
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)


def ask(portal: EUFundingPortal, parts: dict[str, Any], **query: Any) -> dict[str, Any]:
    typed, body = json_parts(parts)
    status, answer = send(portal, body, typed, **query)
    assert status == 200
    return answer


def kinds(answer: dict[str, Any], field: str) -> set[str]:
    return {value for row in answer["results"] for value in row.get("metadata", row).get(field, [])}


def form(typed: str | None) -> bytes:
    head = f"Content-Type: {typed}\r\n" if typed else ""
    return f'--b\r\nContent-Disposition: form-data; name="query"\r\n{head}\r\n{json.dumps(OPEN)}\r\n--b--\r\n'.encode()


@pytest.mark.parametrize(
    ("body", "typed"),
    [
        (json.dumps({"query": OPEN, "languages": ["en"]}).encode(), "application/json"),
        (form(None), "multipart/form-data; boundary=b"),
        (urllib.parse.urlencode({"query": json.dumps(OPEN)}).encode(), "application/x-www-form-urlencoded"),
    ],
    ids=["json", "plain form fields", "urlencoded"],
)
def test_a_question_in_a_wrong_encoding_is_answered_with_the_whole_index(
    portal: EUFundingPortal, body: bytes, typed: str
) -> None:
    status, answer = send(portal, body, typed, pageSize=100)
    assert status == 200
    assert answer["totalResults"] > 400
    assert kinds(answer, "type") >= {"0", "1", "6"}
    assert kinds(answer, "status") >= {"31094501", "31094502", "31094503"}
    assert kinds(answer, "language") >= {"en", "it", "sv"}
    assert kinds(answer, "DATASOURCE") == {"SEDIA", "SEDIA_PRD_CENTRICITY"}


def test_a_part_of_another_type_is_an_internal_error(portal: EUFundingPortal) -> None:
    status, answer = send(portal, form("text/plain"), "multipart/form-data; boundary=b")
    assert (status, answer) == (500, {"type": "throwable", "message": "An internal error occurred"})


def test_an_unknown_index_is_a_business_error(portal: EUFundingPortal) -> None:
    typed, body = json_parts({"query": OPEN})
    assert send(portal, body, typed, apiKey="NO_SUCH")[0] == 400


def test_pages_hold_a_hundred_at_most_and_the_number_has_one_name(portal: EUFundingPortal) -> None:
    sort = {"field": "identifier", "order": "ASC"}
    first = ask(portal, {"query": OPEN, "sort": sort}, pageSize=500)
    assert (len(first["results"]), first["pageSize"], first["pageNumber"]) == (100, 100, 1)
    assert ask(portal, {"query": OPEN, "sort": sort}, pageSize=100, page=2)["results"] == first["results"]
    second = ask(portal, {"query": OPEN, "sort": sort}, pageSize=100, pageNumber=2)
    shown = [{row["reference"] for row in page["results"]} for page in (first, second)]
    assert shown[0].isdisjoint(shown[1])


def test_without_languages_every_translation_is_a_row(portal: EUFundingPortal) -> None:
    both = ask(portal, {"query": OPEN})
    one = ask(portal, {"query": OPEN, "languages": ["en"]})
    assert both["totalResults"] > one["totalResults"]
    assert kinds(ask(portal, {"query": OPEN, "languages": ["it"]}, pageSize=100), "language") == {"it"}


def test_without_a_sort_the_order_changes_from_page_to_page(portal: EUFundingPortal) -> None:
    references = [
        row["reference"]
        for number in range(1, 9)
        for row in ask(portal, {"query": OPEN}, pageSize=50, pageNumber=number)["results"]
    ]
    assert len(set(references)) < len(references)


def test_shown_fields_take_the_conditions_away(portal: EUFundingPortal) -> None:
    grants = {"bool": {"must": [{"term": {"type": "1"}}, {"term": {"DATASOURCE": "SEDIA"}}]}}
    whole = ask(portal, {"query": grants, "languages": ["en"]})["results"][0]
    shown = ask(portal, {"query": grants, "languages": ["en"], "displayFields": ["title", "topicConditions"]})
    assert "topicConditions" in whole["metadata"]
    assert set(shown["results"][0]["metadata"]) == {"title"}


def test_a_bare_day_compares_with_nothing_and_an_instant_does(portal: EUFundingPortal) -> None:
    def total(bound: str) -> int:
        query = {"bool": {"must": [{"range": {"deadlineDate": {"gte": bound}}}]}}
        found: int = ask(portal, {"query": query})["totalResults"]
        return found

    assert total("2099-01-01") == total("2026-01-01") > 0
    assert total("2027-03-01T00:00:00.000+0000") < total("2026-12-01T00:00:00.000+0000")


def test_facets_come_with_their_damaged_labels(portal: EUFundingPortal) -> None:
    typed, body = json_parts({"query": OPEN})
    status, answer = send(portal, body, typed, path=FACETS)
    labels = {value["rawValue"]: value["value"] for value in answer["facets"][0]["values"]}
    assert (status, labels["43353764"]) == (200, "Erasmus  (ERASMUS )")


def test_the_same_seed_invents_the_same_documents_and_another_one_others() -> None:
    def told(seed: int) -> list[Any]:
        with EUFundingPortal(documents=40, seed=seed, today=TODAY) as portal:
            rows: list[Any] = ask(portal, {"query": OPEN, "sort": {"field": "identifier"}}, pageSize=100)["results"]
            return rows

    assert told(1) == told(1)
    assert told(1) != told(2)


def test_documents_can_be_added_changed_and_withdrawn() -> None:
    def days(portal: EUFundingPortal) -> dict[str, Any]:
        parts = {"query": OPEN, "languages": ["en"], "sort": {"field": "identifier"}}
        rows = [row for n in (1, 2, 3) for row in ask(portal, parts, pageSize=100, pageNumber=n)["results"]]
        return {row["reference"]: row.get("metadata", row).get("deadlineDate") for row in rows}

    with EUFundingPortal(documents=150, today=TODAY) as portal:
        before = days(portal)
        gone = portal.withdraw(3)
        moved = portal.change(20)
        after = days(portal)
        assert len(set(before) - set(after)) == len(gone) == 3
        assert all(key.startswith(tuple(gone)) for key in set(before) - set(after))
        changed = {key for key in after if after[key] != before[key]}
        assert len(changed) == len(moved) == 20
        new = portal.add(20)
        assert len(set(days(portal)) - set(after)) == len(new)


def test_the_first_tenders_carry_the_numbers_of_ted_that_they_are_given() -> None:
    numbers = ("412311-2026", "412312-2026", "412313-2026")
    with EUFundingPortal(documents=40, today=TODAY, ted_numbers=numbers) as portal:
        rows = ask(portal, {"query": {"bool": {"must": [{"term": {"type": "0"}}]}}}, pageSize=100)["results"]
        told = " ".join(row["metadata"]["cftContractNoticeLink"][0] for row in rows)
        assert all(number in told for number in numbers)
