"""The network and its mirror tell of one profile: one opportunity, in two languages, whoever is read first."""

from collections.abc import Iterator
from datetime import date

import pytest

from aggregator.intake import sources
from aggregator.store.search import Query, find
from aggregator.store.session import Store
from tests.aggregator.intake.reading import DAY, NOW, add, everything, visit
from tests.portals.anac_pvl import AnacPortal
from tests.portals.een import PATH as EEN_PATH
from tests.portals.een import EenPortal
from tests.portals.een_lombardia import PATH as MIRROR_PATH
from tests.portals.een_lombardia import LombardiaPortal
from tests.portals.ted import PATH as TED_PATH
from tests.portals.ted import TedPortal

TODAY = date(2026, 11, 20)


@pytest.fixture
def both(store: Store) -> Iterator[tuple[EenPortal, LombardiaPortal]]:
    """The network lists thirty profiles, its mirror twenty-four of them; each is a source."""
    network = EenPortal(profiles=30, seed=5, today=TODAY)
    mirror = LombardiaPortal(profiles=network.listed()[:24], today=TODAY)
    with network, mirror:
        add(store, "een", "een", endpoint=network.url + EEN_PATH)
        add(store, "een-lombardia", "een_lombardia", endpoint=mirror.url + MIRROR_PATH)
        yield network, mirror


def leaders(store: Store) -> set[tuple[str, ...]]:
    return {tuple(notice.source for notice in item.notices) for item in everything(store)}


@pytest.mark.parametrize("order", [("een", "een-lombardia"), ("een-lombardia", "een")], ids=" then ".join)
def test_each_profile_is_one_opportunity_led_by_the_network_with_the_italian_title(
    store: Store, both: tuple[EenPortal, LombardiaPortal], order: tuple[str, str]
) -> None:
    network, mirror = both
    assert [visit(store, name, mode="sweep").kind for name in order] == ["ok", "ok"]
    items = {item.notices[0].source_id: item for item in everything(store)}
    assert set(items) == {one.reference for one in network.listed()}
    assert leaders(store) == {("een",), ("een", "een-lombardia")}
    for one in mirror.listed():
        item = items[one.reference or ""]
        english = next(each for each in network.listed() if each.reference == one.reference)
        assert {lang: title.text for lang, title in item.titles.items()} == {"en": english.title, "it": one.title}
        assert item.title("it", "en") == (one.title, "it")
        assert item.link("it") == item.notices[1].url
        assert (item.lang, bool(item.countries), bool(item.codes)) == ("en", True, True)
        assert "Open Innovation" in item.rights.attribution


def test_an_italian_word_finds_what_only_the_mirror_says_in_italian(
    store: Store, both: tuple[EenPortal, LombardiaPortal]
) -> None:
    for name in ("een", "een-lombardia"):
        visit(store, name, mode="sweep")
    word = both[1].listed()[0].title.split()[0]
    with store.read() as connection:
        found = find(connection, Query(text=word, statuses=()), now=NOW)
    assert both[1].listed()[0].reference in {item.notices[0].source_id for item in found.items}


def test_a_second_reading_of_both_changes_nothing(store: Store, both: tuple[EenPortal, LombardiaPortal]) -> None:
    for name in ("een", "een-lombardia"):
        visit(store, name, mode="sweep")
    before = everything(store)
    for name in ("een-lombardia", "een"):
        result = visit(store, name, at=NOW + DAY, mode="sweep")
        assert (result.kind, result.new, result.changed, result.withdrawn) == ("same", 0, 0, 0)
    assert everything(store) == before


def test_when_the_network_is_read_no_more_its_mirror_speaks_and_the_english_title_stays(
    store: Store, both: tuple[EenPortal, LombardiaPortal]
) -> None:
    for name in ("een", "een-lombardia"):
        visit(store, name, mode="sweep")
    with store.write() as connection:
        sources.change(connection, "een", now=NOW, enabled=False)
    pairs = [item for item in everything(store) if len(item.notices) == 2]
    assert len(pairs) == len(both[1].listed())
    for item in pairs:
        assert item.notices[0].source == "een-lombardia"
        assert (set(item.titles), item.lang) == ({"it", "en"}, "it")
        assert item.link("en") == item.notices[1].url


def test_a_tender_of_anac_gives_way_to_ted_which_gave_the_number(store: Store) -> None:
    with TedPortal(notices=40, today=TODAY) as ted:
        numbers = tuple(ted.notice(index).number for index in range(38, 40))
        with AnacPortal(a_day=200, days=2, today=TODAY, ted_numbers=numbers) as anac:
            add(store, "anac", "anac_pvl", endpoint=anac.endpoint, days=30)
            add(store, "ted", "ted", endpoint=ted.url + TED_PATH)
            visit(store, "anac")
            visit(store, "ted", mode="sweep")
    joined = [item for item in everything(store) if len(item.notices) == 2]
    assert {tuple(notice.source for notice in item.notices) for item in joined} == {("ted", "anac")}
    assert {f"ted:{item.notices[0].source_id}" for item in joined} <= {f"ted:{number}" for number in numbers}
    services = [item for item in everything(store) if "cpv:85320000" in item.codes]
    assert services, "the label of a trade has become its code"
    assert not [code for item in everything(store) for code in item.codes if code.startswith("cpv-label:")]
