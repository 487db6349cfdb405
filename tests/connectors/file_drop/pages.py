"""Files for the tests: a page of any bytes, a workbook made by a spreadsheet's own library, and what is read of them."""

import io
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import openpyxl  # type: ignore[import-untyped]

from aggregator.intake.reading import Rejected, readings
from connectors.base.contract import Notice, Organisation, Page, Reading
from connectors.generic import file_drop
from connectors.generic.file_drop import Params

AT = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
PAGE = "https://www.example.org/richieste"


def page(body: bytes | str, name: str = "file.csv", **params: Any) -> Page:
    raw = body.encode() if isinstance(body, str) else body
    given = Params.model_validate({"page": PAGE} | params)
    return Page(url=f"file:{name}", body=raw, fetched_at=AT, role="file", params=given)


def read(body: bytes | str, **params: Any) -> list[Reading | Rejected]:
    return list(readings(file_drop, page(body, **params)))


def notices(body: bytes | str, **params: Any) -> list[Notice]:
    found = read(body, **params)
    assert [one for one in found if isinstance(one, Rejected)] == []
    return [one for one in found if isinstance(one, Notice)]


def organisations(body: bytes | str, **params: Any) -> list[Organisation]:
    return [one for one in read(body, **params) if isinstance(one, Organisation)]


def title(notice: Notice) -> str:
    return next(iter(notice.titles.values())).text


def workbook(rows: Sequence[Sequence[Any]], *, hidden_first: bool = False, sheet: str = "Dati") -> bytes:
    """A workbook as an office's program saves it."""
    book = openpyxl.Workbook()
    first = book.active
    if hidden_first:
        first.title, first.sheet_state = "Appunti", "hidden"
        first.append(["title", "url"])
        first = book.create_sheet(sheet)
    first.title = sheet
    for row in rows:
        first.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def with_parts(body: bytes, changed: dict[str, bytes], *, packed: bool = True) -> bytes:
    """The same archive with other parts, or more of them."""
    how = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(body)) as old, zipfile.ZipFile(out, "w", how) as new:
        for part in old.infolist():
            if part.filename not in changed:
                new.writestr(part, old.read(part))
        for name, content in changed.items():
            new.writestr(name, content)
    return out.getvalue()
