"""Walk a list from page to page, then read the pages of items that are new or changed.

The one thing to know: a pager that repeats, loops or never ends is stopped; and where a list that is said to show
everything was not read to its end, the visit says so, and so withdraws nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from connectors.base.cards import details
from connectors.base.contract import FetchError, Page, ParseError, Seen, Visit
from connectors.generic.html_list.about import Params
from connectors.generic.html_list.addresses import is_ours, page_address
from connectors.generic.html_list.listing import LISTING, MORE, Listing, read_listing
from connectors.generic.html_list.reading import DETAIL, seen

GONE = (404, 410)


@dataclass(slots=True)
class _Walked:
    """All addresses so far: who was listed, how many are said to be there, how many stand in two lists, and why one was not
    read to its end."""

    listed: set[str] = field(default_factory=set)
    closed: int = 0
    total: int = 0
    twice: int = 0
    cut: str = ""


def fetch(visit: Visit) -> Iterator[Page]:
    """Ask for the pages of the list, and for the details that are due."""
    yield from walk(visit, visit.params)


def walk(visit: Visit, params: Params) -> Iterator[Page]:
    """Walk a list by these parameters, which may be another connector's own."""
    if params.follow_details:
        yield from _left(visit)
    walked = _Walked()
    for address in params.list_urls:
        yield from _pages(visit, params, address, walked)
    if params.complete and visit.mode == "sweep":
        _announce(visit, walked)
    if params.follow_details:
        yield from _details(visit)


def _announce(visit: Visit, walked: _Walked) -> None:
    open_ones = max(walked.total - walked.twice, len(walked.listed)) - walked.closed
    if walked.cut:
        visit.log.warning("the list was not read to its end", why=walked.cut)
        open_ones = max(open_ones, len(walked.listed) + 1)
    visit.announced(open_ones)


def _pages(visit: Visit, params: Params, address: str, walked: _Walked) -> Iterator[Page]:
    numbered = "{page}" in address
    turns = params.max_pages if numbered or params.next_selector else 1
    here: set[str] = set()
    asked: set[str] = set()
    url = page_address(address, params.first_page)
    for turn in range(turns):
        asked.add(url)
        page = visit.http.get(url, role=MORE if turn else LISTING, conditional=turns == 1, accept=GONE if turn else ())
        if page.status in GONE:
            return  # behind the last page
        if page.unchanged:
            yield page
            return
        try:
            listing = read_listing(page, params)
        except ParseError as error:
            walked.cut = str(error)
            yield page  # kept, and `split` says what is wrong with it
            return
        ids = {card.source_id for card in listing.cards if card.source_id}
        if ids and ids <= here:
            walked.cut = f"page {turn + 1} brings only what was listed before"
            visit.log.warning("the pager repeats itself", url=url)
            return
        # Asked before the page is handed on: taking it in makes its cards known.
        known = _all_known(visit, params, listing, page)
        _count(walked, listing, ids - here, first=turn == 0)
        here |= ids
        yield page
        if known or visit.trial:
            return
        if not ids or (listing.total is not None and len(here) >= listing.total):
            return
        following = page_address(address, params.first_page + turn + 1) if numbered else listing.next
        if following is None:
            return
        if following in asked:
            walked.cut = "the link to the next page leads back"
            return
        url = following
    walked.cut = f"it has more than {turns} pages"


def _count(walked: _Walked, listing: Listing, ids: set[str], *, first: bool) -> None:
    walked.closed += sum(card.closed and card.source_id not in walked.listed for card in listing.cards)
    walked.twice += len(ids & walked.listed)
    walked.listed |= ids
    walked.total += (listing.total or 0) if first else 0


def _all_known(visit: Visit, params: Params, listing: Listing, page: Page) -> bool:
    """Whether nothing on this page is new: then an ordinary visit of a list, newest first, need not turn it."""
    if not params.follow_details or visit.mode != "recent" or visit.resuming or not listing.cards:
        return False
    cards = [seen(card, page) for card in listing.cards if card.url and not card.closed and is_ours(card.url, params)]
    return bool(cards) and all(visit.known(card.source_id, card.fingerprint) for card in cards)


def _left(visit: Visit) -> Iterator[Page]:
    """Read what earlier visits left, as far as it goes: pages that fail must not keep the list from being read."""
    try:
        yield from _details(visit)
    except FetchError as error:
        if error.kind in ("throttled", "auth"):
            raise
        visit.log.warning("what earlier visits left waits, the list is asked for all the same", why=str(error))


def _details(visit: Visit) -> Iterator[Page]:
    def ask(card: Seen) -> Page:
        return visit.http.get(card.url or "", role=DETAIL, accept=GONE)

    yield from details(visit, ask)
