"""What travels between a platform and its reader: one answer, its records, and what a record can turn out to be.

The one thing to know: a notice is not always whole on one page. A card says that it exists, its detail page says what
it is, and a second answer may give its title in another language; each is a value of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel

from connectors.base.shapes import LanguageCode, Notice, Title

TITLES = "titles"
"""The role of a page that holds `Translation`s."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A listing card whose truth stands on its detail page: it proves presence and never blanks a full notice.

    `fingerprint` changes when the detail page is to be read again (connectors/base/cards.py); `url` is where that page
    stands, None where the id alone leads to it. `says` is what the card by itself would make: shown by `parse` and by
    `sources test`, never stored.
    """

    source_id: str
    fingerprint: str
    url: str | None = None
    says: Notice | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Translation:
    """Official titles of a notice in other languages, from an answer of its own.

    It adds to what the same visit reads of the notice afterwards, and is nothing without it: ask for it first, with the
    role TITLES.
    """

    source_id: str
    titles: Mapping[LanguageCode, Title]


@dataclass(frozen=True, slots=True)
class Gone:
    """This notice is no more. Two visits that hear so withdraw it; one, where an interface of the platform itself `said` it.

    A page that answers 404 or 410, or a badge on a page for people, may be a fault of the moment or of our reading.
    """

    source_id: str
    said: bool = False


@dataclass(frozen=True, slots=True)
class Skipped:
    """The named way to leave a record out: it is counted under its reason, and is no fault.

    `source_id`: what is left out is listed all the same, so that a notice that we hold is not taken for missing.
    """

    reason: str
    source_id: str | None = None


@dataclass(frozen=True, slots=True)
class Dropped:
    """A file that a person has laid into the source's folder: its name without a path, its bytes, its UTC date."""

    name: str
    body: bytes
    changed_at: datetime


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
    `url` of a mail is `imap://host/folder;UID=7` (RFC 5092), of a file `file:name.csv`.
    `params` are the parameters of the source now: the pipeline fills them in, also when a kept page is read again.
    `unchanged`: the source said 304, or sent the bytes that we keep already; there is nothing to read.
    `of` names the notice whose detail page this is; `fetch` sets it.
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
    of: str | None = None

    @property
    def content_type(self) -> str:
        """The media type in lower case, without its parameters; empty when none was sent."""
        return self.headers.get("content-type", "").split(";")[0].strip().lower()

    def with_params(self, params: BaseModel) -> "Page":
        return replace(self, params=params)
