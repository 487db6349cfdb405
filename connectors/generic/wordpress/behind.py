"""The page behind an item, for sites whose interface gives a title and an address and no text.

The one thing to know: a theme puts the text into one of a few places, and menus, forms and cookie notices around it; where
none of the places is found the page is refused, for half a page of menus is worse than no text.
"""

from bs4 import BeautifulSoup, Tag

from connectors.base.contract import ParseError
from connectors.base.text import clean_line, plain
from connectors.generic.around import take_off
from connectors.generic.item import Item
from connectors.generic.wordpress.about import Params

_PLACES = (".entry-content", ".post-content", ".wp-block-post-content", "article", "main", "#content")
_LEAST = 80
"""Characters of text that a place must have to be taken for the text."""


def item_behind(page: BeautifulSoup, source_id: str, url: str, params: Params) -> Item:
    """Make an item of a page. Raises ParseError where no text is found on it."""
    title = _meta(page, "og:title") or _text(page.find("h1")) or _text(page.title)
    if not title:
        raise ParseError(url, "page", "has no title")
    return Item(
        source_id=source_id,
        link=url,
        title=title,
        html=_content(page, url, params),
        summary=_meta(page, "og:description"),
        base=url,
        lang=str(page.html.get("lang", "")) if page.html is not None else "",
        published=_meta(page, "article:published_time"),
        updated=_meta(page, "article:modified_time"),
    )


def _content(page: BeautifulSoup, url: str, params: Params) -> str:
    for place in (params.content_selector,) if params.content_selector else _PLACES:
        found = page.select_one(place)
        if found is None:
            continue
        take_off(found)
        if len(plain(str(found))) >= _LEAST:
            return str(found)
    raise ParseError(url, "page", "no text is found on it: set content_selector")


def _meta(page: BeautifulSoup, name: str) -> str:
    found = page.find("meta", property=name)
    return clean_line(str(found.get("content", "")), 1_000) if isinstance(found, Tag) else ""


def _text(found: object) -> str:
    return clean_line(found.get_text(" "), 300) if isinstance(found, Tag) else ""
