"""The office accepts what was doubted: that a source brings much less, or much more, or the same under other numbers.

The one thing to know: a listing that has become empty is first of all a fault. Only after three suspicious visits over a
day may a person say that it is right, and from then on earlier visits are no measure (F6).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

import sqlalchemy as sa

from aggregator.intake import alerts, flood, renamed, sources
from aggregator.intake.carrying import carry
from aggregator.intake.plausible import ACCEPT, is_alike
from aggregator.intake.tables import sources as rows
from aggregator.intake.tables import visits
from aggregator.intake.work import ALIKE_ACCEPTED
from aggregator.store.session import Store
from aggregator.store.tables import memory, moment, stamp
from connectors.base.contract import ParamError

_DOUBTED = ("suspicious", "drift")
VISITS = 3
OVER = timedelta(hours=24)
PART = 20
"""So many notices get their new numbers in one transaction."""


def refusal(ended: Sequence[tuple[str, str | None, datetime]]) -> str | None:
    """Say why it is too early to accept; `ended` are class, reason and beginning of the visits, newest first. Pure.

    Only what offers it in its reason can be accepted: a list that collapsed, a field that is empty everywhere. A wall or a
    login in the place of the list cannot.
    """
    suspicious: list[datetime] = []
    for kind, why, started in ended:
        if (why or "").endswith(ACCEPT):
            suspicious.append(started)
        elif kind in {"ok", "same", "partial", "drift"}:
            break  # what could not be reached in between says nothing either way
    if not suspicious:
        return "its last visits were not doubted for something that a person can accept"
    seen, over = len(suspicious), suspicious[0] - suspicious[-1]
    if seen < VISITS or over < OVER:
        return (
            f"{seen} doubted visits over {over.total_seconds() / 3600:.0f} hours; it takes {VISITS} over "
            f"{OVER.total_seconds() / 3600:.0f}, because a fault of the site usually passes by itself"
        )
    return None


@dataclass(frozen=True, slots=True)
class Accepted:
    """What a person has accepted. `released`: what had come waits no longer; `anew`: the source is read anew, and earlier
    visits are no measure; `carried`: so many notices go on under another number."""

    released: bool = False
    anew: bool = False
    carried: int = 0


def accept_in_parts(store: Store, name: str, *, now: datetime) -> Accepted:
    """As `accept`, without keeping others from writing while thousands of notices get their new numbers.

    Broken off, it may be called again: what was carried over stays so.
    """
    proposal = store.look(lambda connection: _allowed(connection, name)[1])
    every, done = list(proposal.pairs.items()) if proposal is not None else [], 0
    for start in range(0, len(every), PART):
        some = dict(every[start : start + PART])
        done += store.whole(partial(carry, source=name, pairs=some, now=now))
    last = store.whole(lambda connection: accept(connection, name, now=now))
    return replace(last, carried=last.carried + done)


def accept(connection: sa.Connection, name: str, *, now: datetime) -> Accepted:
    """Take what the source brings or lists now for right. Raises ParamError: there is nothing to accept, or it is too early.

    A flood, and a list that is the same under other numbers, can be judged at once; a list that has shrunk cannot.
    """
    anew, proposal, ended = _allowed(connection, name)
    hold = flood.held(connection, name)
    renamed.forget(connection, name)
    alerts.heal(connection, name, now=now, kinds={"flood"}, quietly=True)
    if not anew:
        return Accepted(released=True)
    carried = carry(connection, name, proposal.pairs, now=now) if proposal is not None else 0
    if is_alike(next((said or "" for kind, said, _ in ended if kind in _DOUBTED), "")):
        _believe_alike(connection, name, now)
    connection.execute(sa.update(rows).where(rows.c.name == name).values(accepted_at=stamp(now), next_visit=stamp(now)))
    return Accepted(released=hold is not None, anew=True, carried=carried)


def _allowed(
    connection: sa.Connection, name: str
) -> tuple[bool, renamed.Proposal | None, list[tuple[str, str | None, datetime]]]:
    """Whether what is listed may be taken for right, or only what waits be let go. Raises ParamError: neither of them."""
    sources.get(connection, name)
    query = sa.select(visits.c["class"], visits.c.error, visits.c.started_at).where(
        visits.c.source == name, visits.c.ended_at.is_not(None)
    )
    ended = [
        (row[0], row[1], moment(row[2])) for row in connection.execute(query.order_by(visits.c.id.desc()).limit(50))
    ]
    hold, proposal = flood.held(connection, name), renamed.proposed(connection, name)
    why = None if proposal is not None and proposal.likely else refusal(ended)
    if why is not None and (hold is None or proposal is not None):
        raise ParamError(name, why)
    return why is None, proposal, ended


def _believe_alike(connection: sa.Connection, name: str, now: datetime) -> None:
    connection.execute(sa.delete(memory).where(memory.c.source == name, memory.c.key == ALIKE_ACCEPTED))
    connection.execute(sa.insert(memory).values(source=name, key=ALIKE_ACCEPTED, value=stamp(now)))
