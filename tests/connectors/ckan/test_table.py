"""Tables as strangers write them: dumps, CSV of any separator and charset, and things that are no table."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from aggregator.intake.reading import Rejected, readings
from connectors.base.contract import Notice, Page, ParseError, Skipped
from connectors.generic import ckan

HEAD = "Stato,Intervento,Chiusura\n"


def page(body: bytes, content_type: str = "text/csv") -> Page:
    params = ckan.Params.model_validate(
        {
            "url": "https://dati.example/dataset/bandi",
            "lang": "it",
            "columns": {"title": "Intervento", "deadline": "Chiusura", "state": "Stato"},
        }
    )
    at = datetime(2026, 6, 12, tzinfo=UTC)
    return Page(url=params.url, body=body, fetched_at=at, headers={"content-type": content_type}, params=params)


def titles(body: bytes, content_type: str = "text/csv") -> list[str]:
    read = readings(ckan, page(body, content_type))
    return [title.text for one in read if isinstance(one, Notice) for title in one.titles.values()]


def test_quoted_cells_with_separators_and_line_breaks_are_one_cell() -> None:
    assert titles((HEAD + 'aperto,"Bando ""uno"", due\ne tre",1/9/2026\n').encode()) == ['Bando "uno", due e tre']


@pytest.mark.parametrize(
    ("charset", "mark"), [("utf-8", b"\xef\xbb\xbf"), ("utf-8", b""), ("cp1252", b""), ("utf-16", b"")]
)
def test_P12_any_charset_is_read(charset: str, mark: bytes) -> None:
    told = f"text/csv; charset={charset}" if charset == "utf-16" else "text/csv"
    assert titles(mark + (HEAD + "aperto,Comunità – più,1/9/2026\n").encode(charset), told) == ["Comunità – più"]


def test_rows_too_short_too_long_and_empty_do_no_harm() -> None:
    assert titles((HEAD + "aperto,Uno\n\n,,\naperto,Due,1/9/2026,di troppo\n").encode()) == ["Uno", "Due"]


def test_a_separator_in_the_title_does_not_decide() -> None:
    assert titles(b"Stato;Intervento;Chiusura\naperto;a, b, c, d;1/9/2026\n") == ["a, b, c, d"]


def test_of_two_columns_with_one_name_the_first_counts() -> None:
    assert titles(b"Stato,Intervento,Chiusura,Intervento\naperto,Primo,1/9/2026,Secondo\n") == ["Primo"]


def test_a_dump_of_fields_and_rows_is_read() -> None:
    dump = {"fields": [{"id": "Stato"}, {"id": "Intervento"}, {"id": "Chiusura"}], "records": [["x", "Uno", "Ongoing"]]}
    (read,) = readings(ckan, page(json.dumps(dump).encode(), "application/octet-stream"))
    assert isinstance(read, Notice)
    assert read.deadlines[0].certainty == "continuous"


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", "empty"),
        (b"\n\n", "empty"),
        (b"una,due\n1,2\n", "no column"),
        (b"%PDF-1.7 \x00\x00", "no column"),
        (b"<html><title>x</title></html>", "came in its place"),
        (b'{"success": false, "error": {}}', "could not answer"),
        (b'{"fields": [], "records": 3}', "no table"),
        (b'{"fields": [], "records": [3]}', "no row"),
        (HEAD.encode() + b'aperto,"mai chiuso\n' + b"a\n" * 5_000, "never closed"),
        (HEAD.encode() + b"x,y,z\n" * 20_001, "more than 20000 rows"),
    ],
)
def test_what_is_no_table_is_refused_and_says_why(body: bytes, why: str) -> None:
    with pytest.raises(ParseError, match=why):
        list(ckan.split(page(body)))


def test_a_source_without_a_column_for_the_title_is_refused_when_it_is_entered() -> None:
    with pytest.raises(ValidationError, match="columns must say"):
        ckan.Params(url="https://dati.example/dataset/x")


def test_an_open_licence_shows_all_and_no_licence_a_summary() -> None:
    notice = next(one for one in readings(ckan, page((HEAD + "a,Uno,1/9/2026\n").encode())) if isinstance(one, Notice))
    base: dict[str, Any] = {"url": "https://d.example/dataset/x", "columns": {"title": "t"}}
    assert ckan.rights(notice, ckan.Params.model_validate(base | {"licence": "CC BY 4.0"})).show == "full"
    assert ckan.rights(notice, ckan.Params.model_validate(base)).show == "summary"


@given(st.binary(max_size=300) | st.text(alphabet='",;\t|\n\r\0aàS€', max_size=300).map(lambda t: (HEAD + t).encode()))
def test_F23_any_bytes_are_a_table_or_refused(body: bytes) -> None:
    try:
        for read in readings(ckan, page(body)):
            assert isinstance(read, Notice | Skipped | Rejected)
    except ParseError:
        pass
