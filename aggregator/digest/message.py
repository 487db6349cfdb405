"""Make the mail: headers and both parts, as the bytes that will be delivered.

The one thing to know: a title of a source stands in the subject, so the bytes are read again and their header names are
compared with the expected ones before anyone may send them (Python 3.11 turns an encoded word into a `Bcc:` line).
"""

import hmac
import re
from datetime import datetime
from email import message_from_bytes, policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import quote
from zoneinfo import ZoneInfo

from aggregator.digest.letter import Letter
from config.settings import Settings
from connectors.base.text import visible

# Folding at 78 columns encodes long addresses in List-Unsubscribe as words, which no mailbox understands.
_POLICY = policy.SMTP.clone(max_line_length=998)
_ONE_MAILBOX = re.compile(r"[^\s<>()\[\],;:\\\"@]+@[^\s<>()\[\],;:\\\"@]+")


class MessageError(Exception):
    """The bytes are not the message that was meant; they must not be sent."""


def identity(key: bytes, *, member: str, period: str, kind: str, recipient: str, domain: str) -> str:
    """Return the Message-ID of a letter: the same for the same letter for ever, and not to be guessed without the key."""
    text = "\n".join((member, period, kind, recipient.lower()))
    return f"<{hmac.digest(key, text.encode(), 'sha256').hex()[:40]}@{domain}>"


def domain(settings: Settings) -> str:
    """The domain of the sender: Message-ID and List-Id lie in it."""
    return settings.mail_from.rpartition("@")[2]


def harmless(text: str) -> str:
    """Return text that is one line in a header and cannot be taken for an encoded word (RFC 2047)."""
    return " ".join(visible(text).split()).replace("=?", "= ?").replace("?=", "? =")


def message(
    letter: Letter, recipient: str, *, message_id: str, language: str, made_at: datetime, settings: Settings
) -> bytes:
    """Return the message to one recipient; the same input gives the same bytes.

    Raises MessageError for an address that is not one mailbox, and when the bytes read back otherwise than meant.
    """
    if not _ONE_MAILBOX.fullmatch(recipient):
        raise MessageError(f"{recipient!r}: is not one mailbox")
    mail = EmailMessage(policy=_POLICY)
    for name, value in _headers(letter, recipient, message_id, made_at, settings):
        mail[name] = value
    mail.set_content(letter.text, cte="quoted-printable")
    mail.add_alternative(letter.html, subtype="html", cte="quoted-printable")
    # Set last: content headers given before would move into the first part.
    mail["Content-Language"] = language
    # A boundary by chance would make every rendering of the same letter another one.
    mail.set_boundary(f"=_{message_id.strip('<>').partition('@')[0]}")
    raw = mail.as_bytes()
    _check(raw, mail)
    return raw


def _headers(
    letter: Letter, recipient: str, message_id: str, made_at: datetime, settings: Settings
) -> list[tuple[str, str | Address]]:
    office = harmless(settings.office)
    found: list[tuple[str, str | Address]] = [
        ("From", Address(office, addr_spec=settings.mail_from)),
        ("To", recipient),
        ("Subject", harmless(letter.subject)),
        ("Date", format_datetime(made_at.astimezone(ZoneInfo(settings.zone)))),
        ("Message-ID", message_id),
        ("List-Id", f"<digest.{domain(settings)}>"),
        ("Auto-Submitted", "auto-generated"),
        ("Precedence", "bulk"),
    ]
    if settings.mail_reply_to:
        found += [
            ("Reply-To", settings.mail_reply_to),
            ("List-Unsubscribe", f"<mailto:{quote(settings.mail_reply_to, safe='@')}?subject=unsubscribe>"),
        ]
    return found


def _check(raw: bytes, meant: EmailMessage) -> None:
    read = message_from_bytes(raw, policy=policy.default)
    expected = [name.lower() for name in meant]
    if [name.lower() for name in read] != expected:
        raise MessageError(f"headers read back as {', '.join(read)}")
    parts = [part.get_content_type() for part in read.walk()]
    if parts != ["multipart/alternative", "text/plain", "text/html"]:
        raise MessageError(f"parts read back as {', '.join(parts)}")
    if max(map(len, raw.split(b"\r\n"))) > 998:
        raise MessageError("a line is longer than 998 octets")
