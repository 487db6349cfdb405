"""Open the store. The one thing to know: a writer says so first, so that SQLite never deadlocks on an upgraded lock.

A unit of work that the database breaks off (a restart, a deadlock, a lock that somebody holds for long) is done again
from its beginning, a few times; whether a commit whose answer was lost has happened is asked, never guessed.
"""

import random
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa
import structlog

from aggregator.store import disk

log = structlog.get_logger(__name__)
T = TypeVar("T")

BUSY_TIMEOUT_MS = 10_000
PAUSES = (0.1, 0.5, 2.0, 5.0, 10.0)
"""Seconds before each further try of a unit of work; together longer than PostgreSQL takes to start again."""
# Serialization, deadlock, lock not available; statement cancelled by a restart, not connected yet, too many connections.
_PASSES = {"40001", "40P01", "55P03", "57P01", "57P02", "57P03", "57P05", "53300"}


@dataclass(frozen=True, slots=True)
class Store:
    """The database and the ways into it; each ends its transaction when its block or its work ends."""

    engine: sa.Engine

    @property
    def sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """One consistent picture of the store; what is written here by mistake is rolled back."""
        with self.engine.connect() as connection:
            # Otherwise each statement of PostgreSQL has a picture of its own, and a total may not fit its page.
            yield connection if self.sqlite else connection.execution_options(isolation_level="REPEATABLE READ")

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

    def look(self, work: Callable[[sa.Connection], T]) -> T:
        """Read something, and again when the database broke it off."""
        return self._done(work, self.read, anew=None)

    def whole(
        self,
        work: Callable[[sa.Connection], T],
        *,
        dry: bool = False,
        anew: Callable[[sa.Connection], object] | None = None,
    ) -> T:
        """Do a unit of work in one transaction, and again from its beginning when the database broke it off.

        `work` may run several times: what it leaves in memory `anew` sets right, in the next transaction and before it.
        A dry one is rolled back. Raises what the last try raised.
        """
        return self._done(work, self.trial if dry else self.write, anew=anew)

    def _done(
        self,
        work: Callable[[sa.Connection], T],
        way: Callable[[], AbstractContextManager[sa.Connection]],
        *,
        anew: Callable[[sa.Connection], object] | None,
    ) -> T:
        # A lock of SQLite has been waited for each time (BUSY_TIMEOUT_MS).
        pauses = PAUSES[:2] if self.sqlite else PAUSES
        for tries, pause in enumerate((*pauses, None)):
            done: list[T] = []
            number: str | None = None
            try:
                with way() as connection:
                    if tries and anew is not None:
                        anew(connection)
                    number = _number(connection)
                    done.append(work(connection))
                return done[0]
            except sa.exc.DBAPIError as exc:
                if done and number is not None and self._committed(number):
                    return done[0]
                if pause is None or not passes(exc):
                    raise
                log.info("the database broke off; once more", why=str(exc.orig).partition("\n")[0], seconds=pause)
            time.sleep(pause * random.uniform(0.8, 1.2))  # noqa: S311 - two that met in a deadlock must not meet again
        raise AssertionError("the last try returns or raises")

    def _committed(self, number: str) -> bool:
        """Whether a transaction of PostgreSQL, by its number, was committed although we never heard so.

        Raises what kept us from asking: then nobody may do the work again.
        """
        for pause in (*PAUSES, None):
            try:
                with self.read() as connection:
                    status = connection.scalar(
                        sa.text("SELECT pg_xact_status(CAST(:number AS xid8))"), {"number": number}
                    )
            except sa.exc.DBAPIError as exc:
                if pause is None or not passes(exc):
                    raise
            else:
                # It may go on for a moment in a process of the server that has not yet heard of our absence.
                if status != "in progress" or pause is None:
                    return bool(status == "committed")
            time.sleep(pause)
        raise AssertionError("the last try returns or raises")

    def close(self) -> None:
        self.engine.dispose()


def open_store(url: str) -> Store:
    """Open the database at a SQLAlchemy address; it is not created or migrated here (see `migrations`)."""
    if not url.startswith("sqlite"):
        engine = sa.create_engine(url, pool_pre_ping=True)
        sa.event.listen(engine, "handle_error", _told(None))
        return Store(engine)
    path = sa.make_url(url).database
    if path:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    engine = sa.create_engine(url, connect_args={"timeout": BUSY_TIMEOUT_MS / 1000, "check_same_thread": False})
    sa.event.listen(engine, "connect", _prepare)
    sa.event.listen(engine, "begin", _begin)
    sa.event.listen(engine, "handle_error", _told(Path(path) if path else None))
    return Store(engine)


def passes(failure: sa.exc.DBAPIError) -> bool:
    """Whether the same work may well succeed in a moment: the connection was lost, or somebody else was in the way."""
    if failure.connection_invalidated:
        return True
    if isinstance(failure.orig, sqlite3.Error):
        code = getattr(failure.orig, "sqlite_errorcode", 0) & 0xFF
        return code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
    state = getattr(failure.orig, "sqlstate", None)
    if state is None:
        # psycopg: there is no connection at all, or none any more; the server had no chance to give a number.
        return isinstance(failure, sa.exc.OperationalError | sa.exc.InterfaceError)
    return state in _PASSES or state.startswith("08")


def _number(connection: sa.Connection) -> str | None:
    """The number under which PostgreSQL remembers what became of a transaction that writes."""
    if connection.dialect.name != "postgresql" or not connection.get_execution_options().get("writes", False):
        return None
    return str(connection.scalar(sa.text("SELECT CAST(pg_current_xact_id() AS text)")))


def _told(store: Path | None) -> Callable[[sa.ExceptionContext], None]:
    def told(context: sa.ExceptionContext) -> None:
        if (found := disk.full(context.original_exception, store=store)) is not None:
            raise found from context.original_exception

    return told


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
