"""The connection of one app and one person to LinkedIn: what the vault keeps of it.

The one thing to know: it is one secret, so renewing it is one write. A crash before that write leaves the old connection,
one after it the new one, and never the token of the one with the refresh token of the other (F24).
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from connectors.base.contract import FetchError, ParseError
from connectors.linkedin.about import CONNECT

REMIND = timedelta(days=10)
_MARGIN = timedelta(minutes=20)
"""A token that ends within a visit is renewed before it."""
_LONGEST = 10 * 366 * 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """Tokens with the UTC instants at which they end. No refresh token: a person connects again every 60 days."""

    client_id: str
    client_secret: str = field(repr=False)
    access: str = field(repr=False)
    access_until: datetime
    refresh: str | None = field(default=None, repr=False)
    refresh_until: datetime | None = None
    scope: str = ""

    @property
    def ends(self) -> datetime | None:
        """When a person must connect again; None where LinkedIn did not say how long the refresh token lives."""
        return self.access_until if self.refresh is None else self.refresh_until

    def fresh(self, now: datetime) -> bool:
        return now + _MARGIN < self.access_until

    def days(self, now: datetime) -> int | None:
        """Whole days until the end, at least one: what the vault is told."""
        return None if self.ends is None else max(1, (self.ends - now).days)

    def renewed(self, answer: Mapping[str, Any], *, now: datetime, url: str) -> "Connection":
        """Take over what a token answer gives. Raises ParseError when it gives no token.

        The refresh token stays unless a new one came, and so does its end, which renewing does not move.
        """
        access, until = answer.get("access_token"), _until(answer.get("expires_in"), now)
        if not isinstance(access, str) or not access or until is None:
            raise ParseError(url, "access_token", "no token and how long it lives came from the login")
        after = replace(self, access=access, access_until=until)
        refresh = answer.get("refresh_token")
        if isinstance(refresh, str) and refresh:
            kept = self.refresh_until if refresh == self.refresh else None
            refresh_until = _until(answer.get("refresh_token_expires_in"), now) or kept
            after = replace(after, refresh=refresh, refresh_until=refresh_until)
        scope = answer.get("scope")
        return replace(after, scope=scope) if isinstance(scope, str) and scope else after

    def text(self) -> str:
        """Write it for the vault; `opened` reads it back."""
        facts: dict[str, Any] = {
            "client_id": self.client_id,
            "client_secret": self.client_secret,
            "access_token": self.access,
            "access_until": self.access_until.isoformat(),
            "refresh_token": self.refresh,
            "refresh_until": self.refresh_until.isoformat() if self.refresh_until else None,
            "scope": self.scope,
        }
        return json.dumps({name: value for name, value in facts.items() if value})


def new(answer: Mapping[str, Any], *, client_id: str, client_secret: str, now: datetime, url: str) -> Connection:
    """Make a connection of the first token answer. Raises ParseError."""
    nothing = Connection(client_id=client_id, client_secret=client_secret, access="", access_until=now)
    return nothing.renewed(answer, now=now, url=url)


def opened(kept: str, name: str) -> Connection:
    """Read what the vault keeps. Raises FetchError("auth") when it is something else, as after `keys set`."""
    try:
        facts = json.loads(kept)
        refresh_until = facts.get("refresh_until")
        return Connection(
            client_id=_said(facts["client_id"]),
            client_secret=_said(facts["client_secret"]),
            access=_said(facts["access_token"]),
            access_until=_instant(facts["access_until"]),
            refresh=_said(facts["refresh_token"]) if facts.get("refresh_token") else None,
            refresh_until=_instant(refresh_until) if refresh_until else None,
            scope=str(facts.get("scope", "")),
        )
    except (ValueError, TypeError, KeyError, AttributeError):
        # Without its cause: a message about JSON that cannot be read may quote it.
        raise FetchError("auth", f"secret {name!r}", f"is no connection to LinkedIn; {CONNECT}") from None


def expiring(kept: str, now: datetime, *, name: str = "linkedin") -> str | None:
    """Say that a kept connection has ended or ends within ten days, and what to do; None while all is well. Pure."""
    try:
        ends = opened(kept, name).ends
    except FetchError as error:
        return str(error)
    if ends is None or ends - now > REMIND:
        return None
    if ends <= now:
        return f"the connection {name!r} to LinkedIn has ended on {ends:%Y-%m-%d}; {CONNECT}"
    left = (ends - now).days
    when = "today or tomorrow" if left < 1 else f"in {left} day{'s' if left > 1 else ''}"
    return f"the connection {name!r} to LinkedIn ends {when}, on {ends:%Y-%m-%d}; {CONNECT}"


def _until(seconds: object, now: datetime) -> datetime | None:
    if isinstance(seconds, bool) or not isinstance(seconds, int) or not 0 < seconds <= _LONGEST:
        return None
    return (now + timedelta(seconds=seconds)).astimezone(UTC).replace(microsecond=0)


def _said(value: object) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError("not a text")
    return value


def _instant(value: str) -> datetime:
    read = datetime.fromisoformat(value)
    if read.tzinfo is None:
        raise ValueError("an instant without its zone")
    return read
