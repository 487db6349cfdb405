"""Listing everything that a source asks for, then reading the details that are due.

The one thing to know: the list lives while it is turned, so `hitCount` moves and hits come twice; the offset counts the
records that came, never the rows that were asked for.
"""

import json
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import unquote_plus

from connectors.base.cards import details
from connectors.base.contract import FetchError, Page, ParseError, Seen, Visit
from connectors.base.documents import object_of
from connectors.grants_gov.about import Params
from connectors.grants_gov.answers import complaint, hits_of, leads_nowhere

_EMPTY_IN_A_ROW = 3
"""So many details without content, one after the other: the platform is unwell, the opportunities are not gone."""


def fetch(visit: Visit) -> Iterator[Page]:
    """List all hits, then ask for the details that are due. Raises FetchError, ParseError.

    An outage, an error in an answer, a page in place of an answer: never an empty list.
    """
    yield from _listing(visit)
    yield from details(visit, _ask(visit))


def search_body(params: Params, *, start: int) -> dict[str, Any]:
    """Write one request of search2; several codes of one filter are joined with a pipe."""
    return {
        "keyword": params.keyword,
        "oppNum": "",
        # Documented as `aln`, echoed as `cfda`: both say the same.
        "aln": params.aln,
        "cfda": params.aln,
        "eligibilities": "|".join(params.eligibilities),
        "agencies": "|".join(params.agencies),
        "oppStatuses": "|".join(params.statuses),
        "fundingCategories": "|".join(params.categories),
        "fundingInstruments": "|".join(params.instruments),
        "sortBy": "openDate|desc",
        "rows": params.rows,
        "startRecordNum": start,
    }


def _listing(visit: Visit) -> Iterator[Page]:
    params: Params = visit.params
    seen: set[str] = set()
    start = 0
    while len(seen) < params.max_hits:
        asked = search_body(params, start=start)
        page = visit.http.post_json(f"{params.endpoint.rstrip('/')}/search2", asked)
        if why := complaint(object_of(page)):
            raise FetchError("transient", page.url, why)
        total, hits = hits_of(page)
        new = {str(hit.get("id")) for hit in hits if isinstance(hit, dict)} - seen
        if not start:
            _check_filters(visit, page, asked)
        if hits and not new:
            visit.log.warning("a page of hits came again, the list ends here", start=start, hits=len(seen), total=total)
        if new or not start:
            yield page
        seen |= new
        start += len(hits)
        # What is announced last is nearest to the truth, and never less than what came.
        visit.announced(max(total, len(seen)))
        if not new or start == total:
            return
    visit.log.warning("visit stopped at its limit of hits", limit=params.max_hits)


def _check_filters(visit: Visit, page: Page, asked: dict[str, Any]) -> None:
    """Compare what was asked with what the platform says that it searched for, where it says so.

    Only a warning: each opportunity is judged by itself, so a filter that is ignored costs time and shows nothing wrong.
    """
    answer = object_of(page)
    told = answer.get("data", answer).get("searchParams")
    if not isinstance(told, dict):
        return
    names = ("keyword", "eligibilities", "agencies", "oppStatuses", "fundingCategories", "fundingInstruments")
    ignored = [name for name in names if name in told and _codes(told[name]) != _codes(asked[name])]
    listings = [_codes(told[name]) for name in ("cfda", "aln") if name in told]
    if listings and _codes(asked["aln"]) not in listings:
        ignored.append("aln")
    if ignored:
        visit.log.warning("the platform searched for something else than was asked", filters=ignored)


def _codes(told: Any) -> frozenset[str]:
    # In any order; and the answer may repeat words as they stand in an address ("keywordEncoded").
    return frozenset(unquote_plus(str(told)).split("|"))


def _ask(visit: Visit) -> Callable[[Seen], Page]:
    params: Params = visit.params
    empty: list[str] = []

    def ask(card: Seen) -> Page:
        url = f"{params.endpoint.rstrip('/')}/fetchOpportunity"
        page = visit.http.post_json(url, {"opportunityId": int(card.source_id)}, role="detail")
        try:
            answer = object_of(page)
        except ParseError as error:
            # One broken answer must not hold up those behind it; three in a row end the reading (cards.details).
            raise FetchError("transient", page.url, error.why) from error
        if leads_nowhere(answer):
            empty.append(card.source_id)
            if len(empty) >= _EMPTY_IN_A_ROW:
                raise FetchError("transient", page.url, f"details come without content, the last for {card.source_id}")
            return page
        empty.clear()
        if why := complaint(answer):
            raise FetchError("transient", page.url, why)
        return page

    return ask


def asked_for(page: Page) -> str | None:
    """Return the id that a detail page was asked for by, from its request; None for a page without one."""
    if page.request is None or page.request.body is None:
        return None
    try:
        asked = json.loads(page.request.body)
    except ValueError:
        return None
    id = asked.get("opportunityId") if isinstance(asked, dict) else None
    return str(id) if isinstance(id, int | str) and str(id).isdigit() else None
