"""The errors a connector may raise on purpose; every one names its resource.

ConnectorError
 ├─ FetchError      an answer could not be had; `kind` says what to do about it
 ├─ ParseError      an answer came, and it is not what this platform sends
 └─ ParamError      a parameter of the source is wrong: a matter for the admin
"""

from typing import Literal, TypeAlias

FetchKind: TypeAlias = Literal["transient", "throttled", "blocked", "auth", "gone"]


class ConnectorError(Exception):
    """The root of everything a connector may raise on purpose."""


class FetchError(ConnectorError):
    """No usable answer. `kind` decides what follows: transient and throttled are tried again, blocked, auth and gone
    are for a person. `retry_after` is in seconds, clamped to 1 s .. 24 h."""

    def __init__(
        self, kind: FetchKind, url: str, why: str, *, status: int | None = None, retry_after: float | None = None
    ) -> None:
        super().__init__(f"{url}: {why}")
        self.kind: FetchKind = kind
        self.url = url
        self.why = why
        self.status = status
        self.retry_after = retry_after


class ParseError(ConnectorError):
    """The answer, or one record of it, is not what this platform sends.

    `suspicious`: something else came in its place (a login, a wall, a notice of maintenance), so it is not the platform
    that has changed.
    """

    def __init__(self, url: str, where: str, why: str = "cannot be read", *, suspicious: bool = False) -> None:
        super().__init__(f"{url}: {where}: {why}")
        self.url = url
        self.where = where
        self.why = why
        self.suspicious = suspicious


class ParamError(ConnectorError):
    """A parameter is missing or wrong."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"{name}: {reason}")
        self.name = name
        self.reason = reason
