"""Walk the list, then read the profiles that are new or changed.

The one thing to know: newest first is how the list comes [inferred], so an ordinary visit stops at the first page on which
everything is known; once a week a sweep goes to the end, and only a sweep can show that a profile is gone. So the end of a
sweep must be proved: by the number in the heading, or by links from page to page that go back and no further.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from connectors.base.cards import details
from connectors.base.contract import FetchError, Notice, Page, ParseError, Seen, Visit
from connectors.een.about import Params
from connectors.een.facets import Question, filtered, unfiltered
from connectors.een.listing import Listing, read_listing
from connectors.een.notice import lacks_summary
from connectors.een.reading import DETAIL, FACETS, GONE, read, seen, split

RECENT_PAGES = 40
"""An ordinary visit never walks further; the sweep reads what it leaves."""
_FAILED, _SHARE = 3, 0.2
"""So many details, and more than this share of those that came, that cannot be read: the site has changed, not they."""
_GONE = 5
"""So many details that are gone, and more than half of those asked for: their addresses have changed, not they."""


@dataclass(slots=True)
class _Walked:
    """All questions so far: what they announce, how many cards they showed, whether one was not read to its end, and how
    many pages may still be asked for."""

    left: int
    total: int | None = None
    cards: int = 0
    cut: bool = False
    listed: set[str] = field(default_factory=set)


@dataclass(slots=True)
class _Told:
    """One question so far: the most that a heading announced, who was shown, how many cards showed somebody again, and the
    furthest page that was linked."""

    total: int | None = None
    twice: int = 0
    furthest: int = 0
    here: set[str] = field(default_factory=set)

    def take(self, listing: Listing) -> None:
        for reference in listing.references:
            self.twice += reference in self.here
            self.here.add(reference)
        self.furthest = max(self.furthest, listing.furthest)
        if listing.total is not None:
            self.total = max(self.total or 0, listing.total)

    @property
    def announced(self) -> int | None:
        """How many profiles there are, where headings count cards: a profile that is listed twice is one."""
        return None if self.total is None else max(0, self.total - self.twice)


def fetch(visit: Visit) -> Iterator[Page]:
    """Ask for the list, page after page, and for the details that are due. Raises ParamError for an unknown filter."""
    params: Params = visit.params
    # What earlier visits left comes first: else a long list would use up the time of every visit.
    yield from _left(visit)
    questions: Sequence[Question] = unfiltered(params)
    if params.profile_types or params.targeted_countries:
        page = visit.http.get(params.endpoint, role=FACETS, conditional=False)
        yield page
        questions = filtered(params, page)
    sweeps = visit.mode == "sweep"
    walked = _Walked(params.most_pages if sweeps else min(params.most_pages, RECENT_PAGES))
    for question in questions:
        yield from _pages(visit, question, walked)
    if walked.cut and sweeps:
        # There is more than was read: so it never counts as a whole one, whatever the headings say.
        visit.announced(max(walked.total or 0, walked.cards + 1))
    yield from _profiles(visit)


def _left(visit: Visit) -> Iterator[Page]:
    """Read what earlier visits left, as far as it goes: a few pages that fail must not keep the list from being read."""
    try:
        yield from _profiles(visit)
    except FetchError as error:
        if error.kind in ("throttled", "auth"):
            raise
        visit.log.warning("what earlier visits left waits, the list is asked for all the same", why=str(error))


def _pages(visit: Visit, question: Question, walked: _Walked) -> Iterator[Page]:
    """Read the pages of one question. A page that only repeats ends it, and so does an empty one."""
    told, before = _Told(), walked.total or 0
    for number in range(walked.left):
        asked: dict[str, Any] = {**question, **({"page": number} if number else {})}
        page = visit.http.get(visit.params.endpoint, params=asked, conditional=False)
        walked.left -= 1
        try:
            listing = read_listing(page)
        except ParseError:
            yield page  # kept, so that a person can look at it
            raise
        shown = set(listing.references)
        repeated = len(shown) > 1 and shown <= told.here
        if not repeated:
            told.take(listing)
        _announce(visit, told, walked, before=before)
        # Asked before the page is handed on: taking it in makes its cards known. What an unfinished visit has made known
        # may stand before what it never saw.
        known = visit.mode == "recent" and not visit.resuming and _all_known(visit, listing, page)
        # What an earlier question has shown already is no news, and no circle either.
        if repeated or not shown or not shown <= walked.listed:
            yield page
        walked.cards += len(listing.cards)
        walked.listed |= shown
        if known or visit.trial:
            return
        if not repeated and listing.cards and (listing.follows or told.furthest > number):
            continue
        if why := _doubt(listing, told, repeated=repeated, number=number):
            _cut_short(visit, walked, why=why, page=number)
        return
    _cut_short(visit, walked, why="the most pages that a visit reads", page=visit.params.most_pages)


def _doubt(listing: Listing, told: _Told, *, repeated: bool, number: int) -> str | None:
    """Say why the page after which nothing more is asked for may not be the last; None: it is."""
    if repeated:
        return "a page came twice"
    if told.announced is not None and len(told.here) >= told.announced:
        return None
    if number and not listing.cards:
        return "a page without cards"
    if told.announced is not None:
        return "the heading announces more"
    return None if listing.ends or not listing.cards else "nothing says that this page is the last"


def _announce(visit: Visit, told: _Told, walked: _Walked, *, before: int) -> None:
    # Questions about two countries find some profiles twice: their totals say nothing together.
    if told.announced is None or not (visit.mode == "sweep" or visit.trial) or len(visit.params.targeted_countries) > 1:
        return
    if before + told.announced != walked.total:
        walked.total = before + told.announced
        visit.announced(walked.total)


def _cut_short(visit: Visit, walked: _Walked, *, why: str, page: int) -> None:
    walked.cut = True
    # An ordinary visit is not meant to reach the end; the sweep is.
    log = visit.log.warning if visit.mode == "sweep" else visit.log.info
    log("the list was not read to its end", why=why, page=page)


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

    asked = read_so_far = failed = gone = 0
    for page in details(visit, ask):
        yield page
        asked, gone = asked + 1, gone + (page.status in GONE)
        if gone >= _GONE and 2 * gone > asked:
            why = f"{gone} of {asked} profiles that were listed are gone"
            raise ParseError(page.url, "details", why, suspicious=True)
        if page.unchanged or page.status in GONE:
            continue
        read_so_far, failed = read_so_far + 1, failed + (not _whole(page))
        if failed >= _FAILED and failed > _SHARE * read_so_far:
            raise ParseError(
                page.url, "details", f"{failed} of {read_so_far} are no profiles with reference and summary"
            )


def _whole(page: Page) -> bool:
    """Whether a page is a profile as it should be. One without its summary is read all the same; many are a change."""
    try:
        found = [read(record, page) for record in split(page)]
    except (ParseError, ValueError):
        return False
    return not any(isinstance(each, Notice) and lacks_summary(each) for each in found)
