"""RSS and Atom through feedparser, which gets bytes that we have decoded and cleaned, and never a name to open.

The one thing to know: an ill-formed feed is read when entries come out of it, and `defect` says what was wrong.
"""

import calendar
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from html import escape
from html.entities import html5
from itertools import islice
from typing import Any

import feedparser

from connectors.base.contract import ParseError
from connectors.base.markup import Excess, Most, weigh
from connectors.base.text import http_url
from connectors.generic.feed.entry import Entry, address
from connectors.generic.item import Attachment

_MOST = Most(tags=60_000, attributes=60_000, depth=60, loose=2_000)
_MOST_WITHIN, _MOST_LOOSE = 200_000, 50_000
_BEGIN_WITHIN = re.compile(r"<|&(?:lt|#0{0,9}60|#x0{0,9}3c);", re.I)
_LOOSE = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#\d{1,9}|#x[0-9a-f]{1,9});)", re.I)
_PROLOG = re.compile(r"(?:\s+|\ufeff|\0|<\?.*?\?>|<!--.*?-->)*+", re.S)
_BEGIN = re.compile(r"<(?:[\w.-]+:)?(?:rss|feed|rdf|channel)(?=[\s/>])", re.I)
_DECLARATION = re.compile(r"<\?xml\b[^<>]*\?>", re.I)
_BARE_AMPERSAND = re.compile(r"&(?!#\d+;|#[xX][0-9a-fA-F]+;|[A-Za-z][A-Za-z0-9]*;)")
_ENTITY = re.compile(r"&([A-Za-z][A-Za-z0-9]*);")
_CDATA = re.compile(r"(<!\[CDATA\[.*?\]\]>)", re.S)
# A number that no character has: the reader of feeds breaks at it.
_NO_CHARACTER = re.compile(r"&#(?:0*[1-9]\d{6,}|[xX]0*[1-9a-fA-F][0-9a-fA-F]{5,});?")
_FAULTS = (ValueError, OverflowError, LookupError, TypeError, AttributeError, AssertionError, RecursionError)
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_ITEM_END = re.compile(r"</(?:\w+:)?(?:item|entry)\s*>", re.I)
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_OF_XML = frozenset({"amp", "lt", "gt", "quot", "apos"})
_BENIGN = (feedparser.CharacterEncodingOverride, feedparser.NonXMLContentType)


@dataclass(frozen=True, slots=True)
class XMLFeed:
    entries: list[Entry]
    defect: str | None


def read_xml(text: str, url: str) -> XMLFeed:
    """Read a feed of any XML dialect. Raises ParseError where no entry comes out of a feed that is ill-formed."""
    _bounded(text, url)
    text = _NO_CHARACTER.sub("\ufffd", _without_doctype(text))
    parsed, cleaned = _parse(text, url), False
    if _broken(parsed):
        second = _parse(_repaired(text), url)
        if not _broken(second) or 0 < len(second.entries) >= len(parsed.entries):
            parsed, cleaned = second, True
    defect = _broken(parsed) or ("not well-formed, read after repair" if cleaned else None)
    if not parsed.version and not parsed.entries:
        raise ParseError(url, "page", "not a feed: no known dialect of RSS or Atom")
    if _broken(parsed) and not parsed.entries:
        raise ParseError(url, "page", f"the feed is broken and holds no entry: {defect}")
    guids = _guids(parsed, text, url)
    entries = [_entry(entry, guid, parsed.feed, url) for entry, guid in zip(parsed.entries, guids, strict=True)]
    if _broken(parsed) and len(_ITEM_END.findall(text)) < len(entries):
        # The feed ends inside its last item: half a text would overwrite the whole one that we may hold.
        entries[-1] = replace(entries[-1], skip="the feed is cut off inside this item")
    return XMLFeed(entries, defect)


def _bounded(text: str, url: str) -> None:
    """Raise ParseError for a feed that would take its reader minutes, or hundreds of megabytes."""
    try:
        weigh(text, _MOST)
    except Excess as exc:
        raise ParseError(url, "page", f"a feed that {exc}") from exc
    for sign, most in ((_BEGIN_WITHIN, _MOST_WITHIN), (_LOOSE, _MOST_LOOSE)):
        if next(islice(sign.finditer(text), most, None), None) is not None:
            raise ParseError(url, "page", f"a feed that holds more than {most} signs of one kind")


def _guids(parsed: Any, text: str, url: str) -> list[str]:
    """Return the ids as written: where a permalink is no address, the parser has made a relative link of it."""
    guids = [str(entry.get("id", "")).strip() for entry in parsed.entries]
    if all(guid in text or escape(guid) in text for guid in guids):
        return guids
    raw = _parse(text, "")
    if len(raw.entries) != len(guids):
        return guids
    return [str(entry.get("id", "")).strip() for entry in raw.entries]


