"""What every connector shares with the floors above it: pages, visits, errors, and the Protocol it is held against.

The one thing to know: a value that the source does not state is left out, never invented.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal, Protocol, TypeAlias

from pydantic import BaseModel

from connectors.base.about import About, Expect, Rights
from connectors.base.errors import ConnectorError, FetchError, FetchKind, ParamError, ParseError
from connectors.base.shapes import (
    Body,
    Certainty,
    Code,
    Contact,
    CountryCode,
    Deadline,
    DeadlineKind,
    Eligibility,
    Instant,
    Kind,
    LanguageCode,
    Link,
    Money,
    Notice,
    Organisation,
    Programme,
    Relation,
    Reservation,
    Shape,
    Title,
    Url,
)

__all__ = [
    "HTTP",
    "About",
    "Body",
    "Certainty",
    "Code",
    "Connector",
    "ConnectorError",
    "Contact",
    "CountryCode",
    "Deadline",
    "DeadlineKind",
    "Eligibility",
    "Expect",
    "FetchError",
    "FetchKind",
    "Instant",
    "Kind",
    "LanguageCode",
    "Link",
    "Log",
    "Memory",
    "Mode",
    "Money",
    "Notice",
    "Organisation",
    "Page",
    "ParamError",
    "ParseError",
    "Programme",
    "Reading",
    "Record",
    "Relation",
    "Request",
    "Reservation",
    "Rights",
    "Seen",
    "Shape",
    "Skipped",
    "Title",
    "Url",
    "Visit",
]

Mode: TypeAlias = Literal["sweep", "recent"]


@dataclass(frozen=True, slots=True)
class Seen:
    """A listing card whose truth stands on its detail page: it proves presence and never blanks a full notice."""

    source_id: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Skipped:
    """The named way to leave a record out: it is counted under its reason, and is no fault."""

    reason: str


@dataclass(frozen=True, slots=True)
class Record:
    """One record of a page. `where` locates it for the admin: `notices[3]`, `item 7`."""

    where: str
    data: Any


@dataclass(frozen=True, slots=True)
class Request:
    method: Literal["GET", "POST"]
    url: str
    body: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One HTTP answer (or mail, or file). Kept compressed, so that everything after it can be redone.

    `body` is decoded of its content encoding and is bytes still; `fetched_at` is UTC.
    `params` are the parameters of the source now: the pipeline fills them in, also when a kept page is read again.
    `unchanged`: the source said 304, or sent the bytes that we keep already; there is nothing to read.
    """

    url: str
    body: bytes
    fetched_at: datetime
    role: str = "listing"
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    request: Request | None = None
    params: BaseModel | None = None
    unchanged: bool = False
    cursor_after: str | None = None

    @property
    def content_type(self) -> str:
        """The media type in lower case, without its parameters; empty when none was sent."""
        return self.headers.get("content-type", "").split(";")[0].strip().lower()

    def with_params(self, params: BaseModel) -> "Page":
        return replace(self, params=params)


class HTTP(Protocol):
    """What a connector may ask of the one client. Both verbs return a whole, checked, decoded answer or raise FetchError.

    `role` says what the answer is (listing, detail, feed, ...). Validators are sent by `get` when `conditional`;
    an answer that says nothing changed comes back with `unchanged` set. Statuses in `accept` come back as a page, for
    platforms whose error bodies must be read.
    """

    def get(
        self,
        url: str,
        *,
        role: str = "listing",
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, str | int] | None = None,
        conditional: bool = True,
        accept: Collection[int] = (),
    ) -> Page: ...

    def post_json(
        self,
        url: str,
        payload: Any,
        *,
        role: str = "listing",
        headers: Mapping[str, str] | None = None,
        accept: Collection[int] = (),
    ) -> Page:
        """POST a JSON body. Only for searches: the call must be harmless to repeat."""
        ...


class Memory(Protocol):
    """What must survive a restart (validators, `not_before`, robots): small texts by key. The store implements it."""

    def recall(self, key: str) -> str | None: ...

    def remember(self, key: str, value: str | None) -> None:
        """Keep the value; None forgets it."""
        ...


class Log(Protocol):
    def info(self, event: str, **facts: Any) -> Any: ...

    def warning(self, event: str, **facts: Any) -> Any: ...


class Visit(Protocol):
    """One reading of a source, as its connector sees it."""

    @property
    def http(self) -> HTTP: ...
    @property
    def params(self) -> Any:
        """An instance of the module's own `Params`."""
        ...

    @property
    def since(self) -> datetime | None:
        """When the last complete visit began, in UTC; None on the first visit."""
        ...

    @property
    def mode(self) -> Mode: ...
    @property
    def cursor(self) -> str | None: ...
    @property
    def log(self) -> Log: ...
    @property
    def now(self) -> datetime:
        """When this visit began, in UTC."""
        ...

    def announced(self, total: int) -> None:
        """Say how many records the platform announces, so that completeness can be checked."""
        ...

    def known(self, source_id: str, fingerprint: str) -> bool:
        """True when the store holds this notice with this fingerprint: its detail page need not be read."""
        ...

    def connect(self, host: str, port: int) -> Any:
        """A socket through the address guard, for protocols other than HTTP."""
        ...


Reading: TypeAlias = Notice | Organisation | Seen | Skipped


class Connector(Protocol):
    """A module with two declarations and three functions; nothing is inherited."""

    @property
    def ABOUT(self) -> About: ...  # noqa: N802 - a module's constant
    @property
    def Params(self) -> type[BaseModel]: ...  # noqa: N802 - a module's class
    def fetch(self, visit: Visit, /) -> Iterator[Page]:
        """Ask the platform, politely; yield every answer. The only function that does I/O."""
        ...

    def split(self, page: Page, /) -> Iterator[Record]:
        """Cut a page into its records. Pure. Raises ParseError when the page is not what this platform sends."""
        ...

    def read(self, record: Record, page: Page, /) -> Reading:
        """Read one record. Pure. What it raises concerns this record alone."""
        ...
