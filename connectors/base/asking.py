"""One request and its answer as values, and the pure rules for both.

The one thing to know: what identifies us and how a body may be packed is set by the client alone; no connector and no
setting can make it look like somebody else.
"""

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import IO, Any, Literal
from urllib.parse import unquote_plus, urlencode, urljoin

from connectors.base.body import Limits
from connectors.base.contract import FetchError, Page, ParamError, Request
from connectors.base.guard import masked

_OURS = frozenset({"user-agent", "accept-encoding", "host", "connection", "content-length", "transfer-encoding", "te"})
_NO_CREDENTIALS = frozenset({"accept", "accept-language"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What is asked for. Of a body that is longer than `most` the beginning is read, and that is all of it.

    `hidden` goes into the query on the wire and into nothing that is kept or said. `once`: it is not tried again.
    `into`: where the body is written, whole and decoded, within `limits` of its own; the answer then has none.
    """

    method: Literal["GET", "POST"]
    url: str
    role: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    conditional: bool = False
    accept: Collection[int] = ()
    most: int | None = None
    hidden: Mapping[str, str] = field(default_factory=dict)
    once: bool = False
    limits: Limits | None = None
    into: IO[bytes] | None = None

    def wants(self, status: int) -> bool:
        """Whether the body of an answer with this status is read. A part of a whole (206) was never asked for."""
        return (200 <= status < 300 and status != 206) or status in self.accept


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes


def with_params(url: str, params: Mapping[str, str | int] | None) -> str:
    """Add query parameters behind those that the address has already."""
    if not params:
        return url
    base = url.partition("#")[0]
    return f"{base}{'&' if '?' in base else '?'}{urlencode(params)}"


def without_params(url: str, names: Collection[str]) -> str:
    """Take query parameters out of an address: a server that redirects may repeat the key that it was given."""
    if not names or "?" not in url:
        return url
    base, _, query = url.partition("?")
    left = "&".join(part for part in query.split("&") if unquote_plus(part.partition("=")[0]) not in names)
    return f"{base}?{left}" if left else base


def json_text(value: Any) -> bytes:
    """Write a value as compact JSON: UTF-8, no NaN."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def json_parts(parts: Mapping[str, Any]) -> tuple[str, bytes]:
    """Write `multipart/form-data` with a JSON text a part (RFC 7578, 4.4); returns its content type and its bytes.

    The boundary follows from the content: the same parts are the same request, today and in a kept page.
    """
    written = {name: json_text(value) for name, value in parts.items()}
    told = b"\0".join(name.encode() + b"=" + text for name, text in written.items())
    boundary = f"part-{hashlib.blake2b(told, digest_size=16).hexdigest()}"
    body = b""
    for name, text in written.items():
        # A file name, because the platform that wants this was only ever asked by clients that send one.
        head = f'Content-Disposition: form-data; name="{name}"; filename="blob"\r\nContent-Type: application/json'
        body += f"--{boundary}\r\n{head}\r\n\r\n".encode() + text + b"\r\n"
    return f"multipart/form-data; boundary={boundary}", body + f"--{boundary}--\r\n".encode()


def checked_headers(headers: Mapping[str, str] | None) -> dict[str, str]:
    """Return a connector's headers in lower case. Raises ParamError for those that are not its own to set."""
    checked = {name.lower(): value for name, value in (headers or {}).items()}
    for name, value in checked.items():
        if name in _OURS:
            raise ParamError("headers", f"{name} is set by the client alone")
        if not (name + value).isascii() or any(sign in name + value for sign in "\r\n\0"):
            raise ParamError("headers", f"{name} holds a sign that has no place in a header")
    return checked


def without_credentials(headers: Mapping[str, str]) -> dict[str, str]:
    """Return what may follow a redirect to another origin. Any header may be a key, so only harmless ones are named."""
    return {name: value for name, value in headers.items() if name in _NO_CREDENTIALS}


def redirected(url: str, answer: Answer) -> str:
    """Return the address that a redirect names, absolute and not yet checked."""
    location = answer.headers.get("location", "")
    if not location or any(sign in location for sign in "\t\r\n"):  # the join below would drop these signs silently
        why = f"it redirects to nowhere ({answer.status})"
        raise FetchError("blocked", masked(url), why, status=answer.status)
    return urljoin(url, location)


def page_of(ask: Ask, url: str, answer: Answer, fetched_at: datetime) -> Page:
    """Make the page that a connector sees; `url` is where the answer came from, `request` what was asked."""
    return Page(
        url=url,
        body=answer.body,
        # Whole seconds, as a kept page has them: reading it again must find the same moment.
        fetched_at=fetched_at.astimezone(UTC).replace(microsecond=0),
        role=ask.role,
        status=answer.status,
        headers=answer.headers,
        request=Request(ask.method, ask.url, ask.body),
        unchanged=answer.status == 304,
    )
