"""What a later version of the program could read besides: starter sources that an older installation does not have.

The one thing to know: they are added switched off. What the office has changed or removed is never touched.
"""

import tomllib
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from aggregator.intake import sources
from aggregator.intake.tables import sources as rows


def missing(connection: sa.Connection, path: Path = sources.STARTER) -> list[dict[str, Any]]:
    """The starter sources, as their file writes them, that this store never had; one that was removed is not missing."""
    there = set(connection.scalars(sa.select(rows.c.name)))
    return [row for row in tomllib.loads(path.read_text(encoding="utf-8"))["source"] if row["name"] not in there]


def add_missing(connection: sa.Connection, *, now: datetime, path: Path = sources.STARTER) -> list[str]:
    """Add them switched off, and return their names."""
    added = missing(connection, path)
    for row in added:
        given = {key: row[key] for key in ("title", "rhythm_minutes") if key in row}
        params = row.get("params", {})
        sources.add(connection, row["name"], connector=row["connector"], params=params, now=now, enabled=False, **given)
    return [row["name"] for row in added]
