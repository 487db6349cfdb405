"""A federation reads a federation: nothing is lost on the way, nothing comes round twice, what is withdrawn goes."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from aggregator.rights import shown
from aggregator.store.opportunities import get
from aggregator.store.opportunity import Opportunity
from aggregator.store.tables import notices, opportunities, unpack
from connectors.base.contract import Notice
from tests.connectors.members.installations import Installation, installation, wish


@pytest.fixture
def a(tmp_path: Path) -> Iterator[Installation]:
    with installation(tmp_path / "a", "Federazione A") as made:
        yield made


@pytest.fixture
def b(tmp_path: Path) -> Iterator[Installation]:
    with installation(tmp_path / "b", "Fédération B") as made:
        yield made


def held(where: Installation) -> list[Notice]:
    with where.store.read() as connection:
        rows = connection.execute(sa.select(notices.c.doc).order_by(notices.c.source, notices.c.source_id))
        return [Notice.model_validate_json(unpack(row.doc)) for row in rows]


def items(where: Installation) -> list[Opportunity]:
    with where.store.read() as connection:
        found = [
            get(connection, id) for id in connection.scalars(sa.select(opportunities.c.id).order_by(opportunities.c.id))
        ]
    return [item for item in found if item is not None]


def test_what_one_publishes_the_other_holds_word_for_word(a: Installation, b: Installation) -> None:
    entered = a.enter(wish())
    a.reads("members")
    b.reads("from-a", a.feed)
    assert (a.pull("members").kind, b.pull("from-a").kind) == ("ok", "ok")
    (at_home,), (abroad,) = held(a), held(b)
    assert abroad == at_home == a.notice(entered)
    assert abroad.same_as == (f"worldwidewe:{a.host}:{entered.id}",)
    (item,) = items(b)
    now = item.first_seen
    seen = shown(item, to="public", now=now)
    assert (seen.visible, seen.attribution) == (True, f"Federazione A ({a.host})")
    assert seen.body is not None
    assert "Associazione temporanea" in seen.body


def test_a_visit_of_a_feed_that_did_not_change_writes_nothing(a: Installation, b: Installation) -> None:
    a.enter(wish())
    b.reads("from-a", a.feed)
    b.pull("from-a")
    again = b.pull("from-a")
    assert (again.kind, again.seen, again.new, again.changed) == ("same", 1, 0, 0)


def test_what_is_for_members_only_stays_at_home_and_reaches_them(a: Installation, b: Installation) -> None:
    secret = a.enter(wish(title="Solo per i soci: cerchiamo un fornitore"), public=False)
    a.reads("members")
    b.reads("from-a", a.feed)
    assert a.pull("members").new == 1
    assert b.pull("from-a").seen == 0
    (item,) = items(a)
    assert not shown(item, to="public", now=item.first_seen).visible
    assert shown(item, to="member", now=item.first_seen).body
    assert f"/requests/{secret.id}?key=" in item.url


def test_what_is_withdrawn_is_withdrawn_everywhere_after_two_visits(a: Installation, b: Installation) -> None:
    first, _ = a.enter(wish()), a.enter(wish(title="Cerchiamo un secondo partner"))
    a.reads("members")
    b.reads("from-a", a.feed)
    a.pull("members"), b.pull("from-a")
    a.withdraw(first)
    for source, where in (("members", a), ("from-a", b)):
        assert where.pull(source).withdrawn == 0
        assert where.pull(source).withdrawn == 1
        gone = {item.title("it", "en")[0]: item.withdrawn_at is not None for item in items(where)}
        assert gone == {first.request.title: True, "Cerchiamo un secondo partner": False}


def test_what_has_passed_its_last_day_leaves_the_feed(a: Installation, b: Installation) -> None:
    a.enter(wish(expires="2020-01-31"))
    b.reads("from-a", a.feed)
    assert b.pull("from-a").seen == 0


def test_two_that_read_each_other_hold_each_request_once_however_often_they_read(
    a: Installation, b: Installation
) -> None:
    a.enter(wish(title="Cerchiamo legno lamellare"))
    b.enter(wish(title="Offriamo legno lamellare", kind="offer"))
    for where, other in ((a, b), (b, a)):
        where.reads("members")
        where.reads("other", other.feed)
    for _ in range(3):
        for where in (a, b):
            assert where.pull("members").complete
            assert where.pull("other").complete
    for where in (a, b):
        assert sorted(item.title("it", "en")[0] for item in items(where)) == [
            "Cerchiamo legno lamellare",
            "Offriamo legno lamellare",
        ]


def test_one_that_reads_itself_says_everything_once(a: Installation) -> None:
    a.enter(wish())
    a.reads("members")
    a.reads("mirror", a.feed)
    a.pull("members"), a.pull("mirror"), a.pull("mirror")
    (item,) = items(a)
    assert {origin.source for origin in item.notices} == {"members", "mirror"}


def test_an_accidentally_lost_file_withdraws_nothing_and_is_written_anew(a: Installation) -> None:
    a.enter(wish())
    a.reads("members")
    assert a.pull("members").new == 1
    (a.settings.home / "drop" / "members" / "requests.jsonl").unlink()
    lost = [a.pull("members") for _ in range(3)]
    assert [(one.kind, one.withdrawn) for one in lost] == [("config", 0)] * 3
    assert "worldwidewe requests rebuild" in str(lost[0].error)
    a.write()
    assert (a.pull("members").kind, items(a)[0].withdrawn_at) == ("same", None)


def test_a_new_installation_without_requests_has_no_trouble(a: Installation) -> None:
    a.reads("members")
    assert [a.pull("members").kind for _ in range(2)] == ["ok", "ok"]
