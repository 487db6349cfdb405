"""How a file is written decides nothing of what is read: separators, charsets, quotes, JSON, workbooks."""

import io
import json
import zipfile
from datetime import date, datetime

import pytest

from aggregator.intake.reading import Rejected
from connectors.base.contract import Notice, ParseError
from connectors.generic import file_drop
from connectors.generic.file_drop.folder import cut
from tests.connectors.file_drop.pages import PAGE, notices, page, read, title, with_parts, workbook

ROWS = (
    ("id", "title", "html", "url", "deadline"),
    ("1", "Bando per l’acquacoltura", "Prima riga\nseconda riga", "https://www.example.org/1", "31/12/2026"),
    ("2", 'Gara "Città", lotto 2; mense', "Testo, con virgole", "https://www.example.org/2", "15/01/2027"),
)


def csv_of(sign: str) -> str:
    def cell(text: str) -> str:
        return '"' + text.replace('"', '""') + '"' if any(c in text for c in f'{sign}"\n') else text

    return "\r\n".join(sign.join(cell(text) for text in row) for row in ROWS) + "\r\n"


def wrapped() -> str:
    return "\n".join(
        '"' + line.replace('"', '""') + '"'
        for line in csv_of(",").replace("\nseconda", " seconda").split("\r\n")
        if line
    )


FORMS = {
    "comma": csv_of(",").encode(),
    "semicolon": csv_of(";").encode(),
    "tab": csv_of("\t").encode(),
    "bar": csv_of("|").encode(),
    "byte order mark": b"\xef\xbb\xbf" + csv_of(";").encode(),
    "windows-1252": csv_of(";").encode("cp1252"),
    "utf-16": csv_of("\t").encode("utf-16"),
    "old line ends": csv_of(";").replace("\r\n", "\r").encode(),
    "hint of Excel": b"sep=;\r\n" + csv_of(";").encode(),
    "rows in quotes": wrapped().encode(),
    "list of objects": json.dumps([dict(zip(ROWS[0], row, strict=True)) for row in ROWS[1:]]).encode(),
    "list in an object": json.dumps(
        {"n": 2, "data": [dict(zip(ROWS[0], row, strict=True)) for row in ROWS[1:]]}
    ).encode(),
    "lines of JSON": "\n".join(
        json.dumps(dict(zip(ROWS[0], row, strict=True)), ensure_ascii=False) for row in ROWS[1:]
    ).encode(),
    "workbook": workbook(ROWS),
    "workbook after a hidden sheet": workbook(ROWS, hidden_first=True),
}


@pytest.mark.parametrize("body", FORMS.values(), ids=FORMS.keys())
def test_the_same_rows_are_read_of_every_form(body: bytes) -> None:
    found = notices(body, lang="it")
    assert [(one.source_id, title(one), one.url, str(one.deadlines[0].on)) for one in found] == [
        ("1", "Bando per l’acquacoltura", "https://www.example.org/1", "2026-12-31"),
        ("2", 'Gara "Città", lotto 2; mense', "https://www.example.org/2", "2027-01-15"),
    ]


@pytest.mark.parametrize("body", FORMS.values(), ids=FORMS.keys())
def test_the_order_of_rows_changes_no_identity(body: bytes) -> None:
    without_ids = notices(csv_of(";").replace("id;", "x;"))
    turned = notices(
        "\r\n".join([csv_of(";").split("\r\n")[0].replace("id;", "x;"), *reversed(csv_of(";").split("\r\n")[1:3])])
    )
    assert {one.source_id for one in turned} == {one.source_id for one in without_ids}


def test_a_preamble_stands_above_the_names_of_the_columns() -> None:
    body = f"Esportazione del 25/11/2026;;\n;;\nUfficio bandi;;\n{csv_of(';')}"
    assert [one.source_id for one in notices(body)] == ["1", "2"]


def test_two_columns_of_one_name_give_the_first_that_is_filled() -> None:
    (found,) = notices(f"title;Title;url\n;Secondo;{PAGE}/2\n")
    assert title(found) == "Secondo"


def test_days_and_formulas_of_a_workbook_are_their_values() -> None:
    rows = (
        ("title", "url", "deadline", "budget"),
        ("Bando", f"{PAGE}/1", date(2027, 1, 31), 12000.0),
        ("=1/0", "x", None, None),
    )
    body = workbook(rows)
    (found, *_) = read(body, currency="EUR")
    assert isinstance(found, Notice)
    assert str(found.deadlines[0].on) == "2027-01-31"
    assert found.budget is not None
    assert str(found.budget.total) == "12000"
    with_hour = workbook((("title", "url", "published"), ("Bando", f"{PAGE}/1", datetime(2026, 11, 3, 9, 30))))  # noqa: DTZ001 - a workbook has no zones
    (found,) = notices(with_hour, zone="Europe/Rome")
    assert str(found.published_at) == "2026-11-03 09:30:00+01:00"


def test_a_sheet_can_be_named_and_a_wrong_name_tells_those_there_are() -> None:
    body = workbook(ROWS, hidden_first=True)
    with pytest.raises(ParseError, match=r"there is no sheet 'Elenco'; there are: 'Appunti', 'Dati'"):
        list(file_drop.split(page(body, sheet="Elenco")))
    assert notices(body, sheet="appunti") == []


