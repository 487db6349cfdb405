"""Bring a store to the schema of this version. Migrations are written by hand and run in order, by Alembic."""

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from aggregator.store.session import Store


class StoreTooNew(Exception):
    """The store was written by a later version of the program; this one must not touch it."""


def upgrade(store: Store) -> None:
    """Create the tables, or bring older ones up. A store that is up to date is not touched.

    Raises StoreTooNew when the store knows a migration that this program does not.
    """
    with store.write() as connection:
        if not store.sqlite:
            # Two processes that start together: the second waits, and finds the work done. SQLite has one writer anyway.
            connection.execute(sa.text("SELECT pg_advisory_xact_lock(7120264)"))
        if current(connection) not in {None, *_known()}:
            raise StoreTooNew(
                f"the store is at {current(connection)}, which this version does not know: update the program"
            )
        if current(connection) != newest():
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


def _known() -> set[str]:
    return {script.revision for script in ScriptDirectory(str(Path(__file__).parent)).walk_revisions()}
