"""Seventeen platforms over real sockets on one board: each is read, none is read twice, and what is one thing is told once."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from aggregator.intake import sources, standing
from aggregator.intake.pipeline import read_source
from aggregator.intake.result import Result
from aggregator.store.opportunities import every
from aggregator.store.secrets import Vault
from aggregator.store.session import Store
from config.settings import Settings
from tests.portals.more import More, running_more
from tests.portals.platforms import Platforms, running
from web.app import create_app

TODAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def platforms() -> Iterator[tuple[Platforms, More]]:
    with (
        running(today=TODAY, notices=400) as first,
        running_more(today=TODAY, een=first.een, ted_numbers=first.on_both[:2]) as more,
    ):
        yield first, more


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home", loopback_hosts=("127.0.0.1",), public_url="https://board.example.org")


def read_all(store: Store, settings: Settings, *, at: datetime) -> dict[str, Result]:
    with store.read() as connection:
        names = sources.names(connection)
    return {name: read_source(store, name, settings=settings, now=lambda: at) for name in names}


def fill(store: Store, settings: Settings, platforms: tuple[Platforms, More]) -> dict[str, Result]:
    first, more = platforms
    rows = [*first.sources(), *more.sources()]
    with store.write() as connection:
        for row in rows:
            given = {key: row[key] for key in ("connector", "title", "params")}
            sources.add(connection, row["name"], now=NOW, **given)
    vault = Vault(store, settings.home)
    for name, key in more.keys.items():
        vault.put(name, key)
    return read_all(store, settings, at=NOW)


def test_every_platform_is_read_whole_and_a_second_reading_brings_nothing(
    store: Store, settings: Settings, platforms: tuple[Platforms, More]
) -> None:
    done = fill(store, settings, platforms)
    assert {name: (result.kind, result.error) for name, result in done.items() if result.kind != "ok"} == {}
    assert {name: result.rejected for name, result in done.items() if result.rejected} == {}
    assert {name for name, result in done.items() if not result.seen} == set()
    again = read_all(store, settings, at=NOW + timedelta(days=1))
    assert {name: result.kind for name, result in again.items() if not result.good} == {}
    assert {name: (r.new, r.withdrawn) for name, r in again.items() if r.new or r.withdrawn} == {}
    # What is read again a day later says the same; only what a platform itself moved may have changed.
    assert sum(result.changed for result in again.values()) == 0


def test_the_board_shows_what_at_least_ten_platforms_say_and_one_thing_once(
    store: Store, settings: Settings, platforms: tuple[Platforms, More]
) -> None:
    fill(store, settings, platforms)
    with store.read() as connection:
        states = standing.states(connection)
        items = list(every(connection))
    connector = {state.name: state.connector for state in states}
    told_by = Counter(connector[notice.source] for item in items for notice in item.notices)
    assert len(told_by) >= 15
    # The mirror's profiles are the network's own, with an Italian title and a link to each.
    both = [item for item in items if {connector[n.source] for n in item.notices} == {"een", "een_lombardia"}]
    assert len(both) > 20
    assert all("it" in item.titles for item in both)
    tenders = [item for item in items if {"ted", "anac_pvl"} <= {connector[n.source] for n in item.notices}]
    assert tenders
    board = create_app(settings, store).test_client()
    with store.read() as connection:
        public = standing.states(connection, to="public")
    listed = {state: board.get(f"/opportunities?source={state.name}").text for state in public}
    shown = {connector[state.name] for state, page in listed.items() if '<li class="row' in page}
    assert len(shown) >= 10
    # Our LinkedIn page is for members: the public board lists nothing of it.
    assert "linkedin" not in shown