def test_a_row_that_cannot_be_right_is_refused_alone_with_its_number() -> None:
    found = read(f"title;url\nUno;{PAGE}/1\nDue;{PAGE}/2;e altro\nTre;{PAGE}/3\n")
    assert [type(one).__name__ for one in found] == ["Notice", "Rejected", "Notice"]
    (bad,) = [one for one in found if isinstance(one, Rejected)]
    assert (bad.where, "has 3 cells, and there are 2 names of columns" in bad.reason) == ("row 3", True)


def test_a_broken_line_of_JSON_is_refused_alone() -> None:
    found = read(
        '{"title": "Uno", "url": "https://a.example/1"}\n{"title": \n[1]\n{"title": "Due", "url": "https://a.example/2"}'
    )
    assert [type(one).__name__ for one in found] == ["Notice", "Rejected", "Rejected", "Notice"]


def test_a_row_without_an_address_stands_on_the_page_that_the_office_names_or_is_refused() -> None:
    (found,) = notices("title;html\nBando;Testo del bando\n")
    assert (found.url, found.same_as) == (PAGE, ())
    (bad,) = read("title;html\nBando;Testo del bando\n", page=None)
    assert isinstance(bad, Rejected)
    assert "no address that a person can open" in bad.reason


def test_a_column_that_the_office_named_and_that_is_gone_is_heard() -> None:
    with pytest.raises(ParseError, match="the columns Scade il are not in it any more"):
        read(
            "Oggetto;Link\nBando;https://a.example/\n",
            columns={"title": "Oggetto", "url": "Link", "deadline": "Scade il"},
        )


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "is empty"),
        (b"  \r\n", "is empty"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "an old or a locked workbook"),
        (b"%PDF-1.7 ...", "a PDF"),
        (
            b"<!DOCTYPE html><html><head><title>Login</title></head><body><input type=password></body></html>",
            "a login page",
        ),
        (b"<root/>", "XML and no table"),
        (b"\x01\x02\0\0\0\xff\0\0", "is no text"),
        (b"just a sentence without any columns", "no line of column names is found; it must hold title"),
        (b'{"title": "cut', "is not JSON"),
        (b"[1, 2", "is not JSON"),
        (b'{"a": [], "b": []}', "no list of objects"),
    ],
)
def test_W11_what_is_no_table_is_refused_with_a_sentence_whatever_its_name(body: bytes, said: str) -> None:
    with pytest.raises(ParseError, match=said):
        list(file_drop.split(page(body, name="export.csv")))


def test_W11_a_workbook_under_the_name_of_a_text_is_read_as_what_it_is() -> None:
    assert len(list(file_drop.split(page(workbook(ROWS), name="export.csv")))) == 2
    with pytest.raises(ParseError):
        list(file_drop.split(page(csv_of(";"), name="export.xlsx", format="xlsx")))


def test_an_open_quotation_mark_does_not_swallow_the_file() -> None:
    body = (
        "title;url\n" + "".join(f'"Bando {n}";{PAGE}/{n}\n' for n in range(20)) + '"mai chiuso;x\n' + "riga;x\n" * 3_000
    )
    with pytest.raises(ParseError, match="row 22: a quotation mark that opens here is never closed"):
        list(file_drop.split(page(body)))


def test_more_rows_than_a_folder_is_for_are_refused_with_a_sentence() -> None:
    with pytest.raises(ParseError, match="more than 50000 rows; cut it into several"):
        list(file_drop.split(page("title;url\n" + "a;b\n" * 50_001)))


def test_a_long_file_is_cut_into_pages_of_a_thousand_rows_that_say_the_same() -> None:
    body = "title;url;html\n" + "".join(f'Bando {n};{PAGE}/{n};"riga\u2028uno\nriga due"\n' for n in range(2_500))
    whole = page(body)
    parts = list(cut(whole, file_drop.Params(page=PAGE)))
    assert [part.url for part in parts] == [
        "file:file.csv#rows=2-2000",
        "file:file.csv#rows=2002-4000",
        "file:file.csv#rows=4002-5000",
    ]
    given = [part.with_params(file_drop.Params(page=PAGE)) for part in parts]
    told = [file_drop.read(record, part) for part in given for record in file_drop.split(part)]
    assert told == [file_drop.read(record, whole) for record in file_drop.split(whole)]
    assert len(told) == 2_500


def test_macros_are_refused_and_links_to_other_workbooks_are_not_followed() -> None:
    with pytest.raises(ParseError, match="holds macros"):
        list(file_drop.split(page(with_parts(workbook(ROWS), {"xl/vbaProject.bin": b"x"}))))
    linked = with_parts(workbook(ROWS), {"xl/externalLinks/externalLink1.xml": b"<externalLink/>"})
    assert len(notices(linked)) == 2


def test_an_archive_that_is_no_workbook_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("Connections.csv", "First Name,Company\n")
    with pytest.raises(ParseError, match="is an archive, but no workbook"):
        list(file_drop.split(page(out.getvalue())))
