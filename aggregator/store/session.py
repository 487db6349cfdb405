"""Open the store. The one thing to know: a writer says so first, so that SQLite never deadlocks on an upgraded lock."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

BUSY_TIMEOUT_MS = 10_000


@dataclass(frozen=True, slots=True)
class Store:
    """The database and the two ways into it; both end their transaction when the block ends."""

    engine: sa.Engine

    @property
    def sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """One consistent picture of the store; what is written here by mistake is rolled back."""
        with self.engine.connect() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[sa.Connection]:
        """One transaction: all of it or nothing. Keep it short, and never hold it over the network."""
        with self.engine.connect().execution_options(writes=True) as connection, connection.begin():
            yield connection

    @contextmanager
    def trial(self) -> Iterator[sa.Connection]:
        """A transaction that is always rolled back: a dry run does everything and leaves nothing."""
        with self.engine.connect().execution_options(writes=True) as connection:
            transaction = connection.begin()
            yield connection
            transaction.rollback()

    def close(self) -> None:
        self.engine.dispose()


def open_store(url: str) -> Store:
    """Open the database at a SQLAlchemy address; it is not created or migrated here (see `migrations`)."""
    if not url.startswith("sqlite"):
        return Store(sa.create_engine(url, pool_pre_ping=True))
    path = sa.make_url(url).database
    if path:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    engine = sa.create_engine(url, connect_args={"timeout": BUSY_TIMEOUT_MS / 1000, "check_same_thread": False})
    sa.event.listen(engine, "connect", _prepare)
    sa.event.listen(engine, "begin", _begin)
    return Store(engine)


def _prepare(connection: sqlite3.Connection, _record: Any) -> None:
    # The driver's own transaction control would begin too late and only for some statements; we begin ourselves.
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=NORMAL",
        "foreign_keys=ON",
        f"busy_timeout={BUSY_TIMEOUT_MS}",
        "cache_size=-65536",
        "temp_store=MEMORY",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: sa.Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
