"""An answer is believed only when every row agrees with the question that the page carries."""

import json
from typing import Any

import pytest

from connectors import eu_funding
from connectors.base.contract import TITLES, Notice, Page, ParseError, Record, Request, Skipped
from connectors.eu_funding import Params, question
from tests.connectors.eu_funding.rows import ADDRESS, cascade, external, page, read, tender, topic

GRANTS = question.notices(Params(types=("grant",), programmes=("CERV",), divisions=("43422715",)))
RIGHT: dict[str, Any] = {"programmeDivision": ["43422715", "43251600"]}


def split(whole: Page) -> list[Any]:
    return list(eu_funding.split(whole))


@pytest.mark.parametrize(
    ("field", "change", "said", "asked"),
    [
        ("type", {"type": "6"}, "6", "1"),
        ("status", {"status": "31094503"}, "31094503", "31094502 or 31094501"),
        ("language", {"language": "sv"}, "sv", "en"),
        ("DATASOURCE", {"DATASOURCE": "SEDIA_PRD_CENTRICITY"}, "SEDIA_PRD_CENTRICITY", "SEDIA"),
        ("DATASOURCE", {"DATASOURCE": None, "datasource": "SEDIA_FAQ"}, "SEDIA_FAQ", "SEDIA"),
        ("frameworkProgramme", {"frameworkProgramme": "HORIZON"}, "HORIZON", "43251589"),
        ("programmeDivision", {"programmeDivision": ["1", "2"]}, "1 or 2", "43422715"),
    ],
)
def test_one_row_that_contradicts_the_request_refuses_the_page(
    field: str, change: dict[str, Any], said: str, asked: str
) -> None:
    whole = page(topic(**RIGHT), topic(top={"reference": "50200999TOPICSen"}, **RIGHT | change), asked=GRANTS)
    with pytest.raises(ParseError) as refused:
        next(iter(eu_funding.split(whole)))  # before the first, faultless row is handed on
    assert refused.value.where == f"filter {field}"
    for told in ("50200999TOPICSen", said, asked):
        assert told in refused.value.why


@pytest.mark.parametrize("missing", ["type", "status", "DATASOURCE", "frameworkProgramme", "programmeDivision"])
def test_a_row_that_does_not_say_is_no_contradiction(missing: str) -> None:
    assert len(split(page(topic(**RIGHT | {missing: None}), asked=GRANTS))) == 1
    assert len(split(page(topic(**RIGHT | {missing: []}), asked=GRANTS))) == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"DATASOURCE": ["SEDIA", "SEDIA_PRD_CENTRICITY"]}, "DATASOURCE"),
        ({"datasource": "SEDIA_PRD_CENTRICITY"}, "DATASOURCE"),
        ({"top": {"DATASOURCE": ["SEDIA_PRD_CENTRICITY"]}}, "DATASOURCE"),
        ({"top": {"datasource": "SEDIA_PRD_CENTRICITY"}}, "DATASOURCE"),
        ({"status": ["31094502", "31094503"]}, "status"),
        ({"STATUS": "31094503"}, "status"),
        ({"top": {"status": "31094503"}}, "status"),
        ({"type": ["1", "6"]}, "type"),
        ({"top": {"type": ["6"]}}, "type"),
        ({"language": ["en", "sv"]}, "language"),
        ({"top": {"language": "sv"}}, "language"),
        ({"top": {"reference": "50200417TOPICSsv"}}, "language"),
        ({"top": {"frameworkProgramme": ["43252405"]}}, "frameworkProgramme"),
        ({"top": {"programmeDivision": ["1"]}}, "programmeDivision"),
    ],
    ids=str,
)
def test_what_a_row_says_twice_must_agree_in_every_place(change: dict[str, Any], field: str) -> None:
    with pytest.raises(ParseError, match=f"filter {field}: was ignored"):
        split(page(topic(**RIGHT | change), asked=GRANTS))


@pytest.mark.parametrize("field", ["type", "status", "DATASOURCE", "language", "frameworkProgramme"])
@pytest.mark.parametrize("shape", [[{"id": "1"}], [["1"]], [None, {}]], ids=str)
def test_a_filter_said_in_a_shape_that_cannot_be_read_is_a_contradiction(field: str, shape: Any) -> None:
    with pytest.raises(ParseError, match=f"filter {field}: was ignored: 50200417TOPICSen says what cannot be read"):
        split(page(topic(**RIGHT | {field: shape}), asked=GRANTS))


