"""The numbers of the store: of the next opportunity, and of the next change.

The one thing to know: whoever takes one writes alone until the transaction ends, so that numbers become visible in their
order and a reader who asks for what is later than the last he saw misses nothing.
"""

import sqlalchemy as sa

from aggregator.store.tables import opportunities, redirects


def next_id(connection: sa.Connection) -> int:
    """The number of the next opportunity; one that went into another keeps its number for ever."""
    return max(_highest(connection, opportunities.c.id), _highest(connection, redirects.c.old_id)) + 1


def next_seq(connection: sa.Connection) -> int:
    """The number under which this transaction's changes are found by readers who hold columns in memory."""
    alone(connection)
    return latest_seq(connection) + 1


def latest_seq(connection: sa.Connection) -> int:
    """The number of the last change; 0 for an empty store."""
    return max(_highest(connection, opportunities.c.seq), _highest(connection, redirects.c.seq))


def alone(connection: sa.Connection) -> None:
    """From here to the end of the transaction nobody else may write opportunities."""
    if connection.dialect.name == "postgresql":
        # On SQLite the writer is alone already; here two visits may commit pages at the same moment.
        connection.execute(sa.text("SELECT pg_advisory_xact_lock(7120265)"))


def _highest(connection: sa.Connection, column: sa.Column[int]) -> int:
    return connection.scalar(sa.select(sa.func.max(column))) or 0
