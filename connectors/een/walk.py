"""Walk the list, then read the profiles that are new or changed.

The one thing to know: newest first is how the list comes [inferred], so an ordinary visit stops at the first page on which
everything is known; once a week a sweep goes to the end, and only a sweep can show that a profile is gone.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from connectors.base.cards import details
from connectors.base.contract import Page, ParseError, Seen, Visit
from connectors.een.about import Params
from connectors.een.facets import Question, filtered, unfiltered
from connectors.een.listing import Listing, read_listing
from connectors.een.reading import DETAIL, FACETS, GONE, read, seen, split

RECENT_PAGES = 40
"""An ordinary visit never walks further; the sweep reads what it leaves."""
_FAILED, _SHARE = 3, 0.2
"""So many details, and more than this share of those asked for, that cannot be read: the site has changed, not they."""


@dataclass(slots=True)
class _Walked:
    """`total` is what the pages announce, `cards` what they showed, `left` how many pages may still be asked for."""

    left: int
    total: int = 0
    cards: int = 0
    listed: set[str] = field(default_factory=set)


def fetch(visit: Visit) -> Iterator[Page]:
    """Ask for the list, page after page, and for the details that are due. Raises ParamError for an unknown filter."""
    params: Params = visit.params
    # What earlier visits left comes first: else a long list would use up the time of every visit.
    yield from _profiles(visit)
    questions: Sequence[Question] = unfiltered(params)
    if params.profile_types or params.targeted_countries:
        page = visit.http.get(params.endpoint, role=FACETS, conditional=False)
        yield page
        questions = filtered(params, page)
    sweeps = visit.mode == "sweep"
    walked = _Walked(params.most_pages if sweeps else min(params.most_pages, RECENT_PAGES))
    for question in questions:
        yield from _pages(visit, question, walked)
    yield from _profiles(visit)


def _pages(visit: Visit, question: Question, walked: _Walked) -> Iterator[Page]:
    """Read the pages of one question. A page that only repeats ends it, and so does an empty one."""
    here: set[str] = set()
    for number in range(walked.left):
        asked: dict[str, Any] = {**question, **({"page": number} if number else {})}
        page = visit.http.get(visit.params.endpoint, params=asked, conditional=False)
        walked.left -= 1
        try:
            listing = read_listing(page)
        except ParseError:
            yield page  # kept, so that a person can look at it
            raise
        _announce(visit, listing, walked, first=number == 0)
        # Asked before the page is handed on: taking it in makes its cards known.
        known = visit.mode == "recent" and _all_known(visit, listing, page)
        shown = listing.references
        repeated = len(shown) > 1 and shown <= here
        # What an earlier question has shown already is no news, and no circle either.
        if repeated or not shown or not shown <= walked.listed:
            yield page
        walked.cards += len(listing.cards)
        walked.listed |= shown
        here |= shown
        if repeated or (number and not listing.cards):
            _cut_short(visit, walked, why="a page came twice" if repeated else "a page without cards", page=number)
            return
        if known or visit.trial:
            return
        if not listing.follows and (listing.last or 0) <= number:
            return
    _cut_short(visit, walked, why="the most pages that a visit reads", page=visit.params.most_pages)


def _announce(visit: Visit, listing: Listing, walked: _Walked, *, first: bool) -> None:
    # Questions about two countries find some profiles twice: their totals say nothing together.
    if first and listing.total is not None and visit.mode == "sweep" and len(visit.params.targeted_countries) < 2:
        walked.total += listing.total
        visit.announced(walked.total)


def _cut_short(visit: Visit, walked: _Walked, *, why: str, page: int) -> None:
    """Say that there is more than was read, so that a sweep never counts as a whole one, whatever the heading says."""
    if visit.mode == "recent":  # it is not meant to reach the end; the sweep is
        visit.log.info("the list was not read to its end", why=why, page=page)
        return
    visit.log.warning("the list was not read to its end", why=why, page=page)
    walked.total = max(walked.total, walked.cards + 1)
    visit.announced(walked.total)


def _all_known(visit: Visit, listing: Listing, page: Page) -> bool:
    found = []
    for card in listing.cards:
        try:
            found.append(seen(card, where="card", url=page.url, at=page.fetched_at))
        except ParseError:
            continue  # the pipeline sets it aside
    return all(visit.known(card.source_id, card.fingerprint) for card in found)


def _profiles(visit: Visit) -> Iterator[Page]:
    """Read the details that are due, and stop where too many are no profiles: a wall answers every page alike."""

    def ask(card: Seen) -> Page:
        return visit.http.get(card.url or "", role=DETAIL, accept=GONE)

    asked = failed = 0
    for page in details(visit, ask):
        yield page
        if page.unchanged or page.status in GONE:
            continue
        asked, failed = asked + 1, failed + (not _readable(page))
        if failed >= _FAILED and failed > _SHARE * asked:
            raise ParseError(page.url, "details", f"{failed} of {asked} are no profiles with reference and summary")


def _readable(page: Page) -> bool:
    try:
        for record in split(page):
            read(record, page)
    except (ParseError, ValueError):
        return False
    return True
