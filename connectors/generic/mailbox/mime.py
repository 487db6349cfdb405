"""A mail read from its bytes, whatever a gateway did to it: headers as text, its texts, the names of what hangs on it.

The one thing to know: the oldest policy of the library is the one that never raises on a header; each header is decoded here,
on its own, and what is packed (base64, quoted-printable) is unpacked once.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.policy import compat32
from email.utils import parsedate_to_datetime
from typing import Any

from connectors.base.text import visible

MOST_BOUNDARIES, MOST_INSIDE, MOST_HEADERS = 60, 20, 2_000
MOST_TEXT = 1_000_000
"""Characters of all texts and pages together; the longest newsletters have a fifth of it, most of it style."""
RECEIVED, REFUSED, ATTACHED = "X-WorldWideWe-Received", "X-WorldWideWe-Refused", "X-WorldWideWe-Attached"
"""What we write into a mail that we keep. A stranger may write it too: it is redacted, and can only speak against his mail."""
_LONGEST_HEADER = 20_000
_QUOTED, _COMMENT = re.compile(r'"(?:\\.|[^"\\])*"'), re.compile(r"\([^()]*\)")
_ADDRESS = re.compile(r"[^\s@<>,;:()\"\\\[\]]+@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")
_SEALED = {"application/ms-tnef": "winmail.dat (TNEF)", "application/vnd.ms-tnef": "winmail.dat (TNEF)"}
_PKCS7 = ("application/pkcs7-mime", "application/x-pkcs7-mime")
_PARAGRAPH_SIGNS = re.compile(r"\r\n?")


class Unreadable(ValueError):
    """A mail that is no mail, or is built so that reading it would take all there is."""


@dataclass(frozen=True, slots=True)
class Attached:
    name: str
    media_type: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """One mail. `headers` are in their order with lower-case names; `raw` are the same before encoded words are read."""

    headers: tuple[tuple[str, str], ...]
    raw: tuple[tuple[str, str], ...]
    texts: tuple[str, ...]
    pages: tuple[str, ...]
    attached: tuple[Attached, ...]
    sealed: str = ""

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key == name]

    def first(self, name: str) -> str:
        return next(iter(self.all(name)), "")

    @property
    def sender(self) -> str | None:
        """The one address that From holds, in lower case without its +part; None where it holds none, or several."""
        senders = [value for key, value in self.raw if key == "from"]
        found = {plain_address(address) for value in senders for address in sender_of(value) or ("",)}
        return found.pop() if len(found) == 1 else None

    @property
    def date(self) -> datetime | None:
        """When it says it was sent, else when our server took it in; in UTC."""
        return _instant(self.first("date")) or self.received

    @property
    def dated(self) -> bool:
        return _instant(self.first("date")) is not None

    @property
    def received(self) -> datetime | None:
        return _instant(self.first(RECEIVED.lower()))


def sender_of(value: str) -> list[str]:
    """The addresses of a From header. Quoted names and comments go first: they may hold anything (CVE-2023-27043)."""
    bare = _COMMENT.sub(" ", _QUOTED.sub(" ", value[:_LONGEST_HEADER]))
    inside = re.findall(r"<([^<>]*)>", bare)
    parts = inside if inside else [part for part in bare.split(",") if part.strip()]
    found = [part.strip() for part in parts]
    return found if all(_ADDRESS.fullmatch(part) for part in found) else []


def plain_address(address: str) -> str | None:
    local, _, domain = address.lower().rpartition("@")
    return f"{local.partition('+')[0]}@{domain}" if local and domain else None


def addresses_in(value: str) -> list[str]:
    return [address.lower() for address in _ADDRESS.findall(value[:_LONGEST_HEADER])]


def read_mail(body: bytes) -> Mail:
    """Read a mail. Raises Unreadable."""
    # The parser below turns on itself for every level, and asks every level about every line.
    lower = body.lower()
    if lower.count(b"boundary=") > MOST_BOUNDARIES or lower.count(b"message/rfc822") > MOST_INSIDE:
        raise Unreadable("holds more parts inside each other than a mail has")
    try:
        message = message_from_bytes(body, policy=compat32)
        raw = tuple((name.lower(), _unfolded(value)) for name, value in message.raw_items())
        if len(raw) > MOST_HEADERS:
            raise Unreadable(f"has more than {MOST_HEADERS} headers")
        return Mail(headers=tuple((name, _decoded(value)) for name, value in raw), raw=raw, **_content(message))
    except (RecursionError, LookupError, TypeError, AttributeError, AssertionError) as exc:
        raise Unreadable(f"cannot be taken apart: {type(exc).__name__}") from exc


def names_in(body: bytes, wanted: frozenset[str]) -> list[tuple[str, str]]:
    """The headers of these names, decoded, of a mail and of every mail inside it."""
    found = []
    for part in message_from_bytes(body, policy=compat32).walk():
        found += [(key.lower(), _decoded(_unfolded(value))) for key, value in part.raw_items() if key.lower() in wanted]
    return found[:MOST_HEADERS]


def _content(message: Message) -> dict[str, Any]:
    texts, pages, attached, sealed = [], [], [], ""
    for part in message.walk():
        media = part.get_content_type()
        name = _name(part)
        if media in _SEALED or name.lower() == "winmail.dat":
            sealed = "winmail.dat (TNEF)"
        elif media in _PKCS7 and str(part.get_param("smime-type") or "").lower() != "signed-data":
            sealed = "encrypted (S/MIME)"
        elif media in _PKCS7:
            sealed = "signed so that its text is inside the signature (S/MIME)"
        if part.is_multipart() or part.get_content_maintype() == "multipart":
            continue
        # A text with a name is a file all the same, unless its sender says that it is to be shown.
        shown = part.get_content_disposition() != "attachment" and (
            not name or part.get_content_disposition() == "inline"
        )
        if media == "text/plain" and shown:
            texts.append(_flowing(part, _text(part)))
        elif media == "text/html" and shown:
            pages.append(_text(part))
        elif not media.startswith("image/") or part.get_content_disposition() == "attachment":
            attached.append(Attached(name or "without a name", media, len(_bytes(part))))
    if sum(map(len, (*texts, *pages))) > MOST_TEXT:
        raise Unreadable(f"holds more than {MOST_TEXT} characters of text")
    return {"texts": tuple(texts), "pages": tuple(pages), "attached": tuple(attached), "sealed": sealed}


def _name(part: Message) -> str:
    try:
        return " ".join(_decoded(part.get_filename() or "").split())[:200]
    except (LookupError, ValueError, TypeError):
        return "unreadable name"


def _bytes(part: Message) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _text(part: Message) -> str:
    body = _bytes(part)
    try:
        charset = part.get_content_charset() or ""
    except (LookupError, ValueError, TypeError):
        charset = ""
    for name in (charset, "utf-8", "cp1252"):
        try:
            # A declared charset is believed as far as it goes; an undeclared one must fit.
            text = body.decode(name, "replace" if name == charset else "strict") if name else None
        except (LookupError, UnicodeError, ValueError):
            continue
        if text is not None:
            return visible(_PARAGRAPH_SIGNS.sub("\n", text))
    return visible(_PARAGRAPH_SIGNS.sub("\n", body.decode("latin-1")))


def _flowing(part: Message, text: str) -> str:
    """Join the soft line breaks of format=flowed (RFC 3676)."""
    if str(part.get_param("format") or "").lower() != "flowed":
        return text
    glue = "" if str(part.get_param("delsp") or "").lower() == "yes" else " "
    return "\n".join(_joined(text.split("\n"), glue))


def _joined(lines: list[str], glue: str) -> Iterator[str]:
    held = ""
    for line in lines:
        if line.endswith(" ") and line != "-- ":
            held += line[:-1] + glue
        else:
            yield held + line
            held = ""
    if held:
        yield held


def _unfolded(value: Any) -> str:
    return re.sub(r"\r?\n[ \t]*", " ", str(value)[:_LONGEST_HEADER]).strip()


def _decoded(value: str) -> str:
    """A header as text: encoded words, and raw 8-bit signs (RFC 6532), in whatever charset they claim."""
    try:
        value = value.encode("ascii", "surrogateescape").decode("utf-8")
    except UnicodeDecodeError:
        value = value.encode("ascii", "surrogateescape").decode("cp1252", "replace")
    except UnicodeEncodeError:
        pass  # it was text already
    if "=?" not in value:
        return visible(value)
    try:
        parts = decode_header(value)
    except (HeaderParseError, ValueError):
        return visible(value)
    return visible("".join(_word(text, charset) for text, charset in parts))


def _word(text: str | bytes, charset: str | None) -> str:
    if isinstance(text, str):
        return text
    try:
        # Beside encoded words the library gives plain text back as bytes of its own escape.
        return text.decode(charset, "replace") if charset else text.decode("raw-unicode-escape", "replace")
    except (LookupError, UnicodeError):
        return text.decode("utf-8", "replace")


def _instant(text: str) -> datetime | None:
    if not text:
        return None
    try:
        read = parsedate_to_datetime(text[:200])
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    try:
        # Without a zone, and with -0000: UTC.
        read = (read if read.tzinfo else read.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return read if 1980 <= read.year < 2100 else None