@pytest.mark.parametrize("metadata", ["x", ["x"], 1], ids=str)
def test_metadata_that_cannot_be_held_against_the_question_refuse_the_page(metadata: Any) -> None:
    with pytest.raises(ParseError, match="metadata in a shape"):
        split(page(topic(top={"metadata": metadata}), asked=GRANTS))


def test_where_metadata_are_empty_the_keys_beside_are_held_against_the_question() -> None:
    whole = topic(**RIGHT)
    beside = {**whole.pop("metadata"), **whole}
    nothing: tuple[Any, ...] = ({}, [], None)
    for empty in nothing:
        assert isinstance(read(beside | {"metadata": empty}, asked=GRANTS), Notice)
        with pytest.raises(ParseError, match="filter status"):
            split(page(beside | {"metadata": empty, "status": ["31094503"]}, asked=GRANTS))


def test_a_reference_in_capitals_agrees_with_its_language() -> None:
    assert len(split(page(external(), asked=question.notices(Params(types=("external_action",)))))) == 1
    with pytest.raises(ParseError, match="188011PROSPECTSFR says fr, and en"):
        split(page(external(top={"reference": "188011PROSPECTSFR"})))


@pytest.mark.parametrize("missing", ["frameworkProgramme", "programmeDivision"])
def test_a_filter_that_no_row_of_a_page_speaks_of_is_not_taken_for_kept(missing: str) -> None:
    def rows(*silent: bool) -> list[dict[str, Any]]:
        return [
            topic(top={"reference": f"{50200417 + n}TOPICSen"}, **RIGHT | ({missing: None} if still else {}))
            for n, still in enumerate(silent)
        ]

    with pytest.raises(ParseError, match=f"filter {missing}: cannot be seen to hold: .* none of 2 rows"):
        split(page(*rows(True, True), asked=GRANTS))
    assert len(split(page(*rows(True, False, True), asked=GRANTS))) == 3
    assert len(split(page(*rows(True), asked=GRANTS))) == 1
    # Whoever asked for no programme needs none.
    assert len(split(page(*rows(True, True), asked=question.notices(Params())))) == 2


def test_a_total_of_millions_is_the_whole_index_however_fitting_its_first_rows() -> None:
    assert len(split(page(topic(**RIGHT), asked=GRANTS, totalResults=1_000_000))) == 1
    with pytest.raises(ParseError, match="says 4184545, which is the whole index: the filters were ignored"):
        split(page(topic(**RIGHT), asked=GRANTS, totalResults=4_184_545))


def test_the_language_is_the_rows_own_word_else_the_end_of_its_reference() -> None:
    silent: dict[str, Any] = {"language": None} | RIGHT
    assert len(split(page(topic(top={"language": None}, **silent), asked=GRANTS))) == 1
    for top in ({"language": "cs"}, {"language": None, "reference": "50200417TOPICScs"}):
        with pytest.raises(ParseError, match="cs, and en was asked for"):
            split(page(topic(top=top, **silent), asked=GRANTS))
    unmarked: dict[str, Any] = {"language": None, "reference": "484009484749921"}
    assert len(split(page(topic(top=unmarked, **silent), asked=GRANTS))) == 1


def test_a_page_is_held_against_what_was_asked_then_and_not_against_what_its_source_asks_now() -> None:
    now = Params(types=("tender",), statuses=("closed",))
    assert len(split(page(topic(**RIGHT), asked=GRANTS, params=now))) == 1
    with pytest.raises(ParseError, match="filter type"):
        split(page(topic(**RIGHT), params=now))  # a page without a request


def test_a_page_without_a_request_is_held_against_the_parameters_of_its_source() -> None:
    assert len(split(page(topic(), tender(), cascade()))) == 3
    with pytest.raises(ParseError, match="filter status"):
        split(page(topic(status="31094503")))
    with pytest.raises(ParseError, match="filter frameworkProgramme"):
        split(page(topic(), params=Params(programmes=("LIFE",))))
    titles = page(topic(language="it", top={"language": "it"}), asked=None)
    with pytest.raises(ParseError, match="filter language"):
        split(titles)


