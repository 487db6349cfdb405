"""Opportunities of a table with any columns, one a row, by the mapping that all tables share (connectors/generic/rows.py)."""

from collections.abc import Iterable, Iterator

from connectors.base.contract import Notice, Page, Record, Skipped
from connectors.generic import rows as tables
from connectors.generic.columns import key
from connectors.generic.file_drop.about import Params
from connectors.generic.file_drop.rows import Row, Told


def split(rows: Iterable[Row], params: Params) -> Iterator[Record]:
    """Give the rows of a file their identities; a row that cannot be right has none."""
    held = list(rows)
    sound = tables.identified((row.cells for row in held if not row.fault), params)
    for row in held:
        if row.fault:
            yield Record(f"row {row.number}", Told(row))
        else:
            known = next(sound)
            yield Record(f"row {row.number}", Told(row, known.source_id, known.skip))


def read(told: Told, page: Page, params: Params) -> Notice | Skipped:
    """Read one row. Raises ValueError where it has no address that a person can open."""
    names = {key(name) for name in params.columns.url or ("url",)}
    if params.page is None and not any(key(name) in names for name in told.row.cells):
        raise ValueError(NO_PAGE)
    row = tables.Row(told.source_id or "", told.row.cells)
    return tables.notice_of_row(row, params, name="file_drop", address=params.page or "", fetched_at=page.fetched_at)


NO_PAGE = "has no address that a person can open, and the source names no page for such rows (page=…)"
