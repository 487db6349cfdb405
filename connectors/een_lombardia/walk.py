"""Walk the list to its end, then read the proposals that are new or changed.

The one thing to know: nothing announces how many there are. Behind the last page the platform shows it again, so the end
is a page without a new link, and it is believed only where no page that was linked is left.
"""

from collections.abc import Iterator

from connectors.base.cards import details
from connectors.base.contract import Page, ParseError, Seen, Visit
from connectors.een_lombardia.about import Params
from connectors.een_lombardia.pages import read_listing
from connectors.een_lombardia.reading import DETAIL, GONE


def fetch(visit: Visit) -> Iterator[Page]:
    """Ask for the list, page after page, and for the details that are due. Raises FetchError, ParseError."""
    yield from _listing(visit)

    def ask(card: Seen) -> Page:
        return visit.http.get(card.url or "", role=DETAIL, accept=GONE)

    yield from details(visit, ask)


def _listing(visit: Visit) -> Iterator[Page]:
    params: Params = visit.params
    shown: set[str] = set()
    before: frozenset[str] = frozenset()
    furthest = cards = 0
    for number in range(1, params.most_pages + 1):
        page = visit.http.get(params.endpoint, params={"page": number} if number > 1 else None, conditional=False)
        try:
            listing = read_listing(page)
        except ParseError:
            yield page  # kept, so that a person can look at it
            raise
        furthest = max(furthest, listing.furthest)
        if number > 1 and not listing.links - shown:
            # The last page once more, or none at all; an earlier one would mean that the number is not heeded.
            if furthest >= number or not (listing.links <= before):
                _cut_short(visit, cards, why="a page brought nothing new before the last one", page=number)
            return
        yield page
        cards += len(listing.cards)
        shown |= listing.links
        before = listing.links
        if visit.trial:
            return
    _cut_short(visit, cards, why="the most pages that a visit reads", page=params.most_pages)


def _cut_short(visit: Visit, cards: int, *, why: str, page: int) -> None:
    # There is more than was read, so this visit must not count as a whole one.
    visit.log.warning("the list was not read to its end", why=why, page=page)
    visit.announced(cards + 1)
