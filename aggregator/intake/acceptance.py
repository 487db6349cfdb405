"""The office accepts that a source brings much less than before, when it has said so often enough and for long enough.

The one thing to know: a listing that has become empty is first of all a fault. Only after three suspicious visits over a
day may a person say that it is right, and from then on earlier visits are no measure (F6).
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa

from aggregator.intake import sources
from aggregator.intake.plausible import ACCEPT
from aggregator.intake.tables import sources as rows
from aggregator.intake.tables import visits
from aggregator.store.tables import moment, stamp
from connectors.base.contract import ParamError

VISITS = 3
OVER = timedelta(hours=24)


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


def accept(connection: sa.Connection, name: str, *, now: datetime) -> None:
    """Take what the source lists now for right; it is read anew at once. Raises ParamError, also when it is too early."""
    sources.get(connection, name)
    query = sa.select(visits.c["class"], visits.c.error, visits.c.started_at).where(
        visits.c.source == name, visits.c.ended_at.is_not(None)
    )
    ended = [
        (row[0], row[1], moment(row[2])) for row in connection.execute(query.order_by(visits.c.id.desc()).limit(50))
    ]
    if why := refusal(ended):
        raise ParamError(name, why)
    connection.execute(sa.update(rows).where(rows.c.name == name).values(accepted_at=stamp(now), next_visit=stamp(now)))
