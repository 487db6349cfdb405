"""One request and its answer as values, and the pure rules for both.

The one thing to know: what identifies us and how a body may be packed is set by the client alone; no connector and no
setting can make it look like somebody else.
"""

import hashlib
import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import IO, Any, Literal
from urllib.parse import quote, quote_plus, unquote, unquote_plus, urlencode, urljoin

from connectors.base.body import Limits
from connectors.base.contract import FetchError, Page, ParamError, Request
from connectors.base.guard import masked

_OURS = frozenset({"user-agent", "accept-encoding", "host", "connection", "content-length", "transfer-encoding", "te"})
_KEY_HEADER = re.compile(r"authorization|key|token|secret")
_SHORTEST_KEY = 8
"""Signs; what is shorter may stand in an answer by chance."""
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

    @property
    def keys(self) -> tuple[str, ...]:
        """The secrets that go out with it, in the query or in a header: none may come back in what is kept or said."""
        named = [value.rpartition(" ")[2] for name, value in self.headers.items() if _KEY_HEADER.search(name)]
        return tuple(key for key in (*self.hidden.values(), *named) if len(key) >= _SHORTEST_KEY)

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


def repeats(url: str, keys: Collection[str]) -> bool:
    """Whether one of these keys stands in an address, packed into another address too."""
    for _ in range(3):
        if any(key in url or key in url.replace("+", " ") for key in keys):
            return True
        url = unquote(url)
    return False


def without_keys(answer: Answer, keys: Collection[str]) -> Answer:
    """Cut keys out of an answer: platforms repeat questions, in links and in complaints, and answers are kept."""
    written = {form for key in keys for form in _spellings(key)}
    body, headers = answer.body, dict(answer.headers)
    for form in sorted(written, key=len, reverse=True):
        body = body.replace(form.encode(), b"***")
        headers = {name: value.replace(form, "***") for name, value in headers.items()}
    return replace(answer, body=body, headers=headers) if written else answer


def _spellings(key: str) -> set[str]:
    packed = {quote(key, safe=""), quote_plus(key), quote(key)}
    in_json = {json.dumps(key)[1:-1], json.dumps(key, ensure_ascii=False)[1:-1]}
    in_json |= {text.replace("/", "\\/") for text in in_json}
    return {key, *packed, *in_json, *(re.sub(r"%..", lambda sign: sign[0].lower(), text) for text in packed)}


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
