"""The first start of an installation: it gets the starter sources."""

from datetime import UTC, datetime

from aggregator.intake import sources
from aggregator.store.session import Store


def first_sources(store: Store) -> int:
    """Fill an empty store with the starter sources; returns how many were added."""
    with store.write() as connection:
        return sources.start_with(connection, sources.STARTER, now=datetime.now(UTC))
