"""The outbox: letters that are written, and what became of each at each recipient.

The one thing to know: `sending` is committed before a mailer is called, so that after a crash nobody takes a letter for
unsent that may have gone; what cannot be known is called unknown, and is never sent again by itself.
"""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
import structlog
import zstandard
from sqlalchemy.dialects import postgresql, sqlite

from aggregator.digest.mailer import Mailer, Outcome, Outgoing, StopBatch
from aggregator.digest.tables import outbox
from aggregator.store.session import Store
from aggregator.store.tables import stamp

# A sender that has said nothing for this long is dead.
LEASE = timedelta(minutes=15)
# Waits after a temporary refusal; after the last one, or two days, the letter has failed.
WAITS = (
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=4),
    timedelta(hours=12),
    timedelta(hours=24),
)
_LONGEST_LETTER = 10_000_000

log = structlog.get_logger(__name__)


def insert_for(connection: sa.Connection) -> Callable[[sa.Table], Any]:
    """Return the insert of this database that knows what to do on a conflict."""
    return postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert


def put(
    connection: sa.Connection, digest_id: int, *, recipient: str, message_id: str, body: bytes, now: datetime
) -> None:
    """Lay one message into the outbox, in the caller's transaction."""
    connection.execute(
        sa.insert(outbox).values(
            digest_id=digest_id,
            recipient=recipient,
            message_id=message_id,
            body=zstandard.compress(body),
            state="pending",
            attempts=0,
            changed_at=stamp(now),
        )
    )


def body(stored: bytes) -> bytes:
    """Read back the bytes that `put` stored."""
    return zstandard.decompress(stored, max_output_size=_LONGEST_LETTER)


def send(store: Store, mailer: Mailer, *, now: datetime, stopping: Callable[[], bool] = lambda: False) -> Counter[str]:
    """Deliver everything that is due; return how many rows ended in which state.

    A mailer that stops the batch (it is refused itself, not the letters) leaves the rest for the next time, and so does
    `stopping` after the letter at hand.
    """
    done: Counter[str] = Counter()
    done["unknown"] += store.whole(lambda connection: _settle_lost(connection, mailer, now))
    try:
        while not stopping() and (claimed := _claim(store, now)) is not None:
            id, attempts, outgoing = claimed
            try:
                outcome = mailer.deliver(outgoing)
            except StopBatch as stop:
                _record(store, id, Outcome("deferred", str(stop)), attempts=attempts, now=now)
                log.warning("mail batch stopped", why=str(stop))
                done["deferred"] += 1
                break
            except Exception:
                # One letter that a mailer cannot digest must not keep the others; whether it left is not known.
                log.exception("letter not delivered", outbox=id)
                outcome = Outcome("unknown", "the mailer broke off")
            done[_record(store, id, outcome, attempts=attempts, now=now)] += 1
    finally:
        mailer.close()
    return +done


def _settle_lost(connection: sa.Connection, mailer: Mailer, now: datetime) -> int:
    """Rows of a sender that died: again if delivering twice is one delivery, else unknown, for a person to decide."""
    lost = sa.update(outbox).where(outbox.c.state == "sending")
    if mailer.repeatable:
        connection.execute(lost.values(state="pending", changed_at=stamp(now)))
        return 0
    # Or of a time that has not come yet: the clock was ahead.
    changed = outbox.c.changed_at
    late = lost.where(sa.or_(changed < stamp(now - LEASE), changed > stamp(now + LEASE)))
    values = {"state": "unknown", "reply": "the sender ended before the answer", "changed_at": stamp(now)}
    return connection.execute(late.values(values)).rowcount


def _claim(store: Store, now: datetime) -> tuple[int, int, Outgoing] | None:
    columns = outbox.c
    # Further ahead than any letter is put off: the clock was ahead when that was written.
    again = sa.or_(columns.next_attempt <= stamp(now), columns.next_attempt > stamp(now + WAITS[-1]))
    due = sa.or_(columns.state == "pending", sa.and_(columns.state == "deferred", again))

    def claim(connection: sa.Connection) -> tuple[int, int, Outgoing] | None:
        row = connection.execute(
            sa.select(outbox).where(due).order_by(columns.id).limit(1).with_for_update(skip_locked=True)
        ).first()
        if row is None:
            return None
        connection.execute(
            sa.update(outbox)
            .where(columns.id == row.id)
            .values(state="sending", attempts=row.attempts + 1, next_attempt=None, changed_at=stamp(now))
        )
        return row.id, row.attempts + 1, Outgoing(row.message_id, row.recipient, body(row.body))

    # Where this cannot be committed, it is raised, and nothing is handed to the mailer.
    return store.whole(claim)


def _record(store: Store, id: int, outcome: Outcome, *, attempts: int, now: datetime) -> str:
    state, next_attempt = outcome.state, None
    if state == "deferred":
        if attempts > len(WAITS):
            state = "failed"
        else:
            next_attempt = stamp(now + WAITS[attempts - 1])
    said = (
        sa.update(outbox)
        .where(outbox.c.id == id, outbox.c.state == "sending")
        .values(state=state, reply=outcome.reply, next_attempt=next_attempt, changed_at=stamp(now))
    )
    store.whole(lambda connection: connection.execute(said))
    return state
