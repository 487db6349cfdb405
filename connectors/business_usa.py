"""BusinessUSA, which closed in 2017, kept as a bundle of what took its place. Facts and ways out: docs/platforms/business_usa.md.

The one thing to know: nothing is fetched here. An admin switches the members on and off as one; and a person may have a
list of SBIR topics read that was downloaded by hand, because that platform refuses programs.
"""

import csv
import io
from collections.abc import Iterator
from datetime import date
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field

from connectors.base import closed
from connectors.base.contract import (
    About,
    Body,
    Contact,
    Deadline,
    Eligibility,
    FetchError,
    Link,
    Notice,
    Page,
    ParseError,
    Programme,
    Record,
    Rights,
    Title,
    Visit,
)
from connectors.base.dates import instant
from connectors.base.documents import text_of
from connectors.base.people import without_people
from connectors.base.text import clean_html, clean_line, http_url, plain, shorten

ZONE = "America/New_York"
ABOUT = About(
    name="business_usa",
    title="BusinessUSA: what took its place",
    home="https://www.usa.gov/business",
    rights=Rights(
        show="full",
        audience="public",
        attribution="SBIR.gov, U.S. Small Business Administration",
        basis="work of the United States government, public domain (17 U.S.C. 105)",
    ),
    reads="nothing",
    zone=ZONE,
    recorded=False,
    caveats=(
        "2026-11-25: BusinessUSA closed in 2017; no answer of it was ever seen, and none will come",
        "2026-11-25: unproven: the list of SBIR topics is known by its heading and by one row that somebody made for a test",
    ),
    confirmed_live=None,
)

_ASKED = "Topic Title"
_COLUMNS = ("Topic Title", "Topic Description", "Topic Number", "Program", "Open Date", "Close Date", "SBIRTopicLink")
_MOST_ROWS = 20_000


class Params(BaseModel):
    """Which sources are switched as one."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    members: tuple[Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")], ...] = Field(
        default=("grants-gov-open-abroad", "sam-gov-italy-europe", "trade-gov-events", "trade-gov-leads"),
        min_length=1,
        max_length=50,
        title="Members",
        description="Names of the sources that belong together: what took the place of the portal.",
    )


def members(params: BaseModel) -> tuple[str, ...]:
    """The names of the sources that this bundle switches."""
    return params.members if isinstance(params, Params) else ()


def replaced(url: str) -> str | None:
    """What became of an old address of the portal, as a sentence; None for every other address."""
    found = closed.closed_at(url)
    return found.sentence if found is closed.BUSINESS_USA else None


def fetch(visit: Visit) -> Iterator[Page]:
    """Ask nobody. Raises FetchError("gone"), which says what took the place of the portal."""
    raise FetchError("gone", "http://business.usa.gov/", closed.BUSINESS_USA.sentence)


def split(page: Page) -> Iterator[Record]:
    """Cut a downloaded list of SBIR topics (CSV) into its rows. Raises ParseError for anything else."""
    reader = csv.DictReader(io.StringIO(text_of(page).lstrip("\ufeff"), newline=""), restkey="_more")
    try:
        missing = [name for name in _COLUMNS if name not in (reader.fieldnames or ())]
        if missing:
            raise ParseError(
                page.url, "heading", f"is not that of a list of SBIR topics: {', '.join(missing)} are missing"
            )
        for number, row in enumerate(reader, 1):
            if number > _MOST_ROWS:
                raise ParseError(page.url, "rows", f"are more than {_MOST_ROWS}")
            yield Record(f"row {number}", row)
    except csv.Error as error:
        raise ParseError(page.url, f"line {reader.line_num}", f"is no CSV: {error}") from error


def identify(record: Record) -> str | None:
    """Name a record that could not be read."""
    return _id(record.data)


def read(record: Record, page: Page) -> Notice:
    """Read one topic: only companies of the United States may apply. Raises ParseError for a row that is none."""
    row = record.data
    try:
        if "_more" in row or None in row.values():
            raise ValueError("the row has another number of columns than the heading")
        if not (id := _id(row)):
            raise ValueError("neither a topic number nor a link is there")
        return _notice(row, id)
    except ValueError as error:
        raise ParseError(page.url, record.where, " ".join(str(error).split())[:300]) from error


def _notice(row: dict[str, str], id: str) -> Notice:
    body = without_people(clean_html(row["Topic Description"]))
    whole = plain(body)
    agency, branch = (clean_line(row.get(name, ""), 100) for name in ("Agency", "Branch"))
    program = clean_line(row["Program"], 40)
    url = http_url(row["SBIRTopicLink"]) or "https://www.sbir.gov/topics"
    closes, agency_page = _day(row["Close Date"]), http_url(row.get("Solicitation Agency URL", ""))
    names = {"BOTH": "SBIR and STTR"}
    phase = clean_line(row.get("Phase", ""), 40)
    return Notice(
        source_id=id,
        url=url,
        titles={"en": Title(text=without_people(clean_line(row[_ASKED], 500)))},
        kind="grant_call",
        summary=shorten(whole, 500) or None,
        body=body if len(whole) > 500 else None,
        lang="en" if whole else None,
        published_at=_day(row.get("Release Date", "")),
        opens_at=_day(row["Open Date"]),
        deadlines=(Deadline(on=closes, zone=ZONE),) if closes else (Deadline(certainty="not_stated"),),
        countries=("US",),
        origin_country="US",
        organisation=Body(name=" · ".join(dict.fromkeys(filter(None, (agency, branch)))), country="US")
        if agency
        else None,
        programme=Programme(code=program, name=names.get(program, program)) if program else None,
        eligibility=Eligibility(
            text="For-profit companies of the United States with at most 500 people, owned there in their majority",
            verdict="us_only",
        ),
        documents=(Link(url=agency_page),) if agency_page else (),
        contact=Contact(url=url),
        same_as=(f"sbir:{id}",),
        extra={"sbir": {"phase": "both" if phase == "BOTH" else phase}} if phase else {},
    )


def _id(row: dict[str, str]) -> str:
    number = (row.get("Topic Number") or "").strip()
    link = http_url((row.get("SBIRTopicLink") or "").strip()) or ""
    return number or urlsplit(link).path.rstrip("/").rpartition("/")[2]


def _day(said: str) -> date | None:
    """Read a day as the list writes it, `August 26, 2026`. Raises ValueError for a date that is none."""
    if not said.strip():
        return None
    read = instant(said, lang="en-us")
    if read is None:
        raise ValueError(f"no date: {said.strip()[:40]!r}")
    return read if not hasattr(read, "hour") else date(read.year, read.month, read.day)
