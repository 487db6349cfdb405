"""Answers that nobody should send, and what becomes of them."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from aggregator.intake.reading import readings
from connectors.base.contract import Notice, Page, ParseError, Skipped
from connectors.generic import socrata
from tests.connectors.socrata.samples import LOMBARDIA


def page(value: Any) -> Page:
    body = value if isinstance(value, bytes) else json.dumps(value).encode()
    at = datetime(2026, 6, 4, tzinfo=UTC)
    return Page(url="https://dati.example/resource/ab12-cd34.json", body=body, fetched_at=at, params=LOMBARDIA)


def test_a_cell_that_is_not_there_is_left_out_and_harms_nothing() -> None:
    (read,) = readings(socrata, page([{"codice_bando": "1", "oggetto_dell_appalto": "Pulizie"}]))
    assert isinstance(read, Notice)
    assert (read.deadlines, read.budget, read.codes) == ((), None, ())
    assert read.extra == {}


def test_a_column_that_no_row_of_a_page_has_any_more_is_heard() -> None:
    rows = [{"codice_bando": str(n), "oggetto_dell_appalto": "x"} for n in range(20)]
    with pytest.raises(ParseError, match="no row has data_presentazioni_offerte"):
        list(socrata.split(page(rows)))
    assert len(list(socrata.split(page(rows[:19])))) == 19


@pytest.mark.parametrize("value", [{"error": True}, [1], ["x"], b"", b'[{"a":'])
def test_what_is_no_list_of_rows_is_refused(value: Any) -> None:
    with pytest.raises(ParseError):
        list(socrata.split(page(value)))


@pytest.mark.parametrize(
    ("params", "why"),
    [
        ({"dataset": "k6cb-4hbm"}, "columns must say"),
        ({"dataset": "k6cb-4hbm", "columns": {"title": "t"}}, "days needs a column"),
        ({"dataset": "../secret", "columns": {"title": "t"}, "days": 0}, "dataset"),
    ],
)
def test_parameters_that_cannot_work_are_refused_when_they_are_entered(params: dict[str, Any], why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        socrata.Params.model_validate({"url": "https://dati.example"} | params)


values = st.none() | st.booleans() | st.integers() | st.text(max_size=40) | st.lists(st.text(max_size=5), max_size=3)
names = st.sampled_from(
    [*("codice_bando", "oggetto_dell_appalto", "data_pubblicazione", "provincia", "codice_cpv", "cig")]
)


@given(st.lists(st.dictionaries(names, values, max_size=6) | values, max_size=5) | values)
def test_F23_whatever_comes_is_rows_or_refused(value: Any) -> None:
    try:
        for read in readings(socrata, page(value)):
            assert isinstance(read, Notice | Skipped)
    except ParseError:
        assert not isinstance(value, list) or any(not isinstance(row, dict) for row in value)
