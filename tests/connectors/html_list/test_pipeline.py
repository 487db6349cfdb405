"""A site in the whole pipeline: what is withdrawn when it leaves a list, and what is not."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

import connectors
from aggregator.store.session import Store
from tests.aggregator.intake.reading import DAY, NOW, WEEK, add, one, visit
from tests.connectors.html_list.conftest import MARKED
from tests.portals import site
from tests.portals.site import SitePortal


@pytest.fixture(autouse=True)
def only_this_connector(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    there = {name: f"connectors.generic.{name}" for name in ("html_list", "page_watch")}
    connectors.names.cache_clear()
    monkeypatch.setattr(connectors, "_modules", lambda: there)
    yield
    monkeypatch.undo()
    connectors.names.cache_clear()


@pytest.fixture
def small() -> Iterator[SitePortal]:
    with SitePortal(items=24) as running:
        yield running


def add_site(store: Store, portal: SitePortal, **params: Any) -> str:
    chosen = {**MARKED, "list_urls": [f"{portal.url}/bandi?pagina={{page}}"], **params}
    return add(store, "site", "html_list", **chosen)


def withdrawn(store: Store) -> int:
    return int(one(store, "SELECT count(*) FROM notices WHERE withdrawn_at IS NOT NULL"))


def test_F17_what_two_full_readings_of_a_whole_list_miss_is_withdrawn(store: Store, small: SitePortal) -> None:
    add_site(store, small, complete=True, total_selector=".totale")
    first = visit(store, "site")
    assert (first.kind, first.new) == ("ok", len(small.open))
    small.remove(23)
    assert [visit(store, "site", at=NOW + turn * WEEK).withdrawn for turn in (1, 2)] == [0, 1]


def test_what_leaves_a_window_is_never_withdrawn(store: Store, small: SitePortal) -> None:
    add_site(store, small)
    visit(store, "site")
    small.remove(23)
    for turn in range(1, 5):
        visit(store, "site", at=NOW + turn * WEEK)
    assert withdrawn(store) == 0


def test_what_gets_the_badge_of_what_is_over_is_withdrawn_by_two_visits(store: Store, small: SitePortal) -> None:
    add_site(store, small)
    visit(store, "site")
    small.close(23)
    small.close(21)
    assert visit(store, "site", at=NOW + DAY).withdrawn == 0
    # The page has not changed since, and says it a second time all the same.
    assert visit(store, "site", at=NOW + 2 * DAY).withdrawn == 2
    assert visit(store, "site", at=NOW + 3 * DAY).kind == "same"


def test_F8_a_page_on_which_everything_is_over_all_at_once_withdraws_nothing(store: Store) -> None:
    with SitePortal(items=60) as portal:
        add_site(store, portal, follow_details=True, max_pages=1)
        visit(store, "site")
        for number in portal.listed[:10]:
            portal.close(number)
        for turn in range(1, 4):
            assert visit(store, "site", at=NOW + turn * DAY).kind == "suspicious"
    assert withdrawn(store) == 0


def test_many_badges_on_a_list_are_no_pages_that_are_gone(store: Store) -> None:
    with SitePortal(items=60) as portal:
        add_site(store, portal, follow_details=True, max_pages=2)
        assert visit(store, "site").kind == "ok"
        for number in portal.listed[:20:2]:
            portal.close(number)
        assert visit(store, "site", at=NOW + DAY).kind in ("ok", "same")


def test_old_calls_on_later_pages_do_not_come_in_as_open_ones(store: Store) -> None:
    with SitePortal(items=60) as portal:
        for number in portal.listed[10:]:
            portal.close(number)
        add_site(store, portal, max_pages=3)
        assert visit(store, "site").new == len([number for number in portal.listed[:10] if number in portal.open])


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (site.changed_markup, "drift"),
        (site.lost_links, "drift"),
        (site.login_page, "suspicious"),
        (site.challenge, "suspicious"),
    ],
)
def test_F8_a_list_that_cannot_be_read_leaves_everything_as_it_was(
    store: Store, small: SitePortal, fault: Any, kind: str
) -> None:
    add_site(store, small, complete=True, total_selector=".totale")
    visit(store, "site")
    small.fail(fault())
    for turn in range(1, 4):
        result = visit(store, "site", at=NOW + turn * WEEK)
        assert (result.kind, result.complete, result.withdrawn) == (kind, False, 0)


def test_F20_items_that_lead_to_the_front_door_are_no_notices(store: Store, small: SitePortal) -> None:
    add_site(store, small, follow_details=True)
    small.fail(replace(site.to_the_front_door(), times=0))
    result = visit(store, "site")
    assert (result.kind, result.new, result.withdrawn) == ("suspicious", 0, 0)


def test_a_lying_pager_makes_a_sweep_incomplete(store: Store, small: SitePortal) -> None:
    add_site(store, small, complete=True)
    visit(store, "site")
    small.fail(site.repeating_pager())
    for turn in range(1, 4):
        result = visit(store, "site", at=NOW + turn * WEEK)
        assert (result.complete, result.withdrawn) == (False, 0)


def test_a_change_of_a_watched_page_is_one_notice_and_the_cursor_stays(store: Store, small: SitePortal) -> None:
    add(store, "avvisi", "page_watch", url=f"{small.url}/avvisi", lang="it")
    assert visit(store, "avvisi").new == 0
    small.lines.append("Nuovo bando per le cooperative.")
    assert [visit(store, "avvisi", at=NOW + turn * DAY).new for turn in (1, 2, 3)] == [1, 0, 0]
    assert one(store, "SELECT count(*) FROM opportunities") == 1
