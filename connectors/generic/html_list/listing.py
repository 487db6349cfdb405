"""A page of a list: its items as texts by name, how many there are said to be, and the link to the next page.

The one thing to know: a list in which nothing is found is an error that says which of three things went wrong, never an
empty list; a site that changes its markup must not look like a site that has nothing to offer.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bs4 import BeautifulSoup, Tag

from connectors.base.contract import Page, ParseError
from connectors.base.documents import html_of
from connectors.generic.html_list.about import Params
from connectors.generic.html_list.addresses import base_of, canonical, identity
from connectors.generic.html_list.dating import date_line, stated, without_line
from connectors.generic.html_list.naming import says_only_more, title_of
from connectors.generic.selecting import chosen, matched, words_of

LISTING, MORE = "listing", "more"
"""The role of a page behind the first: there nothing is the end of the list, and on the first one it is an error."""
_WHOLE_PAGE = 5
_MOST_ITEMS = 2_000
_MOST_LINKS = 10
"""So many links to one page are looked at for its name and its box."""
_LONGEST = 20_000
_SCRIPTED = re.compile(r'id="__next"|__NEXT_DATA__|<app-root|<div id="(?:root|app)">\s*</div>|window\.__NUXT__')
_FRAME = "nav, footer, [role=navigation], [role=contentinfo]"
_NUMBER = re.compile(r"\d[\d.\s]*")


@dataclass(frozen=True, slots=True)
class Card:
    """One item as the list shows it; texts as written, `html` is what it says besides its title. `url` empty: no link."""

    url: str = ""
    source_id: str = ""
    title: str = ""
    html: str = ""
    published: str = ""
    deadline: str = ""
    state: str = ""
    categories: tuple[str, ...] = ()
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Listing:
    cards: tuple[Card, ...]
    total: int | None = None
    next: str | None = None
    lang: str = ""


@dataclass(frozen=True, slots=True)
class _Box:
    element: Tag
    url: str
    links: list[Tag]


def read_listing(page: Page, params: Params) -> Listing:
    """Read a page of the list. Raises ParseError for what is none, and for a first page on which nothing is found."""
    soup = html_of(page)
    base = base_of(soup, page.url)
    total, following = _total(soup, params), _next(soup, base, params)
    lang = str(soup.html.get("lang") or "") if soup.html else ""
    if params.empty_selector and soup.select_one(params.empty_selector) is not None:
        return Listing((), 0, None, lang)
    boxes = _boxes(soup, base, page, params) if params.item_selector else _linked(soup, base, page, params)
    if len(boxes) > _MOST_ITEMS:
        raise ParseError(
            page.url, "item_selector", f"finds {len(boxes)} items, and {_MOST_ITEMS} are the most of a page"
        )
    cards = [_card(box, page, params) for box in boxes]
    if page.role != MORE and len(cards) >= _WHOLE_PAGE and all(card.closed for card in cards):
        # The wrong element, more likely than the end of everything. On a later page it is how old calls look.
        why = f"says of all {len(cards)} items that they are over, which is not believed. Does it point at the badge of one item?"
        raise ParseError(
            page.url, "state_selector", f"{why} If so, leave it empty until something opens", suspicious=True
        )
    return Listing(tuple(cards), total, following, lang)


def _boxes(soup: BeautifulSoup, base: str, page: Page, params: Params) -> list[_Box]:
    assert params.item_selector is not None
    elements = list(_outermost(soup.select(params.item_selector)))
    if not elements and page.role == MORE:
        return []  # behind the last page
    if not elements:
        hint = "; the page is put together by a script in the browser" if _SCRIPTED.search(str(soup)[:200_000]) else ""
        raise ParseError(page.url, "item_selector", f"{params.item_selector} matches nothing: changed markup{hint}")
    found, with_link = [], 0
    for element in elements:
        links = [
            (link, url)
            for link in chosen(params.link_selector or "a[href]", element)
            if (url := canonical(str(link.get("href") or ""), base)) is not None
        ]
        with_link += bool(links)
        fits = next((url for _, url in links if _fits(url, page, params)), None)
        if fits is not None or not links:
            found.append(_Box(element, fits or "", [link for link, url in links if url == fits][:_MOST_LINKS]))
    if not with_link:
        raise ParseError(page.url, "link_selector", f"none of {len(elements)} items has a link")
    if not any(box.url for box in found):
        why = f"removes all of {with_link} items: {params.url_pattern}"
        raise ParseError(page.url, "url_pattern", why)
    return found


def _linked(soup: BeautifulSoup, base: str, page: Page, params: Params) -> list[_Box]:
    """Every address that fits is an item; its box is the largest element around its links that holds no other item."""
    frame = {id(link) for part in soup.select(_FRAME) for link in part.find_all("a")}
    links: dict[str, list[Tag]] = {}
    others = 0
    for link in soup.find_all("a", href=True):
        url = canonical(str(link["href"]), base)
        if url is None or id(link) in frame or url == canonical(page.url, base):
            continue
        if _fits(url, page, params):
            links.setdefault(url, []).append(link)
        else:
            others += 1
    if not links and page.role == MORE:
        return []
    if not links:
        if not others:
            raise ParseError(page.url, "a[href]", "matches nothing: the page has no links of its own")
        raise ParseError(page.url, "url_pattern", f"removes all of {others} links: {params.url_pattern}")
    owners: dict[int, str] = {}
    for url, elements in links.items():
        for element in elements:
            for above in element.parents:
                owners[id(above)] = url if owners.get(id(above), url) == url else ""
    return [_around(url, elements[:_MOST_LINKS], owners) for url, elements in links.items()]


def _around(url: str, links: list[Tag], owners: dict[int, str]) -> _Box:
    # A list of the latest beside the list itself links to the same pages, and says less of them.
    boxes = [_box(link, owners) for link in links]
    best = max({id(box): box for box in boxes}.values(), key=lambda box: len(words_of(box)))
    return _Box(best, url, [link for link, box in zip(links, boxes, strict=True) if box is best])


def _box(link: Tag, owners: dict[int, str]) -> Tag:
    box = link
    for above in link.parents:
        if not owners.get(id(above)) or above.name in ("[document]", "html", "body", "main"):
            break
        box = above
    return box


def _card(box: _Box, page: Page, params: Params) -> Card:
    element = box.element
    if not box.url:
        return Card(title=words_of(element)[:200])
    pointed = next(iter(chosen(params.title_selector, element)), None) if params.title_selector else None
    title = title_of(element, box.links, pointed)
    published = stated(params.date_selector, element)
    if not published and params.date_line:
        published = date_line(element, params.lang)
    state = " ".join(map(words_of, chosen(params.state_selector, element))) if params.state_selector else ""
    categories = map(words_of, chosen(params.category_selector, element)) if params.category_selector else ()
    return Card(
        url=box.url,
        source_id=identity(box.url, params, page_url=page.url),
        title=title,
        html=_rest(box, title, published, params),
        published=published,
        deadline=stated(params.deadline_selector, element),
        state=state,
        categories=tuple(dict.fromkeys(word for word in categories if word)),
        closed=bool(state) and matched(params.closed_pattern, state, url=page.url, where="closed_pattern") is not None,
    )


def _rest(box: _Box, title: str, published: str, params: Params) -> str:
    """What an item says besides its title. Alters the element: it is the last thing that is asked of it."""
    if params.summary_selector:
        return "".join(str(part) for part in chosen(params.summary_selector, box.element))[:_LONGEST]
    for selector in (params.title_selector, params.date_selector, params.state_selector, params.category_selector):
        for part in chosen(selector, box.element) if selector else ():
            if part is not box.element and not part.decomposed:
                part.decompose()  # read already
    for part in box.element.find_all(
        ["a", "h1", "h2", "h3", "h4", "h5", "h6", "button", "img", "svg", "script", "style"]
    ):
        # Not when the whole item is one link: then the rest of it stands inside.
        said = words_of(part)
        if not part.decomposed and (said == title or says_only_more(said)):
            part.decompose()
    without_line(box.element, published)
    for part in box.element.find_all(["span", "time", "small", "label"]):
        part.insert_after(" ")  # boxes to the eye, one word to a reader of text
    return box.element.decode_contents()[:_LONGEST] if words_of(box.element) != title else ""


def _outermost(elements: list[Tag]) -> Iterator[Tag]:
    inside = {id(element) for element in elements}
    for element in elements:
        if not any(id(above) in inside for above in element.parents):
            yield element


def _fits(url: str, page: Page, params: Params) -> bool:
    return params.url_pattern is None or matched(params.url_pattern, url, url=page.url, where="url_pattern") is not None


def _total(soup: BeautifulSoup, params: Params) -> int | None:
    said = words_of(soup.select_one(params.total_selector)) if params.total_selector else ""
    found = _NUMBER.search(said)
    return int(re.sub(r"\D", "", found[0])) if found else None


def _next(soup: BeautifulSoup, base: str, params: Params) -> str | None:
    link = soup.select_one(params.next_selector) if params.next_selector else None
    return canonical(str(link.get("href") or ""), base) if link is not None else None
