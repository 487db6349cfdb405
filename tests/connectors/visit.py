"""A visit without a store, for the tests of connectors: it remembers what the connector announced and logged.

The one thing to know: what a connector may see is `contract.Visit`; nothing more is here for it to lean on.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from connectors.base.contract import HTTP, Mode


@dataclass(frozen=True, slots=True)
class Line:
    level: str
    event: str
    facts: dict[str, Any]


@dataclass(slots=True)
class ListLog:
    """Implements `contract.Log` with a list."""

    lines: list[Line] = field(default_factory=list)

    def info(self, event: str, **facts: Any) -> None:
        self.lines.append(Line("info", event, facts))

    def warning(self, event: str, **facts: Any) -> None:
        self.lines.append(Line("warning", event, facts))

    def warnings(self) -> list[str]:
        return [line.event for line in self.lines if line.level == "warning"]


@dataclass(slots=True, kw_only=True)
class SimpleVisit:
    """Implements `contract.Visit` over a client. `stored` maps source ids to the fingerprints that a store would hold."""

    http: HTTP
    params: Any
    since: datetime | None = None
    mode: Mode = "sweep"
    cursor: str | None = None
    now: datetime = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
    log: ListLog = field(default_factory=ListLog)
    stored: dict[str, str] = field(default_factory=dict)
    totals: list[int] = field(default_factory=list)

    def announced(self, total: int) -> None:
        self.totals.append(total)

    def known(self, source_id: str, fingerprint: str) -> bool:
        return self.stored.get(source_id) == fingerprint

    def connect(self, host: str, port: int) -> Any:
        raise NotImplementedError(f"no test visits {host}:{port} without HTTP")
