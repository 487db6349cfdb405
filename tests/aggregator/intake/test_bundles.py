"""A bundle reads nothing and holds no state: it is switched, opened and shown as its members are."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from aggregator.intake import bundles, sources, standing
from aggregator.intake.tables import sources as rows
from aggregator.intake.tables import visits
from aggregator.store.secrets import Kept
from aggregator.store.session import Store
from aggregator.store.tables import stamp
from connectors.base.contract import ParamError

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
KEY = Kept("sam-gov", NOW, None)


@pytest.fixture
def bundled(store: Store) -> Store:
    """A bundle of a feed, of SAM.gov, which needs a key, and of one that is no source here; all off."""
    with store.write() as connection:
        add(connection, "valley", "feed", {"url": "https://valley.example.org/feed.xml"})
        add(connection, "sam", "sam_gov", {})
        add(connection, "other", "feed", {"url": "https://other.example.org/feed.xml"})
        add(connection, "family", "business_usa", {"members": ["valley", "sam", "nowhere", "family"]})
    return store


def add(connection: sa.Connection, name: str, connector: str, params: dict[str, Any]) -> None:
    sources.add(connection, name, connector=connector, params=params, now=NOW, enabled=False)


def switch(store: Store, *, on: bool = True, kept: tuple[Kept, ...] = ()) -> bundles.Switched:
    with store.write() as connection:
        return bundles.switch(connection, "family", on=on, kept=kept, now=NOW)


def is_on(store: Store) -> set[str]:
    with store.read() as connection:
        return {state.name for state in standing.states(connection) if state.enabled}


def family(store: Store) -> standing.SourceState:
    with store.read() as connection:
        return next(state for state in standing.states(connection) if state.name == "family")


def visited(store: Store, name: str, kind: str, at: datetime, error: str | None = None) -> None:
    with store.write() as connection:
        moments = {"started_at": stamp(at), "ended_at": stamp(at)}
        row = {"source": name, "mode": "recent", "class": kind, "error": error, **moments}
        connection.execute(sa.insert(visits).values(row))


def test_members_are_switched_on_as_one_and_what_lacks_its_key_says_which_and_where(bundled: Store) -> None:
    done = switch(bundled)
    assert (done.on, done.unknown) == (("valley",), ("nowhere",))
    ((member, why),) = done.waiting
    assert member == "sam"
    assert "key sam-gov" in why
    assert "https://sam.gov/" in why
    assert "worldwidewe keys set sam-gov" in why
    assert is_on(bundled) == {"valley", "family"}


def test_with_its_key_every_member_is_on_and_all_go_off_together(bundled: Store) -> None:
    assert switch(bundled, kept=(KEY,)).on == ("valley", "sam")
    assert is_on(bundled) == {"valley", "sam", "family"}
    assert switch(bundled, on=False).off == ("valley", "sam")
    assert is_on(bundled) == set()


def test_a_member_whose_row_is_wrong_is_named_and_holds_up_no_other(bundled: Store) -> None:
    switch(bundled, kept=(KEY,))
    with bundled.write() as connection:
        connection.execute(sa.update(rows).where(rows.c.name == "valley").values(params='{"nothing": 1}'))
    done = switch(bundled, on=False)
    assert (done.off, [member for member, _ in done.wrong]) == (("sam",), ["valley"])
    assert any("valley stays as it is: nothing: " in line for line in bundles.said(done, "family"))


def test_a_bundle_is_never_due_even_where_its_row_is_on(bundled: Store) -> None:
    switch(bundled)
    with bundled.write() as connection:
        sources.change(connection, "family", now=NOW, enabled=True)
        assert sources.due(connection, now=NOW + timedelta(days=1)) == ["valley"]


def test_its_members_that_are_on_are_read_in_its_place_and_each_once(bundled: Store) -> None:
    switch(bundled, kept=(KEY,))
    with bundled.read() as connection:
        assert bundles.opened(connection, ["family"]) == ["valley", "sam"]
        assert bundles.opened(connection, ["sam", "other", "family"]) == ["sam", "other", "valley"]
        assert bundles.opened(connection, ["unheard-of"]) == ["unheard-of"]


def test_a_bundle_without_a_member_that_is_on_says_how_to_change_that(bundled: Store) -> None:
    with bundled.read() as connection, pytest.raises(ParamError, match="worldwidewe sources set family --on"):
        bundles.opened(connection, ["family"])


def test_it_is_well_while_one_member_is_and_counts_those_that_are_on(bundled: Store) -> None:
    switch(bundled, kept=(KEY,))
    visited(bundled, "valley", "ok", NOW - timedelta(hours=5))
    visited(bundled, "sam", "auth", NOW - timedelta(hours=1), "the key is not accepted")
    state = family(bundled)
    assert (state.last_class, state.last_error) == ("ok", None)
    assert (state.last_good, state.last_visit) == (NOW - timedelta(hours=5), NOW - timedelta(hours=1))
    assert state.next_visit == NOW


def test_it_is_ill_when_all_are_and_says_who_and_why(bundled: Store) -> None:
    switch(bundled, kept=(KEY,))
    visited(bundled, "valley", "transient", NOW - timedelta(hours=5), "no answer")
    visited(bundled, "sam", "auth", NOW - timedelta(hours=1), "the key is not accepted")
    state = family(bundled)
    assert (state.last_class, state.last_error) == ("auth", "sam: the key is not accepted")
    assert state.last_good is None


def test_a_member_that_is_off_does_not_speak_while_another_is_on(bundled: Store) -> None:
    visited(bundled, "sam", "ok", NOW - timedelta(hours=1))
    switch(bundled)
    visited(bundled, "valley", "gone", NOW - timedelta(hours=2), "nothing is there")
    state = family(bundled)
    assert (state.enabled, state.last_class, state.last_good) == (True, "gone", None)


def test_it_is_confirmed_when_every_member_is_by_the_oldest_day(bundled: Store) -> None:
    switch(bundled, kept=(KEY,))
    for name, day in (("valley", "2026-11-01"), ("sam", "2026-10-01")):
        assert family(bundled).confirmed_live is None
        with bundled.write() as connection:
            connection.execute(sa.update(rows).where(rows.c.name == name).values(confirmed_live=day))
    assert family(bundled).confirmed_live == date(2026, 10, 1)


def test_a_bundle_holds_no_bundle(bundled: Store) -> None:
    with bundled.write() as connection:
        add(connection, "outer", "business_usa", {"members": ["family", "valley"]})
        done = bundles.switch(connection, "outer", on=True, kept=(), now=NOW)
        assert (done.on, done.unknown) == (("valley",), ("family",))
        assert bundles.opened(connection, ["outer"]) == ["valley"]


def test_what_was_done_is_said_in_lines_for_a_person(bundled: Store) -> None:
    on, sam, nowhere = bundles.said(switch(bundled), "family")
    assert on == "switched on: valley"
    assert sam.startswith("sam stays off: it needs the key sam-gov: ")
    assert nowhere == "nowhere is no source of this installation"


@pytest.mark.parametrize(
    "url",
    [
        "http://business.usa.gov/api/XML?keyword=x",
        "https://www.business.usa.gov/",
        "https://API.Business.USA.gov/data",
        "http://help.business.usa.gov./",
        "https://www.fbo.gov/rss",
        "https://api.trade.gov/v2/trade_events/search",
    ],
)
def test_an_address_of_a_platform_that_has_closed_becomes_no_source(store: Store, url: str) -> None:
    with store.write() as connection, pytest.raises(ParamError, match=r"url: .* closed in .*20\d\d"):
        sources.add(connection, "old", connector="feed", params={"url": url}, now=NOW)
