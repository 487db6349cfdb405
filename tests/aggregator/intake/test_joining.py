"""Two opportunities that are one, and one that is two: nothing is lost either way, and what a person parts stays parted."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa

from aggregator.digest.tables import digest_items, digests
from aggregator.intake import absence, joining, leading
from aggregator.matching.tables import matches
from aggregator.people.member import Member
from aggregator.people.members import put as put_members
from aggregator.store.opportunities import get
from aggregator.store.put import known
from aggregator.store.search import Query, find
from aggregator.store.session import Store
from aggregator.store.uniting import current
from connectors.base.contract import ParamError
from tests.aggregator.intake.reading import DAY, NOW, add_tiny, everything, listed, visit
from tests.aggregator.intake.tiny import TinyPortal, row
from tests.aggregator.store.sample import found_by

A, B = "ted:1-2026", "een:TRLT20260720004"


@pytest.fixture
def two(store: Store) -> Iterator[tuple[TinyPortal, TinyPortal]]:
    """Two portals that tell one call under keys of their own, so that nobody knows yet that it is one."""
    first = TinyPortal(rows=[row(1, same_as=[A], title="Catering for schools", due="2027-01-10"), row(8), row(9)])
    second = TinyPortal(rows=[row(2, same_as=[B], title="Canteens of the town", codes=["cpv:55524000"]), row(6)])
    with first, second:
        add_tiny(store, first, "first")
        add_tiny(store, second, "second")
        visit(store, "first", mode="sweep")
        visit(store, "second", mode="sweep")
        yield first, second


def number(store: Store, source_id: str) -> int:
    (found,) = listed(store, f"SELECT opportunity_id FROM notices WHERE source_id = '{source_id}'")
    id: int = found[0]
    return id


def one_of_both(store: Store, two: tuple[TinyPortal, TinyPortal]) -> int:
    """The first portal now gives both keys."""
    two[0].rows[0]["same_as"] = [A, B]
    visit(store, "first", at=NOW + DAY, mode="sweep")
    return number(store, "T1")


def test_a_key_that_a_later_visit_brings_puts_two_together_under_the_elder_number(
    store: Store, two: tuple[TinyPortal, TinyPortal]
) -> None:
    elder, younger = number(store, "T1"), number(store, "T2")
    assert one_of_both(store, two) == elder == number(store, "T2")
    (item,) = [item for item in everything(store) if len(item.notices) == 2]
    assert [(n.source, n.merged_because) for n in item.notices] == [("first", None), ("second", B)]
    assert "cpv:55524000" in item.codes, "what the leader leaves open is filled from the other"
    with store.read() as connection:
        assert get(connection, younger) is None
        assert current(connection, younger) == current(connection, elder) == elder
        assert current(connection, 999) is None
        assert find(connection, Query(text="catering"), now=NOW).total == 1
    # Its own title is what members see; the words of the other still find it.
    assert found_by(store, "catering") == [elder]
    told = listed(store, "SELECT opportunity_id, old_id, source, source_id, because, undone_at FROM merges")
    assert told == [(elder, younger, "second", "T2", B, None)]


def test_a_number_that_went_into_another_is_never_given_again(store: Store, two: tuple[TinyPortal, TinyPortal]) -> None:
    highest = max(item.id for item in everything(store))
    with store.write() as connection:
        joining.join(connection, 1, highest, why="the office knows", now=NOW)
    two[0].rows.append(row(20))
    visit(store, "first", at=NOW + DAY, mode="sweep")
    assert number(store, "T20") == highest + 1


def test_a_new_notice_whose_keys_lead_to_two_shows_that_they_are_one(
    store: Store, two: tuple[TinyPortal, TinyPortal]
) -> None:
    with TinyPortal(rows=[row(3, same_as=[B, A])]) as third:
        add_tiny(store, third, "third")
        visit(store, "third", mode="sweep")
    assert number(store, "T1") == number(store, "T2") == number(store, "T3")
    item = next(item for item in everything(store) if item.id == number(store, "T3"))
    assert {(n.source, n.merged_because) for n in item.notices} == {("first", None), ("second", B), ("third", A)}


def test_two_notices_of_one_source_stay_two_whatever_a_third_one_says(
    store: Store, two: tuple[TinyPortal, TinyPortal]
) -> None:
    two[1].rows[1]["same_as"] = ["ted:2-2026"]
    visit(store, "second", at=NOW + DAY, mode="sweep")
    with TinyPortal(rows=[row(3, same_as=[B, "ted:2-2026"])]) as third:
        add_tiny(store, third, "third")
        visit(store, "third", mode="sweep")
    assert len({number(store, id) for id in ("T1", "T2", "T6", "T3")}) == 4


def test_a_visit_that_began_before_two_were_put_together_writes_to_the_one_that_is_left(
    store: Store, two: tuple[TinyPortal, TinyPortal]
) -> None:
    elder = one_of_both(store, two)
    two[1].rows[0]["title"] = "Canteens of the whole town"
    two[1].rows[0]["due"] = "2027-02-02"
    visit(store, "second", at=NOW + 2 * DAY, mode="sweep")
    item = next(item for item in everything(store) if item.id == elder)
    assert item.deadlines[0].on == date(2027, 1, 10), "the leader is not contradicted"
    says = next(n.says for n in item.notices if n.source == "second")
    assert says is not None
    assert says.deadlines[0].on == date(2027, 2, 2)


def part(store: Store, id: int, source: str, source_id: str) -> tuple[int, int]:
    with store.write() as connection:
        rest, alone = joining.split(connection, id, source=source, source_id=source_id, now=NOW + 2 * DAY)
    return rest.id, alone.id


def test_what_is_parted_has_its_old_number_again_and_nothing_lent_stays_behind(
    store: Store, two: tuple[TinyPortal, TinyPortal]
) -> None:
    before = {item.id: item for item in everything(store)}
    elder, younger = number(store, "T1"), number(store, "T2")
    one_of_both(store, two)
    assert part(store, younger, "second", "T2") == (elder, younger)
    after = {item.id: item for item in everything(store)}
    loose = {"changed_at", "notices"}
    assert {id: item.model_dump(exclude=loose) for id, item in after.items()} == {
        id: item.model_dump(exclude=loose) for id, item in before.items()
    }
    assert found_by(store, "canteens") == [younger]
    assert listed(store, "SELECT count(*) FROM redirects") == [(0,)]
    assert listed(store, "SELECT undone_at FROM merges") != [(None,)]


def test_what_is_parted_stays_parted_whatever_later_visits_say(
    store: Store, two: tuple[TinyPortal, TinyPortal]
) -> None:
    elder = one_of_both(store, two)
    part(store, elder, "second", "T2")
    for turn, title in enumerate(("Canteens of the new town", "Canteens")):
        two[1].rows[0] |= {"same_as": [A, B], "title": title}
        two[0].rows[0]["title"] = f"{title} and catering"
        for name in ("second", "first"):
            visit(store, name, at=NOW + (3 + turn) * DAY, mode="sweep")
        assert number(store, "T1") != number(store, "T2")
    # A third that gives both keys goes behind neither: who parted them would be contradicted.
    with TinyPortal(rows=[row(3, same_as=[B])]) as third:
        add_tiny(store, third, "third")
        visit(store, "third", at=NOW + 6 * DAY, mode="sweep")
    assert number(store, "T1") != number(store, "T2")


def test_the_leader_can_be_parted_and_the_next_speaks(store: Store, two: tuple[TinyPortal, TinyPortal]) -> None:
    elder = one_of_both(store, two)
    rest, alone = part(store, elder, "first", "T1")
    assert rest == elder
    items = {item.id: item for item in everything(store)}
    assert (items[rest].title("en")[0], items[alone].title("en")[0]) == ("Canteens of the town", "Catering for schools")
    assert [d.on for d in items[rest].deadlines] == [date(2027, 2, 1)]


def test_the_office_may_join_and_take_its_word_back(store: Store, two: tuple[TinyPortal, TinyPortal]) -> None:
    elder, younger = number(store, "T1"), number(store, "T2")
    with store.write() as connection:
        joining.join(connection, younger, elder, why="one call, says the buyer", now=NOW)
    assert listed(store, 'SELECT "by", because FROM merges') == [("office", "one call, says the buyer")]
    assert part(store, elder, "second", "T2") == (elder, younger)
    with store.write() as connection:
        joining.join(connection, elder, younger, why="one after all", now=NOW)
    assert number(store, "T1") == number(store, "T2") == elder
    with store.write() as connection, pytest.raises(ParamError, match="one opportunity already"):
        joining.join(connection, elder, younger, why="again", now=NOW)


def test_what_does_not_stand_there_or_stands_alone_cannot_be_parted(
    store: Store, two: tuple[TinyPortal, TinyPortal]
) -> None:
    id = number(store, "T1")
    with store.write() as connection:
        with pytest.raises(ParamError, match="nothing to part"):
            joining.split(connection, id, source="first", source_id="T1", now=NOW)
        with pytest.raises(ParamError, match="these do: first:T1"):
            joining.split(connection, id, source="first", source_id="T99", now=NOW)
        with pytest.raises(ParamError, match="no opportunity of this number"):
            joining.split(connection, 999, source="first", source_id="T1", now=NOW)


def tell(store: Store, profile: str, id: int, state: str, sent_at: str | None) -> None:
    with store.write() as connection:
        connection.execute(
            sa.insert(matches).values(
                profile_id=profile, opportunity_id=id, member_id="coop", score=1.0, tier="text", reasons="[]"
            ),
            {"first_seen": f"2026-11-0{id}T00:00:00Z", "changed_at": "2026-11-01T00:00:00Z", "state": state}
            | {"sent_at": sent_at},
        )


def test_whoever_was_told_of_one_is_not_told_of_the_other_again(
    store: Store, two: tuple[TinyPortal, TinyPortal]
) -> None:
    member = Member.model_validate({"id": "coop", "name": "Cooperativa Esempio", "recipients": [], "profiles": []})
    elder, younger = number(store, "T1"), number(store, "T2")
    with store.write() as connection:
        put_members(connection, [member], now=NOW)
        week = {
            "member_id": "coop",
            "kind": "weekly",
            "language": "it",
            "subject": "x",
            "made_at": "2026-11-02T00:00:00Z",
        }
        connection.execute(
            sa.insert(digests), [{"id": 1, "period": "2026-W45", **week}, {"id": 2, "period": "2026-W46", **week}]
        )
        shown = [{"digest_id": 1, "opportunity_id": younger, "position": 0, "section": "new", "deadline": None}]
        shown += [
            {"digest_id": 2, "opportunity_id": id, "position": id, "section": "new", "deadline": None}
            for id in (elder, younger)
        ]
        connection.execute(sa.insert(digest_items), shown)
    tell(store, "coop/both", elder, "new", None)
    tell(store, "coop/both", younger, "sent", "2026-11-02T00:00:00Z")
    tell(store, "coop/younger", younger, "sent", "2026-11-02T00:00:00Z")
    tell(store, "coop/elder", elder, "offered", None)
    one_of_both(store, two)
    columns = "profile_id, opportunity_id, state, sent_at"
    assert listed(store, f"SELECT {columns} FROM matches ORDER BY profile_id") == [
        ("coop/both", elder, "sent", "2026-11-02T00:00:00Z"),
        ("coop/elder", elder, "offered", None),
        ("coop/younger", elder, "sent", "2026-11-02T00:00:00Z"),
    ]
    assert listed(store, "SELECT digest_id, opportunity_id FROM digest_items ORDER BY digest_id") == [
        (1, elder),
        (2, elder),
    ]
    part(store, elder, "second", "T2")
    told = listed(store, f"SELECT {columns} FROM matches WHERE opportunity_id = {younger} ORDER BY profile_id")
    assert [(row[0], row[2]) for row in told] == [("coop/both", "sent"), ("coop/younger", "sent")]


def test_history_of_both_is_kept_and_goes_back_where_it_was_noted(
    store: Store, two: tuple[TinyPortal, TinyPortal]
) -> None:
    elder, younger = number(store, "T1"), number(store, "T2")
    two[1].rows[0]["due"] = "2027-02-02"
    visit(store, "second", at=NOW + DAY, mode="sweep")
    one_of_both(store, two)
    noted = "SELECT noted_of FROM changes WHERE field = 'deadline' AND source = 'second' AND opportunity_id = "
    assert listed(store, f"{noted}{elder}") == [(younger,)]
    part(store, elder, "second", "T2")
    assert listed(store, f"{noted}{younger}") == [(None,)]


def test_what_was_put_together_while_a_visit_went_on_is_withdrawn_as_one_when_nobody_lists_it_any_more(
    store: Store, two: tuple[TinyPortal, TinyPortal]
) -> None:
    elder, younger = number(store, "T1"), number(store, "T2")
    with store.read() as connection:
        held = known(connection, "second")  # as a visit read it that began before
    with store.write() as connection:
        joining.join(connection, elder, younger, why="one call", now=NOW)
    for name, key in (("first", "T1"), ("second", "T2")):
        with store.read() as connection:
            map_of = held if name == "second" else known(connection, name)
        for visit_id in (1, 2):
            with store.write() as connection:
                absence.note(connection, name, held=map_of, missing={key}, now=NOW + DAY, visit_id=visit_id)
                leading.hand_over(connection, name, {key}, held=map_of, now=NOW + DAY, visit_id=visit_id)
            map_of = map_of | {key: replace(map_of[key], missed=1)}
    (item,) = [item for item in everything(store) if item.id == elder]
    assert item.withdrawn_at == NOW + DAY
