"""Pages into records, and records into what they say: a card is `Seen`, a profile's own page is a Notice.

The one thing to know: what a card says decides when its page is read again, but never how long ago it was published,
which changes every day.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from urllib.parse import urlsplit, urlunsplit

from connectors.base.cards import fingerprint
from connectors.base.contract import Gone, Notice, Page, ParseError, Record, Seen, Skipped
from connectors.base.pod import pod_reference
from connectors.base.text import http_url
from connectors.een.listing import read_listing
from connectors.een.notice import card_notice, notice_of, reference_of, unknown_labels
from connectors.een.profile import facts, profile_of

DETAIL, FACETS = "detail", "facets"
GONE = (404, 410)


def split(page: Page) -> Iterator[Record]:
    """Cut a list into its cards, or take a profile's page as it is. Raises ParseError for what is neither."""
    if page.role == DETAIL:
        yield Record("profile", {"status": page.status} if page.status in GONE else facts(page))
        return
    listing = read_listing(page)
    if page.role == FACETS:  # the unfiltered list, asked for its filters alone
        return
    for place, card in enumerate(listing.cards):
        yield Record(f"card {place + 1}", card)


def identify(record: Record) -> str | None:
    """Name a card that could not be read, so that its profile is not taken for missing."""
    reference = pod_reference(str(record.data.get("reference", ""))) if isinstance(record.data, dict) else None
    return reference.text if reference else None


def audit(record: Record) -> Iterator[str]:
    """Name the labels of a profile's page that nobody had seen."""
    if isinstance(record.data, dict) and "fields" in record.data:
        yield from unknown_labels(profile_of(record.data))


def read(record: Record, page: Page) -> Seen | Notice | Gone | Skipped:
    """Read one card or one profile. Raises ParseError for one that lacks what makes it one."""
    if page.role == DETAIL:
        return _profile(record, page)
    return seen(record.data, where=record.where, url=page.url, at=page.fetched_at, types=_types(page))


def seen(card: Mapping[str, str], *, where: str, url: str, at: datetime, types: tuple[str, ...] = ()) -> Seen:
    """Read a card of the list at `url`. `types` are those that were asked for; empty: all. Raises ParseError."""
    for name in ("reference", "title", "href"):
        if name not in card:
            raise ParseError(url, where, f"has no {name}")
    reference = pod_reference(card["reference"])
    address = http_url(card["href"], url)
    if reference is None or address is None or urlsplit(address).netloc != urlsplit(url).netloc:
        raise ParseError(url, where, f"has no usable reference or address: {card['reference']}, {card['href']}"[:300])
    if types and reference.type not in types:
        raise ParseError(url, where, f"is {reference.type}, asked for was {', '.join(types)}: the filter is ignored")
    said = (card.get(name, "") for name in ("type", "title", "summary", "country"))
    address = _without_query(address)
    says = card_notice(reference, title=card["title"], summary=card.get("summary", ""), url=address)
    return Seen(reference.text, fingerprint(reference.text, *said, at=at), address, says)


def _profile(record: Record, page: Page) -> Notice | Gone | Skipped:
    if "status" in record.data:
        # The address of a page does not tell its reference; a kept page has lost what was asked for.
        return Gone(page.of) if page.of is not None else Skipped("a page that is gone, of an unknown reference")
    profile, url = profile_of(record.data), _without_query(page.url)
    if page.of is not None and (found := reference_of(profile, url).text) != page.of:
        raise ParseError(url, "POD Reference", f"is {found}, and its card says {page.of}")
    return notice_of(profile, url=url)


def _types(page: Page) -> tuple[str, ...]:
    return tuple(getattr(page.params, "profile_types", ()))


def _without_query(url: str) -> str:
    return urlunsplit((*urlsplit(url)[:3], "", ""))
