"""Workbooks of Excel and its kin (Office Open XML): weighed as an archive before anything of them is unpacked.

The one thing to know: a workbook is a zip file of a stranger. What it would unpack to is counted part by part, its cells
are counted by their tags while they stream by, and only then openpyxl may open it; formulas give the values they had when
the file was saved, links to other workbooks are not followed, and one with macros is refused.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any
from xml.etree.ElementTree import ParseError as XMLError

import openpyxl  # type: ignore[import-untyped]
from defusedxml.common import DefusedXmlException  # type: ignore[import-untyped]
from defusedxml.ElementTree import fromstring  # type: ignore[import-untyped]
from openpyxl.utils.exceptions import InvalidFileException  # type: ignore[import-untyped]

from connectors.base.contract import ParseError
from connectors.generic.file_drop.rows import MOST_ROWS, Line

MOST_PARTS = 2_000
LARGEST_PART = 100_000_000
LARGEST_STRINGS = 12_000_000
LARGEST_OTHER = 3_000_000
MOST_UNPACKED = 150_000_000
MOST_RATIO, RATIO_FROM = 100, 1_000_000
MOST_TAGS_OF_OTHERS = 40_000
MOST_STRINGS = 300_000
WIDEST = 1_000
"""Cells that one row may have at all, most of them empty."""
LOOKED_AT = 256
LONGEST_TEXT = 32_767
"""Characters of one cell: Excel's own limit."""
MOST_TAGS_OF_SHEETS = 6_000_000
"""A cell with its value is four of them."""
_ROW = re.compile(rb"<(?:\w{1,20}:)?row[\s/>]")
_CELL = (b"<c ", b"<c>", b"<c/", b"<c\t", b"<c\n", b"<c\r", b":c ", b":c>", b":c/", b":c\t", b":c\n", b":c\r")
_DECLARES = re.compile(rb"<!(?:DOCTYPE|ENTITY)")
_PIECE, _TAG_NAME = 1 << 18, 64
_TYPES = "[Content_Types].xml"
_XML = (b"<", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\0", b" ", b"\t", b"\r", b"\n")
_WRONG = (
    zipfile.BadZipFile,
    InvalidFileException,
    DefusedXmlException,
    XMLError,
    ValueError,
    KeyError,
    IndexError,
    TypeError,
    AttributeError,
    OverflowError,
    EOFError,
    NotImplementedError,
    RuntimeError,
    OSError,
)


def lines(body: bytes, url: str, *, sheet: str | None = None) -> Iterator[Line]:
    """Yield the rows of one sheet: the named one, else the first that is shown. Raises ParseError."""
    if not openpyxl.DEFUSEDXML:
        raise ParseError(url, "workbook", "cannot be read here: OPENPYXL_DEFUSEDXML is switched off")
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            weigh(archive, url)
        book = openpyxl.load_workbook(io.BytesIO(body), read_only=True, data_only=True, keep_links=False)
        try:
            page = _sheet(book, url, sheet)
            # Never what the sheet says of its own size: that may be wrong, and a million rows.
            page.reset_dimensions()
            for number, row in enumerate(
                page.iter_rows(max_row=MOST_ROWS + 1_000, max_col=WIDEST, values_only=True), 1
            ):
                cells = [_text(value) for value in row]
                while cells and not cells[-1]:
                    cells.pop()
                yield number, cells
        finally:
            book.close()
    except ParseError:
        raise
    except _WRONG as error:
        why = " ".join(str(error).split())[:120]
        raise ParseError(url, "workbook", f"cannot be read: {type(error).__name__}: {why}") from error


def weigh(archive: zipfile.ZipFile, url: str) -> None:
    """Raise ParseError for an archive that is no plain workbook, or would unpack to more than we have room for."""
    parts = archive.infolist()
    if len(parts) > MOST_PARTS:
        raise ParseError(url, "workbook", f"holds more than {MOST_PARTS} parts")
    names = {part.filename for part in parts}
    if len(names) < len(parts):
        raise ParseError(url, "workbook", "holds two parts of one name")
    for part in parts:
        _named_well(part, url)
    if _TYPES not in names or not any(name.startswith("xl/") for name in names):
        raise ParseError(url, "workbook", "is an archive, but no workbook of Excel (.xlsx)")
    unpacked = sum(part.file_size for part in parts)
    packed = sum(part.compress_size for part in parts)
    if unpacked > MOST_UNPACKED or (unpacked > RATIO_FROM and unpacked > MOST_RATIO * max(packed, 1)):
        raise ParseError(url, "workbook", f"would unpack to {unpacked} bytes, which is beyond reason")
    _weigh_part(archive, archive.getinfo(_TYPES), url, kinds=frozenset())
    kinds = _kinds(archive)
    for part in parts:
        _weigh_part(archive, part, url, kinds=frozenset(kinds.get(part.filename, ())))


def _kinds(archive: zipfile.ZipFile) -> dict[str, set[str]]:
    """What each part is said to be: openpyxl goes by that, and not by a part's name."""
    found: dict[str, set[str]] = {}
    for told in fromstring(archive.read(_TYPES)).iter():
        name, kind = told.get("PartName", ""), told.get("ContentType", "")
        found.setdefault(name.lstrip("/"), set()).add(kind.rpartition(".")[2])
    return found


def _named_well(part: zipfile.ZipInfo, url: str) -> None:
    name = part.filename
    if name.startswith(("/", "\\")) or "\\" in name or ":" in name or ".." in name.split("/") or part.flag_bits & 1:
        raise ParseError(url, "workbook", "holds a part with the name of a path, or a locked one")
    if name.lower().endswith("vbaproject.bin"):
        raise ParseError(url, "workbook", "holds macros; save it as .xlsx without them, or as CSV")


def _weigh_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo, url: str, *, kinds: frozenset[str]) -> None:
    """Count what a part holds while it streams by, in pieces that end before a tag and never within one.

    Only what is a sheet and nothing else may have the size of one: a sheet is read row by row, all else at once.
    """
    is_sheet, is_strings = kinds == {"worksheet+xml"}, kinds == {"sharedStrings+xml"}
    most = LARGEST_PART if is_sheet else LARGEST_STRINGS if is_strings else LARGEST_OTHER
    most_tags = MOST_TAGS_OF_SHEETS if is_sheet else 4 * MOST_STRINGS if is_strings else MOST_TAGS_OF_OTHERS
    read = tags = wide = 0
    left = b""
    with archive.open(part) as stream:
        while piece := stream.read(_PIECE):
            if not read and not piece.startswith(_XML):
                return  # a picture or the like, which nobody opens
            read += len(piece)
            if read > most:
                raise ParseError(url, part.filename, f"is larger than {most} bytes")
            if piece[:200].count(b"\0") > 20:
                raise ParseError(url, part.filename, "is not written in UTF-8")
            seen = left + piece
            cut = seen.rfind(b"<", max(0, len(seen) - _TAG_NAME))
            seen, left = (seen, b"") if cut < 0 else (seen[:cut], seen[cut:])
            if _DECLARES.search(seen):
                raise ParseError(url, part.filename, "declares entities, which no workbook does")
            tags += seen.count(b"<")
            if tags > most_tags:
                raise ParseError(url, part.filename, "holds more than a workbook of people has")
            if is_sheet:
                wide = _widest(seen, wide, url, part.filename)


