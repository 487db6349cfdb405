"""Asking for the whole catalogue, page after page, and cutting an answer into its records.

The one thing to know: `numFound` says how many there are, so a catalogue that was rebuilt while we turned its pages is an
incomplete visit and no reason to withdraw anything.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from connectors.base.contract import Page, ParseError, Record, Visit
from connectors.base.documents import object_of
from connectors.incentivi.about import Params

_ASKED = {"q": "*:*", "q.op": "OR", "fq": "index_id:incentivi", "fl": "*", "wt": "json"}


def fetch(visit: Visit) -> Iterator[Page]:
    """Ask for every incentive. Raises FetchError, ParseError."""
    params: Params = visit.params
    seen: set[str] = set()
    start = most = 0
    while start < params.max_records:
        asked: dict[str, str | int] = {**_ASKED, "rows": params.rows, "start": start}
        # Every answer tells how long it took, so none is ever the same, and no validator would hold.
        page = visit.http.get(params.endpoint, params=asked, conditional=False)
        try:
            found, docs = found_in(page)
        except ParseError:
            yield page  # kept, so that a person can look at it
            raise
        new = {str(doc.get("zs_nid")) for doc in docs if isinstance(doc, Mapping)} - seen
        # The most that was ever announced: what moved up while we turned was not shown to us, though it is there.
        most = max(most, found)
        visit.announced(most)
        if start and not new:
            visit.log.warning("a page of incentives came again, the catalogue ends here", start=start, total=found)
            return
        yield page
        seen |= new
        start += len(docs)
        if start >= found or visit.trial:
            return
    visit.log.warning("visit stopped at its limit of incentives", limit=params.max_records)


def split(page: Page) -> Iterator[Record]:
    """Cut an answer into its records. Raises ParseError for what is no answer of the catalogue, or an error of it."""
    for place, doc in enumerate(found_in(page)[1]):
        yield Record(f"docs[{place}]", doc)


def found_in(page: Page) -> tuple[int, list[Any]]:
    """How many incentives there are, and those of this page. Raises ParseError."""
    answer = object_of(page)
    if isinstance(error := answer.get("error"), Mapping):
        raise ParseError(page.url, "error", str(error.get("msg") or error.get("code") or "no reason given")[:300])
    response = answer.get("response")
    if not isinstance(response, Mapping) or not isinstance(docs := response.get("docs"), list):
        raise ParseError(page.url, "response.docs", "is not there")
    found = response.get("numFound")
    if isinstance(found, bool) or not isinstance(found, int) or found < 0:
        raise ParseError(page.url, "response.numFound", "is no number")
    return found, docs
