"""What every connector shares with the floors above it: pages, visits, errors, and the Protocol it is held against.

The one thing to know: a value that the source does not state is left out, never invented.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Literal, Protocol, TypeAlias

from pydantic import BaseModel

from connectors.base.about import About, Expect, Key, Rights
from connectors.base.errors import ConnectorError, FetchError, FetchKind, ParamError, ParseError
from connectors.base.pages import TITLES, Dropped, Gone, Page, Record, Request, Seen, Skipped, Translation
from connectors.base.services import HTTP, Log, Memory, Secrets
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
    "TITLES",
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
    "Dropped",
    "Eligibility",
    "Expect",
    "FetchError",
    "FetchKind",
    "Gone",
    "Instant",
    "Key",
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
    "Secrets",
    "Seen",
    "Shape",
    "Skipped",
    "Title",
    "Translation",
    "Url",
    "Visit",
]

Mode: TypeAlias = Literal["sweep", "recent"]


class Visit(Protocol):
    """One reading of a source, as its connector sees it."""

    @property
    def source(self) -> str:
        """The name of the source, as an admin calls it in a command."""
        ...

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
    def trial(self) -> bool:
        """True when somebody only tries the source: one page of each role is enough."""
        ...

    @property
    def resuming(self) -> bool:
        """True when the last visit did not come to its end: then what looks known may hide what was never read."""
        ...

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
        """True when this notice is held with this fingerprint, or its detail page waits to be read with it."""
        ...

    def unread(self) -> Iterator[Seen]:
        """The cards whose detail page is still to be read, those of earlier visits too: never read before the others.

        Cards come in when the pipeline has committed their listing page; a page with `of` takes its card out, whatever
        was on it. What is left when a visit ends waits for the next one.
        """
        ...

    @property
    def secrets(self) -> Secrets: ...

    def files(self) -> Iterator[Dropped]:
        """The files that lie in this source's own folder, by name; too large ones are named in the log and left out."""
        ...

    def connect(self, host: str, port: int) -> Any:
        """A socket through the address guard, for protocols other than HTTP. Raises FetchError."""
        ...

    def secure(self, plain: Any, host: str) -> Any:
        """Speak TLS over a socket of `connect`, at once or after STARTTLS; the certificate must be valid for this host.

        Trusted are the usual authorities, and the one that the deployment names. Raises FetchError.
        """
        ...


Reading: TypeAlias = Notice | Organisation | Seen | Translation | Gone | Skipped


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
