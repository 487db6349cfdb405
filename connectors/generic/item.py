"""One thing that a site says, in its own words, made into a Notice: texts made harmless, dates and money found in prose.

The one thing to know: every generic connector ends here, so a deadline in a feed, on a page and in a mail is found by the
same rules. A value that cannot be read is left out and named in `extra[NAME]["unread"]`.
"""

import html
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from connectors.base.codes import country, language
from connectors.base.contract import (
    Body,
    Contact,
    Deadline,
    Eligibility,
    Instant,
    Kind,
    Link,
    Money,
    Notice,
    Programme,
    Skipped,
)
from connectors.base.dates import instant
from connectors.base.people import without_people
from connectors.base.text import clean_html, clean_line, http_url, plain, shorten
from connectors.generic.given import Given
from connectors.generic.kinds import kind_of
from connectors.generic.prose import dates_of, money_of, order_of, prose_of

__all__ = ["Attachment", "Item", "notice_of", "order_of"]

_SUMMARY = 400
_TITLE_FROM_TEXT = 100
_FUTURE = timedelta(days=2)
_FILE = re.compile(r"\.(?:pdf|docx?|xlsx?|pptx?|od[tsp]|rtf|zip|p7m)(?:$|[?])", re.I)
_ANCHOR = re.compile(r'<a href="([^"]*)"[^>]*>(.*?)</a>', re.S)
# Some portals put structure into categories: `CPV/24400000`, `country/sn - Senegal`.
_CPV = re.compile(r"^CPV\s*[/: ]\s*(\d{8})(?:-\d)?\b", re.I)
_COUNTRY = re.compile(r"^country\s*[/:]\s*([A-Za-z]{2,3})\b", re.I)
_STRUCTURED = re.compile(r"^(?:CPV|country|deadline|type)\s*[/:]", re.I)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    url: str
    title: str = ""
    media_type: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """What a site says of one thing. Texts are as it wrote them; `html` and `summary` are html still.

    `published` and `updated` are as written, or read already; `published_utc` is a second opinion. `own_link`: nothing
    else on the site leads to the same page. `deadlines`, `opens_at`, `budget` and `eligibility` are for sites that have
    fields for them: what is given goes before what prose says; `deadlines=None` means that the prose is to be asked.
    `base` is the address that relative links stand against.
    """

    source_id: str
    link: str | None = None
    title: str = ""
    html: str = ""
    summary: str = ""
    base: str = ""
    lang: str = ""
    kind: Kind | None = None
    published: str | Instant = ""
    updated: str | Instant = ""
    published_utc: datetime | None = None
    categories: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    own_link: bool = True
    deadlines: tuple[Deadline, ...] | None = None
    opens_at: Instant | None = None
    budget: Money | None = None
    grant: Money | None = None
    eligibility: Eligibility | None = None
    organisation: Body | None = None
    codes: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    extra: dict[str, Any] | None = None


