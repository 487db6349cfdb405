"""Tell the office what it has not heard: a line in the log for each alert, and one mail for all where it has a mailbox.

The one thing to know: an alert counts as told when the mail was accepted. Until then it is tried again, and a mail that may
have arrived twice is better than one that nobody got.
"""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
import structlog

from aggregator.digest.mailer import Mailer, Outgoing, StopBatch, mailer_for
from aggregator.digest.message import MessageError, domain, harmless, identity
from aggregator.digest.outbox import insert_for
from aggregator.intake import alerts
from aggregator.intake.alerts import Alert
from aggregator.store.session import Store
from aggregator.store.tables import memory, moment, stamp
from config.settings import Settings
from config.vault import key

log = structlog.get_logger("alerts")
AGAIN = timedelta(minutes=15)
REFUSED = timedelta(hours=24)
"""A mail server that has said no for good is asked again in a day: somebody may have mended the address."""
_MEMO = "alerts:mail"
# Longer lines are no lines to a mail server; the log has the rest.
_LONGEST = 500
_POLICY = policy.SMTP.clone(max_line_length=998)


def deliver(store: Store, settings: Settings, *, now: datetime, mailer: Mailer | None = None) -> int:
    """Tell what is untold; returns how many alerts the office has heard of now. Never raises what a mail server does."""
    if not store.look(lambda connection: alerts.unsettled(connection, now=now)):
        return 0
    found, fresh = store.whole(lambda connection: _claim(connection, now=now))
    for one in fresh:
        _log(one)
    if not found:
        return 0
    if settings.office_email is not None and not _mailed(store, settings, found, now=now, mailer=mailer):
        return 0
    store.whole(lambda connection: _told(connection, found, now=now))
    return len(found)


def _claim(connection: sa.Connection, *, now: datetime) -> tuple[list[Alert], list[Alert]]:
    """What to tell now, and what of it the log has not said yet; nobody else tells it meanwhile."""
    alerts.settle(connection, now=now)
    found = alerts.untold(connection)
    mine = sa.and_(memory.c.source == "", memory.c.key == _MEMO)
    text = connection.scalar(sa.select(memory.c.value).where(mine).with_for_update())
    memo: dict[str, Any] = json.loads(text) if text else {"after": stamp(now), "logged": []}
    # Further ahead than it is ever put off: the clock was ahead when that was written.
    waits = now < moment(memo["after"]) <= now + REFUSED
    fresh = [one for one in found if _name(one) not in memo["logged"]]
    if not found or (waits and not fresh):
        return [], []
    after = memo["after"] if waits else stamp(now + AGAIN)
    value = json.dumps({"after": after, "logged": [_name(one) for one in found]})
    due = [] if waits else found
    insert = insert_for(connection)(memory).values(source="", key=_MEMO, value=value)
    if text is None:
        claimed = connection.execute(insert.on_conflict_do_nothing(index_elements=["source", "key"])).rowcount
        return (due, fresh) if claimed else ([], [])
    connection.execute(sa.update(memory).where(mine).values(value=value))
    return due, fresh


def _name(one: Alert) -> str:
    return f"{one.id}{'-' if one.healed_at else '+'}"


def _log(one: Alert) -> None:
    if one.healed_at is None:
        log.warning("something is wrong", about=one.about or "the installation", kind=one.kind, why=one.why)
    else:
        log.info("well again", about=one.about or "the installation", kind=one.kind)


def _mailed(store: Store, settings: Settings, found: Sequence[Alert], *, now: datetime, mailer: Mailer | None) -> bool:
    try:
        outgoing = mail(found, settings, now=now)
        by = mailer or mailer_for(settings)
        try:
            outcome = by.deliver(outgoing)
        finally:
            by.close()
    except (StopBatch, MessageError, ValueError, OSError) as exc:
        log.warning("the office could not be told by mail", why=str(exc))
        return False
    if outcome.state == "accepted":
        return True
    log.warning("the office could not be told by mail", state=outcome.state, why=outcome.reply)
    if outcome.state == "failed":
        store.whole(lambda connection: _put_off(connection, found, until=now + REFUSED))
    return False


def _put_off(connection: sa.Connection, found: Sequence[Alert], *, until: datetime) -> None:
    value = json.dumps({"after": stamp(until), "logged": [_name(one) for one in found]})
    connection.execute(sa.update(memory).where(memory.c.source == "", memory.c.key == _MEMO).values(value=value))


def _told(connection: sa.Connection, found: Sequence[Alert], *, now: datetime) -> None:
    alerts.tell(connection, found, now=now)
    connection.execute(sa.delete(memory).where(memory.c.source == "", memory.c.key == _MEMO))


def mail(found: Sequence[Alert], settings: Settings, *, now: datetime) -> Outgoing:
    """Make the mail to the office: the same alerts make the same Message-ID. Raises MessageError."""
    assert settings.office_email is not None
    message_id = identity(
        key(settings.home, "message-id"),
        member="",
        period=" ".join(map(_name, found)),
        kind="alerts",
        recipient=settings.office_email,
        domain=domain(settings),
    )
    message = EmailMessage(policy=_POLICY)
    message["From"] = Address(harmless(settings.office), addr_spec=settings.mail_from)
    message["To"] = settings.office_email
    message["Subject"] = harmless(_subject(found))
    message["Date"] = format_datetime(now.astimezone(ZoneInfo(settings.zone)))
    message["Message-ID"] = message_id
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(_text(found, settings), cte="quoted-printable")
    raw = message.as_bytes()
    # Reasons hold what strangers wrote: nothing of it may have become a header.
    if [name.lower() for name in message_from_bytes(raw, policy=policy.default)] != [name.lower() for name in message]:
        raise MessageError("an alert reads back as another message")
    return Outgoing(message_id, settings.office_email, raw)


def _subject(found: Sequence[Alert]) -> str:
    wrong = [one for one in found if one.healed_at is None]
    if len(found) == 1:
        (one,) = found
        about = one.about or "this installation"
        return f"{about}: {one.kind}" if wrong else f"{about}: well again ({one.kind})"
    parts = [f"{len(wrong)} to look at"] if wrong else []
    parts += [f"{len(found) - len(wrong)} well again"] if len(found) > len(wrong) else []
    return f"World Wide We: {', '.join(parts)}"


def _text(found: Sequence[Alert], settings: Settings) -> str:
    here = ZoneInfo(settings.zone)
    lines: list[str] = []
    for title, some in (
        ("To look at", [one for one in found if one.healed_at is None]),
        ("Well again", [one for one in found if one.healed_at is not None]),
    ):
        lines += [title, ""] if some else []
        for one in some:
            since = one.opened_at.astimezone(here)
            lines.append(f"- {harmless(one.about) or 'this installation'}: {one.kind}, since {since:%Y-%m-%d %H:%M}")
            lines.append(f"  {harmless(one.why)[:_LONGEST]}")
            lines += [f"  worldwidewe sources show {harmless(one.about)}"] if one.about else []
            lines.append("")
    lines += ["All that is open: worldwidewe alerts", "What each kind means: docs/operations.md", ""]
    return "\n".join(lines)
