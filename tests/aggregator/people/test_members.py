"""Members in a real store."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import sqlalchemy as sa

from aggregator.matching.profile import Profile, Range
from aggregator.people.member import Legal, Member, Recipient
from aggregator.people.members import Imported, everyone, get, put
from aggregator.people.tables import profiles, recipients
from aggregator.store.session import Store

NOW = datetime(2026, 11, 23, 7, tzinfo=UTC)
LATER = NOW + timedelta(days=7)

EXPORT = Profile(
    name="Export",
    kinds=("tender",),
    sectors=("agri_crops",),
    budget=Range(min=Decimal("10000.50"), currency="EUR"),
    least_days={"tender": 20},
)
READER = Recipient(email="a@example.org", basis="consent", informed_by="federation", on=date(2026, 11, 1))
MEMBER = Member(
    id="a", name="A", legal=Legal(form="social_b"), recipients=(READER,), profiles=(EXPORT, Profile(name="EU"))
)


def test_a_member_comes_back_as_it_was_put(store: Store) -> None:
    with store.write() as connection:
        assert put(connection, [MEMBER], now=NOW) == Imported(added=1, updated=0, same=0, left_alone=0)
    with store.read() as connection:
        assert get(connection, "a") == MEMBER
        assert get(connection, "b") is None


def test_a_second_import_updates_never_duplicates_and_leaves_others_alone(store: Store) -> None:
    other = Member(id="b", name="B")
    renamed = MEMBER.model_copy(update={"name": "A nuova", "profiles": (EXPORT,)})
    with store.write() as connection:
        put(connection, [MEMBER, other], now=NOW)
        assert put(connection, [MEMBER], now=LATER) == Imported(added=0, updated=0, same=1, left_alone=1)
        assert put(connection, [renamed], now=LATER) == Imported(added=0, updated=1, same=0, left_alone=1)
        assert everyone(connection) == [renamed, other]


def test_an_address_keeps_the_day_it_was_added_and_an_unchanged_profile_its_own(store: Store) -> None:
    second = Recipient(email="b@example.org")
    changed = MEMBER.model_copy(
        update={"recipients": (second, READER), "profiles": (EXPORT, Profile(name="EU", home=True))}
    )
    with store.write() as connection:
        put(connection, [MEMBER], now=NOW)
        put(connection, [changed], now=LATER)
        added = {row.email: row.added_at for row in connection.execute(sa.select(recipients))}
        moved = {row.id: row.changed_at for row in connection.execute(sa.select(profiles))}
        assert get(connection, "a") == changed
    assert added == {"a@example.org": "2026-11-23T07:00:00Z", "b@example.org": "2026-11-30T07:00:00Z"}
    assert moved == {"a/export": "2026-11-23T07:00:00Z", "a/eu": "2026-11-30T07:00:00Z"}


def test_a_sector_that_was_retired_does_not_lock_its_member_out(store: Store) -> None:
    with store.write() as connection:
        put(connection, [MEMBER], now=NOW)
        doc = sa.func.replace(profiles.c.doc, "agri_crops", "retired_sector")
        connection.execute(sa.update(profiles).values(doc=doc))
        member = get(connection, "a")
    assert member
    assert member.profiles[0].sectors == ("retired_sector",)
