"""What a mail server says of a mail before it is fetched: number, size, date, sender. Pure."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_UID, _SIZE = re.compile(rb"\bUID (\d+)"), re.compile(rb"\bRFC822\.SIZE (\d+)")
_RECEIVED = re.compile(rb'\bINTERNALDATE "([^"]{1,40})"')


@dataclass(frozen=True, slots=True)
class Head:
    """What is known of a mail before it is fetched; `received` is the server's own date, in UTC."""

    uid: int
    size: int
    received: datetime | None
    sender: bytes


def uid_of(meta: bytes) -> int | None:
    """The number of the mail that an answer is about."""
    said = _UID.search(meta)
    return int(said[1]) if said else None


def head_of(answer: tuple[bytes, bytes]) -> Head | None:
    """Read one answer to a FETCH; None where it is about no mail that was asked for."""
    meta, sender = answer
    uid, size, received = uid_of(meta), _SIZE.search(meta), _RECEIVED.search(meta)
    if uid is None:
        return None
    return Head(uid, int(size[1]) if size else 0, _instant(received[1]) if received else None, sender)


def _instant(text: bytes) -> datetime | None:
    try:
        read = parsedate_to_datetime(text.decode("ascii").strip())
    except (ValueError, TypeError, IndexError):
        return None
    return (read if read.tzinfo else read.replace(tzinfo=UTC)).astimezone(UTC)
