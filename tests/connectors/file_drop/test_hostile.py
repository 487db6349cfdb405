"""Files of people who mean no good, or of programs that went wrong: refused in seconds, within 200 MB, with a sentence."""

import csv
import io
import json
import random
import re
import time
import tracemalloc
import zipfile
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.intake.reading import Rejected, readings
from connectors.base.contract import Notice, Organisation, ParseError, Skipped
from connectors.generic import file_drop
from tests.connectors.file_drop.pages import PAGE, page, read, with_parts, workbook

MOST_BYTES, MOST_SECONDS = 200_000_000, 40.0
BOOK = workbook((("title", "url"), ("Bando", f"{PAGE}/1")))
HEAD = (
    b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">'
    b'<c r="A1" t="inlineStr"><is><t>title</t></is></c><c r="B1" t="inlineStr"><is><t>url</t></is></c></row>'
)
TAIL = b"</sheetData></worksheet>"
STRINGS = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
SHEET = "xl/worksheets/sheet1.xml"


TYPES = "[Content_Types].xml"
with zipfile.ZipFile(io.BytesIO(BOOK)) as _book:
    WITH_STRINGS = _book.read(TYPES).replace(
        b"</Types>",
        b'<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.'
        b'spreadsheetml.sharedStrings+xml"/></Types>',
    )


def sheet(rows: bytes) -> bytes:
    # Not packed, so that no ratio gives it away.
    return with_parts(BOOK, {SHEET: HEAD + rows + TAIL}, packed=False)


def test_texts_that_cells_share_are_read() -> None:
    strings = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>Bando</t></si></sst>'
    cells = b'<row r="2"><c r="A2" t="s"><v>0</v></c></row>'
    body = with_parts(BOOK, {"xl/sharedStrings.xml": strings, SHEET: HEAD + cells + TAIL, TYPES: WITH_STRINGS})
    (found,) = read(body)
    assert isinstance(found, Notice)
    assert found.titles["und"].text == "Bando"


def zip_bomb() -> bytes:
    return with_parts(BOOK, {"xl/media/image1.png": b"\0" * 400_000_000})


def wide_row() -> bytes:
    return sheet(b'<row r="2">' + b"<c/>" * 1_000_000 + b"</row>")


def wide_row_without_a_row() -> bytes:
    return sheet(b"<x:c/>" * 1_000_000)


def many_columns_by_name() -> bytes:
    return sheet(b"".join(b'<row r="%d"><c r="XFD%d" t="n"><v>1</v></c></row>' % (n, n) for n in range(2, 3_000)))


def many_cells() -> bytes:
    return sheet((b'<row r="2">' + b"<c><v>1</v></c>" * 900 + b"</row>") * 2_000)


def far_row() -> bytes:
    return sheet(b'<row r="1048576"><c r="A1048576"><v>1</v></c></row>')


def row_beyond_all() -> bytes:
    return sheet(b'<row r="999999999999"><c r="A999999999999"><v>1</v></c></row>')


def strings_bomb() -> bytes:
    strings = (
        b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        + b"<si><t>"
        + b"A" * 11_000_000
        + b"</t></si></sst>"
    )
    cells = b"".join(b'<row r="%d"><c r="A%d" t="s"><v>0</v></c></row>' % (n, n) for n in range(2, 40_000))
    return with_parts(
        BOOK, {"xl/sharedStrings.xml": strings, SHEET: HEAD + cells + TAIL, TYPES: WITH_STRINGS}, packed=False
    )


def many_strings() -> bytes:
    return with_parts(
        BOOK,
        {
            "xl/sharedStrings.xml": b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
            + b"<si/>" * 2_390_000
            + b"</sst>"
        },
        packed=False,
    )


def many_styles() -> bytes:
    return with_parts(
        BOOK,
        {"xl/styles.xml": b"<styleSheet><cellXfs>" + b"<xf/>" * 500_000 + b"</cellXfs></styleSheet>"},
        packed=False,
    )


