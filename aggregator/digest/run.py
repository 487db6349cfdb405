"""The week's letters: write one for each member that has none yet, then deliver what lies in the outbox.

The one thing to know: it may be called as often as one likes; a second call of the same week sends nothing more.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, TypeAlias

import structlog

from aggregator.digest import compose, outbox
from aggregator.digest.digest import Source, period_of
from aggregator.digest.mailer import Mailer, mailer_for
from aggregator.people.member import Member
from aggregator.people.members import everyone
from aggregator.store.session import Store
from config.settings import Settings

Result: TypeAlias = Literal["written", "empty", "already", "no_recipient", "error"]

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Composed:
    """What became of one member's letter this week."""

    member_id: str
    result: Result


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """What a run did: a line a member, and how many messages ended in which state."""

    period: str
    members: list[Composed]
    sent: Counter[str] = field(default_factory=Counter)


def run(
    store: Store,
    settings: Settings,
    *,
    now: datetime,
    sources: Sequence[Source] = (),
    mailer: Mailer | None = None,
) -> Ran:
    """Write and send the letters of the week of `now`. Each member is a transaction of its own."""
    with store.read() as connection:
        members = everyone(connection)
    composed = [Composed(m.id, _compose(store, m, now=now, settings=settings, sources=sources)) for m in members]
    sent = outbox.send(store, mailer or mailer_for(settings), now=now)
    counts = Counter(entry.result for entry in composed)
    log.info("digest run", period=period_of(now, settings.zone), letters=dict(counts), mail=dict(sent))
    return Ran(period=period_of(now, settings.zone), members=composed, sent=sent)


def deliver(store: Store, settings: Settings, *, now: datetime) -> Counter[str]:
    """Deliver what lies in the outbox and is due, without writing any new letter."""
    return outbox.send(store, mailer_for(settings), now=now)


def _compose(store: Store, member: Member, *, now: datetime, settings: Settings, sources: Sequence[Source]) -> Result:
    if not member.recipients:
        return "no_recipient"
    try:
        with store.write() as connection:
            if compose.written(connection, member.id, period_of(now, settings.zone)):
                return "already"
            id = compose.write(connection, member, now=now, settings=settings, sources=sources)
    except Exception:
        # One member whose letter cannot be made must not cost the others theirs.
        log.exception("letter not composed", member=member.id)
        return "error"
    return "empty" if id is None else "written"
