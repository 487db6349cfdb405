"""A row of a file into what its source's shape says that it is."""

from collections.abc import Iterator

from connectors.base.contract import Notice, Organisation, Page, Record, Skipped
from connectors.generic.file_drop import opportunities, organisations, posts
from connectors.generic.file_drop.about import Params
from connectors.generic.file_drop.content import rows_of
from connectors.generic.file_drop.parts import PART, part_of
from connectors.generic.file_drop.rows import Row, Told


def split(page: Page) -> Iterator[Record]:
    """Cut a file into its rows; a thing that the file tells twice is there once. Raises ParseError."""
    params = _params(page)
    rows = part_of(page) if page.role == PART else rows_of(page)
    if params.shape == "linkedin_connections" and page.role != PART:
        rows = organisations.of_connections(rows)
    if params.shape == "notices":
        yield from opportunities.split(rows, params)
        return
    seen: set[str | None] = set()
    for row in rows:
        own = None if row.fault else _identity(row, params)
        again = own is not None and own in seen
        seen.add(own)
        yield Record(f"row {row.number}", Told(row, own, "the same item again" if again else ""))


def identify(record: Record) -> str | None:
    """Say whose row it is, also where it cannot be read."""
    told: Told = record.data
    return told.source_id


def read(record: Record, page: Page) -> Notice | Organisation | Skipped:
    """Read one row. Raises ValueError for one that cannot be right."""
    params, told = _params(page), record.data
    row = told.row
    if row.fault:
        raise ValueError(row.fault)
    if told.skip:
        return Skipped(told.skip, told.source_id)
    match params.shape:
        case "coopspace":
            return posts.read(row, page, params)
        case "linkedin_connections":
            return organisations.read_connection(row)
        case "organisations" | "sse":
            return organisations.read(row, params.columns, params.attribution)
        case "notices":
            return opportunities.read(told, page, params)


def _identity(row: Row, params: Params) -> str | None:
    match params.shape:
        case "coopspace":
            return posts.identity(posts.cells_of(row, params.columns))
        case "organisations" | "sse":
            return organisations.identity(row, params.columns)
        case _:
            return None


def _params(page: Page) -> Params:
    return page.params if isinstance(page.params, Params) else Params()
