"""The shapes of what a source says, as frozen values that travel as JSON; docs/formats.md explains them with examples.

The one thing to know: a value that the source does not state is left out, never invented.
"""

import re
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, SerializationInfo, model_serializer

Kind: TypeAlias = Literal[
    "business_offer",
    "business_request",
    "technology_offer",
    "technology_request",
    "rd_partner_search",
    "partner_search",
    "grant_call",
    "cascade_funding",
    "tender",
    "incentive",
    "event",
    "vacancy",
    "news",
]
DeadlineKind: TypeAlias = Literal["submission", "stage", "eoi", "registration", "validity", "event"]
Certainty: TypeAlias = Literal["stated", "continuous", "until_funds", "not_stated"]


_ADDRESS = re.compile(r"https?://[^\s/?#]")


def _http_url(value: str) -> str:
    if not _ADDRESS.match(value):
        raise ValueError("must be an absolute http or https address")
    return value


Url: TypeAlias = Annotated[str, AfterValidator(_http_url)]
Instant: TypeAlias = AwareDatetime | date
CountryCode: TypeAlias = Annotated[str, Field(pattern=r"^[A-Z]{2}$|^\*$")]
LanguageCode: TypeAlias = Annotated[str, Field(pattern=r"^[a-z]{2,3}$")]
Code: TypeAlias = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*:\S.*$")]


class Shape(BaseModel):
    """A value that travels as JSON: frozen, closed, and without a key for what is missing."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    @model_serializer(mode="wrap")
    def _leave_out_what_is_missing(self, handler: Any, info: SerializationInfo) -> dict[str, Any]:
        # "Missing = the key is left out": no null, no empty text, no empty list (docs/formats.md).
        return {k: v for k, v in handler(self).items() if v is not None and v != "" and v != [] and v != {} and v != ()}


class Title(Shape):
    text: str = Field(min_length=1)
    origin: Literal["source", "office", "machine"] = "source"


class Deadline(Shape):
    """One date by which something must be done, as given; the instant it ends is computed, never stored.

    A day without a time ends at 23:59:59 of its zone; without a zone, of the platform's.
    `on` is missing only where `certainty` is not "stated".
    """

    on: date | None = None
    at: Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")] | None = None
    zone: str | None = None
    kind: DeadlineKind = "submission"
    label: str | None = None
    certainty: Certainty = "stated"


class Money(Shape):
    """Decimal numbers as text, so that no cent is lost on the way; `raw` is what the source wrote."""

    min: Decimal | None = None
    max: Decimal | None = None
    total: Decimal | None = None
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] | None = None
    raw: str


class Body(Shape):
    """A buyer or programme body; never a person."""

    name: str
    country: CountryCode | None = None
    url: Url | None = None


class Programme(Shape):
    code: str | None = None
    name: str | None = None


class Eligibility(Shape):
    text: str | None = None
    verdict: Literal["open", "restricted", "us_only", "not_stated"] | None = None
    codes: tuple[str, ...] = ()


class Reservation(Shape):
    """`res-ws`: sheltered workshops, Art. 20 of Directive 2014/24/EU; `res-pub-ser`: public service mission, Art. 77.

    `lots` empty: the whole notice is reserved.
    """

    type: Literal["res-ws", "res-pub-ser"]
    lots: tuple[str, ...] = ()


class Link(Shape):
    url: Url
    title: str | None = None
    lang: LanguageCode | None = None


class Contact(Shape):
    """A channel: a form, a page, a role mailbox the source publishes for this use. Never a person."""

    url: Url | None = None
    text: str | None = None


class Notice(Shape):
    """What one source says, in the source's own words. `(source, source_id)` is its identity for ever."""

    source_id: str = Field(min_length=1)
    url: Url
    titles: dict[LanguageCode, Title] = Field(min_length=1)
    kind: Kind
    summary: str | None = None
    body: str | None = None
    lang: LanguageCode | None = None
    published_at: Instant | None = None
    updated_at: Instant | None = None
    opens_at: Instant | None = None
    deadlines: tuple[Deadline, ...] = ()
    countries: tuple[CountryCode, ...] = ()
    origin_country: CountryCode | None = None
    regions: tuple[Code, ...] = ()
    codes: tuple[Code, ...] = ()
    keywords: tuple[str, ...] = ()
    budget: Money | None = None
    grant: Money | None = None
    organisation: Body | None = None
    programme: Programme | None = None
    eligibility: Eligibility | None = None
    reserved: tuple[Reservation, ...] = ()
    offer_languages: tuple[LanguageCode, ...] = ()
    documents: tuple[Link, ...] = ()
    links: tuple[Link, ...] = ()
    contact: Contact | None = None
    same_as: tuple[str, ...] = ()
    extra: dict[str, Any] = Field(default_factory=dict)


class Relation(Shape):
    type: str
    of: str


class Organisation(Shape):
    """A node of a network, a directory entry. No persons, phones or mail addresses."""

    source_id: str = Field(min_length=1)
    name: str = Field(min_length=1)
    other_names: tuple[str, ...] = ()
    country: CountryCode | None = None
    members_country: CountryCode | None = None
    place: str | None = None
    lat: float | None = None
    lon: float | None = None
    website: Url | None = None
    domains: tuple[str, ...] = ()
    type: str | None = None
    sectors: tuple[str, ...] = ()
    codes: tuple[Code, ...] = ()
    networks: tuple[str, ...] = ()
    relations: tuple[Relation, ...] = ()
    description: str | None = None
    source: str | None = None
    licence: str | None = None
