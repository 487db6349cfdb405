"""What a file is, told by its first bytes and never by its name, and its rows.

The one thing to know: a page of a website, an old workbook or a letter under the name of a table is refused with a
sentence that says what it is and how to save it.
"""

from collections.abc import Collection, Iterator, Sequence

from connectors.base.body import decode_text
from connectors.base.contract import Page, ParseError
from connectors.base.walls import instead_of_data
from connectors.generic.columns import Columns
from connectors.generic.file_drop import delimited, objects, organisations, posts
from connectors.generic.file_drop.about import Params
from connectors.generic.file_drop.rows import Line, Row, canonical, named, of_objects

_NOT_OURS = (
    (b"\xd0\xcf\x11\xe0", "an old or a locked workbook; save it as .xlsx without a password, or as CSV"),
    (b"%PDF", "a PDF; save the table that it was made of"),
    (b"{\\rtf", "a text document; save its table as CSV"),
    (b"\x1f\x8b", "a packed file; unpack it first"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"SQLite format 3", "a database"),
)


def rows_of(page: Page) -> Iterator[Row]:
    """Yield the rows of a file. Raises ParseError when it is not what the source's parameters say."""
    params = page.params if isinstance(page.params, Params) else Params()
    format = kind_of(page.body, page.url) if params.format == "auto" else params.format
    if format == "json":
        return of_objects(objects.objects(page.body, page.url), page.url)
    found = _of_workbook(page, params) if format == "xlsx" else delimited.lines(page.body, page.url)
    return named(found, page.url, marks=marks(params), wanted=own_names(params))


def _of_workbook(page: Page, params: Params) -> Iterator[Line]:
    # Its reader costs 28 MB, which nobody should pay who has no workbook.
    from connectors.generic.file_drop import workbook

    return workbook.lines(page.body, page.url, sheet=params.sheet)


def kind_of(body: bytes, url: str) -> str:
    """Say what the bytes are: csv, json or xlsx. Raises ParseError for anything else."""
    if body.startswith(b"PK\x03\x04"):
        return "xlsx"
    for mark, what in _NOT_OURS:
        if body.startswith(mark):
            raise ParseError(url, "body", f"is {what}")
    if not body.strip():
        raise ParseError(url, "body", "is empty")
    text, _ = decode_text(body[:4096])
    head = text.lstrip("\ufeff \t\r\n")
    if (came := instead_of_data(head)) is not None or head.startswith("<"):
        raise ParseError(url, "body", f"is {came or 'XML'} and no table")
    if text.count("\0") > 2:
        raise ParseError(url, "body", "is no text, and no format that is read here")
    return "json" if head.startswith(("{", "[")) else "csv"


def marks(params: Params) -> Sequence[Collection[str]]:
    """The names by which the line of column names is known: one of each set must stand in it."""
    match params.shape:
        case "linkedin_connections":
            return ({"first_name"}, {"company"})
        case "sse":
            return ({"identifier"}, {"name"})
        case "organisations":
            return (_titles(params, organisations.NAMES["name"]),)
        case "coopspace":
            return (_titles(params, posts.NAMES["title"]),)
        case "notices":
            return (_titles(params, ("title",)),)


def _titles(params: Params, usual: Collection[str]) -> Collection[str]:
    """The column that the office names as the title (of an organisation, its name), else the usual ones."""
    return {canonical(name) for name in params.columns.title} or set(usual)


def own_names(params: Params) -> tuple[str, ...]:
    """Every column that the office names."""
    return tuple(name for field in Columns.model_fields for name in getattr(params.columns, field))
