"""Compose the letter of a member: read what fits and was not told, choose, and write letter and outbox together.

The one thing to know: the input is the matches that were never sent, not the last seven days; so nothing that arrives
late is lost, and nothing comes twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from aggregator import rights
from aggregator.digest import outbox
from aggregator.digest.candidates import candidates, untold
from aggregator.digest.choose import choose
from aggregator.digest.digest import WEEKLY, Digest, Source, period_of
from aggregator.digest.letter import Letter, render
from aggregator.digest.message import domain, identity, message
from aggregator.digest.tables import digest_items, digests
from aggregator.digest.view import rest_of
from aggregator.intake import flood
from aggregator.matching.tables import matches
from aggregator.people.member import Member
from aggregator.store.tables import stamp
from config.settings import Settings
from config.vault import key


@dataclass(frozen=True, slots=True)
class Preview:
    """What would be sent, to the first recipient."""

    letter: Letter
    eml: bytes


def plan(
    connection: sa.Connection, member: Member, *, now: datetime, settings: Settings, sources: Sequence[Source] = ()
) -> Digest | None:
    """Decide what the letter of this week says; None when there is nothing to say. Changes nothing."""
    found = [
        c for c in candidates(connection, member.id, now=now) if rights.shown(c.item, to="member", now=now).visible
    ]
    items = choose(found, now=now)
    if not items:
        return None
    told = {c.item.id for c in items}
    return Digest(
        member_id=member.id,
        member_name=member.name,
        language=member.language,
        reads=member.languages,
        period=period_of(now, settings.zone),
        kind=WEEKLY,
        made_at=now,
        zone=settings.zone,
        items=items,
        more=len(untold(connection, member.id, now=now) - told),
        rest=rest_of(_filters(member)),
        sources=tuple(sources),
    )


def write(
    connection: sa.Connection, member: Member, *, now: datetime, settings: Settings, sources: Sequence[Source] = ()
) -> int | None:
    """Write digest, items, one outbox row a recipient and the new states of the matches, in the caller's transaction.

    Returns the digest's number; None when there is nothing to say, nobody to say it to, or this week's exists.
    """
    if not member.recipients or written(connection, member.id, period_of(now, settings.zone)):
        return None
    digest = plan(connection, member, now=now, settings=settings, sources=sources)
    if digest is None:
        return None
    letter = render(digest, settings=settings, language=digest.language)
    id = _claim(connection, digest, letter.subject)
    if id is None:
        return None
    connection.execute(
        sa.insert(digest_items),
        [
            {
                "digest_id": id,
                "opportunity_id": chosen.item.id,
                "position": position,
                "section": chosen.section,
                "deadline": stamp(chosen.closing) if chosen.closing else None,
            }
            for position, chosen in enumerate(digest.items)
        ],
    )
    for recipient in member.recipients:
        message_id, raw = _mail(letter, digest, recipient.email, settings)
        outbox.put(connection, id, recipient=recipient.email, message_id=message_id, body=raw, now=now)
    _mark(connection, digest, now)
    return id


def preview(
    connection: sa.Connection, member: Member, *, now: datetime, settings: Settings, sources: Sequence[Source] = ()
) -> Preview | None:
    """Return the very letter that would be written now, as text, HTML and bytes; None when there is nothing to say.

    A member without recipients is shown with the office as the reader.
    """
    digest = plan(connection, member, now=now, settings=settings, sources=sources)
    if digest is None:
        return None
    letter = render(digest, settings=settings, language=digest.language)
    recipient = member.recipients[0].email if member.recipients else settings.mail_from
    return Preview(letter, _mail(letter, digest, recipient, settings)[1])


def written(connection: sa.Connection, member_id: str, period: str) -> bool:
    """Say whether this period's letter of a member exists already."""
    columns = digests.c
    query = sa.select(columns.id).where(
        columns.member_id == member_id, columns.period == period, columns.kind == WEEKLY
    )
    return connection.execute(query).first() is not None


def _mail(letter: Letter, digest: Digest, recipient: str, settings: Settings) -> tuple[str, bytes]:
    message_id = identity(
        key(settings.home, "message-id"),
        member=digest.member_id,
        period=digest.period,
        kind=digest.kind,
        recipient=recipient,
        domain=domain(settings),
    )
    raw = message(
        letter,
        recipient,
        message_id=message_id,
        language=digest.language,
        made_at=digest.made_at,
        settings=settings,
    )
    return message_id, raw


def _claim(connection: sa.Connection, digest: Digest, subject: str) -> int | None:
    # The unique key decides who writes the letter when two processes come at once; the other one gets nothing back.
    insert = outbox.insert_for(connection)
    statement = (
        insert(digests)
        .values(
            member_id=digest.member_id,
            period=digest.period,
            kind=digest.kind,
            language=digest.language,
            subject=subject,
            made_at=stamp(digest.made_at),
        )
        .on_conflict_do_nothing(index_elements=["member_id", "period", "kind"])
        .returning(digests.c.id)
    )
    return connection.execute(statement).scalar()


def _mark(connection: sa.Connection, digest: Digest, now: datetime) -> None:
    """The shown ones become sent; what stood behind "more" becomes offered, so that next week has its own news."""
    mine = matches.c.member_id == digest.member_id
    shown = [chosen.item.id for chosen in digest.items]
    connection.execute(
        sa.update(matches)
        .where(mine, matches.c.opportunity_id.in_(shown), matches.c.state != "dropped")
        .values(state="sent", sent_at=stamp(now))
    )
    behind_more = sa.update(matches).where(mine, matches.c.state == "new")
    if (waiting := flood.waiting(connection, now)) is not None:
        behind_more = behind_more.where(matches.c.opportunity_id.not_in(waiting))
    connection.execute(behind_more.values(state="offered"))


def _filters(member: Member) -> dict[str, tuple[str, ...]]:
    """The member's profiles as filters of the board; a facet that one profile leaves open stays open."""
    facets: dict[str, list[tuple[str, ...]]] = {
        "kind": [profile.kinds for profile in member.profiles],
        "sector": [profile.sectors for profile in member.profiles],
        "country": [profile.countries for profile in member.profiles],
    }
    return {
        name: tuple(dict.fromkeys(value for values in given for value in values))
        for name, given in facets.items()
        if given and all(given)
    }
