"""Turning the pages of the platform, newest first, back to where the last visit began.

The one thing to know: the list grows at its top while it is turned, so records come twice, and an offset is never a place.
What was published while we read is read by the next visit, because that goes back to where this one began.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from connectors.anac_pvl.about import Params
from connectors.anac_pvl.when import moment
from connectors.base.contract import Page, ParseError, Record, Visit
from connectors.base.documents import object_of

_OVERLAP = timedelta(hours=6)
"""So far a visit goes back behind the beginning of the last one: what is published is not found at once."""


def fetch(visit: Visit) -> Iterator[Page]:
    """Ask for what was published since the last complete visit. Raises FetchError, ParseError."""
    params: Params = visit.params
    until = visit.since - _OVERLAP if visit.since else visit.now - timedelta(days=params.days)
    seen: set[str] = set()
    for number in range(params.max_pages):
        page = visit.http.get(params.endpoint, params=_asked(params, number), conditional=False)
        try:
            records, pages = records_of(page)
        except ParseError:
            yield page  # kept, so that a person can look at it
            raise
        ids = {str(each.get("idAvviso")) for each in records if isinstance(each, Mapping)}
        if number and ids <= seen:
            if records:
                _cut_short(visit, seen, why="a page brought only what was read before", page=number)
            return
        yield page
        seen |= ids
        if visit.trial or number + 1 >= pages or _older(records, until):
            return
    _cut_short(visit, seen, why="the most pages that a visit reads", page=params.max_pages)


def split(page: Page) -> Iterator[Record]:
    """Cut an answer into its records. Raises ParseError for what is no answer of the platform."""
    for place, record in enumerate(records_of(page)[0]):
        yield Record(f"content[{place}]", record)


def records_of(page: Page) -> tuple[list[Any], int]:
    """The records of an answer, and how many pages there are. Raises ParseError."""
    answer = object_of(page)
    content, pages = answer.get("content"), answer.get("totalPages")
    if not isinstance(content, list):
        raise ParseError(page.url, "content", "is no list")
    if isinstance(pages, bool) or not isinstance(pages, int):
        raise ParseError(page.url, "totalPages", "is no number")
    if not content and not answer.get("number"):
        # Every working day has thousands; none at all is an index that is being built.
        raise ParseError(page.url, "content", "is empty", suspicious=True)
    return content, pages


def _asked(params: Params, number: int) -> dict[str, str | int]:
    return {
        "page": number,
        "size": params.page_size,
        "sortField": "dataPubblicazione",
        "sortDirection": "DESC",
    }


def _older(records: list[Any], until: datetime) -> bool:
    """Whether a page lies wholly before the window: one stray date among the others does not end a visit."""
    published = [moment(each.get("dataPubblicazione")) for each in records if isinstance(each, Mapping)]
    stated = [each for each in published if each is not None]
    return bool(stated) and max(stated) < until


def _cut_short(visit: Visit, seen: set[str], *, why: str, page: int) -> None:
    # The next visit must begin where this one did, so it must not count as a whole one.
    visit.log.warning("the window was not read to its end", why=why, page=page)
    visit.announced(len(seen) + 1)
