"""JSON Feed 1.0 and 1.1 (jsonfeed.org), which feedparser 6 does not read.

The one thing to know: a field of the wrong type is ignored and harms nothing else; an item without an id is dropped.
"""

import html
from collections.abc import Iterator
from typing import Any

from connectors.base.contract import ParseError
from connectors.base.documents import read_json
from connectors.generic.feed.entry import Entry, address
from connectors.generic.item import Attachment

_VERSION = "https://jsonfeed.org/version/"


def entries_of_json(text: str, url: str) -> Iterator[Entry]:
    """Yield the items of a JSON Feed in its order. Raises ParseError for anything that is not one."""
    try:
        document = read_json(text, url)
    except ParseError as exc:
        raise ParseError(url, "page", "not a feed: the JSON is damaged, cut off or beyond reason") from exc
    if not isinstance(document, dict) or not _text(document.get("version")).startswith(_VERSION):
        raise ParseError(url, "page", "not a feed: JSON, but not JSON Feed")
    items = document.get("items")
    if not isinstance(items, list):
        raise ParseError(url, "items", "not a feed: JSON Feed without its list of items")
    for item in items:
        yield (
            _entry(item, _text(document.get("language")), url) if isinstance(item, dict) else Entry(skip="not an item")
        )


def _entry(item: dict[str, Any], feed_lang: str, url: str) -> Entry:
    number = item.get("id")
    guid = str(number) if isinstance(number, int | float) and not isinstance(number, bool) else _text(number).strip()
    content = _text(item.get("content_html")) or _escaped(_text(item.get("content_text")))
    return Entry(
        guid=guid,
        link=address(_text(item.get("url")) or _text(item.get("external_url")), url) if _has_address(item) else None,
        title=_text(item.get("title")),
        html=content,
        summary=_escaped(_text(item.get("summary"))),
        base=url,
        lang=_text(item.get("language")) or feed_lang,
        published=_text(item.get("date_published")),
        updated=_text(item.get("date_modified")),
        categories=tuple(_text(tag) for tag in _list(item.get("tags")) if _text(tag).strip()),
        attachments=tuple(_attachments(item)),
        skip="" if guid else "an item of JSON Feed without an id",
    )


def _has_address(item: dict[str, Any]) -> bool:
    return bool(_text(item.get("url")).strip() or _text(item.get("external_url")).strip())


def _attachments(item: dict[str, Any]) -> Iterator[Attachment]:
    for attachment in _list(item.get("attachments")):
        if isinstance(attachment, dict) and (url := _text(attachment.get("url"))).strip():
            yield Attachment(
                url=url, title=_text(attachment.get("title")), media_type=_text(attachment.get("mime_type"))
            )


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _escaped(plain: str) -> str:
    return html.escape(plain, quote=False).replace("\n", "<br>")
