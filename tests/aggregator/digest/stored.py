"""Members, opportunities and matches in a real store, in as few words as a test wants to spend."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from aggregator.digest import outbox as room
from aggregator.digest.tables import digests, outbox
from aggregator.matching.tables import matches
from aggregator.matching.verdict import Reason
from aggregator.people.member import Member
from aggregator.people.members import put as put_members
from aggregator.store.opportunities import many
from aggregator.store.opportunity import Opportunity
from aggregator.store.put import Draft, known
from aggregator.store.put import put as put_notices
from aggregator.store.session import Store
from aggregator.store.tables import stamp
from connectors.base.contract import Notice
from tests.aggregator.digest.sample import NOW, SECTOR

BODY = b"Subject: x\r\n\r\nfirst\r\n.\r\n..two\r\nlast\r\n"


def member(id: str = "coop", **given: Any) -> Member:
    plain: dict[str, Any] = {
        "id": id,
        "name": "Cooperativa Esempio",
        "recipients": [{"email": f"{id}@example.org", "basis": "consent"}],
        "profiles": [
            {"name": "One", "kinds": ["tender"], "sectors": ["facility_cleaning"]},
            {"name": "Two", "kinds": ["tender", "grant_call"], "countries": ["FR"]},
        ],
    }
    return Member.model_validate(plain | given)


def keep(store: Store, items: Sequence[Opportunity], *, now: datetime = NOW) -> list[Opportunity]:
    """Put opportunities into the store, each by its source, or bring them up to date; return them with their numbers."""
    kept: list[Opportunity] = []
    with store.write() as connection:
        for item in items:
            first = item.notices[0]
            notice = Notice(source_id=first.source_id, url=item.url, titles=item.titles, kind=item.kind)
            title = next(iter(item.titles.values())).text
            draft = Draft(notice=notice, hash=item.model_dump_json(), opportunity=item, title_text=title, text="")
            held = known(connection, first.source)
            put_notices(connection, [draft], source=first.source, held=held, now=now)
            id = held[first.source_id].opportunity_id
            kept.append(many(connection, [id])[id])
    return kept


def match(
    connection: sa.Connection,
    who: Member,
    item: Opportunity,
    *,
    profile: int = 0,
    score: float = 0.5,
    tier: str = "coded",
    state: str = "new",
    reasons: tuple[Reason, ...] = (SECTOR,),
) -> None:
    connection.execute(
        sa.insert(matches).values(
            profile_id=who.profile_id(who.profiles[profile]),
            opportunity_id=item.id,
            member_id=who.id,
            score=score,
            tier=tier,
            reasons="[" + ",".join(reason.model_dump_json() for reason in reasons) + "]",
            first_seen=stamp(NOW),
            changed_at=stamp(NOW),
            state=state,
        )
    )


def enrol(store: Store, *members: Member) -> None:
    with store.write() as connection:
        put_members(connection, members, now=NOW)


def states(store: Store) -> dict[tuple[str, int], str]:
    """The state of every match, by profile and opportunity."""
    with store.read() as connection:
        rows = connection.execute(sa.select(matches.c.profile_id, matches.c.opportunity_id, matches.c.state))
        return {(row.profile_id, row.opportunity_id): row.state for row in rows}


def mail_states(store: Store) -> list[str]:
    with store.read() as connection:
        return list(connection.scalars(sa.select(outbox.c.state).order_by(outbox.c.id)))


def fill(store: Store, *recipients: str) -> None:
    """Lay one message for each recipient into the outbox."""
    with store.write() as connection:
        statement = sa.insert(digests).values(
            member_id="coop", period="2026-W48", kind="weekly", language="it", subject="s", made_at=stamp(NOW)
        )
        id = connection.execute(statement.returning(digests.c.id)).scalar_one()
        for n, recipient in enumerate(recipients):
            room.put(connection, id, recipient=recipient, message_id=f"<{n}@example.org>", body=BODY, now=NOW)