def _without_doctype(text: str) -> str:
    """Begin at the root where a document type stands before it: there entities are declared, and bombs made of them."""
    prolog = _PROLOG.match(text)
    at = prolog.end() if prolog else 0
    if not text[at : at + 9].upper().startswith("<!DOCTYPE"):
        return text
    root = _BEGIN.search(text, at)
    return text[root.start() :] if root else ""


def _parse(text: str, url: str) -> Any:
    # The text is decoded already, in the one order of body.decode_text: the parser gets UTF-8 and is told so.
    body = '<?xml version="1.0" encoding="utf-8"?>' + _DECLARATION.sub("", text[:4096], count=1) + text[4096:]
    told = {"content-type": "application/xml; charset=utf-8", **({"content-location": url} if url else {})}
    try:
        return feedparser.parse(
            io.BytesIO(body.encode("utf-8", "replace")),
            response_headers=told,
            # text.clean_html does both, for every connector by the same rules.
            resolve_relative_uris=False,
            sanitize_html=False,
        )
    except _FAULTS as exc:
        raise ParseError(url, "page", f"a feed that its reader cannot read: {type(exc).__name__}") from exc


def _broken(parsed: Any) -> str | None:
    if not parsed.bozo or isinstance(parsed.bozo_exception, _BENIGN):
        return None
    return str(parsed.bozo_exception)[:200] or "ill-formed"


def _repaired(text: str) -> str:
    """Undo the faults that sites make most: controls, bare ampersands, entities of html, a declaration too late."""
    whole = _NOT_XML.sub("", _DECLARATION.sub("", text)).lstrip("\ufeff \t\r\n")
    # Behind the last end of a CDATA section no section is whole, however many begin there.
    within, end, behind = whole.rpartition("]]>")
    pieces = [*_CDATA.split(within + end), "", behind]
    return "".join(
        piece if at % 2 else _ENTITY.sub(_as_character, _BARE_AMPERSAND.sub("&amp;", piece))
        for at, piece in enumerate(pieces)
    )


def _as_character(entity: re.Match[str]) -> str:
    if entity[1] in _OF_XML:
        return entity[0]
    character = html5.get(f"{entity[1]};")
    return character if character and character not in "<>&" else f"&amp;{entity[1]};"


def _entry(entry: Any, guid: str, feed: Any, url: str) -> Entry:
    contents = [part for part in entry.get("content", ()) if str(part.get("value", "")).strip()]
    content: Any = max(contents, key=lambda part: len(part["value"]), default={})
    summary = entry.get("summary_detail", {}) if "summary" in entry else {}
    title = entry.get("title_detail", {})
    # `in`, not get: feedparser hands out `published` when asked for an `updated` that is not there.
    published = next((key for key in ("published", "created", "updated") if key in entry), "published")
    return Entry(
        guid=guid,
        link=_link(entry, guid, url),
        title=str(entry.get("title", "")),
        html=_html(content),
        summary=_html(summary),
        base=str(content.get("base") or summary.get("base") or url),
        lang=str(
            entry.get("language") or content.get("language") or title.get("language") or feed.get("language") or ""
        ),
        published=str(entry[published]) if published in entry else "",
        updated=str(entry["updated"]) if "updated" in entry and published != "updated" else "",
        published_utc=_utc(entry.get(f"{published}_parsed") if f"{published}_parsed" in entry else None),
        categories=tuple(_categories(entry)),
        attachments=tuple(
            Attachment(url=str(e.get("href", "")), title=str(e.get("title", "")), media_type=str(e.get("type", "")))
            for e in entry.get("enclosures", ())
        ),
    )


def _html(detail: Any) -> str:
    value = str(detail.get("value", ""))
    # "text/plain" with tags in it is html by a wrong name, and is cleaned as such.
    if detail.get("type") == "text/plain" and not _TAG.search(value):
        return escape(value, quote=False).replace("\n", "<br>")
    return value


def _link(entry: Any, guid: str, url: str) -> str | None:
    stated = [str(link.get("href", "")) for link in entry.get("links", ()) if link.get("rel") == "alternate"]
    others = [
        str(link.get("href", "")) for link in entry.get("links", ()) if link.get("rel") not in ("enclosure", "self")
    ]
    # A permalink may be the only address, but only where it is one; feedparser would make a relative link of it.
    permalink = [guid] if entry.get("guidislink") is not False and http_url(guid) else []
    for raw in (str(entry.get("feedburner_origlink", "")), *stated, *others, *permalink):
        if raw.strip() and (found := address(raw, url)):
            return found
    return None


def _categories(entry: Any) -> Iterator[str]:
    for tag in entry.get("tags", ()):
        if name := str(tag.get("label") or tag.get("term") or "").strip():
            yield name


def _utc(parsed: Any) -> datetime | None:
    if parsed is None:
        return None
    try:
        return datetime.fromtimestamp(calendar.timegm(parsed), UTC)
    except (ValueError, OverflowError):
        return None
