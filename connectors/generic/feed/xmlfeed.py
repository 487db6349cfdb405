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
from typing import Any

import feedparser

from connectors.base.contract import ParseError
from connectors.base.text import http_url
from connectors.generic.feed.entry import Attachment, Entry, address

_DECLARATION = re.compile(r"<\?xml\b[^>]*\?>", re.I)
_BARE_AMPERSAND = re.compile(r"&(?!#\d+;|#[xX][0-9a-fA-F]+;|[A-Za-z][A-Za-z0-9]*;)")
_ENTITY = re.compile(r"&([A-Za-z][A-Za-z0-9]*);")
_CDATA = re.compile(r"(<!\[CDATA\[.*?\]\]>)", re.S)
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


def _guids(parsed: Any, text: str, url: str) -> list[str]:
    """Return the ids as written: where a permalink is no address, the parser has made a relative link of it."""
    guids = [str(entry.get("id", "")).strip() for entry in parsed.entries]
    if all(guid in text or escape(guid) in text for guid in guids):
        return guids
    raw = _parse(text, "")
    if len(raw.entries) != len(guids):
        return guids
    return [str(entry.get("id", "")).strip() for entry in raw.entries]


def _parse(text: str, url: str) -> Any:
    # The text is decoded already, in the one order of body.decode_text: the parser gets UTF-8 and is told so.
    body = '<?xml version="1.0" encoding="utf-8"?>' + _DECLARATION.sub("", text[:4096], count=1) + text[4096:]
    return feedparser.parse(
        io.BytesIO(body.encode("utf-8", "replace")),
        response_headers={
            "content-type": "application/xml; charset=utf-8",
            **({"content-location": url} if url else {}),
        },
        resolve_relative_uris=bool(url),
        sanitize_html=False,  # text.clean_html does it, for every connector by the same list
    )


def _broken(parsed: Any) -> str | None:
    if not parsed.bozo or isinstance(parsed.bozo_exception, _BENIGN):
        return None
    return str(parsed.bozo_exception)[:200] or "ill-formed"


def _repaired(text: str) -> str:
    """Undo the faults that sites make most: controls, bare ampersands, entities of html, a declaration too late."""
    pieces = _CDATA.split(_NOT_XML.sub("", _DECLARATION.sub("", text)).lstrip("\ufeff \t\r\n"))
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
