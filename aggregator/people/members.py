"""Members in the store: put, get, everyone. The one thing to know: an import adds and updates, and deletes no member."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from aggregator.matching.profile import STORED, Profile
from aggregator.people.files import MembersError, load
from aggregator.people.member import Legal, Member, Recipient
from aggregator.people.tables import members, profiles, recipients
from aggregator.store.tables import stamp

__all__ = ["Imported", "Legal", "Member", "MembersError", "Recipient", "everyone", "get", "load", "put"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What an import did; `left_alone` counts the members of the store that the file does not name."""

    added: int
    updated: int
    same: int
    left_alone: int


def put(connection: sa.Connection, given: Sequence[Member], *, now: datetime) -> Imported:
    """Add and update members. Recipients and profiles that a member no longer has go; other members stay as they are."""
    held = {member.id: member for member in everyone(connection)}
    added = [member for member in given if member.id not in held]
    updated = [member for member in given if member.id in held and held[member.id] != member]
    for member in added:
        connection.execute(sa.insert(members).values(id=member.id, first_seen=stamp(now), **_row(member, now)))
    for member in updated:
        connection.execute(sa.update(members).where(members.c.id == member.id).values(_row(member, now)))
    for member in (*added, *updated):
        _put_recipients(connection, member, now)
        _put_profiles(connection, member, now)
    return Imported(
        added=len(added),
        updated=len(updated),
        same=len(given) - len(added) - len(updated),
        left_alone=len(held.keys() - {member.id for member in given}),
    )


def get(connection: sa.Connection, id: str) -> Member | None:
    """Read one member."""
    return next(iter(_read(connection, members.c.id == id)), None)


def everyone(connection: sa.Connection) -> list[Member]:
    """Read all members in the order of their ids."""
    return _read(connection, sa.true())


def _row(member: Member, now: datetime) -> dict[str, str]:
    doc = member.model_dump_json(exclude={"recipients", "profiles"})
    return {"name": member.name, "doc": doc, "changed_at": stamp(now)}


def _put_recipients(connection: sa.Connection, member: Member, now: datetime) -> None:
    of_member = recipients.c.member_id == member.id
    held = connection.execute(sa.select(recipients.c.email, recipients.c.added_at).where(of_member))
    since = {row.email: row.added_at for row in held}
    connection.execute(sa.delete(recipients).where(of_member))
    for position, recipient in enumerate(member.recipients):
        connection.execute(
            sa.insert(recipients).values(
                member_id=member.id,
                email=recipient.email,
                position=position,
                basis=recipient.basis,
                informed_by=recipient.informed_by,
                informed_on=recipient.on.isoformat() if recipient.on else None,
                added_at=since.get(recipient.email, stamp(now)),
            )
        )


def _put_profiles(connection: sa.Connection, member: Member, now: datetime) -> None:
    of_member = profiles.c.member_id == member.id
    held = {row.id: row for row in connection.execute(sa.select(profiles).where(of_member))}
    connection.execute(sa.delete(profiles).where(of_member))
    for position, profile in enumerate(member.profiles):
        id, doc = member.profile_id(profile), profile.model_dump_json()
        unchanged = id in held and held[id].doc == doc
        changed_at = held[id].changed_at if unchanged else stamp(now)
        connection.execute(
            sa.insert(profiles).values(id=id, member_id=member.id, position=position, doc=doc, changed_at=changed_at)
        )


def _read(connection: sa.Connection, which: sa.ColumnElement[bool]) -> list[Member]:
    rows = connection.execute(sa.select(members).where(which).order_by(members.c.id)).all()
    readers: dict[str, list[Recipient]] = {row.id: [] for row in rows}
    wishes: dict[str, list[Profile]] = {row.id: [] for row in rows}
    joined = sa.select(recipients).join(members).where(which)
    for row in connection.execute(joined.order_by(recipients.c.member_id, recipients.c.position)):
        on = date.fromisoformat(row.informed_on) if row.informed_on else None
        readers[row.member_id].append(Recipient(email=row.email, basis=row.basis, informed_by=row.informed_by, on=on))
    joined = sa.select(profiles).join(members).where(which)
    for row in connection.execute(joined.order_by(profiles.c.member_id, profiles.c.position)):
        wishes[row.member_id].append(Profile.model_validate_json(row.doc, context=STORED))
    return [
        Member.model_validate_json(row.doc, context=STORED).model_copy(
            update={"recipients": tuple(readers[row.id]), "profiles": tuple(wishes[row.id])}
        )
        for row in rows
    ]
