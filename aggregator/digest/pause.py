"""The mailer after a restore: paused, because nobody can know which letters went out since the copy was made.

The one thing to know: the pause is a row of the restored store, there from its first moment; only a person ends it, and is
shown before which letters would go. What belongs to a week that is over is closed as skipped and never sent late.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
import structlog

from aggregator.digest.digest import WEEKLY, period_of
from aggregator.digest.outbox import insert_for
from aggregator.digest.tables import digests, outbox
from aggregator.people.tables import recipients
from aggregator.store.tables import memory, moment, stamp

log = structlog.get_logger("digest")

WAY_OUT = "worldwidewe digest resume"
_PAUSED, _SKIPPED = "mail_paused", "mail_skipped"
_WAITS = ("pending", "deferred")
_said: set[datetime] = set()


@dataclass(frozen=True, slots=True)
class Pause:
    since: datetime
    why: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """A letter that lies in the outbox: how many of its messages have not gone."""

    period: str
    member_id: str
    messages: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What the end of the pause would do: letters that would go, letters of weeks that are over, members without one."""

    pause: Pause
    period: str
    go: tuple[Waiting, ...]
    late: tuple[Waiting, ...]
    unwritten: tuple[str, ...]

    @property
    def silent(self) -> bool:
        """Whether nothing would leave the house by it."""
        return not self.go and not self.unwritten


def begin(why: str, *, now: datetime) -> tuple[sa.Executable, ...]:
    """The statements that pause the mailer; their table is the same in every schema."""
    mine = {"source": "", "key": _PAUSED}
    value = json.dumps({"since": stamp(now), "why": why}, ensure_ascii=False)
    return (
        sa.delete(memory).where(memory.c.source == "", memory.c.key == _PAUSED),
        sa.insert(memory).values(**mine, value=value),
    )


def paused(connection: sa.Connection) -> Pause | None:
    """Since when and why the mailer is paused; None: it is not."""
    text = _recalled(connection, _PAUSED)
    if text is None:
        return None
    told = json.loads(text)
    return Pause(moment(told["since"]), told["why"])


def skips(connection: sa.Connection, period: str) -> bool:
    """Whether a person has decided that this week gets no more letters."""
    return _recalled(connection, _SKIPPED) == period


def say(pause: Pause) -> None:
    """Log once in a process that nothing is sent: the scheduler asks every minute."""
    if pause.since not in _said:
        _said.add(pause.since)
        log.warning("mail is paused", since=stamp(pause.since), why=pause.why, way_out=WAY_OUT)


def plan(connection: sa.Connection, *, now: datetime, zone: str, due: bool) -> Plan | None:
    """What would happen now; `due`: it is the time at which the week's letters are written. None: nothing is paused."""
    pause = paused(connection)
    if pause is None:
        return None
    period, restored_in = period_of(now, zone), period_of(pause.since, zone)
    query = (
        sa.select(digests.c.period, digests.c.member_id, sa.func.count())
        .join(outbox)
        .where(outbox.c.state.in_(_WAITS))
        .group_by(digests.c.period, digests.c.member_id)
        .order_by(digests.c.period, digests.c.member_id)
    )
    waiting = [Waiting(*row) for row in connection.execute(query)]
    written = sa.select(digests.c.member_id).where(digests.c.period == period, digests.c.kind == WEEKLY)
    without = sa.select(recipients.c.member_id).where(recipients.c.member_id.not_in(written)).distinct()
    return Plan(
        pause=pause,
        period=period,
        go=tuple(one for one in waiting if one.period >= restored_in),
        late=tuple(one for one in waiting if one.period < restored_in),
        unwritten=tuple(sorted(connection.scalars(without))) if due else (),
    )


def resume(connection: sa.Connection, plan: Plan, *, skip: bool, now: datetime) -> None:
    """End the pause as planned; `skip` closes what would go too, and writes no letters of this week."""
    since = stamp(plan.pause.since)
    on_its_way = sa.update(outbox).where(outbox.c.state == "sending")
    reply = "was on its way when the copy was made that is the store now"
    connection.execute(on_its_way.values(state="unknown", reply=reply, changed_at=stamp(now)))
    _close(connection, plan.late, f"not sent: its week was over when the store was restored ({since})", now=now)
    if skip:
        _close(connection, plan.go, f"not sent: closed by a person after the store was restored ({since})", now=now)
        insert = insert_for(connection)(memory).values(source="", key=_SKIPPED, value=plan.period)
        connection.execute(insert.on_conflict_do_update(index_elements=["source", "key"], set_={"value": plan.period}))
    connection.execute(sa.delete(memory).where(memory.c.source == "", memory.c.key == _PAUSED))


def _close(connection: sa.Connection, letters: Sequence[Waiting], why: str, *, now: datetime) -> None:
    for one in letters:
        mine = sa.select(digests.c.id).where(digests.c.period == one.period, digests.c.member_id == one.member_id)
        connection.execute(
            sa.update(outbox)
            .where(outbox.c.digest_id.in_(mine), outbox.c.state.in_(_WAITS))
            .values(state="skipped", reply=why, next_attempt=None, changed_at=stamp(now))
        )


def _recalled(connection: sa.Connection, key: str) -> str | None:
    value: str | None = connection.scalar(sa.select(memory.c.value).where(memory.c.source == "", memory.c.key == key))
    return value
