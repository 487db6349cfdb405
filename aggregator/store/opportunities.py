"""Read opportunities back, by number, all of them, or those that are not over."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from aggregator.store.opportunity import Change, Opportunity
from aggregator.store.tables import changes, moment, opportunities, pack, stamp, unpack

_CHUNK = 500
# What has a column of its own is not in the document: it changes while the document stays.
COLUMNS = ("id", "first_seen", "changed_at", "withdrawn_at")
STORED = tuple(opportunities.c[name] for name in (*COLUMNS, "doc"))
_OWN = set(COLUMNS)
_BETWEEN = "\0"


def document(item: Opportunity, *, title: str, text: str) -> bytes:
    """What the store keeps of an opportunity, packed: the words that search reads, then JSON without the columns."""
    said = (words.replace(_BETWEEN, " ") for words in (title, text))
    return pack(_BETWEEN.join((*said, item.model_dump_json(exclude=_OWN))))


def words(packed: bytes) -> tuple[str, str]:
    """The titles and the text that search was given for this document."""
    title, text, _ = unpack(packed).decode().split(_BETWEEN, 2)
    return title, text


def stored(row: Any) -> Opportunity:
    """Read an opportunity from a row of the STORED columns."""
    withdrawn = f',"withdrawn_at":"{row.withdrawn_at}"' if row.withdrawn_at else ""
    # The columns are put before the document as text: validating JSON at once is several times faster than merging.
    own = f'{{"id":{row.id},"first_seen":"{row.first_seen}","changed_at":"{row.changed_at}"{withdrawn},'
    document = unpack(row.doc).rpartition(_BETWEEN.encode())[2]
    return Opportunity.model_validate_json(own.encode() + document[1:])


def get(connection: sa.Connection, id: int) -> Opportunity | None:
    return many(connection, [id]).get(id)


def many(connection: sa.Connection, ids: Iterable[int]) -> dict[int, Opportunity]:
    """Read opportunities by number, in the order asked; unknown numbers are left out."""
    wanted = list(dict.fromkeys(ids))
    found: dict[int, Opportunity] = {}
    for start in range(0, len(wanted), _CHUNK):
        some = wanted[start : start + _CHUNK]
        rows = connection.execute(sa.select(*STORED).where(opportunities.c.id.in_(some)))
        found.update({row.id: stored(row) for row in rows})
    return {id: found[id] for id in wanted if id in found}


def unfinished(connection: sa.Connection, *, now: datetime) -> Iterator[Opportunity]:
    """Every opportunity that is neither withdrawn nor closed by its deadlines, oldest first."""
    columns = opportunities.c
    rows = connection.execute(
        sa.select(*STORED)
        .where(columns.withdrawn_at.is_(None))
        .where(sa.or_(columns.closes_at.is_(None), columns.closes_at >= stamp(now)))
        .order_by(columns.id)
    )
    yield from map(stored, rows)


def every(connection: sa.Connection) -> Iterator[Opportunity]:
    """Every opportunity, oldest first; for exports."""
    yield from map(stored, connection.execute(sa.select(*STORED).order_by(opportunities.c.id)))


def for_office(connection: sa.Connection, *, since: datetime) -> list[Opportunity]:
    """What the office alone may see and was first read since then, newest first, at most 500."""
    columns = opportunities.c
    rows = connection.execute(
        sa.select(*STORED)
        .where(columns.audience == "office", columns.first_seen >= stamp(since), columns.withdrawn_at.is_(None))
        .order_by(columns.first_seen.desc(), columns.id.desc())
        .limit(_CHUNK)
    )
    return [stored(row) for row in rows]


def changes_of(
    connection: sa.Connection, ids: Iterable[int], *, since: datetime | None = None
) -> dict[int, tuple[Change, ...]]:
    """The change rows of each opportunity, oldest first; opportunities without any are left out.

    What was noted under another number, before that went into this one, is history of another thing to whoever was told.
    """
    wanted = list(dict.fromkeys(ids))
    found: dict[int, list[Change]] = {}
    columns = changes.c
    for start in range(0, len(wanted), _CHUNK):
        some = wanted[start : start + _CHUNK]
        query = sa.select(changes).where(columns.opportunity_id.in_(some), columns.noted_of.is_(None))
        query = query.order_by(columns.at, columns.id)
        if since is not None:
            query = query.where(columns.at >= stamp(since))
        for row in connection.execute(query):
            change = Change(field=row.field, before=row.before, after=row.after, at=moment(row.at), cause=row.cause)
            found.setdefault(row.opportunity_id, []).append(change)
    return {id: tuple(rows) for id, rows in found.items()}
