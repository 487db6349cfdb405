"""One item of a feed into a Notice: texts made harmless, and what the prose says turned into dates, money and links.

The one thing to know: a value that cannot be read is left out and named in `extra["feed"]["unread"]`.
"""

import html
import re
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from connectors.base.codes import country, language
from connectors.base.contract import (
    Body,
    Contact,
    Deadline,
    Kind,
    Link,
    Money,
    Notice,
    Page,
    Programme,
    Record,
    Skipped,
)
from connectors.base.dates import deadlines_in, event_days_in, impossible_days, instant, opening_in
from connectors.base.days import days_in
from connectors.base.money import amounts_in
from connectors.base.people import without_people
from connectors.base.text import clean_html, clean_line, http_url, plain, shorten
from connectors.generic.feed.about import Params
from connectors.generic.feed.entry import Entry
from connectors.generic.feed.kinds import kind_of

_SUMMARY = 400
_TITLE_FROM_TEXT = 100
_LEAST_BUDGET = 1_000
# What is read for dates and money; nobody states a deadline after twenty pages.
_PROSE = 40_000
_FUTURE = timedelta(days=2)
_FILE = re.compile(r"\.(?:pdf|docx?|xlsx?|pptx?|od[tsp]|rtf|zip|p7m)(?:$|[?])", re.I)
_ANCHOR = re.compile(r'<a href="([^"]*)"[^>]*>(.*?)</a>', re.S)
# Some portals put structure into categories: `CPV/24400000`, `country/sn - Senegal`.
_CPV = re.compile(r"^CPV\s*[/: ]\s*(\d{8})(?:-\d)?\b", re.I)
_COUNTRY = re.compile(r"^country\s*[/:]\s*([A-Za-z]{2,3})\b", re.I)
_STRUCTURED = re.compile(r"^(?:CPV|country|deadline|type)\s*[/:]", re.I)


def read(record: Record, page: Page) -> Notice | Skipped:
    """Read one item; `page.params` are the feed's own, or those that only name its address."""
    entry: Entry = record.data
    if entry.skip:
        return Skipped(entry.skip)
    params = page.params if isinstance(page.params, Params) else Params(url=page.url)
    body = without_people(clean_html(_longer(entry), entry.base or page.url))
    text = plain(body)
    title = without_people(clean_line(entry.title)) or clean_line(text, _TITLE_FROM_TEXT) or _name_of(entry.link)
    if not title:
        return Skipped("empty item: no title, text or link")
    lang = params.lang or language(entry.lang)
    kind = params.kind or kind_of(title, entry.categories)
    unread: list[str] = []
    published = _date(entry.published, entry.published_utc, params, lang, unread)
    published = _not_in_the_future(published, page.fetched_at, entry.published, unread)
    url = entry.link or http_url(page.url) or page.url
    prose = ". ".join(part for part in (title, " | ".join(entry.categories), text) if part)[:_PROSE]
    budget, grant = _money(prose, lang, kind) if kind != "news" else (None, None)
    found = _dates_in(prose, title, kind, lang, params, published, unread)
    return Notice(
        source_id=entry.source_id,
        url=url.partition("#")[0] if entry.own_link else url,
        titles={lang or "und": {"text": title}},
        kind=kind,
        summary=shorten(plain(without_people(clean_html(entry.summary))) or text, _SUMMARY) or None,
        body=body or None,
        lang=lang,
        published_at=published,
        updated_at=_date(entry.updated, None, params, lang, unread) if entry.updated else None,
        opens_at=found[0],
        deadlines=found[1],
        countries=params.countries or _countries(entry.categories),
        origin_country=params.origin_country,
        codes=tuple(dict.fromkeys(f"cpv:{cpv[1]}" for name in entry.categories if (cpv := _CPV.match(name)))),
        keywords=_keywords(entry.categories),
        budget=budget,
        grant=grant,
        organisation=Body(name=params.organisation, country=params.origin_country) if params.organisation else None,
        programme=Programme(name=params.programme) if params.programme else None,
        documents=_documents(entry, body, page.url),
        contact=Contact(url=url),
        same_as=(f"url:{url.partition('#')[0]}",) if entry.link and entry.own_link else (),
        extra={"feed": {"unread": unread}} if unread else {},
    )


