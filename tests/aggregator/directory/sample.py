"""Organisations of invented sources, put into a real directory; and the directory as sets of who stands together."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from aggregator.directory.draft import Held, OrganisationDraft
from aggregator.directory.entry import Entry
from aggregator.directory.put import Cause, Put, known, put
from aggregator.directory.search import Query, find
from aggregator.directory.tables import organisations
from aggregator.intake.organisations import prepared
from aggregator.store.session import Store
from connectors.base.contract import About, Organisation, Rights

NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
ABOUT = About(
    name="list", title="A list", home="https://list.example.org/", rights=Rights(show="full", basis="CC BY 4.0")
)


def organisation(id: str, name: str = "Latteria Montana", **given: Any) -> Organisation:
    return Organisation(source_id=id, name=name, **given)


def draft(id: str, name: str = "Latteria Montana", about: About = ABOUT, **given: Any) -> OrganisationDraft:
    return prepared(organisation(id, name, **given), about=about)


def keep(store: Store, source: str, *drafts: OrganisationDraft, cause: Cause = "source") -> Put:
    with store.write() as connection:
        held = known(connection, source)
        return put(connection, drafts, source=source, held=held, now=NOW, cause=cause)


def held(store: Store, source: str) -> dict[str, Held]:
    with store.read() as connection:
        return known(connection, source)


def together(store: Store) -> set[frozenset[str]]:
    """Who stands behind one entry, each as source:source_id."""
    found: dict[int, set[str]] = {}
    with store.read() as connection:
        columns = organisations.c
        for entry, source, source_id in connection.execute(sa.select(columns.entry, columns.source, columns.source_id)):
            found.setdefault(entry, set()).add(f"{source}:{source_id}")
    return {frozenset(one) for one in found.values()}


def reasons(store: Store) -> set[str]:
    with store.read() as connection:
        return {why for why in connection.scalars(sa.select(organisations.c.because)) if why}


def look(store: Store, text: str = "", limit: int = 20, **filters: Iterable[str]) -> list[Entry]:
    with store.read() as connection:
        query = Query(text=text, **{name: tuple(values) for name, values in filters.items()})
        return find(connection, query, limit=limit).items


def names(found: Iterable[Entry]) -> list[str]:
    return [entry.name for entry in found]
