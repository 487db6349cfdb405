"""Posts of a network of cooperatives, with the columns of Coopspace: who seeks or offers what, and until when.

The one thing to know: such a post has no deadline of its own as a rule, so it is taken to hold for 180 days, and the
deadline says that this is our rule and not the author's (docs/platforms/coopspace.md).
"""

import hashlib
import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from connectors.base.codes import language
from connectors.base.contract import Body, Contact, Deadline, Instant, Kind, Notice, Page, Skipped
from connectors.base.dates import instant
from connectors.base.people import without_people
from connectors.base.text import clean_line, http_url
from connectors.generic.columns import Columns
from connectors.generic.file_drop.about import Params
from connectors.generic.file_drop.opportunities import NO_PAGE
from connectors.generic.file_drop.organisations import country_of
from connectors.generic.file_drop.rows import Row, canonical, canonical_cells
from connectors.generic.item import Item, notice_of, order_of

VALID_DAYS = 180
OUR_RULE = f"{VALID_DAYS} days from the day it was posted, our own rule"

NAMES: Mapping[str, tuple[str, ...]] = {
    "id": ("post_id", "id"),
    "section": ("section", "sezione"),
    "sector": ("sector", "settore"),
    "title": ("title", "titolo", "titre"),
    "text": ("body_html", "body", "text", "testo", "description", "descrizione"),
    "organisation": ("author_organisation", "organisation", "organization", "organizzazione", "cooperativa"),
    "country": ("author_country", "country", "paese"),
    "languages": ("languages", "language", "lingue", "lingua"),
    "created": ("created_at", "created", "date", "data", "published_at"),
    "expires": ("expires_at", "expires", "deadline", "scadenza"),
    "url": ("url", "link", "address", "indirizzo"),
    "channel": ("contact_channel", "channel", "canale"),
}
SECTORS = ("media", "ict", "health", "social_services", "environment", "education", "construction", "other")

_WORDS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    (
        "business_request",
        re.compile(
            r"\bseek\w*|\blook(?:s|ing)? for\b|\bwanted\b|\bcerc(?:a|asi|ano|hiamo|o)\b|\bbusca(?:mos|n|ndo)?\b"
            r"|\bprocura(?:mos|-se)?\b|\brecherch\w+|\bcherch(?:e|ons|ent)\b|\bsuch(?:t|en)\b|\bgesucht\b",
            re.I,
        ),
    ),
    (
        "business_offer",
        re.compile(
            r"\boffer(?:s|ed|ing|ta|te|iamo)?\b|\boffr\w+|\bpropon(?:e|iamo|gono|emos)\b|\bpropos(?:e|ons|ent)\b"
            r"|\bofre(?:ce|cemos|cen)\b|\boferece\w*|\bbiete[nt]?\b",
            re.I,
        ),
    ),
)


def kind_of(title: str, text: str) -> Kind:
    """Say by its first word of seeking or offering what a post is, in the title before the text; else a search for partners."""
    for said in (title, text[:2_000]):
        found = [(match.start(), kind) for kind, words in _WORDS if (match := words.search(said))]
        if found:
            return min(found)[1]
    return "partner_search"


def cells_of(row: Row, columns: Columns) -> dict[str, str]:
    """Return what a row says, by what is meant; `columns` are the office's own names for some of it."""
    given = {
        "id": columns.id,
        "title": columns.title,
        "text": columns.html or columns.summary,
        "organisation": columns.organisation,
        "country": columns.country,
        "languages": columns.language,
        "created": columns.published,
        "expires": columns.deadline,
        "url": columns.url,
        "sector": columns.keywords,
    }
    own, cells = {what: tuple(map(canonical, names)) for what, names in given.items()}, canonical_cells(row)
    said = {what: (cells.get(name, "") for name in own.get(what) or usual) for what, usual in NAMES.items()}
    return {what: text for what, found in said.items() if (text := next(filter(None, found), ""))}


def identity(said: Mapping[str, str]) -> str:
    """Return the post's own number; else what it says of itself, made short."""
    if own := said.get("id"):
        return own
    told = "\n".join(said.get(what, "") for what in ("title", "organisation", "created", "url"))
    return hashlib.sha256(told.encode("utf-8", "replace")).hexdigest()[:20]


def until(created: Instant | None, expires: Instant | None, *, zone: str) -> tuple[Deadline, ...]:
    """Return until when a post holds: the end that it names, or 180 days after it was posted; nothing where it says neither."""
    if expires is not None:
        if isinstance(expires, datetime):
            here = expires.astimezone(ZoneInfo(zone))
            return (Deadline(on=here.date(), at=f"{here:%H:%M}", zone=zone, kind="validity"),)
        return (Deadline(on=expires, zone=zone, kind="validity"),)
    if created is None:
        return ()
    begun = created.astimezone(ZoneInfo(zone)).date() if isinstance(created, datetime) else created
    return (Deadline(on=begun + timedelta(days=VALID_DAYS), zone=zone, kind="validity", label=OUR_RULE),)


def read(row: Row, page: Page, params: Params) -> Notice | Skipped:
    """Read one post. Raises ValueError where a date that it states cannot be read, or where it has no address."""
    said = cells_of(row, params.columns)
    lang = params.lang or next(
        (code for one in re.split(r"[;,/ ]+", said.get("languages", "")) if (code := language(one))), None
    )
    created, expires = (_date(said, what, params, lang) for what in ("created", "expires"))
    title, text = said.get("title", ""), said.get("text", "")
    own = http_url(said["url"]) if "url" in said else None
    channel = http_url(said["channel"]) if "channel" in said else None
    link = own or channel or params.page
    if link is None:
        raise ValueError(NO_PAGE)
    sector = said.get("sector", "").casefold()
    name = without_people(clean_line(said.get("organisation", ""), 200))
    country = country_of(said.get("country", "")) or params.origin_country
    forum = said.get("section", "").casefold() == "forum"
    item = Item(
        source_id=identity(said),
        link=link,
        title=title,
        html=text,
        lang=lang or "",
        # A debate of the forum seeks and offers nothing.
        kind=params.kind or ("news" if forum else kind_of(title, text)),
        published=created or "",
        categories=(sector.replace("_", " "),) if sector and sector != "other" else (),
        own_link=own is not None,
        deadlines=until(created, expires, zone=params.clock),
        organisation=Body(name=name, country=country) if name else None,
    )
    notice = notice_of(item, params, name="file_drop", address=page.url, fetched_at=page.fetched_at)
    if isinstance(notice, Skipped):
        return notice
    return notice.model_copy(
        update={"contact": Contact(url=channel or link), "origin_country": country or notice.origin_country}
    )


def _date(said: Mapping[str, str], what: str, params: Params, lang: str | None) -> datetime | date | None:
    raw = said.get(what)
    if raw is None:
        return None
    read = instant(raw, zone=params.clock, lang=order_of(lang, params))
    if read is None and what == "expires":
        # Shown without its end, a post that is over would stay open for half a year.
        raise ValueError(f"{what}: {raw[:60]!r} is no day that can be read")
    return read
