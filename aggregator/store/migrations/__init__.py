"""Bring a store to the schema of this version. Migrations are written by hand and run in order, by Alembic.

The one thing to know: a store that holds something is copied first, and a migration is one transaction; so whatever goes
wrong, the store is as it was.
"""

from pathlib import Path

import sqlalchemy as sa
import structlog
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from aggregator.store.backup import BackupError, before_migrating
from aggregator.store.session import Store

log = structlog.get_logger(__name__)
_WORTH_A_COPY = ("sources", "opportunities", "members")


class StoreTooNew(Exception):
    """The store was written by a later version of the program; this one must not touch it."""


def upgrade(store: Store, *, copies: Path | None = None) -> None:
    """Create the tables, or bring older ones up. A store that is up to date is not touched.

    A store that holds something is copied into the folder `copies` before; without a folder it is not.
    Raises StoreTooNew when the store knows a migration that this program does not, BackupError when it cannot be copied.
    """
    with store.read() as connection:
        # Nobody who only reads has to wait for a writer.
        if current(connection) == newest():
            return
    with store.write() as connection:
        if not store.sqlite:
            # Two processes that start together: the second waits, and finds the work done. SQLite has one writer anyway.
            connection.execute(sa.text("SELECT pg_advisory_xact_lock(7120264)"))
        at = current(connection)
        if at not in {None, *_known()}:
            raise StoreTooNew(f"the store is at {at}, which this version does not know: update the program")
        if at == newest():
            return
        if copies is not None and at is not None and _holds_something(connection):
            # We hold the right to write: nothing gets in between the copy and the migration.
            _copy(store, copies, at=at)
        config = Config()
        config.set_main_option("script_location", str(Path(__file__).parent))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def current(connection: sa.Connection) -> str | None:
    """The migration the store stands at; None for an empty database."""
    return MigrationContext.configure(connection).get_current_revision()


def newest() -> str | None:
    """The migration this program brings a store to."""
    return ScriptDirectory(str(Path(__file__).parent)).get_current_head()


def known(revision: str | None) -> bool:
    """Whether this program knows a migration by this name."""
    return revision in _known()


def _known() -> set[str]:
    return {script.revision for script in ScriptDirectory(str(Path(__file__).parent)).walk_revisions()}


def _holds_something(connection: sa.Connection) -> bool:
    return any(connection.scalar(sa.text(f"SELECT 1 FROM {table} LIMIT 1")) for table in _WORTH_A_COPY)  # noqa: S608


def _copy(store: Store, folder: Path, *, at: str) -> None:
    to = newest()
    assert to is not None
    try:
        target = before_migrating(store, folder, to=to)
    except BackupError as exc:
        if store.sqlite:
            raise BackupError(f"no copy could be made, so the store stays at {at}: {exc}") from exc
        # Whoever runs a PostgreSQL has copies of their own, and may not have its programs on this machine.
        log.warning("the store is migrated without a copy of ours", store=at, to=to, why=str(exc))
    else:
        log.info("the store is migrated", store=at, to=to, copy=str(target))
