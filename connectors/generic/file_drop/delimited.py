"""CSV as people save it: comma, semicolon, tab or bar, any charset, cells of several lines, rows wrapped in quotes.

The one thing to know: nothing in such a file says how it was written, so the separator is the one by which the most rows
have the same number of cells.
"""

import csv
import io
from collections import Counter
from collections.abc import Iterator
from itertools import islice

import structlog

from connectors.base.body import decode_text, doubt
from connectors.base.contract import ParseError
from connectors.generic.file_drop.rows import MOST_CELLS, Line

log = structlog.get_logger(__name__)
SEPARATORS = ",;\t|"
_SNIFFED = 60
MOST_LINES = 500_000
"""Of the file; a row may take several, and between two of them some are empty."""
_LONGEST_ROW = 2_000
"""Lines of the file that one row may take; more means that a quotation mark was never closed."""


def lines(body: bytes, url: str) -> Iterator[Line]:
    """Yield the rows of a CSV file with the number of the line on which each begins. Raises ParseError."""
    text, guessed = decode_text(body)
    if why := doubt(text, guessed=guessed):
        log.warning("text of doubtful quality", url=url, why=why)
    if "\0" in text[:10_000]:
        raise ParseError(url, "body", "is no text")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text.count("\n") > MOST_LINES:
        raise ParseError(url, "body", f"has more than {MOST_LINES} lines; cut it into several")
    # Excel's own hint on the first line; it says what comes and is no row.
    if text[:4].lower() == "sep=" and text[5:6] == "\n":
        yield from _parsed(text[6:], url, text[4], offset=1)
        return
    separator = _separator(text)
    if text.count(separator) > 4 * MOST_CELLS:
        raise ParseError(url, "body", f"has more than {4 * MOST_CELLS} separators")
    if _wrapped(text, separator):
        # Every row was once saved as a single cell: `"a,""b, c"",d"`. Read it, and read what comes out.
        text = "\n".join(cells[0].replace("\n", " ") for _, cells in _parsed(text, url, separator) if cells)
        separator = _separator(text)
    yield from _parsed(text, url, separator)


def _parsed(text: str, url: str, separator: str, *, offset: int = 0) -> Iterator[Line]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    begun = 1 + offset
    try:
        for cells in reader:
            if reader.line_num + offset - begun > _LONGEST_ROW:
                raise ParseError(url, f"row {begun}", "a quotation mark that opens here is never closed")
            yield begun, cells
            begun = reader.line_num + offset + 1
    except csv.Error as error:
        raise ParseError(url, f"row {begun}", f"is no row of a CSV file: {error}") from error


def _separator(text: str) -> str:
    return max(SEPARATORS, key=lambda sign: _evenness(text, sign))


def _evenness(text: str, sign: str) -> tuple[int, int]:
    """How many rows have as many cells as most have, if that is more than one; and how many cells that are."""
    head = text[:200_000]
    try:
        counted = Counter(len(cells) for _, cells in islice(_parsed(head, "", sign), _SNIFFED) if len(cells) > 1)
    except ParseError:
        return (0, 0)
    cells, rows = max(counted.items(), key=lambda found: (found[1], found[0]), default=(0, 0))
    return (rows, cells)


def _wrapped(text: str, separator: str) -> bool:
    first = [cells for _, cells in islice(_parsed(text[:200_000], "", separator), 5) if cells]
    # With the wrong separator a wrapped file looks like one column; each cell of it is a row of several.
    return bool(first) and all(len(cells) == 1 and any(sign in cells[0] for sign in SEPARATORS) for cells in first)
