"""Letters that went out after a copy was made: taken over from the store that the copy replaces, where it can still be read.

The one thing to know: only that they went is taken over, with what they showed; so the mailer does not send them again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from aggregator.digest.digest import period_of
from aggregator.digest.tables import digest_items, digests, outbox
from aggregator.matching.tables import matches
from aggregator.store.tables import opportunities

_LEFT = ("accepted", "sending", "unknown", "failed")
_MAY_GO = ("pending", "deferred", "sending")


@dataclass(frozen=True, slots=True)
class Gone:
    """One letter as its rows say, without their numbers."""

    digest: dict[str, Any]
    items: list[dict[str, Any]]
    messages: list[dict[str, Any]]


def gone(connection: sa.Connection, *, now: datetime, zone: str) -> list[Gone]:
    """The letters of this week and the last of which a message has left, or may have; earlier ones are never sent again."""
    since = period_of(now - timedelta(days=7), zone)
    found: list[Gone] = []
    for letter in connection.execute(sa.select(digests).where(digests.c.period >= since)).mappings().all():
        mine = outbox.c.digest_id == letter["id"], outbox.c.state.in_(_LEFT)
        messages = connection.execute(sa.select(outbox).where(*mine)).mappings().all()
        items = connection.execute(sa.select(digest_items).where(digest_items.c.digest_id == letter["id"])).mappings()
        if messages:
            found.append(Gone(_without(letter, "id"), list(map(dict, items)), [_without(m, "id") for m in messages]))
    return found


def take_over(connection: sa.Connection, letters: Sequence[Gone]) -> int:
    """Write down in the restored store that these letters went; returns how many messages it did not know to have gone."""
    return sum(_one(connection, letter) for letter in letters)


def _one(connection: sa.Connection, letter: Gone) -> int:
    name = {key: letter.digest[key] for key in ("member_id", "period", "kind")}
    id = connection.scalar(sa.select(digests.c.id).filter_by(**name))
    if id is None:
        id = connection.scalar(sa.insert(digests).values(**letter.digest).returning(digests.c.id))
        _shown(connection, id, letter)
    learned = 0
    for message in letter.messages:
        values = message | {"digest_id": id}
        there = outbox.c.message_id == message["message_id"]
        state = connection.scalar(sa.select(outbox.c.state).where(there))
        if state is None:
            connection.execute(sa.insert(outbox).values(**values))
        elif state in _MAY_GO:
            connection.execute(sa.update(outbox).where(there).values(**values))
        learned += state is None or state in _MAY_GO
    return learned


def _shown(connection: sa.Connection, id: int | None, letter: Gone) -> None:
    """What it showed was told. A number that the copy does not know is another opportunity's next, so it is left out."""
    numbers = [item["opportunity_id"] for item in letter.items]
    known = set(connection.scalars(sa.select(opportunities.c.id).where(opportunities.c.id.in_(numbers))))
    rows = [item | {"digest_id": id} for item in letter.items if item["opportunity_id"] in known]
    if not rows:
        return
    connection.execute(sa.insert(digest_items), rows)
    mine = matches.c.member_id == letter.digest["member_id"], matches.c.opportunity_id.in_(known)
    told = sa.update(matches).where(*mine, matches.c.state != "dropped")
    connection.execute(told.values(state="sent", sent_at=letter.digest["made_at"]))


def _without(row: sa.RowMapping, key: str) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != key}