def _widest(seen: bytes, wide: int, url: str, where: str) -> int:
    """Return how many cells the last row has so far. Raises ParseError for a row of more than a table has."""
    begun = 0
    for row in (*_ROW.finditer(seen), None):
        end = len(seen) if row is None else row.start()
        wide += sum(seen.count(mark, begun, end) for mark in _CELL)
        if wide > WIDEST:
            raise ParseError(url, where, f"has a row of more than {WIDEST} cells")
        if row is not None:
            begun, wide = end, 0
    return wide


def _sheet(book: Any, url: str, wanted: str | None) -> Any:
    if wanted is not None:
        found = next((page for page in book.worksheets if page.title.casefold() == wanted.casefold()), None)
        if found is None:
            names = ", ".join(repr(page.title[:40]) for page in book.worksheets[:10])
            raise ParseError(url, "sheet", f"there is no sheet {wanted!r}; there are: {names}")
        return found
    shown = [page for page in book.worksheets if page.sheet_state == "visible"]
    if not shown:
        raise ParseError(url, "sheet", "the workbook has no sheet that is shown")
    return shown[0]


def _text(value: Any) -> str:
    """A cell as the text that a CSV would hold: days in ISO 8601, whole numbers without a point, no errors of formulas."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(timespec="minutes")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    text = str(value)[:LONGEST_TEXT]
    return "" if text.startswith("#") and text in _ERRORS else text


_ERRORS = frozenset({"#N/A", "#REF!", "#NAME?", "#VALUE!", "#DIV/0!", "#NULL!", "#NUM!"})
