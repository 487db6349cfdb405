"""A visit without a store, for the tests of connectors: it remembers what the connector announced and logged.

The one thing to know: what a connector may see is `contract.Visit`; nothing more is here for it to lean on.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from connectors.base import guard, network
from connectors.base.contract import HTTP, Connector, Dropped, FetchError, Mode, Reading, Seen
from connectors.base.guard import Egress

LOOPBACK = Egress(loopback_hosts=frozenset({"127.0.0.1"}))


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


@dataclass(slots=True)
class DictSecrets:
    """Implements `contract.Secrets` with a dict; `written` and `locked` say what was done, in order."""

    kept: dict[str, str] = field(default_factory=dict)
    written: list[str] = field(default_factory=list)
    locked: list[str] = field(default_factory=list)

    def get(self, name: str) -> str | None:
        return self.kept.get(name)

    def require(self, name: str) -> str:
        if name not in self.kept:
            raise FetchError("auth", f"secret {name!r}", "is not in the vault")
        return self.kept[name]

    def put(self, name: str, value: str, *, days: int | None = None) -> None:
        self.kept[name] = value
        self.written.append(name)

    @contextmanager
    def lock(self, name: str) -> Iterator[None]:
        self.locked.append(name)
        yield


@dataclass(slots=True, kw_only=True)
class SimpleVisit:
    """Implements `contract.Visit` over a client.

    `stored` maps source ids to the fingerprints that a store would hold. `run` reads
    it all as the pipeline does, and `unread` gives the cards of the pages that it has read.
    """

    http: HTTP
    params: Any
    source: str = "tried"
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
    secrets: DictSecrets = field(default_factory=DictSecrets)
    dropped: list[Dropped] = field(default_factory=list)
    egress: Egress = LOOPBACK

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

    def files(self) -> Iterator[Dropped]:
        yield from self.dropped

    def connect(self, host: str, port: int) -> Any:
        return guard.connect(host, port, self.egress, timeout=10)

    def secure(self, plain: Any, host: str) -> Any:
        return network.secure(plain, host, self.egress)
