"""A folder of an IMAP server, read and never touched (RFC 9051): the one file that speaks this protocol.

The one thing to know: the library writes the commands, and every byte passes over a socket of the address guard, through a
wire that knows how long an answer may take and how large it may be.
"""

import imaplib
import io
import re
import socket
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date
from ipaddress import ip_address
from typing import Any

from imap_tools.errors import ImapToolsError, UnexpectedCommandStatusError
from imap_tools.mailbox import BaseMailBox

from connectors.base.contract import FetchError, FetchKind, ParamError, Visit
from connectors.base.text import clean_line
from connectors.generic.mailbox.heads import Head, head_of, uid_of

LARGEST = 5_000_000
"""Bytes of a mail that is still fetched."""
_READ, _ANSWER = 30.0, 60.0
_LONGEST_LINE, _CHUNK = 1_000_000, 100
# RFC 5530, and what the large providers say. A code that is not here is judged by the command that it answers.
_TRANSIENT = ("UNAVAILABLE", "OVERQUOTA", "LIMIT", "INUSE", "SERVERBUG", "THROTTLED", "TRYAGAIN")
_REFUSED = ("AUTHENTICATIONFAILED", "AUTHORIZATIONFAILED", "EXPIRED", "PRIVACYREQUIRED", "CONTACTADMIN")
_CODE = re.compile(r"\[([A-Z-]+)")
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


class _Wire(io.RawIOBase):
    """Reads a socket against the deadline of the answer in hand; a server that drips holds nobody."""

    def __init__(self, sock: Any) -> None:
        self._sock = sock
        self.ends = time.monotonic() + _ANSWER

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        left = self.ends - time.monotonic()
        if left <= 0:
            raise TimeoutError("the answer took too long")
        self._sock.settimeout(min(left, _READ))
        return int(self._sock.recv_into(buffer))


class _Client(imaplib.IMAP4):
    def __init__(self, sock: Any, host: str) -> None:
        self._given = sock
        super().__init__(host)

    def open(self, host: str = "", port: int = 0, timeout: float | None = None) -> None:
        self.host, self.port = host, port
        self._use(self._given)

    def _use(self, sock: Any) -> None:
        self.sock = sock
        self._wire = _Wire(sock)
        self._stream = io.BufferedReader(self._wire, 65_536)
        self.file = self._stream

    def read(self, size: int) -> bytes:
        if size > LARGEST + _LONGEST_LINE:
            raise self.abort("the server sends more than was asked for")
        return self._stream.read(size)

    def readline(self) -> bytes:
        line = self._stream.readline(_LONGEST_LINE + 1)
        if len(line) > _LONGEST_LINE:
            raise self.abort("the server sends a line without an end")
        return line

    def shutdown(self) -> None:
        # Whoever is behind on the wire: what hangs up has nothing more to say.
        with suppress(OSError, ValueError):
            self._stream.close()
        with suppress(OSError):
            self.sock.close()

    def _command(self, name: str, *args: Any) -> Any:
        self._wire.ends = time.monotonic() + _ANSWER
        return super()._command(name, *args)  # type: ignore[misc]

    def begin_tls(self, secure: Any) -> None:
        """STARTTLS (RFC 3501, 6.2.1). What came in clear text before is thrown away, capabilities too."""
        answer, said = self._simple_command("STARTTLS")
        if answer != "OK":
            raise self.error(f"STARTTLS: {said[-1]!r}")
        self._use(secure(self.sock))
        self._get_capabilities()


class _Box(BaseMailBox):
    def __init__(self, client: _Client) -> None:
        self._client = client
        super().__init__()

    def _get_mailbox_client(self) -> imaplib.IMAP4:
        return self._client