def _longer(entry: Entry) -> str:
    return entry.summary if len(plain(entry.summary)) > len(plain(entry.html)) else entry.html


def _name_of(link: str | None) -> str:
    return re.sub(r"^https?://(?:www\.)?", "", link).rstrip("/") if link else ""


def _date(
    raw: str, second_opinion: datetime | None, params: Params, lang: str | None, unread: list[str]
) -> datetime | date | None:
    if not raw.strip():
        return None
    read = instant(html.unescape(raw), zone=params.clock, lang=_order(lang, params)) or second_opinion
    if read is None or not 1980 <= read.year < 2100:
        unread.append(f"published or updated: {clean_line(raw, 80)}")
        return None
    return read


def _not_in_the_future(
    read: datetime | date | None, fetched_at: datetime, raw: str, unread: list[str]
) -> datetime | date | None:
    if read is None:
        return None
    at = read if isinstance(read, datetime) else datetime.combine(read, datetime.min.time(), UTC)
    if at - fetched_at <= _FUTURE:
        return read
    unread.append(f"published in the future: {clean_line(raw, 80)}")
    return None


def _order(lang: str | None, params: Params) -> str | None:
    # Month first is a habit of one country, and many sites elsewhere declare en-US without meaning it.
    return "en-us" if lang in (None, "en") and params.origin_country == "US" else lang


def _dates_in(
    prose: str,
    title: str,
    kind: Kind,
    lang: str | None,
    params: Params,
    published: datetime | date | None,
    unread: list[str],
) -> tuple[date | None, tuple[Deadline, ...]]:
    zone, order = ZoneInfo(params.clock), _order(lang, params)
    since = published.astimezone(zone).date() if isinstance(published, datetime) else published
    # "12 days left" and days without a year count from the publication, for the same bytes say the same on every day.
    stated = deadlines_in(prose, lang=order, zone=params.clock, today=since)
    # What ended before the item appeared is the date of a condition, not of the call.
    deadlines = tuple(deadline for deadline in stated if not (since and deadline.on and deadline.on < since))
    if kind == "event":
        held = event_days_in(prose, lang=order, zone=params.clock, reference=since)
        if not held:
            days = [day.on for day in days_in(title, lang=order, reference=since) if day.on]
            held = tuple(Deadline(on=day, zone=params.clock, kind="event") for day in days[-1:])
        deadlines += tuple(day for day in held if day.on not in {known.on for known in deadlines})
    unread.extend(f"no such day: {raw}" for raw in impossible_days(prose, lang=order))
    return opening_in(prose, lang=order, today=since), deadlines


def _money(prose: str, lang: str | None, kind: Kind) -> tuple[Money | None, Money | None]:
    amounts = amounts_in(prose, lang=lang)
    budget = next((amount.money for amount in amounts if amount.role == "budget"), None)
    grant = next((amount.money for amount in amounts if amount.role == "grant"), None)
    if (
        kind in ("tender", "grant_call")
        and len(amounts) == 1
        and amounts[0].role is None
        and _is_substantial(amounts[0].money)
    ):
        budget = amounts[0].money
    return budget, grant if kind != "tender" else None


def _is_substantial(amount: Money) -> bool:
    # A lone "5 € al giorno" is a price, not what a call is worth.
    return (amount.total or amount.max or amount.min or 0) >= _LEAST_BUDGET


def _countries(categories: tuple[str, ...]) -> tuple[str, ...]:
    stated = (country(found[1]) for name in categories if (found := _COUNTRY.match(name)))
    return tuple(dict.fromkeys(code for code in stated if code))


def _keywords(categories: tuple[str, ...]) -> tuple[str, ...]:
    words = (without_people(clean_line(name, 100)) for name in categories if not _STRUCTURED.match(name))
    return tuple(dict.fromkeys(word for word in words if word))


def _documents(entry: Entry, body: str, page_url: str) -> tuple[Link, ...]:
    found: dict[str, Link] = {}
    for attachment in entry.attachments:
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