def strings_under_the_name_of_a_sheet() -> bytes:
    types = WITH_STRINGS.replace(b"/xl/sharedStrings.xml", b"/xl/worksheets/sheet2.xml")
    strings = STRINGS + b"<si><t>abcdefgh</t></si>" * 1_500_000 + b"</sst>"
    return with_parts(BOOK, {"xl/worksheets/sheet2.xml": strings, TYPES: types}, packed=False)


def strings_under_the_name_of_a_picture() -> bytes:
    types = WITH_STRINGS.replace(b"/xl/sharedStrings.xml", b"/xl/media/image1.png")
    strings = STRINGS + b"<si><t>abcdefgh</t></si>" * 1_500_000 + b"</sst>"
    return with_parts(BOOK, {"xl/media/image1.png": strings, TYPES: types}, packed=False)


def sheet_that_is_strings_too() -> bytes:
    types = WITH_STRINGS.replace(b"/xl/sharedStrings.xml", b"/xl/worksheets/sheet1.xml")
    strings = STRINGS + b"<si><t>abcdefgh</t></si>" * 1_500_000 + b"</sst>"
    return with_parts(BOOK, {SHEET: strings, TYPES: types}, packed=False)


def entity_bomb() -> bytes:
    lol = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + b"".join(
        b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9)
    )
    return with_parts(BOOK, {"xl/workbook.xml": lol + b"]><workbook>&j;</workbook>"})


def many_parts() -> bytes:
    return with_parts(BOOK, {f"xl/media/{n}.bin": b"" for n in range(3_000)})


BOMBS: dict[str, tuple[Callable[[], bytes], str]] = {
    "zip bomb": (zip_bomb, "would unpack to"),
    "10^6 columns": (wide_row, "a row of more than 1000 cells"),
    "10^6 columns of another prefix": (wide_row_without_a_row, "a row of more than 1000 cells"),
    "many cells": (many_cells, "holds more than a workbook of people has"),
    "strings bomb": (strings_bomb, r"more than 2000000 cells or 40000000 characters"),
    "many strings": (many_strings, r"holds more than a workbook of people has"),
    "many styles": (many_styles, r"holds more than a workbook of people has|would unpack|is larger"),
    "entities": (entity_bomb, "declares entities"),
    "strings called a sheet": (strings_under_the_name_of_a_sheet, "is larger than|more than a workbook"),
    "strings called a picture": (strings_under_the_name_of_a_picture, "is larger than|more than a workbook"),
    "a sheet that is strings too": (sheet_that_is_strings_too, "is larger than|more than a workbook"),
    "many parts": (many_parts, "holds more than 2000 parts"),
}


def measured(body: bytes) -> tuple[list[object], str, int, float]:
    """Read a file; what came, why it was refused, the bytes that it took at the most, and the seconds."""
    tracemalloc.start()
    begun, said = time.perf_counter(), ""
    found: list[object] = []
    try:
        found = list(readings(file_drop, page(body)))
    except ParseError as error:
        said = str(error)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return found, said, most, time.perf_counter() - begun


@pytest.mark.parametrize("name", BOMBS)
def test_P6_a_bomb_in_a_workbook_is_refused_before_it_goes_off(name: str) -> None:
    make, why = BOMBS[name]
    found, said, most, seconds = measured(make())
    assert found == []
    assert re.search(why, said), said
    assert most < MOST_BYTES
    assert seconds < MOST_SECONDS


@pytest.mark.parametrize("make", [many_columns_by_name, far_row, row_beyond_all], ids=lambda make: make.__name__)
def test_P6_cells_that_stand_far_out_cost_nothing(make: Callable[[], bytes]) -> None:
    found, _, most, seconds = measured(make())
    assert not [one for one in found if isinstance(one, Notice)]
    assert most < MOST_BYTES
    assert seconds < MOST_SECONDS


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/cron.d/x", "xl\\..\\x", "C:/x.xml"])
def test_P6_parts_with_the_names_of_paths_are_refused(name: str) -> None:
    with pytest.raises(ParseError, match="a part with the name of a path"):
        list(file_drop.split(page(with_parts(BOOK, {name: b"x"}))))


