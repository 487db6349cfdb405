"""Two sources that say the same thing by a key of their own: one opportunity, and why, and what then becomes of it."""

from datetime import UTC, date, datetime, timedelta

import sqlalchemy as sa

from aggregator.matching.engine import record
from aggregator.matching.tables import matches
from aggregator.people.member import Member
from aggregator.people.members import everyone
from aggregator.people.members import put as put_members
from aggregator.store.search import Query, find
from aggregator.store.session import Store
from connectors.base.contract import Deadline
from tests.aggregator.intake.reading import add_ted, everything, one, tables, visit
from tests.aggregator.store.sample import NOW, all_of, draft, history, keep, withdraw
from tests.portals.ted import TedPortal

LATER = NOW + timedelta(days=1)
KEY = ("ted:383667-2026",)


def due(number: int) -> tuple[Deadline, ...]:
    return (Deadline(on=date(2027, 1, number)),)


def pair(store: Store) -> None:
    keep(store, [draft("A", same_as=KEY, deadlines=due(12))], source="one")
    keep(store, [draft("B", source="two", same_as=("url:x", *KEY), deadlines=due(12))], source="two")


def test_two_sources_with_one_key_stand_behind_one_opportunity_that_says_why(store: Store) -> None:
    pair(store)
    (item,) = all_of(store)
    assert [(n.source, n.source_id, n.merged_because) for n in item.notices] == [
        ("one", "A", None),
        ("two", "B", "ted:383667-2026"),
    ]
    assert item.title("en")[0] == "Cleaning of school number A"
    with store.read() as connection:
        for source in ("one", "two"):
            assert find(connection, Query(sources=(source,)), now=NOW).total == 1
        assert find(connection, Query(text="school"), now=NOW).total == 1


def test_a_follower_brings_its_other_keys_along(store: Store) -> None:
    pair(store)
    done = keep(store, [draft("C", source="three", same_as=("url:x",))], source="three")
    assert done.new == []
    assert [n.source for n in all_of(store)[0].notices] == ["one", "two", "three"]


def test_two_notices_of_one_source_are_never_joined(store: Store) -> None:
    keep(store, [draft("A", same_as=KEY), draft("B", same_as=KEY)])
    keep(store, [draft("C", same_as=KEY)])
    assert [[n.source_id for n in item.notices] for item in all_of(store)] == [["A"], ["B"], ["C"]]
    keep(store, [draft("D", source="two", same_as=KEY), draft("E", source="two", same_as=KEY)], source="two")
    assert [[n.source_id for n in item.notices] for item in all_of(store)] == [["A", "D"], ["B"], ["C"], ["E"]]


def test_keys_that_lead_to_two_opportunities_join_nothing(store: Store) -> None:
    keep(store, [draft("A", same_as=("ted:1",)), draft("B", same_as=("ted:2",))])
    keep(store, [draft("C", source="two", same_as=("ted:1", "ted:2"))], source="two")
    assert [len(item.notices) for item in all_of(store)] == [1, 1, 1]


def test_likeness_alone_joins_nothing(store: Store) -> None:
    keep(store, [draft("A")])
    keep(store, [draft("A", source="two")], source="two")
    assert len(all_of(store)) == 2


def test_what_the_follower_changes_is_kept_and_does_not_overwrite_the_leader(store: Store) -> None:
    pair(store)
    before, (was,) = tables(store, without={"notices", "opportunities", "likenesses"}), all_of(store)
    done = keep(store, [draft("B", source="two", same_as=KEY, deadlines=due(30))], source="two", now=LATER)
    assert done.changed == []
    # What it says now is kept beside it, and nobody sees anything else.
    assert tables(store, without={"notices", "opportunities", "likenesses"}) == before
    (item,) = all_of(store)
    assert item.model_copy(update={"notices": was.notices}) == was
    assert item.notices[1].says is not None
    assert item.notices[1].says.deadlines == due(30)
    again = keep(store, [draft("B", source="two", same_as=KEY, deadlines=due(30))], source="two", now=LATER)
    assert again.same == 1


def test_what_the_leader_changes_keeps_those_that_follow(store: Store) -> None:
    pair(store)
    keep(store, [draft("A", same_as=KEY, deadlines=due(30))], now=LATER)
    (item,) = all_of(store)
    assert item.deadlines == due(30)
    assert [n.merged_because for n in item.notices] == [None, "ted:383667-2026"]


def test_what_one_source_still_lists_is_not_withdrawn(store: Store) -> None:
    pair(store)
    withdraw(store, "one", "A", now=LATER)
    assert all_of(store)[0].withdrawn_at is None
    withdraw(store, "two", "B", now=LATER)
    assert all_of(store)[0].withdrawn_at == LATER


def test_what_any_of_its_sources_lists_again_is_open_again(store: Store) -> None:
    pair(store)
    withdraw(store, "one", "A", now=LATER)
    withdraw(store, "two", "B", now=LATER)
    back = [draft("B", source="two", same_as=("url:x", *KEY), deadlines=due(12))]
    done = keep(store, back, source="two", now=LATER + timedelta(days=7))
    (item,) = all_of(store)
    assert ([i.id for i in done.changed], item.withdrawn_at, len(item.notices)) == ([1], None, 2)
    assert [row[0] for row in history(store, 1)] == ["withdrawn", "reopened"]


def test_what_was_withdrawn_is_open_again_when_a_new_source_lists_it(store: Store) -> None:
    keep(store, [draft("A", same_as=KEY)])
    withdraw(store, "one", "A", now=LATER)
    done = keep(store, [draft("B", source="two", same_as=KEY)], source="two", now=LATER)
    assert ([i.id for i in done.changed], all_of(store)[0].withdrawn_at) == ([1], None)
    assert [row[0] for row in history(store, 1)] == ["withdrawn", "reopened"]


def test_a_notice_that_two_searches_of_ted_find_is_one_opportunity_with_one_match(store: Store) -> None:
    wants = {"name": "All", "kinds": ["tender"], "countries": ["FR", "DE", "ES"], "codes": ["cpv:90000000"]}
    member = Member.model_validate({"id": "coop", "name": "Cooperativa Esempio", "recipients": [], "profiles": [wants]})
    with store.write() as connection:
        put_members(connection, [member], now=NOW)
    with TedPortal(notices=150, today=datetime(2026, 11, 23, tzinfo=UTC).date()) as portal:
        results = [visit(store, add_ted(store, portal, name)) for name in ("wide", "wider")]
    assert [(r.kind, r.new) for r in results] == [("ok", len(everything(store)))] * 2
    assert all([n.source for n in item.notices] == ["wide", "wider"] for item in everything(store))
    assert one(store, "SELECT count(*) FROM notices") == 2 * len(everything(store))
    with store.write() as connection:
        per_item = list(
            connection.scalars(sa.select(sa.func.count()).select_from(matches).group_by(matches.c.opportunity_id))
        )
        # Said once more by hand: the second source brought nothing that a member would hear of again.
        assert record(connection, everything(store), everyone(connection), now=NOW) == 0
    assert per_item
    assert set(per_item) == {1}
