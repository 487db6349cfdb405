"""The file of all active opportunities: two hundred megabytes of CSV that come and go without ever lying in memory.

The one thing to know: no such file was ever seen (docs/platforms/sam_gov.md). Rows are cut apart as bytes, and only those
that pass the source's filter are put into pages, under the file's own heading; the rest is not even kept.
"""

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import IO, Any

import structlog

from connectors.base.contract import Page, ParseError, Visit
from connectors.sam_gov.about import Params
from connectors.sam_gov.notice import left_out, text_of

log = structlog.get_logger(__name__)
ROLE = "bulk"
LARGEST = 600_000_000
A_PAGE, LARGEST_PAGE = 1_000, 4_000_000
LONGEST_ROW = 1_000_000
_BEGINS = re.compile(rb'"?[0-9a-f]{32}"?,')
_NAMES = {
    "noticeid": "noticeId",
    "title": "title",
    "sol#": "solicitationNumber",
    "department/ind.agency": "department",
    "sub-tier": "subTier",
    "office": "office",
    "posteddate": "postedDate",
    "type": "type",
    "basetype": "baseType",
    "setasidecode": "typeOfSetAside",
    "setaside": "typeOfSetAsideDescription",
    "responsedeadline": "responseDeadLine",
    "naicscode": "naicsCode",
    "classificationcode": "classificationCode",
    "active": "active",
    "additionalinfolink": "additionalInfoLink",
    "link": "uiLink",
    "description": "description",
}


def fetch(visit: Visit) -> Iterator[Page]:
    """Stream the file and give what passes the filter, a thousand rows a page. Raises FetchError, ParseError."""
    params: Params = visit.params
    with visit.http.bulk(params.file, most=LARGEST) as file:
        head = file.readline(LONGEST_ROW)
        names = _heading(head, params.file)
        made = Page(
            url=params.file,
            body=b"",
            fetched_at=visit.now.replace(microsecond=0),
            role=ROLE,
            headers={"content-type": "text/csv"},
        )
        part: list[bytes] = []
        size = number = seen = kept = 0
        for row in cut(file, visit.log.warning):
            seen += 1
            if not _wanted(as_record(names, row), params):
                continue
            kept += 1
            part.append(row)
            size += len(row)
            if len(part) == A_PAGE or size > LARGEST_PAGE:
                number += 1
                yield replace(made, url=f"{params.file}#part={number}", body=b"".join((head, *part)))
                part, size = [], 0
        if part or not number:
            yield replace(made, url=f"{params.file}#part={number + 1}", body=b"".join((head, *part)))
        visit.log.info("read the file of all active opportunities", rows=seen, kept=kept)


def cut(file: IO[bytes], warn: Callable[..., Any]) -> Iterator[bytes]:
    """Cut the file into rows: a row ends with the line at which its quotation marks are even.

    A mark that is missing would swallow the rest of the file; so a row that grows beyond reason is dropped, and the next
    line that begins as a row begins a new one.
    """
    row, marks, lost = bytearray(), 0, False
    while line := file.readline(LONGEST_ROW):
        if lost and not _BEGINS.match(line):
            continue
        lost = False
        row += line
        marks += line.count(b'"')
        if marks % 2 == 0 and line.endswith(b"\n"):
            if row.strip():
                yield bytes(row)
            row, marks = bytearray(), 0
        elif len(row) > LONGEST_ROW:
            warn("a row of the file is longer than any notice, it is dropped", begins=repr(bytes(row[:40])))
            row, marks, lost = bytearray(), 0, True
    if row.strip():
        yield bytes(row)


def rows(page: Page) -> Iterator[dict[str, Any]]:
    """Read the rows of a page in the names of the search. Raises ParseError for what is no such file."""
    file = io.BytesIO(page.body)
    names = _heading(file.readline(LONGEST_ROW), page.url)
    for row in cut(file, log.warning):
        yield as_record(names, row)


def as_record(names: list[str], row: bytes) -> dict[str, Any]:
    """Give a row of the file the shape of a record of the search. One that cannot be read says so where its type stands."""
    # One row may be written in UTF-8, and its neighbour in windows-1252.
    try:
        values = next(csv.reader(io.StringIO(_decoded(row), newline="")), [])
        told = dict(zip(names, values, strict=True))
    except (csv.Error, ValueError) as error:
        begins = row[:34].strip(b'"').partition(b",")[0].decode("ascii", "replace")
        return {"noticeId": begins, "type": f"none, the row is no row of this file: {error}"}
    said = {ours: text_of(told.get(theirs)) for theirs, ours in _NAMES.items()}
    country, city = text_of(told.get("popcountry")), text_of(told.get("popcity"))
    place = ({"country": {"code": country}} if country else {}) | ({"city": {"name": city}} if city else {})
    office = {"state": text_of(told.get("state")), "countryCode": text_of(told.get("countrycode"))}
    award = {
        name: text_of(told.get(f"award{sign}"))
        for name, sign in (("amount", "$"), ("date", "date"), ("number", "number"))
    }
    return {**said, "placeOfPerformance": place, "officeAddress": office, "award": award}


def _heading(line: bytes, url: str) -> list[str]:
    names = [name.strip().lower() for name in next(csv.reader([_decoded(line).lstrip("\ufeff")]), [])]
    if missing := {"noticeid", "title", "type", "responsedeadline"} - set(names):
        why = f"is not that of the file of opportunities: {', '.join(sorted(missing))} are missing"
        raise ParseError(url, "heading", why, suspicious=line.lstrip()[:1] == b"<")
    return names


def _wanted(row: Mapping[str, Any], params: Params) -> bool:
    """Whether a row passes the filter. What cannot be judged is kept, so that the reader says why."""
    try:
        return left_out(row, params) is None
    except ValueError:
        return True


def _decoded(line: bytes) -> str:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return line.decode("cp1252", "replace")
