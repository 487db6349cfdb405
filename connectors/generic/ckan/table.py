"""The rows of an answer: a CSV, a dump of the data store (fields and rows of cells), or one page of its interface.

The one thing to know: what an answer is, its first sign tells; the content type is not believed. The separator of a CSV is
the one by which its head has the columns of the parameters.
"""

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Any

from connectors.base.body import decode_text
from connectors.base.contract import Notice, Page, ParseError, Record, Skipped
from connectors.base.documents import object_of
from connectors.base.walls import instead_of_data
from connectors.generic.ckan.about import Params
from connectors.generic.columns import missing
from connectors.generic.rows import Row, identified, notice_of_row

MOST_ROWS = 20_000
MOST_COLUMNS = 300
LARGEST = 20_000_000
"""Characters of a CSV."""
_LONGEST_ROW = 1_000
"""Lines of the file that one row may take; more means that a quotation mark was never closed."""
_SEPARATORS = ",;\t|"


def split(page: Page) -> Iterator[Record]:
    """Cut a table into its rows. Raises ParseError for what is none, and for one without the columns that are wanted."""
    params = _params(page)
    names, rows = _json(page) if page.body.lstrip()[:1] in (b"{", b"[") else _csv(page, params)
    if gone := missing(names, params):
        there = ", ".join(str(name)[:40] for name in names[:40])
        raise ParseError(page.url, "columns", f"the table has no column {', '.join(gone)}; it has: {there}")
    for place, row in enumerate(identified(rows, params)):
        yield Record(f"row {place + 1}", row)


def identify(record: Record) -> str | None:
    """Name a row that could not be read, so that it is not taken for missing."""
    return record.data.source_id if isinstance(record.data, Row) else None


def read(record: Record, page: Page) -> Notice | Skipped:
    """Read one row by the columns of the parameters; a row without an address leads to the data set."""
    params = _params(page)
    return notice_of_row(record.data, params, name="ckan", address=params.url, fetched_at=page.fetched_at)


def result_of(page: Page, answer: Mapping[str, Any]) -> Mapping[str, Any]:
    """What an answer of the interface holds. Raises ParseError where it says that it failed."""
    result = answer.get("result")
    if answer.get("success") is not True or not isinstance(result, Mapping):
        raise ParseError(page.url, "success", "the portal says that it could not answer")
    return result


def is_refusal(page: Page) -> bool:
    return page.status in (403, 404, 409)


def _params(page: Page) -> Params:
    if not isinstance(page.params, Params):
        raise ParseError(page.url, "parameters", "a table is read by the columns of its source alone")
    return page.params


def _json(page: Page) -> tuple[list[str], list[Mapping[str, Any]]]:
    answer = object_of(page)
    table = answer if "records" in answer else result_of(page, answer)
    fields, records = table.get("fields"), table.get("records")
    if not isinstance(fields, list) or not isinstance(records, list):
        raise ParseError(page.url, "fields", "is no table: it has no fields and records")
    names = [str(one.get("id", "")) if isinstance(one, Mapping) else "" for one in fields[:MOST_COLUMNS]]
    return names, [_row(record, names, page.url, place) for place, record in enumerate(records[:MOST_ROWS])]


def _row(record: Any, names: list[str], url: str, place: int) -> Mapping[str, Any]:
    if isinstance(record, Mapping):
        return record
    if isinstance(record, list):
        return dict(zip(names, record, strict=False))
    raise ParseError(url, f"records[{place}]", "is no row")


def _csv(page: Page, params: Params) -> tuple[list[str], Iterator[Mapping[str, Any]]]:
    text, _ = decode_text(page.body, page.headers.get("content-type", ""))
    if (came := instead_of_data(text)) is not None:
        why = "is no table: the file is kept from strangers, or has moved" if came == "a web page" else "is no table"
        raise ParseError(page.url, "body", f"{why}: {came} came in its place", suspicious=True)
    if len(text) > LARGEST:
        raise ParseError(
            page.url, "body", f"a table of more than {LARGEST} characters: give `resource` for the data store"
        )
    text = text.lstrip("\ufeff \t\r\n").replace("\0", "")
    heads = {sign: next(_lines(text[:50_000], sign, page.url), []) for sign in _SEPARATORS}
    sign = min(_SEPARATORS, key=lambda each: (len(missing(heads[each], params)), -len(heads[each])))
    names = [name.strip() for name in heads[sign]][:MOST_COLUMNS]
    if not any(names):
        raise ParseError(page.url, "body", "the table is empty")
    return names, _named(_lines(text, sign, page.url), names, page.url)


def _named(lines: Iterator[list[str]], names: list[str], url: str) -> Iterator[Mapping[str, Any]]:
    next(lines, None)
    for place, cells in enumerate(lines):
        if place >= MOST_ROWS:
            raise ParseError(url, f"row {place + 1}", f"a table of more than {MOST_ROWS} rows")
        if any(cell.strip() for cell in cells):
            yield dict(zip(reversed(names), reversed(_even(cells, len(names))), strict=True))


def _even(cells: list[str], width: int) -> list[str]:
    """As many cells as the head names; of two columns with one name the first counts, so they are laid down backwards."""
    return [*cells[:width], *("" for _ in range(width - len(cells)))]


def _lines(text: str, sign: str, url: str) -> Iterator[list[str]]:
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=sign)
    begun = 0
    try:
        for cells in lines:
            if lines.line_num - begun > _LONGEST_ROW:
                raise ParseError(url, f"line {begun + 1}", "a quotation mark that opens here is never closed")
            begun = lines.line_num
            yield cells
    except csv.Error as error:
        raise ParseError(url, f"line {begun + 1}", f"is no row of a table: {error}") from error