def test_P6_two_parts_of_one_name_are_refused() -> None:
    out = io.BytesIO(BOOK)
    with pytest.warns(UserWarning, match="Duplicate name"), zipfile.ZipFile(out, "a") as archive:
        archive.writestr(SHEET, "<worksheet/>")
    with pytest.raises(ParseError, match="two parts of one name"):
        list(file_drop.split(page(out.getvalue())))


@pytest.mark.parametrize(
    "body",
    [
        b"title,url\n" + b"," * 8_000_000,
        b"title,url\n" + b'"' * 5_000_000,
        b"title,url\n" + b"\n" * 15_000_000,
        b"title;url\n" + b";\n" * 4_000_000,
        b'[{"title": "x"}' + b',{"title":"x"}' * 400_000 + b"]",
        b'{"title":"x"}\n' * 1_000_000,
        b"[" * 5_000_000,
        b'{"a":' * 100_000,
        ("title,url\n" + "\U0001f33b," * 1_000_000).encode(),
        b'{"title":"' + b"x" * 7_000_000 + b'"}',
    ],
    ids=[
        "commas",
        "quotes",
        "empty lines",
        "empty rows",
        "objects",
        "lines",
        "brackets",
        "nested",
        "sunflowers",
        "one text",
    ],
)
def test_F13_a_text_bomb_takes_neither_minutes_nor_memory(body: bytes) -> None:
    _, _, most, seconds = measured(body)
    assert most < MOST_BYTES
    assert seconds < MOST_SECONDS


def test_markup_and_persons_in_cells_are_cut() -> None:
    text = (
        "<p onclick=x>Scrivere a <script>alert(1)</script>Dott.ssa Pia Neri, tel. 051 1234567, pia.neri@example.org</p>"
    )
    body = json.dumps([{"title": "<b>Cerca</b> partner", "html": text, "url": "javascript:alert(1)"}])
    (found,) = read(body)
    assert isinstance(found, Notice)
    said = found.model_dump_json()
    for bad in ("script", "onclick", "javascript", "Neri", "1234567", "example.org/pia", "pia.neri"):
        assert bad not in said
    assert found.url == PAGE


def damaged(seed: int) -> bytes:
    """A workbook of which a few bytes were changed, or the end is lost."""
    chance = random.Random(seed)  # the same in every run
    raw = bytearray(BOOK)
    for _ in range(chance.randint(1, 12)):
        raw[chance.randrange(len(raw))] = chance.randrange(256)
    return bytes(raw[: chance.randint(4, len(raw))]) if seed % 3 == 0 else bytes(raw)


@pytest.mark.parametrize("seed", range(150))
def test_a_damaged_workbook_is_refused_or_read_and_never_ends_a_visit(seed: int) -> None:
    try:
        found = list(readings(file_drop, page(damaged(seed))))
    except ParseError:
        return
    assert all(isinstance(one, Notice | Skipped | Rejected) for one in found)


CELLS = st.lists(st.lists(st.text(max_size=12), min_size=1, max_size=4), max_size=8)


@settings(max_examples=150, deadline=None)
@given(
    CELLS,
    st.sampled_from(",;\t|"),
    st.sampled_from(["utf-8", "utf-16", "cp1252"]),
    st.sampled_from(["notices", "coopspace", "organisations"]),
)
def test_whatever_stands_in_the_cells_is_read_or_refused_by_row(
    rows: list[list[str]], sign: str, charset: str, shape: str
) -> None:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=sign)
    writer.writerow(["title", "url", "name", "created_at"])
    writer.writerows(rows)
    try:
        found = list(readings(file_drop, page(out.getvalue().encode(charset, "replace"), shape=shape)))
    except ParseError:
        return
    for one in found:
        assert isinstance(one, Notice | Organisation | Skipped | Rejected)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300))
def test_whatever_bytes_come_are_read_or_refused(body: bytes) -> None:
    try:
        list(readings(file_drop, page(body)))
    except ParseError:
        return
