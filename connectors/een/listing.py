"""A page of the list: its cards, how many profiles it announces, whether another page follows, and its filters.

The one thing to know: a page without any card is believed only when it says itself that there is nothing; a login page, a
wall or changed markup has no cards either. And a page without a next one is the last only where its links from page to
page are still there: when they lose their classes, or are put in by a script, every page looks like the last.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from bs4 import Tag

from connectors.base.contract import Page, ParseError
from connectors.base.documents import html_of
from connectors.base.pod import pod_reference
from connectors.base.text import http_url
from connectors.een.markup import text_of

_HEADINGS = ["h1", "h2", "h3", "h4", "h5", "h6"]
_TOTAL = re.compile(r"partnering opportunities\s*\(\s*(\d[\d.,\s]*)\)", re.IGNORECASE)
_NOTHING = re.compile(r"\b(?:no|0) (?:results?|profiles?|items?|partnering opportunit(?:y|ies))\b", re.IGNORECASE)
_AGE = re.compile(r"\d|\b(?:ago|today|yesterday|just now)\b", re.IGNORECASE)
_COUNT = re.compile(r"\s*\(\s*\d[\d.,\s]*\)\s*$")


@dataclass(frozen=True, slots=True)
class Listing:
    """`cards` as texts by name; `total` as the heading says it, if it does; `furthest` the highest number of a page that it
    links, from 0; `follows`: it links one behind itself; `ends`: it links one before itself and none behind."""

    cards: tuple[Mapping[str, str], ...]
    total: int | None
    furthest: int
    follows: bool
    ends: bool

    @property
    def references(self) -> tuple[str, ...]:
        return tuple(card["reference"].upper() for card in self.cards if "reference" in card)


def number_of(page: Page) -> int:
    """Which page of the list this is, from 0. Page 0 has no number in its address."""
    return _page_number(page.request.url if page.request else page.url) or 0


def read_listing(page: Page) -> Listing:
    """Read a page of the list. Raises ParseError for what is none, and for a first page that hides what it announces."""
    # The whole document: nobody has seen whether cards, heading and pages stand in its `main`.
    soup = html_of(page)
    cards = tuple(_card(card) for card in soup.select("article.ecl-card"))
    total = _total(soup)
    if not cards:
        nothing = total == 0 or (total is None and _NOTHING.search(text_of(soup)) is not None)
        if total is None and not nothing:
            raise ParseError(page.url, "article.ecl-card", "is not there: a login page, a wall, or changed markup")
        if not nothing and number_of(page) == 0:
            raise ParseError(page.url, "article.ecl-card", f"is not there, but {total} profiles are announced")
    numbers, here = _linked(soup, page.url), number_of(page)
    follows = soup.select_one(".ecl-pagination__item--next a[href]") is not None or max(numbers, default=0) > here
    # A list of one page has no links from page to page, and neither has one that has lost them.
    ends = not follows and min(numbers, default=here) < here
    return Listing(cards, total, max(numbers, default=0), follows, ends)


def facets_of(page: Page) -> dict[str, dict[str, str]]:
    """Read the filters that an unfiltered page offers: facet → label → value, `{"p": {"Business Offer": "4312"}}`."""
    found: dict[str, dict[str, str]] = {}
    for link in html_of(page).select('a[href*="f%5B0%5D="], a[href*="f[0]="]'):
        address = http_url(str(link["href"]), page.url) or ""
        chosen = dict(parse_qsl(urlsplit(address).query)).get("f[0]", "")
        facet, colon, value = chosen.partition(":")
        name = link.select_one(".facet-item__value")
        label = _COUNT.sub("", text_of(name if name is not None else link))
        if colon and value and label:
            found.setdefault(facet, {}).setdefault(label, value)
    return found


def _card(card: Tag) -> dict[str, str]:
    """Cut a card into what it says. What is missing is left out, and is the reader's to judge."""
    metas = [text_of(item) for item in card.select(".ecl-content-block__primary-meta-item")]
    reference = next((text for text in metas if pod_reference(text)), None)
    link = card.select_one(".ecl-content-block__title a[href]") or card.select_one("a.ecl-link--standalone[href]")
    around = [text_of(item) for item in card.select(".ecl-content-block__secondary-meta-item")]
    said: dict[str, Any] = {
        "type": next((text for text in metas if text != reference), None),
        "reference": reference,
        "title": text_of(link),
        "href": str(link["href"]) if link is not None else None,
        "summary": text_of(card.select_one(".ecl-content-block__description")),
        # The other one is how long ago it was published, and changes every day.
        "country": next((text for text in around if text and not _AGE.search(text)), None),
    }
    return {key: value for key, value in said.items() if value}


def _total(soup: Tag) -> int | None:
    for heading in soup.find_all(_HEADINGS):
        if found := _TOTAL.search(text_of(heading)):
            return int(re.sub(r"\D", "", found[1]))
    return None


def _linked(soup: Tag, url: str) -> set[int]:
    """The numbers of the list's pages that a page links, by their addresses alone: classes change more easily."""
    addresses = (http_url(str(link["href"]), url) for link in soup.select('a[href*="page="]'))
    ours = (each for each in addresses if each and urlsplit(each).path.rstrip("/") == urlsplit(url).path.rstrip("/"))
    return {number for each in ours if (number := _page_number(each)) is not None}


def _page_number(address: str) -> int | None:
    number = dict(parse_qsl(urlsplit(address).query)).get("page", "")
    return int(number) if re.fullmatch(r"[0-9]{1,6}", number) else None
