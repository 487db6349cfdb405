"""A visit as its connector sees it, and what must survive it: the memory of a source."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from socket import socket
from typing import Any

import sqlalchemy as sa
import structlog
from pydantic import BaseModel
from sqlalchemy.dialects import postgresql, sqlite

from aggregator.intake import backlog, drop
from aggregator.store.session import Store
from aggregator.store.tables import memory
from connectors.base import guard, network
from connectors.base.client import Client
from connectors.base.contract import HTTP, Dropped, FetchError, Log, Mode, Secrets, Seen

# What a host has said holds for every source that is read from it (F2).
_OF_THE_HOST = ("not_before:", "robots:")


@dataclass(frozen=True, slots=True)
class StoreMemory:
    """Small texts by key, kept in the store; implements `contract.Memory`. What a dry run learns ends with it.

    Validators are of one source; what concerns a whole host is shared by all of them, under no source's name.
    """

    store: Store
    source: str
    dry: bool = False
    _tried: dict[str, str | None] = field(default_factory=dict)

    def recall(self, key: str) -> str | None:
        if key in self._tried:
            return self._tried[key]
        query = sa.select(memory.c.value).where(memory.c.source == self._scope(key), memory.c.key == key)
        value: str | None = self.store.look(lambda connection: connection.scalar(query))
        return value

    def remember(self, key: str, value: str | None) -> None:
        if self.dry:
            self._tried[key] = value
            return
        mine = {"source": self._scope(key), "key": key}
        if value is None:
            self.store.whole(lambda connection: connection.execute(sa.delete(memory).filter_by(**mine)))
            return
        # Two visits of one host may write at the same moment.
        insert = sqlite.insert if self.store.sqlite else postgresql.insert
        row = insert(memory).values(**mine, value=value)
        row = row.on_conflict_do_update(index_elements=list(mine), set_={"value": value})
        self.store.whole(lambda connection: connection.execute(row))

    def _scope(self, key: str) -> str:
        return "" if key.startswith(_OF_THE_HOST) else self.source


@dataclass(slots=True, kw_only=True)
class OpenVisit:
    """Implements `contract.Visit` for one source; `total` is what the platform announced, `handed` the cards given out."""

    source: str
    client: Client
    egress: guard.Egress
    secrets: Secrets
    home: Path
    params: BaseModel
    mode: Mode
    now: datetime
    since: datetime | None = None
    cursor: str | None = None
    trial: bool = False
    resuming: bool = False
    held: Mapping[str, backlog.Read] = field(default_factory=dict)
    waiting: Mapping[str, Seen] = field(default_factory=dict)
    tries: Mapping[str, int] = field(default_factory=dict)
    handed: set[str] = field(default_factory=set)
    total: int | None = None

    @property
    def http(self) -> HTTP:
        return self.client

    @property
    def log(self) -> Log:
        logger: Log = structlog.get_logger("visit").bind(source=self.source)
        return logger

    def announced(self, total: int) -> None:
        self.total = total

    def known(self, source_id: str, fingerprint: str) -> bool:
        there = self.waiting.get(source_id)
        seen = Seen(source_id, fingerprint)
        return backlog.is_read(seen, self.held) or (there is not None and there.fingerprint == fingerprint)

    def unread(self) -> Iterator[Seen]:
        # What was asked for in vain after what was not; what nobody has read yet before what is read again.
        for key in sorted(self.waiting, key=lambda key: (self.tries.get(key, 0), key in self.held)):
            if key in self.waiting and self.tries.get(key, 0) < backlog.GIVE_UP:
                self.handed.add(key)
                yield self.waiting[key]

    def files(self) -> Iterator[Dropped]:
        yield from drop.files(self.home, self.source, warn=self.log.warning)

    def connect(self, host: str, port: int) -> socket:
        try:
            return guard.connect(host, port, self.egress, timeout=10)
        except guard.AddressNotAllowed as exc:
            raise FetchError("blocked", f"{host}:{port}", str(exc)) from exc
        except OSError as exc:
            raise FetchError("transient", f"{host}:{port}", f"cannot be reached: {exc}") from exc

    def secure(self, plain: socket, host: str) -> socket:
        return network.secure(plain, host, self.egress)


def hosts_named_in(params: BaseModel) -> tuple[str, ...]:
    """The hosts of every address among the parameters: where the admin has pointed the connector."""
    found: list[str] = []

    def walk(value: Any) -> None:
        if isinstance(value, str) and value.startswith(("http://", "https://")):
            try:
                found.append(guard.target(value).host)
            except FetchError:
                return  # no address at all: the client refuses it when it is asked for
        elif isinstance(value, dict):
            for inner in value.values():
                walk(inner)
        elif isinstance(value, list):
            for inner in value:
                walk(inner)

    walk(params.model_dump(mode="json"))
    return tuple(dict.fromkeys(found))
