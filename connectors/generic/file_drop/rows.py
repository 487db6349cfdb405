"""What a file comes down to: rows with named cells, whatever it was written with.

The one thing to know: a row that cannot be right (more cells than names, a line that is no JSON) is a row with a fault,
so that it is refused alone and named by its number, and the others are read.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from connectors.base.contract import ParseError
from connectors.base.text import clean_line, visible

MOST_ROWS = 50_000
MOST_COLUMNS = 200
MOST_CELLS = 2_000_000
MOST_TEXT = 40_000_000
"""Characters of all cells together: a cell of a workbook may be repeated fifty thousand times."""
LONGEST_CELL = 100_000
_SCANNED = 50
"""So many rows are looked at for the names of the columns; what stands above them is a preamble."""
_NO_WORD = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a file, by its number there; `cells` by the names of columns as written, without the empty ones."""

    number: int
    cells: Mapping[str, str] = field(default_factory=dict)
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """A row with whose it is, where the row says so, and why it is left out, if it is."""

    row: Row
    source_id: str | None = None
    skip: str = ""


Line = tuple[int, Sequence[str]]
"""The number of a line and its cells, before anybody knows their names."""


def canonical(name: str) -> str:
    """Return a column's name as it is compared: small letters, one low line for whatever stands between words."""
    return _NO_WORD.sub("_", visible(name).casefold()).strip("_")


def canonical_cells(row: Row) -> dict[str, str]:
    """The cells of a row by their compared names."""
    return {canonical(name): value for name, value in row.cells.items()}


def named(
    lines: Iterable[Line], url: str, *, marks: Sequence[Collection[str]], wanted: Collection[str] = ()
) -> Iterator[Row]:
    """Give the cells their names. The header is the first row that has one name of each set in `marks`.

    Raises ParseError where no header is found or one of the `wanted` columns is not in it, and for a file beyond the
    limits.
    """
    header: list[str] | None = None
    looked = rows = cells = text = 0
    for number, values in lines:
        if len(values) > MOST_COLUMNS:
            if any(value.strip() for value in values[MOST_COLUMNS:]):
                raise ParseError(url, f"row {number}", f"has more than {MOST_COLUMNS} columns")
            values = values[:MOST_COLUMNS]
        filled = [value.strip() for value in values]
        if not any(filled):
            continue
        if header is None:
            names = {canonical(value) for value in filled}
            looked += 1
            if all(not names.isdisjoint(known) for known in marks):
                header = [clean_line(value, 200) for value in filled]
                if lacking := [name for name in wanted if canonical(name) not in names]:
                    raise ParseError(url, "header", f"the columns {', '.join(lacking)} are not in it any more")
            elif looked >= _SCANNED:
                break
            continue
        rows, cells, text = rows + 1, cells + len(filled), text + sum(map(len, filled))
        _bounded(url, number, rows=rows, cells=cells, text=text)
        yield _row(number, header, filled)
    if header is None:
        known = " and ".join(" or ".join(sorted(names)) for names in marks)
        raise ParseError(url, "header", f"no line of column names is found; it must hold {known}")


def of_objects(found: Iterable[tuple[int, Mapping[str, str] | str]], url: str) -> Iterator[Row]:
    """Make rows of objects whose values are texts already; a text in the place of an object is its fault."""
    rows = cells = text = 0
    for number, given in found:
        rows += 1
        if isinstance(given, str):
            _bounded(url, number, rows=rows, cells=cells, text=text)
            yield Row(number, fault=given)
            continue
        cells, text = cells + len(given), text + sum(map(len, given.values()))
        _bounded(url, number, rows=rows, cells=cells, text=text)
        if len(given) > MOST_COLUMNS:
            yield Row(number, fault=f"has more than {MOST_COLUMNS} fields")
            continue
        yield _row(number, [clean_line(name, 200) for name in given], [value.strip() for value in given.values()])


def _row(number: int, header: Sequence[str], values: Sequence[str]) -> Row:
    if any(values[len(header) :]):
        return Row(number, fault=f"has {len(values)} cells, and there are {len(header)} names of columns")
    if any(len(value) > LONGEST_CELL for value in values):
        return Row(number, fault=f"has a cell of more than {LONGEST_CELL} characters")
    # Where two columns have one name ("Name" and "name"), the first that is filled counts.
    cells: dict[str, tuple[str, str]] = {}
    for name, value in zip(header, values, strict=False):
        if name and value:
            cells.setdefault(canonical(name), (name, value))
    return Row(number, dict(cells.values()))


def _bounded(url: str, number: int, *, rows: int, cells: int, text: int) -> None:
    if rows > MOST_ROWS:
        raise ParseError(url, f"row {number}", f"the file has more than {MOST_ROWS} rows; cut it into several")
    if cells > MOST_CELLS or text > MOST_TEXT:
        raise ParseError(
            url, f"row {number}", f"the file has more than {MOST_CELLS} cells or {MOST_TEXT} characters; cut it"
        )
