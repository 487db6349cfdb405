"""Many rows of one table at once, on the shortest way to the driver.

The one thing to know: SQLAlchemy binds a row in about the time in which SQLite writes one, so the four tables that grow by a
row a notice are written with the driver's own parameters; values must be what the driver takes (text, numbers, bytes, None).
"""

from collections.abc import Sequence
from functools import lru_cache

import sqlalchemy as sa


def insert(
    connection: sa.Connection, table: sa.Table, columns: tuple[str, ...], rows: Sequence[tuple[object, ...]]
) -> None:
    """Insert rows, given as values in the order of `columns`; what is not named has its default."""
    if rows:
        connection.exec_driver_sql(_statement(connection.dialect, table, columns), list(rows))


@lru_cache(maxsize=32)
def _statement(dialect: sa.Dialect, table: sa.Table, columns: tuple[str, ...]) -> str:
    quoted = dialect.identifier_preparer.quote
    sign = "?" if dialect.paramstyle == "qmark" else "%s"
    named, signs = ", ".join(quoted(name) for name in columns), ", ".join([sign] * len(columns))
    return f"INSERT INTO {quoted(table.name)} ({named}) VALUES ({signs})"  # noqa: S608 - names of our own tables
