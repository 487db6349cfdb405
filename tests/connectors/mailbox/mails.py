"""Mails of invented senders to invented readers, in the shape that real servers deliver them in."""

from collections.abc import Sequence

READER = "maria.bianchi@coop-esempio.example"
SERVER = "mx.coop-esempio.example"
TOKEN = "AQFxZ9tokenTOKENtoken1234567890abcdefGHIJKL0987"
CALLS = "https://calls.example.org/calls"
PASS = f"{SERVER}; dkim=pass header.d=calls.example.org header.s=s1; spf=pass smtp.mailfrom=bounce-77@calls.example.org"


def mail(
    number: int = 1,
    *,
    sender: str = "Calls <alerts@calls.example.org>",
    subject: str | None = None,
    date: str | None = "Sun, 22 Nov 2026 08:00:00 +0100",
    auth: Sequence[str] = (PASS,),
    body: str | None = None,
    kind: str = "text/plain",
    more: Sequence[str] = (),
) -> bytes:
    """A mail about call `number`; its headers stand as our own server leaves them."""
    text = f"Call {number} for cooperatives\n{CALLS}/{number}?utm_source=mail&token={TOKEN}\n" if body is None else body
    head = [
        *(f"Authentication-Results: {one}" for one in auth),
        f"Received: from out.example.org by {SERVER} for <{READER}>; Sun, 22 Nov 2026 08:00:01 +0100",
        *more,
        f"From: {sender}",
        f"To: Maria Bianchi <{READER}>",
        f"Subject: {subject or f'Calls of the week {number}'}",
        f"Message-ID: <{number}@calls.example.org>",
        *([f"Date: {date}"] if date is not None else []),
        "MIME-Version: 1.0",
        f"Content-Type: {kind}; charset=utf-8",
        "Content-Transfer-Encoding: 8bit",
    ]
    return "\r\n".join([*head, "", text.replace("\n", "\r\n")]).encode()


def both(text: str, html: str, *, more: Sequence[str] = (), sender: str = "Calls <alerts@calls.example.org>") -> bytes:
    """A mail with a plain and a rich part."""
    edge = "edge-1"
    parts = "".join(
        f"--{edge}\n{f'Content-Type: {kind}; charset=utf-8'}\nContent-Transfer-Encoding: 8bit\n\n{part}\n"
        for kind, part in (("text/plain", text), ("text/html", html))
    )
    whole = mail(sender=sender, body=f"{parts}--{edge}--\n", more=more).decode()
    plain = "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    return whole.replace(plain, f'Content-Type: multipart/alternative; boundary="{edge}"\r\n\r\n', 1).encode()