class Folder:
    """One folder, opened for reading only (EXAMINE): no flag of any mail is touched."""

    def __init__(self, box: _Box, name: str, place: str) -> None:
        self._box = box
        self.name = name
        self._place = place
        box.folder.set(name, readonly=True)
        said = box.client.response("UIDVALIDITY")[1]
        self.uidvalidity = int(said[-1]) if said and said[-1] else 0
        if not self.uidvalidity:
            raise FetchError("transient", place, "the server does not say to which time its numbers belong")

    def after(self, uid: int) -> list[int]:
        """The mails behind this number, oldest first. `n:*` names the last mail even where n is beyond it."""
        return sorted(found for found in self._uids(f"UID {uid + 1}:*") if found > uid)

    def since(self, day: date) -> list[int]:
        """The mails that the server took in on this day or later, oldest first."""
        return sorted(self._uids(f"SINCE {day.day:02d}-{_MONTHS[day.month - 1]}-{day.year}"))

    def _uids(self, criteria: str) -> list[int]:
        # Without a CHARSET, which some servers refuse; the criteria are ASCII.
        return [int(uid) for uid in self._box.uids(criteria, charset=None)]

    def heads(self, uids: Sequence[int]) -> Iterator[Head]:
        """Ask for sizes, dates and senders, a hundred mails at a time, in the order given."""
        for start in range(0, len(uids), _CHUNK):
            wanted = uids[start : start + _CHUNK]
            what = "(UID RFC822.SIZE INTERNALDATE BODY.PEEK[HEADER.FIELDS (FROM)])"
            found = {head.uid: head for head in map(head_of, self._fetch(wanted, what)) if head}
            yield from (found[uid] for uid in wanted if uid in found)

    def body(self, uid: int) -> bytes | None:
        """Fetch a mail without marking it as read; one byte more than LARGEST at most. None: it has gone meanwhile."""
        for meta, body in self._fetch([uid], f"(UID BODY.PEEK[]<0.{LARGEST + 1}>)"):
            if uid_of(meta) == uid:
                return body
        return None

    def _fetch(self, uids: Sequence[int], what: str) -> Iterator[tuple[bytes, bytes]]:
        answer, data = self._box.client.uid("FETCH", ",".join(map(str, uids)), what)
        if answer != "OK":
            raise self._box.client.error(f"FETCH: {data[-1]!r}")
        parts: list[Any] = list(data or ())
        for place, part in enumerate(parts):
            if isinstance(part, tuple):
                # What a server says of a mail may stand before its text or behind it.
                behind = parts[place + 1] if place + 1 < len(parts) else b""
                yield part[0] + b" " + (behind if isinstance(behind, bytes) else b""), part[1]


@contextmanager
def opened(visit: Visit, secret: str) -> Iterator[Folder]:
    """Open the folder of this source. Raises FetchError, also for whatever goes wrong before it is closed.

    `secret` is the password, or with xoauth2 the access token.
    """
    params = visit.params
    place = f"imap://{params.host}:{params.port}"
    sock = visit.connect(params.host, params.port)
    box: _Box | None = None
    try:
        box = _Box(_connected(visit, sock, place))
        _log_in(box, secret, place, params)
        yield _folder(box, params.folder, place)
    except UnexpectedCommandStatusError as exc:
        raise _told(place, exc.command_result, "transient") from exc
    except (imaplib.IMAP4.error, ImapToolsError, OSError, ValueError, EOFError) as exc:
        raise FetchError("transient", place, f"the mail server broke off: {clean_line(str(exc), 200)}") from exc
    finally:
        if box is not None:
            with suppress(imaplib.IMAP4.error, ImapToolsError, OSError, ValueError):
                box.logout()
            box._client.shutdown()
        sock.close()


def _connected(visit: Visit, sock: socket.socket, place: str) -> _Client:
    params = visit.params
    if params.security == "none" and not ip_address(sock.getpeername()[0]).is_loopback:
        raise FetchError("blocked", place, "without encryption only a server on this very machine is spoken to")
    if params.security == "tls":
        return _Client(visit.secure(sock, params.host), params.host)
    client = _Client(sock, params.host)
    if params.security == "starttls":
        client.begin_tls(lambda plain: visit.secure(plain, params.host))
    return client


def _log_in(box: _Box, secret: str, place: str, params: Any) -> None:
    if any(ord(sign) < 32 or ord(sign) == 127 for sign in secret):
        raise FetchError("auth", place, f"the key {params.key!r} holds a line break: set it again")
    try:
        if params.auth == "xoauth2":
            box.xoauth2(params.user, secret, initial_folder=None)
        elif "LOGINDISABLED" in box.client.capabilities or not (params.user + secret).isascii():
            box.login_utf8(params.user, secret, initial_folder=None)
        else:
            box.login(params.user, secret, initial_folder=None)
    except UnexpectedCommandStatusError as exc:
        raise _told(place, exc.command_result, "auth", secret) from None
    except imaplib.IMAP4.abort as exc:
        why = clean_line(_without(str(exc), secret), 200)
        raise FetchError("transient", place, f"the mail server broke off: {why}") from None
    except imaplib.IMAP4.error as exc:
        raise _told(place, ("NO", [str(exc).encode()]), "auth", secret) from None


def _folder(box: _Box, name: str, place: str) -> Folder:
    try:
        return Folder(box, name, place)
    except UnexpectedCommandStatusError as exc:
        refused = _told(place, exc.command_result, "gone")
        if refused.kind != "gone":
            raise refused from exc
        raise ParamError("folder", f"the server has no folder {name!r}, or does not open it: {refused.why}") from exc


def _told(place: str, result: Any, otherwise: FetchKind, secret: str = "") -> FetchError:
    said = result[1][-1] if isinstance(result, tuple) and result[1] else b""
    text = _without(said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said), secret)
    codes = set(_CODE.findall(text.upper()))
    kind = otherwise
    if codes.intersection(_TRANSIENT):
        kind = "transient"
    elif codes.intersection(_REFUSED):
        kind = "auth"
    return FetchError(kind, place, f"the mail server refuses: {clean_line(text, 200) or 'without a word'}")


def _without(text: str, secret: str) -> str:
    """What a server says, without what was sent to it: some repeat the whole command that they do not understand."""
    return text.replace(secret, "***") if secret else text
