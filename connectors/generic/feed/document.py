"""A feed's answer: fetched once and conditionally, told apart by its first signs, and cut into items.

The one thing to know: the content type is not believed; what the text begins with decides what it is.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from connectors.base.body import decode_text, doubt
from connectors.base.contract import Page, ParseError, Record, Visit
from connectors.base.walls import instead_of_data
from connectors.generic.feed.discovery import feeds_named_in
from connectors.generic.feed.entry import Entry, identified
from connectors.generic.feed.jsonfeed import entries_of_json
from connectors.generic.feed.xmlfeed import read_xml

_ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.1"
)
_PROLOG = re.compile(r"(?:\s+|<\?.*?\?>|<!--.*?-->)*+", re.S)
_DOCTYPE = re.compile(r"<!DOCTYPE\s+(?P<root>[\w:.-]+)[^\[>]*(?:\[.*?\]\s*)?>\s*", re.S | re.I)
_ROOT = re.compile(r"<(?:[\w.-]+:)?(?P<name>[A-Za-z][\w.-]*)")
_ROOTS = frozenset({"rss", "feed", "rdf", "channel"})
_MOST_DOCTYPES = 3
LARGEST = 5_000_000
"""Characters of a feed; its reader takes twenty times as much memory. Feeds of our sources have a tenth of it."""


@dataclass(frozen=True, slots=True)
class _Document:
    entries: list[Entry]
    warnings: list[str]


def fetch(visit: Visit) -> Iterator[Page]:
    """Ask for the feed once; an answer that says nothing changed costs nothing more."""
    page = visit.http.get(visit.params.url, role="feed", headers={"accept": _ACCEPT})
    yield page
    if page.unchanged:
        return
    try:
        warnings = _document(page).warnings
    except ParseError:
        return  # for `split` to say
    for warning in warnings:
        visit.log.warning("feed_defect", url=page.url, why=warning)


def split(page: Page) -> Iterator[Record]:
    """Cut a feed into its items. Raises ParseError for what is no feed, for no text at all, and for ruins."""
    if page.unchanged:
        return
    for place, entry in enumerate(identified(_document(page).entries)):
        yield Record(f"item {place + 1}", entry)


def _document(page: Page) -> _Document:
    text, warnings = _text_of(page)
    if len(text) > LARGEST:
        raise ParseError(page.url, "page", f"a feed of more than {LARGEST} characters")
    begin = text.lstrip("\ufeff \t\r\n\0")
    if not begin:
        raise ParseError(page.url, "page", "the answer is empty")
    if begin[0] in "{[":
        return _Document(list(entries_of_json(begin, page.url)), warnings)
    root = _root_of(begin)
    if root == "html":
        raise _no_feed(begin, page.url)
    if root not in _ROOTS:
        raise ParseError(page.url, "page", "not a feed: neither RSS nor Atom nor JSON Feed")
    feed = read_xml(text, page.url)
    return _Document(feed.entries, [*warnings, feed.defect] if feed.defect else warnings)


def _no_feed(html: str, url: str) -> ParseError:
    came = instead_of_data(html) or "a web page"
    if came == "a web page" and (named := feeds_named_in(html, url)):
        return ParseError(url, "page", f"not a feed: a web page, which names as its feed {' and '.join(named)}")
    perhaps = ", perhaps of a login or of maintenance work" if came == "a web page" else f" ({came})"
    return ParseError(url, "page", f"not a feed: a web page{perhaps}", suspicious=True)


def _text_of(page: Page) -> tuple[str, list[str]]:
    text, guessed = decode_text(page.body, page.headers.get("content-type", ""))
    if guessed:
        try:
            # The declared charset gives mojibake and the bytes are sound UTF-8: the declaration is wrong.
            return page.body.decode("utf-8"), ["the charset that is declared is wrong; read as utf-8"]
        except UnicodeDecodeError:
            return text, ["no charset is declared; read as windows-1252 (charset_guessed)"]
    return text, [f"{why} (charset)"] if (why := doubt(text)) else []


def _root_of(text: str) -> str:
    declared = ""
    for _ in range(_MOST_DOCTYPES):
        at = _PROLOG.match(text)
        text = text[at.end() :] if at else text
        if (doctype := _DOCTYPE.match(text)) is None:
            break
        declared, text = declared or doctype["root"].lower(), text[doctype.end() :]
    root = _ROOT.match(text)
    return root["name"].lower() if root else declared