def test_news_of_a_topic_are_left_out_by_name_where_no_kind_was_asked_for() -> None:
    without_type = question.Question(demands=(question.Demand("language", ("en",)),), language="en")
    assert read(topic(type="6", status=None), asked=without_type) == Skipped("news of a topic")
    assert read(topic(type="3"), asked=without_type) == Skipped("type 3 is no opportunity")


def request_with(query: Any) -> Page:
    body = (
        b'--b\r\nContent-Disposition: form-data; name="query"; filename="blob"\r\nContent-Type: application/json\r\n\r\n'
        + json.dumps(query).encode()
        + b"\r\n--b--\r\n"
    )
    plain = page(topic())
    return Page(
        url=ADDRESS, body=plain.body, fetched_at=plain.fetched_at, request=Request("POST", ADDRESS, body), role=TITLES
    )


def test_single_terms_and_exclusions_of_a_request_are_checked_as_well() -> None:
    kept = {"bool": {"must": {"term": {"type": "1"}}, "must_not": [{"terms": {"status": ["31094503"]}}]}}
    assert len(split(request_with(kept))) == 1
    with pytest.raises(ParseError, match="not 31094502 was asked for"):
        split(request_with({"bool": {"must_not": [{"term": {"status": "31094502"}}]}}))


@pytest.mark.parametrize(
    "query",
    [
        {"bool": {"must": [{"range": {"startDate": {"gte": "2026-09-21"}}}]}},
        {"bool": {"should": [{"term": {"type": "1"}}]}},
        {"match_all": {}},
        [],
    ],
    ids=str,
)
def test_a_filter_that_cannot_be_checked_is_not_taken_for_kept(query: Any) -> None:
    with pytest.raises(ParseError, match="cannot be checked"):
        split(request_with(query))


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"<!DOCTYPE html><html><body>Maintenance</body></html>", "is not JSON: .* came in its place"),
        (b"", "is not JSON"),
        (b"[]", "no object"),
        (b'{"type":"businessError","message":"No result found"}', "No result found"),
        (b'{"totalResults":1,"results":{}}', "is not the list"),
        (b'{"totalResults":"1","results":[]}', "is not a number"),
        (b'{"totalResults":true,"results":[]}', "is not a number"),
        (b'{"totalResults":1,"results":["x"]}', "is not an object"),
    ],
)
def test_what_is_no_answer_of_the_search_is_refused(body: bytes, why: str) -> None:
    with pytest.raises(ParseError, match=why):
        split(page(body=body))


def test_the_same_reference_twice_on_a_page_is_read_once() -> None:
    whole = page(topic(), topic(), topic(top={"reference": "50200418TOPICSen"}))
    found = [eu_funding.read(record, whole) for record in eu_funding.split(whole)]
    assert [type(each) for each in found] == [Notice, Skipped, Notice]
    assert found[1] == Skipped("listed twice")


def test_a_row_that_cannot_be_read_is_named_all_the_same() -> None:
    whole = page(
        topic(title=None), topic(top={"reference": None}), topic(top={"reference": None}, REFERENCE="50200418TOPICSen")
    )
    assert [eu_funding.identify(record) for record in eu_funding.split(whole)] == [
        "50200417TOPICS",
        None,
        "50200418TOPICS",
    ]
    for broken in ("x", None, {"row": None}, {"row": {"reference": ["x"], "metadata": 3}}, {}):
        assert eu_funding.identify(Record("results[0]", broken)) is None


def test_a_title_without_reference_is_no_bad_record() -> None:
    asked = question.titles(Params(), "it")
    lost = topic(language="it", top={"reference": None, "language": "it"})
    assert read(lost, asked=asked) == Skipped("a title without reference")


def test_a_row_without_reference_is_a_bad_record_and_no_bad_page() -> None:
    whole = page(topic(top={"reference": None}), topic())
    bad, good = eu_funding.split(whole)
    with pytest.raises(ParseError, match="reference is missing"):
        eu_funding.read(bad, whole)
    assert isinstance(eu_funding.read(good, whole), Notice)


def test_keys_that_name_persons_are_gone_before_a_row_is_looked_at() -> None:
    whole = page(topic(contacts='[{"name":"Ada Ferronato"}]', lastName="Ferronato"))
    [record] = eu_funding.split(whole)
    assert "Ferronato" not in json.dumps(record.data)
