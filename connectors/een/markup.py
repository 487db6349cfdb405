"""Texts and lists out of the site's markup.

The one thing to know: a list is its `li`, or, where the site has none, its lines; it is never cut at commas, for names of
keywords and countries hold commas themselves.
"""

import re
from collections.abc import Sequence

from bs4 import Tag

from connectors.base.text import plain

_BLOCK_TAG = re.compile(r"</?(?:br|p|div|ul|ol|li|tr|td|h[1-6])\b[^>]*>", re.IGNORECASE)


def main_of(soup: Tag) -> Tag:
    """Return what a page is about: its `main`, else its body, else all of it."""
    main = soup.find("main") or soup.find("body")
    return main if isinstance(main, Tag) else soup


def text_of(tag: Tag | None) -> str:
    """Return the text of an element on one line; empty for none. Icons and scripts say nothing."""
    return plain(tag.decode_contents()) if tag is not None else ""


def lines_of(values: Sequence[Tag]) -> tuple[str, ...]:
    """Return the entries of a list that may stand in one element or in several, each once, in their order."""
    found: list[str] = []
    for value in values:
        entries = [item for item in value.find_all("li") if item.find("li") is None]
        if entries:
            found += map(text_of, entries)
        else:
            found += map(plain, _BLOCK_TAG.split(value.decode_contents()))
    return tuple(dict.fromkeys(line for line in found if line))
