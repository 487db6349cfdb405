"""A visit as its connector sees it, and what must survive it: the memory of a source."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from socket import socket
from typing import Any

import sqlalchemy as sa
import structlog
from pydantic import BaseModel

from aggregator.store.put import Known
from aggregator.store.session import Store
from aggregator.store.tables import memory
from connectors.base import guard
from connectors.base.client import Client
from connectors.base.contract import HTTP, Log, Mode


@dataclass(frozen=True, slots=True)
class StoreMemory:
    """Small texts by key, of one source, kept in the store; implements `contract.Memory`. A dry run forgets."""

    store: Store
    source: str
    dry: bool = False

    def recall(self, key: str) -> str | None:
        with self.store.read() as connection:
            value: str | None = connection.scalar(
                sa.select(memory.c.value).where(memory.c.source == self.source, memory.c.key == key)
            )
            return value

    def remember(self, key: str, value: str | None) -> None:
        if self.dry:
            return
        with self.store.write() as connection:
            connection.execute(sa.delete(memory).where(memory.c.source == self.source, memory.c.key == key))
            if value is not None:
                connection.execute(sa.insert(memory).values(source=self.source, key=key, value=value))


@dataclass(slots=True, kw_only=True)
class OpenVisit:
    """Implements `contract.Visit` for one source; `total` is what the platform announced."""

    source: str
    client: Client
    egress: guard.Egress
    params: BaseModel
    mode: Mode
    now: datetime
    since: datetime | None = None
    cursor: str | None = None
    held: Mapping[str, Known] = field(default_factory=dict)
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
        held = self.held.get(source_id)
        return held is not None and held.fingerprint == fingerprint

    def connect(self, host: str, port: int) -> socket:
        return guard.connect(host, port, self.egress, timeout=10)


def hosts_named_in(params: BaseModel) -> tuple[str, ...]:
    """The hosts of every address among the parameters: where the admin has pointed the connector."""
    found: list[str] = []

    def walk(value: Any) -> None:
        if isinstance(value, str) and value.startswith(("http://", "https://")):
            found.append(guard.target(value).host)
        elif isinstance(value, dict):
            for inner in value.values():
                walk(inner)
        elif isinstance(value, list):
            for inner in value:
                walk(inner)

    walk(params.model_dump(mode="json"))
    return tuple(dict.fromkeys(found))
