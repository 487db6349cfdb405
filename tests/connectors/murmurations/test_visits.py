"""Whole visits, with the store: third parties' hosts, people's data, what is taken away. The simulator is the only host."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa

from aggregator.intake import sources
from aggregator.intake.pipeline import read_source
from aggregator.intake.result import Result
from aggregator.intake.tables import backlog
from aggregator.store.opportunities import every
from aggregator.store.session import Store
from aggregator.store.tables import notices
from config.settings import Settings
from connectors.base.contract import Mode
from tests.portals.murmurations import OFFERS, MurmurationsPortal
from tests.portals.server import Answer, Fault, json_answer


@pytest.fixture
def portal() -> Iterator[MurmurationsPortal]:
    with MurmurationsPortal(organisations=0, offers=30) as running:
        yield running


def pull(store: Store, portal: MurmurationsPortal, mode: Mode | None = None, **params: Any) -> Result:
    settings = Settings(loopback_hosts=("127.0.0.1",))
    with store.write() as database:
        if "index" not in sources.names(database):
            given = {"endpoint": portal.endpoint, "schemas": [OFFERS]} | params
            sources.add(database, "index", connector="murmurations", params=given, now=datetime.now(UTC))
    return read_source(store, "index", settings=settings, mode=mode, patient=False)


def profiles_asked(portal: MurmurationsPortal) -> int:
    return sum(call.path.startswith("/sites/") for call in portal.calls)


def test_offers_and_wants_come_into_the_store_and_stay_as_they_are(store: Store, portal: MurmurationsPortal) -> None:
    first = pull(store, portal)
    assert (first.kind, first.complete, first.new) == ("ok", True, 30)
    portal.calls.clear()
    again = pull(store, portal)
    assert (again.kind, again.new, again.changed) == ("same", 0, 0)
    assert profiles_asked(portal) == 0


def test_nothing_of_a_person_is_in_the_store(store: Store, portal: MurmurationsPortal) -> None:
    pull(store, portal)
    with store.read() as connection:
        written = " ".join(item.model_dump_json() for item in every(connection))
    assert "Bassani" not in written
    assert "fiorella" not in written


def test_an_organisation_takes_its_card_out_of_what_is_still_to_be_read(store: Store) -> None:
    with MurmurationsPortal(organisations=12, offers=3) as portal:
        done = pull(store, portal, schemas=["organizations_schema-v1.0.0", OFFERS])
        assert (done.kind, done.complete, done.rejected) == ("ok", True, 0)
        with store.read() as connection:
            assert connection.scalar(sa.select(sa.func.count()).select_from(backlog)) == 0
        portal.calls.clear()
        again = pull(store, portal, mode="sweep")
        assert (again.kind, again.complete) == ("same", True)
        assert profiles_asked(portal) == 0


def test_many_profiles_that_are_none_are_no_fault_of_the_index(store: Store, portal: MurmurationsPortal) -> None:
    for node in portal.nodes[:15]:
        node.answer = Answer(200, b"<html><title>Domain for sale</title></html>", {"content-type": "text/html"})
    done = pull(store, portal)
    assert (done.kind, done.complete, done.new, done.rejected) == ("ok", True, 15, 0)


def test_a_profile_that_cannot_be_had_waits_and_the_others_are_read(store: Store, portal: MurmurationsPortal) -> None:
    broken = portal.nodes[4]
    broken.answer = Answer(403)
    done = pull(store, portal)
    assert (done.kind, done.new) == ("partial", 29)
    broken.answer = None
    portal.calls.clear()
    assert pull(store, portal).new == 1
    assert profiles_asked(portal) == 1


def test_an_inside_address_in_the_index_is_asked_for_by_nobody(store: Store, portal: MurmurationsPortal) -> None:
    portal.add(OFFERS, url="http://10.1.2.3/profile.json")
    done = pull(store, portal)
    assert (done.kind, done.new) == ("partial", 30)
    assert "1 details are still to be read" in str(done.error)


def test_what_the_index_calls_deleted_is_withdrawn_at_once(store: Store, portal: MurmurationsPortal) -> None:
    pull(store, portal)
    for number in range(10):
        portal.delete(number)
    done = [pull(store, portal, mode="recent") for _ in range(2)]
    assert [each.good for each in done] == [True, True]
    assert [each.withdrawn for each in done] == [10, 0]
    with store.read() as connection:
        gone = sa.select(sa.func.count()).where(notices.c.withdrawn_at.is_not(None))
        assert connection.scalar(gone) == 10


def test_a_changed_offer_is_read_again_by_an_ordinary_visit(store: Store, portal: MurmurationsPortal) -> None:
    pull(store, portal)
    portal.change(5, title="Something else")
    portal.calls.clear()
    done = pull(store, portal)
    assert (done.kind, done.changed) == ("ok", 1)
    assert profiles_asked(portal) == 1
    asked = {call.query["status"]: int(call.query["last_updated"]) for call in portal.calls if "status" in call.query}
    assert asked["posted"] > asked["deleted"] > 10**12


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (json_answer({"errors": [{"title": "Max Results Exceeded", "detail": "more"}]}, status=400), "config"),
        (Answer(429, headers={"retry-after": "120"}), "throttled"),
        (Answer(500), "transient"),
        (Answer(200, b"<html><title>Log in</title><input type=password></html>"), "suspicious"),
        (json_answer({"nodes": []}), "drift"),
    ],
)
def test_the_index_itself_fails_as_what_it_is(
    store: Store, portal: MurmurationsPortal, answer: Answer, kind: str
) -> None:
    portal.fail(Fault(answer=answer, when=lambda call: call.path == "/v2/nodes", times=0))
    assert pull(store, portal).kind == kind


def test_the_title_that_a_board_shows_is_the_profile_s_own(store: Store, portal: MurmurationsPortal) -> None:
    pull(store, portal)
    titles = {node.profile["title"] for node in portal.nodes}
    with store.read() as connection:
        shown = {title.text for item in every(connection) for title in item.titles.values()}
    assert shown == titles
