"""The week's letters: write one for each member that has none yet, then deliver what lies in the outbox.

The one thing to know: it may be called as often as one likes; a second call of the same week sends nothing more.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, TypeAlias

import sqlalchemy as sa
import structlog
from sqlalchemy.exc import OperationalError

from aggregator.digest import compose, outbox, pause
from aggregator.digest.digest import Source, period_of
from aggregator.digest.mailer import Mailer, mailer_for
from aggregator.digest.pause import Pause
from aggregator.people.member import Member
from aggregator.people.members import everyone
from aggregator.store.disk import NoSpace
from aggregator.store.session import Store
from config.settings import Settings

Result: TypeAlias = Literal["written", "empty", "already", "no_recipient", "skipped", "error"]

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Composed:
    """What became of one member's letter this week."""

    member_id: str
    result: Result


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """What a run did: a line a member, and how many messages ended in which state; nothing while mail is paused."""

    period: str
    members: list[Composed]
    sent: Counter[str] = field(default_factory=Counter)
    paused: Pause | None = None


def run(
    store: Store,
    settings: Settings,
    *,
    now: datetime,
    sources: Sequence[Source] = (),
    mailer: Mailer | None = None,
    stopping: Callable[[], bool] = lambda: False,
) -> Ran:
    """Write and send the letters of the week of `now`. Each member is a transaction of its own.

    When `stopping` says so it ends after the letter at hand; the next run goes on. While mail is paused it does nothing.
    """
    period = period_of(now, settings.zone)
    if (held := store.look(pause.paused)) is not None:
        return Ran(period=period, members=[], paused=held)
    with store.read() as connection:
        members, skipped = everyone(connection), pause.skips(connection, period)
    composed: list[Composed] = []
    for m in members:
        if stopping():
            break
        result = "skipped" if skipped else _compose(store, m, now=now, settings=settings, sources=sources)
        composed.append(Composed(m.id, result))
    sent = outbox.send(store, mailer or mailer_for(settings), now=now, stopping=stopping)
    counts = Counter(entry.result for entry in composed)
    log.info("digest run", period=period, letters=dict(counts), mail=dict(sent))
    return Ran(period=period, members=composed, sent=sent)


def deliver(
    store: Store, settings: Settings, *, now: datetime, stopping: Callable[[], bool] = lambda: False
) -> Counter[str]:
    """Deliver what lies in the outbox and is due, without writing any new letter; nothing while mail is paused."""
    if (held := store.look(pause.paused)) is not None:
        pause.say(held)
        return Counter()
    return outbox.send(store, mailer_for(settings), now=now, stopping=stopping)


def _compose(store: Store, member: Member, *, now: datetime, settings: Settings, sources: Sequence[Source]) -> Result:
    if not member.recipients:
        return "no_recipient"

    def write(connection: sa.Connection) -> Result:
        if compose.written(connection, member.id, period_of(now, settings.zone)):
            return "already"
        id = compose.write(connection, member, now=now, settings=settings, sources=sources)
        return "empty" if id is None else "written"

    try:
        return store.whole(write)
    except (NoSpace, OperationalError):
        raise  # no other letter would fare better: nothing is sent that could not be written down
    except Exception:
        # One member whose letter cannot be made must not cost the others theirs.
        log.exception("letter not composed", member=member.id)
        return "error"
