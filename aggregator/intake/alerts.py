"""What the office is told: once when something is wrong, and once more when it is well again.

The one thing to know: here it is written down, in the transaction that finds it; `telling.py` tells it. An alert that is open
already is not told again, however often its visit fails and whatever the reason is by then.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from aggregator.intake import flood
from aggregator.intake.standing import GOOD
from aggregator.intake.tables import sources, visits
from aggregator.store.sequence import alone
from aggregator.store.tables import alerts, moment, stamp

PASSING = frozenset({"transient", "throttled"})
"""Classes of a visit that pass by themselves: the office hears of them when they do not."""
OF_CONTENT = frozenset({"drift", "suspicious", "bug"})
"""Only a visit that was whole shows that these are over; the others are over when the source has answered."""
OF_A_VISIT = PASSING | OF_CONTENT | {"blocked", "auth", "gone", "config"}
IN_A_ROW = 3
LASTING = timedelta(hours=24)
# What ended these was ours, and says nothing of the source.
_OURS = ("interrupted:%", "stopping%", "the store did not answer%")


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One thing that the office should know. `about` is a source's name, or empty for the installation as a whole."""

    id: int
    about: str
    kind: str
    why: str
    opened_at: datetime
    told_at: datetime | None
    healed_at: datetime | None
    healed_told_at: datetime | None


def raise_(connection: sa.Connection, about: str, kind: str, why: str, *, now: datetime) -> None:
    """Open an alert; where one of this kind is open already, only its reason is brought up to date."""
    if _update(connection, about, kind, why):
        return
    alone(connection)  # two visits may find that the clock is wrong at the same moment
    if not _update(connection, about, kind, why):
        connection.execute(sa.insert(alerts).values(about=about, kind=kind, why=why, opened_at=stamp(now)))


def _update(connection: sa.Connection, about: str, kind: str, why: str) -> bool:
    here = sa.and_(alerts.c.about == about, alerts.c.kind == kind, alerts.c.healed_at.is_(None))
    found = connection.execute(sa.select(alerts.c.id, alerts.c.why).where(here)).first()
    if found is not None and found.why != why:
        connection.execute(sa.update(alerts).where(alerts.c.id == found.id).values(why=why))
    return found is not None


def heal(
    connection: sa.Connection, about: str, *, now: datetime, kinds: Collection[str], quietly: bool = False
) -> None:
    """Close the open alerts of these kinds; `quietly`, because the office did it itself and need not be told."""
    here = sa.and_(alerts.c.about == about, alerts.c.kind.in_(kinds), alerts.c.healed_at.is_(None))
    over = {"healed_at": stamp(now)} | ({"healed_told_at": stamp(now)} if quietly else {})
    connection.execute(sa.update(alerts).where(here).values(over))


def after_visit(
    connection: sa.Connection, source: str, kind: str, why: str | None, *, complete: bool, now: datetime
) -> None:
    """Open or close what the end of a visit says of its source. Call it when the visit's row is closed."""
    if kind in GOOD:
        heal(connection, source, now=now, kinds=OF_A_VISIT if complete else OF_A_VISIT - OF_CONTENT)
    elif kind not in PASSING or lasts(_failing(connection, source), now):
        raise_(connection, source, kind, why or kind, now=now)


def lasts(failing: Sequence[datetime], now: datetime) -> bool:
    """Whether a source has failed for so long that the office should know. Pure.

    `failing` are the beginnings of its visits since the last good one.
    """
    return len(failing) >= IN_A_ROW or (bool(failing) and now - min(failing) >= LASTING)


def _failing(connection: sa.Connection, source: str) -> list[datetime]:
    mine = sa.and_(visits.c.source == source, visits.c.ended_at.is_not(None))
    good = sa.select(sa.func.max(visits.c.id)).where(mine, visits.c["class"].in_(GOOD)).scalar_subquery()
    query = sa.select(visits.c.started_at).where(mine, visits.c.id > sa.func.coalesce(good, 0))
    query = query.where(*(sa.func.coalesce(visits.c.error, "").not_like(text) for text in _OURS))
    return [moment(text) for text in connection.scalars(query.order_by(visits.c.id.desc()).limit(IN_A_ROW * 10))]


def settle(connection: sa.Connection, *, now: datetime) -> None:
    """Close what no visit will close: floods whose day is over, and sources that are not read any more."""
    for name in flood.over(connection, now):
        flood.release(connection, name)
        heal(connection, name, now=now, kinds={"flood"})
    unread = sa.select(sources.c.name).where(sa.or_(sa.not_(sources.c.enabled), sources.c.removed_at.is_not(None)))
    gone = sa.and_(alerts.c.about.in_(unread), alerts.c.healed_at.is_(None))
    for name in connection.scalars(sa.select(alerts.c.about).where(gone).distinct()).all():
        heal(connection, name, now=now, kinds=OF_A_VISIT | {"flood"}, quietly=True)


def unsettled(connection: sa.Connection, *, now: datetime) -> bool:
    """Whether there is anything to settle or to tell; asked every minute, and nearly always answered with no."""
    unread = sa.select(sources.c.name).where(sa.or_(sa.not_(sources.c.enabled), sources.c.removed_at.is_not(None)))
    shut = sa.and_(alerts.c.healed_at.is_(None), alerts.c.about.in_(unread))
    found = sa.select(alerts.c.id).where(sa.or_(_untold(), shut)).limit(1)
    return connection.execute(found).first() is not None or bool(flood.over(connection, now))


def untold(connection: sa.Connection) -> list[Alert]:
    """What the office has not heard yet: alerts that are open, and told ones that are over, oldest first."""
    return [_alert(row) for row in connection.execute(sa.select(alerts).where(_untold()).order_by(alerts.c.id))]


def _untold() -> sa.ColumnElement[bool]:
    # One that was over before anybody was told of it is not told at all.
    opened = sa.and_(alerts.c.told_at.is_(None), alerts.c.healed_at.is_(None))
    over = sa.and_(alerts.c.told_at.is_not(None), alerts.c.healed_at.is_not(None), alerts.c.healed_told_at.is_(None))
    return sa.or_(opened, over)


def tell(connection: sa.Connection, told: Collection[Alert], *, now: datetime) -> None:
    """Write down that the office has heard these."""
    opened = [one.id for one in told if one.healed_at is None]
    over = [one.id for one in told if one.healed_at is not None]
    connection.execute(sa.update(alerts).where(alerts.c.id.in_(opened)).values(told_at=stamp(now)))
    connection.execute(sa.update(alerts).where(alerts.c.id.in_(over)).values(healed_told_at=stamp(now)))


def listed(connection: sa.Connection, *, everything: bool = False, about: str | None = None) -> list[Alert]:
    """The open alerts (about one source), newest first; with `everything` those that are over as well."""
    query = sa.select(alerts).order_by(alerts.c.opened_at.desc(), alerts.c.id.desc())
    if not everything:
        query = query.where(alerts.c.healed_at.is_(None))
    if about is not None:
        query = query.where(alerts.c.about == about)
    return [_alert(row) for row in connection.execute(query)]


def _alert(row: sa.Row[Any]) -> Alert:
    return Alert(
        id=row.id,
        about=row.about,
        kind=row.kind,
        why=row.why,
        opened_at=moment(row.opened_at),
        told_at=moment(row.told_at) if row.told_at else None,
        healed_at=moment(row.healed_at) if row.healed_at else None,
        healed_told_at=moment(row.healed_told_at) if row.healed_told_at else None,
    )
