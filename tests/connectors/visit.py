"""A visit without a store, for the tests of connectors: it remembers what the connector announced and logged.

The one thing to know: what a connector may see is `contract.Visit`; nothing more is here for it to lean on.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from connectors.base.contract import HTTP, Connector, Mode, Reading, Seen


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
    """Implements `contract.Visit` over a client.

    `stored` maps source ids to the fingerprints that a store would hold. `run` reads
    it all as the pipeline does, and `unread` gives the cards of the pages that it has read.
    """

    http: HTTP
    params: Any
    since: datetime | None = None
    mode: Mode = "sweep"
    cursor: str | None = None
    trial: bool = False
    resuming: bool = False
    now: datetime = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
    log: ListLog = field(default_factory=ListLog)
    stored: dict[str, str] = field(default_factory=dict)
    totals: list[int] = field(default_factory=list)
    waiting: dict[str, Seen] = field(default_factory=dict)

    def announced(self, total: int) -> None:
        self.totals.append(total)

    def known(self, source_id: str, fingerprint: str) -> bool:
        waiting = self.waiting.get(source_id)
        return self.stored.get(source_id) == fingerprint or (waiting is not None and waiting.fingerprint == fingerprint)

    def unread(self) -> Iterator[Seen]:
        yield from sorted(self.waiting.values(), key=lambda card: card.source_id in self.stored)

    def run(self, module: Connector) -> list[Reading]:
        """Fetch, split and read as the pipeline does: cards wait until the page that is `of` them has come."""
        found: list[Reading] = []
        for page in module.fetch(self):
            given = page.with_params(self.params)
            read = [] if page.unchanged else [module.read(record, given) for record in module.split(given)]
            for reading in read:
                if isinstance(reading, Seen) and not self.known(reading.source_id, reading.fingerprint):
                    self.waiting[reading.source_id] = reading
            if page.of is not None and (card := self.waiting.pop(page.of, None)) is not None:
                self.stored[page.of] = card.fingerprint
            found += read
        return found

    def connect(self, host: str, port: int) -> Any:
        raise NotImplementedError(f"no test visits {host}:{port} without HTTP")
