"""What an admin may ask for, and the expert query that it becomes."""

from datetime import date

import pytest
from pydantic import ValidationError

from connectors.base.contract import Connector
from connectors.ted import ABOUT, Params
from connectors.ted.query import FIELDS, MOST_CELLS, MOST_PER_PAGE, expert_query
from tests.portals.ted_query import QueryError, parse


def test_the_whole_query_reads_as_documented() -> None:
    params = Params(
        cpv=("85", "90910000"),
        buyer_countries=("fr", "DE"),
        not_buyer_countries=("IT",),
        reserved=True,
        query="notice-type=cn-social OR notice-type=cn-standard",
    )
    assert expert_query(params, published_from=date(2026, 3, 5)) == (
        "form-type IN (competition planning consultation)"
        " AND (classification-cpv=85* OR classification-cpv=90910000)"
        " AND buyer-country IN (FRA DEU)"
        " AND NOT (buyer-country IN (ITA))"
        " AND reserved-procurement-lot IN (res-ws res-pub-ser)"
        " AND (notice-type=cn-social OR notice-type=cn-standard)"
        " AND publication-date>=20260305"
        " SORT BY publication-date DESC"
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {"cpv": ("8",)},
        {"cpv": ("85*) OR (a=b",)},
        {"buyer_countries": ("ITA",)},
        {"not_buyer_countries": ("XX",)},
        {"page_size": 251},
        {"days": 0},
        {"query": "a=b SORT BY c"},
        {"query": "a=b) OR (c=d"},
        {"query": "(a=b"},
        {"query": "a=b)"},
        {"query": 'a="b) AND (c=d'},
        {"endpoint": "ftp://example.org"},
        {"unknown": 1},
    ],
    ids=str,
)
def test_what_cannot_be_asked_is_refused_by_the_form(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Params.model_validate(wrong)


def test_a_condition_with_whole_brackets_is_kept_as_it_is() -> None:
    query = '(a=b OR c IN (d e)) AND title="1) one"'
    assert Params(query=query).query == query


def test_every_parameter_explains_itself_in_the_form() -> None:
    schema = Params.model_json_schema()["properties"]
    assert all(field.get("title") and field.get("description") for field in schema.values())


def test_a_full_page_of_all_fields_is_within_the_limits_of_the_platform() -> None:
    assert len(set(FIELDS)) == len(FIELDS)
    assert len(FIELDS) * MOST_PER_PAGE <= MOST_CELLS


def test_the_module_is_a_connector() -> None:
    import connectors.ted as module

    connector: Connector = module
    assert connector.ABOUT is ABOUT
    assert ABOUT.confirmed_live is None


VALUES = {
    "form-type": ["competition"],
    "classification-cpv": ["85311200", "90910000"],
    "publication-date": ["20261120"],
}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("form-type=competition", True),
        ("form-type!=competition", False),
        ("classification-cpv=853*", True),
        ("classification-cpv IN (15* 9091*)", True),
        ("NOT (form-type IN (result planning))", True),
        ("form-type=result OR classification-cpv=72* OR form-type=competition", True),
        ("form-type=result OR form-type=competition AND classification-cpv=72*", False),
        ("(form-type=result OR form-type=competition) AND NOT classification-cpv=72*", True),
        ('form-type="competition"', True),
        ("publication-date>=20261120", True),
        ("publication-date >= 2026-11-21", False),
        ("publication-date >= today(-3)", True),
        ("publication-date >= today(-2)", False),
        ("publication-date>=20112026", False),  # a day in the wrong order finds nothing, and is no error
        ("publication-date<=20112026", False),
    ],
)
def test_the_simulator_understands_the_query_language(query: str, expected: bool) -> None:
    found = parse(query, fields=VALUES, today=date(2026, 11, 23))
    assert found.test(lambda field: VALUES[field]) is expected


@pytest.mark.parametrize(
    ("query", "kind", "column"),
    [
        ("form-type IN", "QUERY_SYNTAX_ERROR", 13),
        ("form-type", "QUERY_SYNTAX_ERROR", 10),
        ("(form-type=a", "QUERY_SYNTAX_ERROR", 13),
        ("form-type=a form-type=b", "QUERY_SYNTAX_ERROR", 13),
        ("", "QUERY_SYNTAX_ERROR", 1),
        ("form-type=a AND sector=b", "QUERY_UNKNOWN_FIELD", 17),
        ("form-type=a SORT BY sector", "QUERY_UNKNOWN_FIELD", 21),
        ("form-type=ä;", "QUERY_SYNTAX_ERROR", 12),
    ],
)
def test_the_simulator_locates_what_it_refuses(query: str, kind: str, column: int) -> None:
    with pytest.raises(QueryError) as caught:
        parse(query, fields=VALUES, today=date(2026, 11, 23))
    assert (caught.value.kind, caught.value.column) == (kind, column)
