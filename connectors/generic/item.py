"""One thing that a site says, in its own words, made into a Notice: texts made harmless, dates and money found in prose.

The one thing to know: every generic connector ends here, so a deadline in a feed, on a page and in a mail is found by the
same rules. A value that cannot be read is left out and named in `extra[NAME]["unread"]`.
"""

import html
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

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
from connectors.base.dates import deadlines_in, event_days_in, impossible_days, instant, opening_in
from connectors.base.days import days_in
from connectors.base.money import amounts_in
from connectors.base.people import without_people
from connectors.base.text import clean_html, clean_line, http_url, plain, shorten
from connectors.generic.given import Given
from connectors.generic.kinds import kind_of

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
    body = without_people(clean_html(_longer(item), item.base or address))
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
    prose = ". ".join(part for part in (title, " | ".join(item.categories), text) if part)[:_PROSE]
    budget, grant = _money(prose, lang, kind) if kind != "news" else (None, None)
    opens_at, deadlines = _dates_in(prose, title, kind, lang, given, published, unread)
    own = {**(item.extra or {}), **({"unread": unread} if unread else {})}
    return Notice(
        source_id=item.source_id,
        url=url.partition("#")[0] if item.own_link else url,
        titles={lang or "und": {"text": title}},
        kind=kind,
        summary=shorten(plain(without_people(clean_html(item.summary))) or text, _SUMMARY) or None,
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


def order_of(lang: str | None, given: Given) -> str | None:
    """The language by which numeric dates are read: month first is a habit of one country, and many sites elsewhere
    declare en-US without meaning it."""
    return "en-us" if lang in (None, "en") and given.origin_country == "US" else lang


def _dates_in(
    prose: str,
    title: str,
    kind: Kind,
    lang: str | None,
    given: Given,
    published: Instant | None,
    unread: list[str],
) -> tuple[date | None, tuple[Deadline, ...]]:
    zone, order = ZoneInfo(given.clock), order_of(lang, given)
    since = published.astimezone(zone).date() if isinstance(published, datetime) else published
    # "12 days left" and days without a year count from the publication, for the same bytes say the same on every day.
    stated = deadlines_in(prose, lang=order, zone=given.clock, today=since)
    # What ended before the item appeared is the date of a condition, not of the call.
    deadlines = tuple(deadline for deadline in stated if not (since and deadline.on and deadline.on < since))
    if kind == "event":
        held = event_days_in(prose, lang=order, zone=given.clock, reference=since)
        if not held:
            days = [day.on for day in days_in(title, lang=order, reference=since) if day.on]
            held = tuple(Deadline(on=day, zone=given.clock, kind="event") for day in days[-1:])
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
