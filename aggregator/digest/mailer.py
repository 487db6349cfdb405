"""Deliver one message: into a maildir, or to a mail server.

The one thing to know: a mailer never guesses. Until the text was handed over a lost connection means "later"; from then
on it means "unknown", because the server may have accepted it.
"""

import contextlib
import os
import re
import smtplib
import socket
import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol, TypeAlias

from config.settings import Settings
from connectors.base import guard
from connectors.base.guard import Egress

State: TypeAlias = Literal["accepted", "deferred", "failed", "unknown"]
_TIMEOUT_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Outgoing:
    message_id: str
    recipient: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Outcome:
    state: State
    reply: str


class StopBatch(Exception):
    """The server refuses us, not the letter: no other letter would fare better, and no recipient is to blame."""


class Mailer(Protocol):
    """`repeatable`: delivering a message a second time leaves one copy."""

    @property
    def repeatable(self) -> bool: ...
    def deliver(self, outgoing: Outgoing) -> Outcome: ...
    def close(self) -> None: ...


def mailer_for(settings: Settings) -> "Mailer":
    """Return the mailer that the settings name."""
    if settings.mailer == "maildir":
        return Maildir(settings.home / "maildir")
    return Server(settings)


class Maildir:
    """Letters as files `new/<id>.eml`; the name comes from the Message-ID, so the same letter is the same file."""

    repeatable = True

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        for name in ("tmp", "new", "cur"):
            (folder / name).mkdir(parents=True, exist_ok=True)

    def deliver(self, outgoing: Outgoing) -> Outcome:
        name = re.sub(r"[^A-Za-z0-9.-]", "_", outgoing.message_id.strip("<>").partition("@")[0]) + ".eml"
        final = self._folder / "new" / name
        # A mail reader moves what it has shown from new to cur, and adds its flags to the name.
        if final.exists() or any((self._folder / "cur").glob(f"{name}*")):
            return Outcome("accepted", f"was there: {name}")
        draft = self._folder / "tmp" / f"{name}.{os.getpid()}"
        try:
            with draft.open("wb") as file:
                file.write(outgoing.body)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(final)
        except OSError as exc:
            raise StopBatch(f"{self._folder}: {exc.strerror}") from exc
        return Outcome("accepted", f"new/{name}")

    def close(self) -> None:
        """Nothing stays open between two letters."""


class _Guarded(smtplib.SMTP):
    """smtplib over a socket that the address guard has opened."""

    def __init__(self, settings: Settings) -> None:
        # The deployment names this server, so it may be at home; a private network must be named as such.
        self._egress = Egress(
            private_networks=settings.private_networks, loopback_hosts=frozenset({settings.smtp_host})
        )
        super().__init__(settings.smtp_host, settings.smtp_port, timeout=_TIMEOUT_SECONDS)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        try:
            return guard.connect(host, port, self._egress, timeout)
        except guard.AddressNotAllowed as exc:
            raise OSError(f"{exc}; a mail server inside needs WORLDWIDEWE_PRIVATE_NETWORKS") from exc


class Server:
    """A mail server, over one connection for as long as it holds."""

    repeatable = False

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._smtp: smtplib.SMTP | None = None

    def deliver(self, outgoing: Outgoing) -> Outcome:
        """Hand over one message; every answer of the server becomes a state. Raises StopBatch when it refuses us."""
        handed_over = False
        try:
            smtp = self._connected()
            refused = self._envelope(smtp, outgoing.recipient)
            if refused is None:
                handed_over = True
                smtp.send(_dotted(outgoing.body))
                code, reply = smtp.getreply()
                return _outcome(code, reply)
            smtp.rset()
        except (OSError, smtplib.SMTPException) as exc:
            self._drop()
            return Outcome("unknown" if handed_over else "deferred", f"{type(exc).__name__}: {exc}"[:300])
        return refused

    def close(self) -> None:
        if self._smtp is not None:
            with contextlib.suppress(OSError, smtplib.SMTPException):
                self._smtp.quit()
            self._smtp = None

    def _connected(self) -> smtplib.SMTP:
        if self._smtp is not None:
            return self._smtp
        settings = self._settings
        try:
            self._smtp = smtp = _Guarded(settings)
            smtp.ehlo_or_helo_if_needed()
            if settings.smtp_starttls:
                smtp.starttls(context=ssl.create_default_context())
                smtp.ehlo()
            if settings.smtp_user and settings.smtp_password:
                smtp.login(settings.smtp_user, settings.smtp_password.get_secret_value())
        except (OSError, smtplib.SMTPException) as exc:
            self._drop()
            raise StopBatch(f"{settings.smtp_host}:{settings.smtp_port}: {exc}"[:300]) from exc
        return smtp

    def _envelope(self, smtp: smtplib.SMTP, recipient: str) -> Outcome | None:
        """Sender, recipient, and the word to begin; None when the server waits for the text."""
        code, reply = smtp.mail(self._settings.mail_from)
        if code >= 500:
            self._drop()
            raise StopBatch(_said(code, reply))
        if code == 250:
            code, reply = smtp.rcpt(recipient)
        if code in {250, 251}:
            code, reply = smtp.docmd("DATA")
        return None if code == 354 else _outcome(code, reply)

    def _drop(self) -> None:
        if self._smtp is not None:
            self._smtp.close()
            self._smtp = None


def _outcome(code: int, reply: bytes) -> Outcome:
    if 200 <= code < 300:
        return Outcome("accepted", _said(code, reply))
    if 500 <= code < 600:
        # 5.7.x is about who sends and how (RFC 3463): the recipient is not to blame.
        if reply.startswith(b"5.7."):
            raise StopBatch(_said(code, reply))
        return Outcome("failed", _said(code, reply))
    return Outcome("deferred", _said(code, reply))


def _said(code: int, reply: bytes) -> str:
    return f"{code} {reply.decode('utf-8', 'replace')}"[:300]


def _dotted(body: bytes) -> bytes:
    # RFC 5321, 4.5.2: a line that begins with a dot gets a second one, so that none ends the message early.
    stuffed = re.sub(rb"(?m)^\.", b"..", body)
    return stuffed + (b"" if stuffed.endswith(b"\r\n") else b"\r\n") + b".\r\n"
