"""Who stands behind which entry, written down: the neighbours of what changed are put together anew.

The one thing to know: the neighbourhood is closed. Whoever shares a key with one of its rows is in it, so that what is
decided here is what would be decided over the whole directory.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import sqlalchemy as sa

from aggregator.directory import words
from aggregator.directory.entry import Behind, Entry, entry_of
from aggregator.directory.labels import filters, searched
from aggregator.directory.merging import Group, Row, groups
from aggregator.directory.tables import entries, organisations, organisations_apart
from aggregator.store.tables import pack, unpack
from connectors.base.contract import Organisation

_CHUNK = 500  # SQLite allows so many variables, and a few more
_COLUMNS = tuple(organisations.c[name] for name in Row.__dataclass_fields__)
_Key = TypeVar("_Key")


@dataclass(frozen=True, slots=True)
class Keys:
    """By what organisations are recognised: the hosts of their websites, and their names."""

    hosts: Collection[str] = ()
    names: Collection[str] = ()


def keys_of(connection: sa.Connection, source: str, ids: Sequence[str]) -> Keys:
    """Read by what these organisations of a source are recognised now."""
    hosts, names = set(), set()
    columns = organisations.c
    for some in _chunks(ids):
        query = sa.select(columns.host, columns.name_key).where(columns.source == source, columns.source_id.in_(some))
        for host, name in connection.execute(query):
            hosts.add(host)
            names.add(name)
    return Keys(hosts - {None}, names - {None})


def regroup(connection: sa.Connection, numbers: Collection[int], was: Keys = Keys()) -> None:
    """Put these organisations and their neighbours together anew, and rewrite the entries that say something else now.

    `was` are keys that some of them no longer have: who shares those is a neighbour too.
    """
    touched = set(numbers)
    rows, before = _neighbourhood(connection, touched, was)
    found = groups(rows.values(), _apart(connection, rows))
    after = {row.number: (group.id, group.because.get(row.number)) for group in found for row in group.rows}
    moved = [number for number, place in after.items() if before[number] != place]
    # The entry that lost somebody says something else now, as does the one that won somebody.
    other = {before[number][0] for number in moved} | {
        after[number][0] for number in (*moved, *(touched & after.keys()))
    }
    rewritten = [group for group in found if group.id in other]
    if moved:
        connection.execute(
            sa.update(organisations)
            .where(organisations.c.number == sa.bindparam("_number"))
            .values(entry=sa.bindparam("_entry"), because=sa.bindparam("_because")),
            [{"_number": number, "_entry": after[number][0], "_because": after[number][1]} for number in moved],
        )
    # An entry whose organisation has moved to another one is no more; its number leads there (entry.current).
    _forget(connection, sorted(other | {row.number for group in rewritten for row in group.rows}))
    _write(connection, rewritten)


def _neighbourhood(
    connection: sa.Connection, numbers: Collection[int], was: Keys
) -> tuple[dict[int, Row], dict[int, tuple[int, str | None]]]:
    rows: dict[int, Row] = {}
    before: dict[int, tuple[int, str | None]] = {}
    hosts: set[str] = set()
    names: set[str] = set()

    def learn(column: sa.Column[Any], values: Collection[Any]) -> list[Row]:
        fresh = []
        for some in _chunks(sorted(values)):
            query = sa.select(*_COLUMNS, organisations.c.entry, organisations.c.because).where(column.in_(some))
            for told in connection.execute(query):
                if told.number not in rows:
                    rows[told.number] = Row(**{name: getattr(told, name) for name in Row.__dataclass_fields__})
                    before[told.number] = (told.entry, told.because)
                    fresh.append(rows[told.number])
        return fresh

    fresh = learn(organisations.c.number, numbers)
    wanted = (set(was.hosts), set(was.names))
    while fresh or any(wanted):
        wanted = (
            (wanted[0] | {row.host for row in fresh if row.host}) - hosts,
            (wanted[1] | {row.name_key for row in fresh if row.name_key}) - names,
        )
        hosts |= wanted[0]
        names |= wanted[1]
        fresh = learn(organisations.c.host, wanted[0]) + learn(organisations.c.name_key, wanted[1])
        wanted = (set(), set())
    return rows, before


def _apart(connection: sa.Connection, numbers: Collection[int]) -> set[tuple[int, int]]:
    pairs = connection.execute(sa.select(organisations_apart.c.one, organisations_apart.c.other))
    return {(one, other) for one, other in pairs if one in numbers and other in numbers}


def _forget(connection: sa.Connection, ids: Sequence[int]) -> None:
    for some in _chunks(ids):
        connection.execute(sa.delete(entries).where(entries.c.id.in_(some)))
    words.remove(connection, ids)


def _write(connection: sa.Connection, found: Sequence[Group]) -> None:
    if not found:
        return
    told: dict[int, Behind] = {}
    columns = organisations.c
    for some in _chunks([row.number for group in found for row in group.rows]):
        query = sa.select(columns.number, columns.source, columns.doc, columns.because, columns.hidden_at)
        for row in connection.execute(query.where(columns.number.in_(some))):
            said = Organisation.model_validate_json(unpack(row.doc))
            told[row.number] = Behind(row.number, row.source, said, row.because, hidden=row.hidden_at is not None)
    made = [entry_of(group.id, [told[row.number] for row in group.rows]) for group in found]
    connection.execute(sa.insert(entries), [_row(entry) for entry in made])
    words.add(connection, [(entry.id, *searched(entry)) for entry in made])


def _row(entry: Entry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "name": entry.name,
        "doc": pack(entry.model_dump_json()),
        "hidden": entry.hidden,
        **filters(entry),
    }


def _chunks(values: Sequence[_Key]) -> Iterator[Sequence[_Key]]:
    for start in range(0, len(values), _CHUNK):
        yield values[start : start + _CHUNK]