def notice_of(item: Item, given: Given, *, name: str, address: str, fetched_at: datetime) -> Notice | Skipped:
    """Make a notice of an item. `name` is the connector's (for `extra`), `address` that of the page it stands on."""
    body_html = _longer(item)
    body = without_people(clean_html(body_html, item.base or address))
    text = plain(body)
    title = without_people(clean_line(item.title)) or clean_line(text, _TITLE_FROM_TEXT) or _name_of(item.link)
    if not title:
        return Skipped("empty item: no title, text or link")
    lang = given.lang or language(item.lang)
    kind = item.kind or given.kind or kind_of(title, item.categories)
    unread: list[str] = []
    published = _not_in_the_future(
        _date(item.published, item.published_utc, given, lang, unread), fetched_at, item.published, unread
    )
    url = item.link or http_url(address) or address
    summary = plain(without_people(clean_html(item.summary)))
    more = summary if body_html is item.html else plain(clean_html(item.html))
    prose = prose_of(title, item.categories, text, more)
    budget, grant = money_of(prose, body, lang, kind)
    opens_at, deadlines = dates_of(prose, title, kind, lang, given, published, unread)
    own = {**(item.extra or {}), **({"unread": unread} if unread else {})}
    return Notice(
        source_id=item.source_id,
        url=url.partition("#")[0] if item.own_link else url,
        titles={lang or "und": {"text": title}},
        kind=kind,
        summary=shorten(summary or text, _SUMMARY) or None,
        body=body or None,
        lang=lang,
        published_at=published,
        updated_at=_date(item.updated, None, given, lang, unread) if item.updated else None,
        opens_at=item.opens_at or opens_at,
        deadlines=deadlines if item.deadlines is None else item.deadlines,
        countries=given.countries or _countries(item.categories),
        origin_country=given.origin_country,
        regions=item.regions or given.regions,
        codes=tuple(dict.fromkeys((*item.codes, *_cpv(item.categories)))),
        keywords=_keywords(item.categories),
        budget=item.budget or budget,
        grant=item.grant or grant,
        organisation=item.organisation
        or (Body(name=given.organisation, country=given.origin_country) if given.organisation else None),
        programme=Programme(name=given.programme) if given.programme else None,
        eligibility=item.eligibility,
        documents=_documents(item, body, address),
        contact=Contact(url=url),
        same_as=(f"url:{url.partition('#')[0]}",) if item.link and item.own_link else (),
        extra={name: own} if own else {},
    )


def _longer(item: Item) -> str:
    return item.summary if len(plain(item.summary)) > len(plain(item.html)) else item.html


def _name_of(link: str | None) -> str:
    return re.sub(r"^https?://(?:www\.)?", "", link).rstrip("/") if link else ""


def _date(
    raw: str | Instant, second_opinion: datetime | None, given: Given, lang: str | None, unread: list[str]
) -> Instant | None:
    if not isinstance(raw, str):
        return raw
    if not raw.strip():
        return None
    read = instant(html.unescape(raw), zone=given.clock, lang=order_of(lang, given)) or second_opinion
    if read is None or not 1980 <= read.year < 2100:
        unread.append(f"published or updated: {clean_line(raw, 80)}")
        return None
    return read


def _not_in_the_future(
    read: Instant | None, fetched_at: datetime, raw: str | Instant, unread: list[str]
) -> Instant | None:
    if read is None:
        return None
    at = read if isinstance(read, datetime) else datetime.combine(read, datetime.min.time(), UTC)
    if at - fetched_at <= _FUTURE:
        return read
    unread.append(f"published in the future: {clean_line(str(raw), 80)}")
    return None


def _cpv(categories: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"cpv:{cpv[1]}" for name in categories if (cpv := _CPV.match(name)))


def _countries(categories: tuple[str, ...]) -> tuple[str, ...]:
    stated = (country(found[1]) for name in categories if (found := _COUNTRY.match(name)))
    return tuple(dict.fromkeys(code for code in stated if code))


def _keywords(categories: tuple[str, ...]) -> tuple[str, ...]:
    words = (without_people(clean_line(name, 100)) for name in categories if not _STRUCTURED.match(name))
    return tuple(dict.fromkeys(word for word in words if word))


def _documents(item: Item, body: str, page_url: str) -> tuple[Link, ...]:
    found: dict[str, Link] = {}
    for attachment in item.attachments:
        url = http_url(attachment.url, page_url)
        if url and not attachment.media_type.startswith("image/"):
            found.setdefault(url, _link(url, attachment.title))
    for address, label in _ANCHOR.findall(body):
        url = html.unescape(address)
        if _FILE.search(url):
            found.setdefault(url, _link(url, label))
    return tuple(found.values())


def _link(url: str, label: str) -> Link:
    facts: dict[str, Any] = {"url": url, "title": without_people(clean_line(label, 200)) or None}
    return Link(**facts)
