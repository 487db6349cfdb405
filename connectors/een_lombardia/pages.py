"""A page of the list, and the page of one proposal, cut into what they say.

The one thing to know: a proposal's page ends with cards of other proposals, with references of their own. What the page is
about is taken from its own elements, and never looked for in the page as a whole.
"""

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from bs4 import Tag

from connectors.base.contract import Page, ParseError
from connectors.base.documents import html_of
from connectors.base.text import http_url, plain

_TYPE = re.compile(r"^collaborations-type-(\d{1,2})$")
_EXPIRY = re.compile(r"expir|scad", re.IGNORECASE)
_ID = re.compile(r"^\s*ID\s*:?\s*", re.IGNORECASE)
CARDS = ".collaborations-card"


@dataclass(frozen=True, slots=True)
class Listing:
    """`cards` as texts by name; `furthest` the highest number of a page that it links, from 1; 0: it links none."""

    cards: tuple[dict[str, str], ...]
    furthest: int

    @property
    def links(self) -> frozenset[str]:
        return frozenset(card["href"] for card in self.cards if "href" in card)


def number_of(page: Page) -> int:
    """Which page of the list this is, from 1."""
    return _page_number(page.request.url if page.request else page.url) or 1


def read_listing(page: Page) -> Listing:
    """Read a page of the list. Raises ParseError for a first page without any card: a wall, or changed markup."""
    soup = html_of(page)
    cards = tuple(_card(card, page.url) for card in soup.select(CARDS))
    if not cards and number_of(page) == 1:
        raise ParseError(page.url, CARDS, "is not there: a login page, a wall, or changed markup")
    here = urlsplit(page.url).path.rstrip("/")
    addresses = (http_url(str(link["href"]), page.url) for link in soup.select('a[href*="page="]'))
    ours = (each for each in addresses if each and urlsplit(each).path.rstrip("/") in (here, f"{here}/index"))
    return Listing(cards, max((_page_number(each) or 1 for each in ours), default=0))


def proposal(page: Page) -> dict[str, str]:
    """Read what the page of a proposal says of it, by name. Raises ParseError for another page."""
    soup = html_of(page)
    main = soup.select_one(".collaborations-detail")
    if main is None:
        raise ParseError(page.url, ".collaborations-detail", "is not there: another page, or changed markup")
    for others in main.select(".collaborations-related"):
        others.extract()
    kind = main.select_one(".collaborations-detail-type")
    abstract = main.select_one(".collaborations-abstract-text")
    form = main.select_one("a.collaborations-approfondisci[href]")
    said = {
        "reference": _text(main.select_one(".collaborations-info-value.lead")),
        "title": _text(main.select_one(".collaborations-detail-title")),
        "type": _text(kind),
        "class": _type(kind),
        "expires": _expiry(main),
        "abstract": abstract.decode_contents() if abstract is not None else "",
        "form": (http_url(str(form["href"]), page.url) or "") if form is not None else "",
    }
    return {name: value for name, value in said.items() if value}


def _card(card: Tag, url: str) -> dict[str, str]:
    link = card.select_one(".collaborations-card-title a[href]") or card.select_one("a.readmore[href]")
    kind = card.select_one(".collaborations-card-type")
    said = {
        "reference": _ID.sub("", _text(card.select_one(".collaborations-card-een"))),
        "title": _text(card.select_one(".collaborations-card-title")),
        "href": (http_url(str(link["href"]), url) or "") if link is not None else "",
        "type": _text(kind),
        "class": _type(kind),
        "expires": _text(card.select_one(".collaborations-card-scadenza strong")),
    }
    return {name: value for name, value in said.items() if value}


def _expiry(main: Tag) -> str:
    """The day beside the label of expiry. Its badge ("in 346 days") stands in the same element and is left out."""
    for item in main.select(".collaborations-info-item"):
        value = item.select_one(".collaborations-info-value")
        if value is not None and _EXPIRY.search(_text(item.select_one(".collaborations-info-label"))):
            for badge in value.select(".collaborations-info-badge"):
                badge.extract()
            return _text(value)
    return ""


def _type(tag: Tag | None) -> str:
    classes = tag.get("class") if tag is not None else None
    found = (_TYPE.match(name) for name in classes or ())
    return next((match[1] for match in found if match), "")


def _text(tag: Tag | None) -> str:
    return plain(tag.decode_contents()) if tag is not None else ""


def _page_number(address: str) -> int | None:
    number = dict(parse_qsl(urlsplit(address).query)).get("page", "")
    return int(number) if re.fullmatch(r"[0-9]{1,6}", number) else None
