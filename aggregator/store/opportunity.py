"""What members see, as a value; and what follows from a clock: status, next deadline, days left.

The one thing to know: open or closed is computed when read, from the deadlines, and is never stored.
"""

from datetime import UTC, date, datetime, time
from typing import Literal, TypeAlias
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime

from connectors.base.contract import (
    Body,
    Contact,
    Deadline,
    Eligibility,
    Instant,
    Kind,
    Link,
    Money,
    Programme,
    Reservation,
    Shape,
    Title,
)

Status: TypeAlias = Literal["forthcoming", "open", "closed", "withdrawn", "unknown"]
DECIDING = frozenset({"submission", "eoi", "registration", "event", "validity"})


AUDIENCES = ("public", "members", "office")
"""Each holds those behind it."""


class Sector(Shape):
    """A sector and the code or word that put the opportunity there."""

    id: str
    because: str


class Said(Shape):
    """What one of several notices says by itself: for whom it is, whom to name for it, and all that it may lend.

    `show` None: kept by a version that lent titles alone. `words` are what search reads of it beside its titles.
    Which of these fields goes where: aggregator/store/precedence.py.
    """

    titles: dict[str, Title]
    audience: Literal["public", "members", "office"] = "public"
    attribution: str = ""
    show: Literal["full", "summary", "link"] | None = None
    drop_text_at: str = "never"
    basis: str = "not known"
    words: str = ""
    summary: str | None = None
    body: str | None = None
    lang: str | None = None
    zone: str = "UTC"
    opens_at: Instant | None = None
    deadlines: tuple[Deadline, ...] = ()
    countries: tuple[str, ...] = ()
    origin_country: str | None = None
    regions: tuple[str, ...] = ()
    sectors: tuple[Sector, ...] = ()
    codes: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    budget: Money | None = None
    grant: Money | None = None
    organisation: Body | None = None
    programme: Programme | None = None
    eligibility: Eligibility | None = None
    reserved: tuple[Reservation, ...] = ()
    offer_languages: tuple[str, ...] = ()
    documents: tuple[Link, ...] = ()


class Provenance(Shape):
    """One notice behind the opportunity: who said it, under which identity, when it was read.

    `says` is kept where several notices stand behind one opportunity (aggregator/store/lent.py), and is never shown.
    """

    source: str
    source_id: str
    url: str
    fetched_at: AwareDatetime
    merged_because: str | None = None
    says: Said | None = None


def audience_of(notice: Provenance) -> Literal["public", "members", "office"]:
    """Who may know that this notice stands behind an opportunity. One that says nothing of it is seen with the opportunity."""
    return notice.says.audience if notice.says else "public"


def wider(one: str, other: str) -> bool:
    """Whether the first audience holds people whom the second leaves out."""
    return AUDIENCES.index(one) < AUDIENCES.index(other)


class ShownBy(Shape):
    """The rights of the notice that leads it (aggregator/rights.py decides what follows)."""

    show: Literal["full", "summary", "link"] = "summary"
    audience: Literal["public", "members", "office"] = "public"
    attribution: str = ""
    drop_text_at: str = "never"
    basis: str = "not known"


class Change(Shape):
    field: str
    before: str | None = None
    after: str | None = None
    at: AwareDatetime
    cause: Literal["source", "our_reading"] = "source"


class Opportunity(Shape):
    id: int
    kind: Kind
    titles: dict[str, Title]
    url: str
    summary: str | None = None
    body: str | None = None
    lang: str | None = None
    published_at: Instant | None = None
    updated_at: Instant | None = None
    opens_at: Instant | None = None
    deadlines: tuple[Deadline, ...] = ()
    zone: str = "UTC"
    announced: bool = False
    countries: tuple[str, ...] = ()
    origin_country: str | None = None
    regions: tuple[str, ...] = ()
    sectors: tuple[Sector, ...] = ()
    codes: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    budget: Money | None = None
    grant: Money | None = None
    organisation: Body | None = None
    programme: Programme | None = None
    eligibility: Eligibility | None = None
    reserved: tuple[Reservation, ...] = ()
    offer_languages: tuple[str, ...] = ()
    documents: tuple[Link, ...] = ()
    links: tuple[Link, ...] = ()
    contact: Contact | None = None
    notices: tuple[Provenance, ...] = ()
    rights: ShownBy = ShownBy()
    first_seen: AwareDatetime
    changed_at: AwareDatetime
    withdrawn_at: AwareDatetime | None = None

    def title(self, *languages: str) -> tuple[str, str]:
        """The title in the first of the languages that has an official one, else the first given; with its language."""
        for language in languages:
            if language in self.titles:
                return self.titles[language].text, language
        language = next(iter(self.titles))
        return self.titles[language].text, language

    def link(self, language: str) -> str:
        """The page at the source in the reader's language where the source offers one."""
        return next((link.url for link in self.links if link.lang == language and not link.title), self.url)


def ends(deadline: Deadline, zone: str) -> datetime | None:
    """The instant a deadline ends, in UTC; a day without a time ends at 23:59:59 of its zone.

    A wall time that an autumn change makes ambiguous is the first of the two (fold 0). None where no day is stated.
    """
    if deadline.on is None:
        return None
    at = time.fromisoformat(deadline.at) if deadline.at else time(23, 59, 59)
    return datetime.combine(deadline.on, at, ZoneInfo(deadline.zone or zone)).astimezone(UTC)


def instants(deadlines: tuple[Deadline, ...], zone: str) -> list[datetime]:
    """The instants at which the deciding deadlines end, earliest first (stages do not decide, rules of closing)."""
    found = (ends(d, zone) for d in deadlines if d.kind in DECIDING)
    return sorted(end for end in found if end is not None)


def beginning(moment: Instant, zone: str) -> datetime:
    """The instant at which something dated begins, in UTC: a day begins at midnight of the zone."""
    if isinstance(moment, datetime):
        return moment.astimezone(UTC)
    return datetime.combine(moment, time(), ZoneInfo(zone)).astimezone(UTC)


def status(item: Opportunity, now: datetime) -> Status:
    """Forthcoming, open, closed, withdrawn, or unknown where neither a deadline nor the source's word decides.

    Told in whole seconds, as the store keeps instants; the same rules in SQL: store/search.py.
    """
    now = now.replace(microsecond=0)
    if item.withdrawn_at is not None:
        return "withdrawn"
    last = instants(item.deadlines, item.zone)
    if last and last[-1] < now:
        return "closed"
    if item.announced or (
        item.opens_at is not None and beginning(item.opens_at, item.zone).replace(microsecond=0) > now
    ):
        return "forthcoming"
    if last or any(d.certainty in {"continuous", "until_funds"} for d in item.deadlines):
        return "open"
    return "unknown"


def next_deadline(item: Opportunity, now: datetime) -> tuple[Deadline, datetime] | None:
    """The nearest stated deadline that has not passed, of any kind, with the instant it ends (UTC)."""
    dated = [(d, end) for d in item.deadlines if (end := ends(d, item.zone)) is not None and end >= now]
    return min(dated, key=lambda pair: pair[1], default=None)


def days_left(end: datetime, now: datetime, zone: str) -> int:
    """Calendar days from today to the day on which it ends, both in the given zone; 0 is today."""
    here = ZoneInfo(zone)
    return (end.astimezone(here).date() - now.astimezone(here).date()).days


def day_of(moment: Instant, zone: str) -> date:
    return moment.astimezone(ZoneInfo(zone)).date() if isinstance(moment, datetime) else moment
