"""Cards whose detail page is still to be read: kept until it was, whatever cuts a visit short.

The one thing to know: the rows and the map in memory say the same. A card comes in with the listing page that shows it
and goes with its detail page, each in the transaction of that page.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Protocol

import sqlalchemy as sa

from aggregator.intake.tables import backlog
from aggregator.store.tables import stamp
from connectors.base.contract import Seen

GIVE_UP = 5
"""After so many visits in vain a card is left alone, until its listing says something else or a fortnight is over."""


class Read(Protocol):
    """What was read of a card before: a notice of the store, or an organisation of the directory."""

    @property
    def fingerprint(self) -> str | None: ...
    @property
    def withdrawn(self) -> bool: ...


def waiting(connection: sa.Connection, source: str) -> tuple[dict[str, Seen], dict[str, int]]:
    """The cards of a source whose detail page is still to be read, the longest waiting first, and how often in vain."""
    mine = sa.select(backlog).where(backlog.c.source == source).order_by(backlog.c.seen_at, backlog.c.source_id)
    rows = connection.execute(mine).all()
    cards = {row.source_id: Seen(row.source_id, row.fingerprint, row.url) for row in rows}
    return cards, {row.source_id: row.tries for row in rows if row.tries}


def due(cards: Iterable[Seen], *, held: Mapping[str, Read], there: Mapping[str, Seen]) -> dict[str, Seen]:
    """Which of these cards ask for a detail page that we have not read, and do not wait already. Pure."""
    found = {card.source_id: card for card in cards if not is_read(card, held)}
    return {key: card for key, card in found.items() if there.get(key) != card}


def is_read(card: Seen, held: Mapping[str, Read]) -> bool:
    one = held.get(card.source_id)
    # A withdrawn notice that is listed again must be read, or it would never be reopened.
    return one is not None and one.fingerprint == card.fingerprint and not one.withdrawn


def add(connection: sa.Connection, source: str, cards: Mapping[str, Seen], *, now: datetime) -> None:
    if not cards:
        return
    drop(connection, source, cards)
    connection.execute(
        sa.insert(backlog),
        [
            {
                "source": source,
                "source_id": card.source_id,
                "fingerprint": card.fingerprint,
                "url": card.url,
                "seen_at": stamp(now),
                "tries": 0,
            }
            for card in cards.values()
        ],
    )


def drop(connection: sa.Connection, source: str, ids: Collection[str]) -> None:
    if ids:
        connection.execute(
            sa.delete(backlog).where(backlog.c.source == source, backlog.c.source_id == sa.bindparam("_id")),
            [{"_id": key} for key in ids],
        )


def postpone(connection: sa.Connection, source: str, ids: Collection[str], *, now: datetime) -> None:
    """Let the cards whose page was asked for in vain wait behind the others, so that a few bad ones hold up nobody."""
    if ids:
        connection.execute(
            sa.update(backlog)
            .where(backlog.c.source == source, backlog.c.source_id == sa.bindparam("_id"))
            .values(seen_at=stamp(now), tries=backlog.c.tries + 1),
            [{"_id": key} for key in ids],
        )


def clear(connection: sa.Connection, source: str) -> None:
    """Forget every card: the source asks another question now, and its list will show what belongs to it."""
    connection.execute(sa.delete(backlog).where(backlog.c.source == source))
