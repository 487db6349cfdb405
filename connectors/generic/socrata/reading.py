"""The rows of an answer, and each of them by the columns of the parameters.

The one thing to know: a cell without a value is no key at all, so a column that is missing in some rows is no fault; one that
is missing in every row of a full page is.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from connectors.base.contract import Notice, Page, ParseError, Record, Skipped
from connectors.base.documents import json_of
from connectors.generic.columns import missing
from connectors.generic.rows import Row, identified, notice_of_row
from connectors.generic.socrata.about import Params

_MANY = 20
"""So many rows without a column are no chance, where it is that of the title, the identity or the deadline."""


def rows_of(page: Page) -> list[Any]:
    """Read a bare list of rows. Raises ParseError for anything else."""
    told = json_of(page)
    if not isinstance(told, list):
        raise ParseError(page.url, "body", "is no list of rows")
    return told


def split(page: Page) -> Iterator[Record]:
    """Cut an answer into its rows. Raises ParseError."""
    params = _params(page)
    if page.role == "count":
        return
    rows: list[Mapping[str, Any]] = []
    for place, row in enumerate(rows_of(page)):
        if not isinstance(row, Mapping):
            raise ParseError(page.url, f"[{place}]", "is no row")
        rows.append(row)
    names = {name for row in rows for name in row}
    needed = (*params.columns.id, *params.columns.title, *params.columns.deadline)
    gone = [name for name in missing(names, params) if name in needed] if len(rows) >= _MANY else []
    if gone:
        raise ParseError(
            page.url, "columns", f"no row has {', '.join(gone)}; they have: {', '.join(sorted(names))[:500]}"
        )
    for place, row in enumerate(identified(rows, params)):
        yield Record(f"[{place}]", row)


def identify(record: Record) -> str | None:
    """Name a row that could not be read, so that it is not taken for missing."""
    return record.data.source_id if isinstance(record.data, Row) else None


def read(record: Record, page: Page) -> Notice | Skipped:
    """Read one row by the columns of the parameters; a row without an address leads to the data set."""
    params = _params(page)
    return notice_of_row(record.data, params, name="socrata", address=params.page, fetched_at=page.fetched_at)


def _params(page: Page) -> Params:
    if not isinstance(page.params, Params):
        raise ParseError(page.url, "parameters", "rows are read by the columns of their source alone")
    return page.params
