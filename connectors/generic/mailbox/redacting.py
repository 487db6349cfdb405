"""A mail as it may be kept: without who got it, without what signs him in, without what hangs on it.

The one thing to know: this comes before anything is stored, quarantined or read, and doing it twice changes nothing, so a
mail from a file, from a server and from our own store are read by the same code.
"""

import re
from datetime import datetime
from email.header import Header
from email.utils import format_datetime

from connectors.base.contract import ParseError
from connectors.generic.mailbox.mime import (
    ATTACHED,
    RECEIVED,
    REFUSED,
    Mail,
    Unreadable,
    names_in,
    read_mail,
    sender_of,
)
from connectors.generic.mailbox.reader import Reader
from connectors.generic.mailbox.trust import AR, runs

_ADDRESSED = frozenset(("to", "cc", "bcc", "resent-to", "resent-cc", "delivered-to", "x-delivered-to", "x-original-to"))
_ADDRESSED |= {"envelope-to", "x-envelope-to", "x-forwarded-to", "apparently-to", "x-apparently-to", "x-rcpt-to"}
_ADDRESSED |= {"x-receiver", "require-recipient-valid-since"}
_PASSED_ON = frozenset(("received",))
# What the reader needs: whose mail, when, how genuine, of which sort. All else is left out.
_KEPT = (
    *("date", "message-id", "list-id", "precedence", "x-linkedin-class", "x-linkedin-template", "received-spf"),
    *("x-ses-spam-verdict", "x-ses-virus-verdict", "x-spam-flag", "x-spam-status", "x-virus-status"),
)
_LOCAL = re.compile(r"[^\s=;<>()\"@,]+@(?=[\w-]+\.)")


def redacted(body: bytes, *, received: datetime | None = None, refused: str = "") -> bytes:
    """A mail without personal data, in UTF-8, its texts alone. `received`: our server's date; `refused`: why it is not read.

    What cannot be taken apart becomes a mail that says so, and nothing else of it is kept.
    """
    try:
        mail = read_mail(body)
        who = Reader(mail, names_in(body, _ADDRESSED), names_in(body, _PASSED_ON))
        return _written(mail, who, received or _own(mail), refused or mail.first(REFUSED.lower()))
    except (Unreadable, ParseError) as exc:
        why = exc.why if isinstance(exc, ParseError) else str(exc)
        return _lines([(REFUSED, refused or why), *_when(received)], b"")


def _own(mail: Mail) -> datetime | None:
    # Ours only where the mail is ours already: it then says nothing of how it travelled.
    return None if mail.first("received") else mail.received


def _when(received: datetime | None) -> list[tuple[str, str]]:
    return [(RECEIVED, format_datetime(received))] if received else []


def _written(mail: Mail, who: "Reader", received: datetime | None, refused: str) -> bytes:
    head = [
        (name, who.cut(_LOCAL.sub("@", value) if name == "received-spf" else value)) for name, value in _first(mail)
    ]
    head += [(AR, who.cut(_LOCAL.sub("@", value))) for value in runs(mail.raw)]
    head.append(("Subject", who.line(who.greeted(mail.first("subject")))))
    head += _when(received)
    if mail.sealed or refused:
        head.append((REFUSED, refused or f"is {mail.sealed}, which is not opened"))
        return _lines(head, b"")
    head += [(ATTACHED, f"{file.size}; {file.media_type}; {who.line(file.name)}") for file in mail.attached]
    head += [(ATTACHED, who.line(value)) for value in mail.all(ATTACHED.lower())]
    texts = [("text/plain", who.text(text)) for text in mail.texts] + [("text/html", who.page(p)) for p in mail.pages]
    if not texts:
        return _lines(head, b"")
    if len(texts) == 1:
        kind, text = texts[0]
        head.append(("Content-Type", f"{kind}; charset=utf-8"))
        return _lines([*head, ("Content-Transfer-Encoding", "8bit")], text.encode())
    return _lines([*head, ("Content-Type", f'multipart/alternative; boundary="{_edge(texts)}"')], _parts(texts))


def _first(mail: Mail) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    addresses = [
        address for key, value in mail.raw if key == "from" for address in (sender_of(value) or ["(unreadable)"])
    ]
    # The name beside the address may be a person's; which of several addresses counts is not ours to choose.
    found += [("From", f"<{address}>") for address in dict.fromkeys(addresses)]
    for name in _KEPT:
        # Raw: a date and a verdict are read as they were written.
        if value := next((value for key, value in mail.raw if key == name), ""):
            found.append((name, value))
    return found


def _edge(texts: list[tuple[str, str]]) -> str:
    number = 0
    while any(f"--part-{number}" in text for _, text in texts):
        number += 1
    return f"part-{number}"


def _parts(texts: list[tuple[str, str]]) -> bytes:
    edge = _edge(texts)
    parts = [
        f"--{edge}\nContent-Type: {kind}; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{text}\n"
        for kind, text in texts
    ]
    return ("".join(parts) + f"--{edge}--\n").encode()


def _lines(head: list[tuple[str, str]], body: bytes) -> bytes:
    lines = [f"{name.title() if name.islower() else name}: {_safe(value)}\n" for name, value in head if value]
    return "".join(lines).encode("utf-8", "replace") + b"\n" + body


def _safe(value: str) -> str:
    line = re.sub(r"[\x00-\x1f\x7f]+", " ", value).encode("utf-8", "replace").decode()
    # What looks like an encoded word after decoding would be decoded once more when it is read.
    return Header(line, "utf-8", maxlinelen=10_000).encode() if "=?" in line else line
