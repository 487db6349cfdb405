"""A request or an offer of a member, as the office enters it, and the notice that it becomes.

The one thing to know: the way to its author is a page of the office. A name, a telephone number or a personal mail
address that somebody pastes with it is cut before anything is stored.
"""

from dataclasses import dataclass
from datetime import date, datetime
from html import escape
from typing import Annotated, Literal, Self, TypeAlias
from urllib.parse import urlsplit

from pydantic import Field, field_validator, model_validator

from connectors.base.codes import country, language
from connectors.base.contract import Body, Code, Contact, Link, Notice, Shape, Title, Url
from connectors.base.people import CUT, without_people
from connectors.base.text import clean_line, plain, shorten
from connectors.generic.file_drop.posts import SECTORS, until
from connectors.members import KINDS, own_key

Wish: TypeAlias = Literal["request", "offer", "partner"]
Exchange: TypeAlias = Literal["buy-sell", "rent-lease", "borrow-lend", "receive-donate"]
_SUMMARY = 400


class Request(Shape):
    """What a member seeks or offers, in its own words and in one language."""

    kind: Wish
    title: str = Field(min_length=3, max_length=200)
    text: str = Field(min_length=10, max_length=10_000)
    organisation: str = Field(min_length=2, max_length=200)
    country: str
    language: str
    sector: str = "other"
    countries: tuple[str, ...] = ()
    """Where the partner may be; empty: the member does not say."""
    codes: Annotated[tuple[Code, ...], Field(max_length=20)] = ()
    keywords: Annotated[tuple[str, ...], Field(max_length=20)] = ()
    expires: date | None = None
    url: Url | None = None
    """A page of the organisation itself."""
    item: Literal["good", "service"] | None = None
    exchange: Exchange = "buy-sell"

    @field_validator("title", "organisation", mode="after")
    @classmethod
    def _one_line(cls, text: str) -> str:
        return _left(without_people(clean_line(text)))

    @field_validator("text", mode="after")
    @classmethod
    def _paragraphs(cls, text: str) -> str:
        lines = (plain(line) for line in text.replace("\r", "").split("\n"))
        return _left(without_people("\n".join(lines).strip()))

    @field_validator("keywords", mode="after")
    @classmethod
    def _words(cls, words: tuple[str, ...]) -> tuple[str, ...]:
        cleaned = (without_people(clean_line(word, 80)) for word in words)
        return tuple(dict.fromkeys(word for word in cleaned if word))

    @field_validator("country", "countries", mode="after")
    @classmethod
    def _known_country(cls, given: str | tuple[str, ...]) -> str | tuple[str, ...]:
        if isinstance(given, tuple):
            return tuple(dict.fromkeys("*" if one == "*" else _country(one) for one in given))
        return _country(given)

    @field_validator("language", mode="after")
    @classmethod
    def _known_language(cls, given: str) -> str:
        if (known := language(given)) is None:
            raise ValueError(f"{given!r} is no language code such as it or en")
        return known

    @field_validator("sector", mode="after")
    @classmethod
    def _known_sector(cls, given: str) -> str:
        if given not in SECTORS:
            raise ValueError(f"{given!r} is none of: {', '.join(SECTORS)}")
        return given

    @field_validator("url", mode="after")
    @classmethod
    def _no_account(cls, url: str | None) -> str | None:
        if url is not None and "@" in urlsplit(url).netloc:
            raise ValueError("must be the address of a page, without a user name")
        return url

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        for name in ("title", "organisation", "text"):
            if not getattr(self, name).replace(CUT, "").strip():
                raise ValueError(f"{name}: nothing is left of it without persons")
        return self


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """That an organisation agreed to the publication: who said so for it, when, and where that stands written."""

    by: str
    on: date
    basis: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A request in the store. `key` opens its page while it is not published; instants are UTC."""

    id: str
    request: Request
    version: int
    key: str
    created_at: datetime
    changed_at: datetime
    withdrawn_at: datetime | None = None
    consent: Consent | None = None

    @property
    def public(self) -> bool:
        return self.consent is not None and self.withdrawn_at is None


def notice_of(held: Held, *, board: str, office: str, zone: str) -> Notice:
    """Make the notice of a request: the same for our own board, for the letters, and for whoever reads our feed."""
    request, page = held.request, f"{board}/requests/{held.id}"
    # Who has the letter may open the page; who has only the number may not.
    url = page if held.public else f"{page}?key={held.key}"
    said = {"audience": "public", "basis": f"consent of the organisation, {held.consent.on}"} if held.consent else {}
    country = request.country
    return Notice(
        source_id=held.id,
        url=url,
        titles={request.language: Title(text=request.title)},
        kind=KINDS[request.kind],
        summary=shorten(" ".join(request.text.split()), _SUMMARY),
        body="".join(f"<p>{escape(part, quote=False)}</p>" for part in request.text.split("\n") if part.strip()),
        lang=request.language,
        published_at=held.created_at,
        updated_at=held.changed_at if held.version > 1 else None,
        deadlines=until(held.created_at, request.expires, zone=zone),
        countries=request.countries,
        origin_country=country,
        codes=request.codes,
        keywords=(*((request.sector.replace("_", " "),) if request.sector != "other" else ()), *request.keywords),
        organisation=Body(name=request.organisation, country=country, url=request.url),
        contact=Contact(url=url),
        links=(Link(url=request.url, lang=request.language),) if request.url else (),
        same_as=(own_key(urlsplit(board).netloc.lower(), held.id),),
        extra={
            "members": {"version": held.version, "attribution": office, **said}
            | {"sector": request.sector, "exchange": request.exchange}
            | ({"item": request.item} if request.item else {})
        },
    )


def _left(text: str) -> str:
    return text.strip()


def _country(given: str) -> str:
    if (known := country(given)) is None:
        raise ValueError(f"{given!r} is no country code such as IT")
    return known
