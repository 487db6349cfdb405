"""One post, one event, or the page behind an item, into a Notice by the rules that all generic connectors share.

The one thing to know: what a site calls `date` is its own clock without a zone; `date_gmt` is UTC and does not say so. Terms
of the site's taxonomies come as classes of a style sheet, `destinatari-piccole-imprese`.
"""

import re
from collections.abc import Mapping
from typing import Any

from connectors.base.cards import fingerprint
from connectors.base.contract import (
    Deadline,
    Eligibility,
    Gone,
    Instant,
    Notice,
    Page,
    ParseError,
    Record,
    Seen,
    Skipped,
)
from connectors.base.dates import instant
from connectors.base.people import without_people
from connectors.base.text import clean_line, http_url
from connectors.generic.cells import date_of, deadline_at, text_of
from connectors.generic.item import Item, notice_of
from connectors.generic.unread import naming
from connectors.generic.wordpress.about import Params
from connectors.generic.wordpress.behind import item_behind
from connectors.generic.wordpress.event import item_of_event

_SHORTCODE = re.compile(
    r"[ \t]*\[/?(?:[a-z]+[_-][a-z0-9_-]{1,40}|gallery|caption|embed|video|audio|playlist)(?:\s[^\[\]<>]{0,500})?/?\][ \t]*"
)
# What a theme needs to style a post, and says nothing of it.
_STYLE = re.compile(
    r"post-\d+|type-[\w-]+|status-[\w-]+|format-[\w-]+|hentry|sticky|has-[\w-]+|post-password-\w+|entry|ast-[\w-]+"
)
_ID = 40


def identify(record: Record) -> str | None:
    """Name an item that could not be read, so that it is not taken for missing."""
    data = record.data
    if not isinstance(data, Mapping):
        return None
    id = data.get("of") if "page" in data or ("status" in data and len(data) == 1) else data.get("id")
    text = str(id).strip() if isinstance(id, int | str) and not isinstance(id, bool) else ""
    return text if text and len(text) <= _ID else None


def read(record: Record, page: Page) -> Notice | Seen | Gone | Skipped:
    """Read one item. Raises ParseError for what is not one."""
    params = page.params if isinstance(page.params, Params) else Params(url=page.url)
    if page.role == "detail":
        if page.of is None:
            raise ParseError(page.url, record.where, "is a page of nobody knows which item")
        if "page" not in record.data:
            return Gone(page.of)
        return _noted(item_behind(record.data["page"], page.of, page.url, params), params, page, [])
    source_id = identify(record)
    if source_id is None:
        raise ParseError(page.url, record.where, "has no id")
    data: Mapping[str, Any] = record.data
    unread: list[str] = []
    if "utc_start_date" in data or "start_date" in data:
        return _noted(item_of_event(data, source_id, params, unread), params, page, unread)
    if (status := data.get("status", "publish")) != "publish":
        return Skipped(f"status: {clean_line(str(status), 40)}", source_id)
    if _of(data, "content").get("protected") is True:
        return Skipped("protected by a password", source_id)
    item = _item(data, source_id, params, page, unread)
    notice = _noted(item, params, page, unread)
    if not params.follow_details or item.link is None:
        return notice
    changed = str(data.get("modified_gmt") or data.get("modified") or "")
    says = notice if isinstance(notice, Notice) else None
    return Seen(source_id, fingerprint(source_id, item.title, item.link, changed, at=page.fetched_at), item.link, says)


def _noted(item: Item, params: Params, page: Page, unread: list[str]) -> Notice | Skipped:
    notice = notice_of(item, params, name="wordpress", address=page.url, fetched_at=page.fetched_at)
    return naming(notice, unread, name="wordpress")


def _item(data: Mapping[str, Any], source_id: str, params: Params, page: Page, unread: list[str]) -> Item:
    eligible, keywords = _terms(data, params)
    closes = _field(data, params.deadline_field, params, unread)
    addressees = "; ".join(eligible)
    excerpt, content = (_SHORTCODE.sub(" ", _rendered(data, name)) for name in ("excerpt", "content"))
    deadlines: tuple[Deadline, ...] | None = None
    if closes is not None:
        deadlines = (deadline_at(closes, kind="submission", zone=params.clock),)
    return Item(
        source_id=source_id,
        link=http_url(str(data.get("link") or _of(data, "guid").get("rendered") or ""), page.url),
        title=_rendered(data, "title"),
        html=content,
        summary=excerpt,
        base=str(data.get("link") or page.url),
        lang=data["lang"] if isinstance(data.get("lang"), str) else "",
        published=_date(data, "date", params),
        updated=_date(data, "modified", params),
        categories=keywords,
        deadlines=deadlines,
        opens_at=_field(data, params.opens_field, params, unread),
        eligibility=Eligibility(text=addressees) if addressees else None,
    )


def _date(data: Mapping[str, Any], name: str, params: Params) -> str | Instant:
    """The moment in UTC where the site gives it; drafts of old sites have a gmt of zeros, and some publishers none."""
    gmt, local = data.get(f"{name}_gmt"), data.get(name)
    told = instant(gmt, zone="UTC") if isinstance(gmt, str) else None
    if told is None and isinstance(local, str):
        told = instant(local, zone=params.clock)
    return told or (local if isinstance(local, str) else "")


def _terms(data: Mapping[str, Any], params: Params) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The terms that say who may apply, and those that say what it is about, in words."""
    classes = data.get("class_list")
    told = classes.values() if isinstance(classes, Mapping) else classes if isinstance(classes, list) else ()
    slugs = [each for each in told if isinstance(each, str)][:100]
    own = {str(data.get("type")), params.post_type}
    eligible: dict[str, None] = {}
    keywords: dict[str, None] = {}
    for slug in slugs:
        if _STYLE.fullmatch(slug) or slug in own:
            continue
        if (word := _without(slug, params.eligibility_terms)) is not None:
            eligible[word] = None
        else:
            word = _without(slug, params.keyword_terms)
            keywords[_words(slug) if word is None else word] = None
    return tuple(eligible), tuple(keywords)


def _without(slug: str, taxonomies: tuple[str, ...]) -> str | None:
    taxonomy = next((name for name in taxonomies if slug.startswith(f"{name}-")), None)
    return _words(slug[len(taxonomy) + 1 :]) if taxonomy is not None else None


def _words(slug: str) -> str:
    return without_people(clean_line(slug.replace("-", " ").replace("_", " "), 100))


def _field(data: Mapping[str, Any], path: str | None, params: Params, unread: list[str]) -> Instant | None:
    """Read the date of a field of the site's own; what it holds beside one is named."""
    if path is None:
        return None
    value: Any = data
    for name in path.split("."):
        value = value.get(name) if isinstance(value, Mapping) else None
    if not (written := text_of(value)):
        return None
    read = date_of(written, month_first=False, zone=params.clock)
    if read is None:
        unread.append(f"{path}: {without_people(clean_line(written, 80))}")
    return read


def _of(data: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = data.get(name)
    return value if isinstance(value, Mapping) else {}


def _rendered(data: Mapping[str, Any], name: str) -> str:
    value = _of(data, name).get("rendered", data.get(name))
    return value if isinstance(value, str) else ""
