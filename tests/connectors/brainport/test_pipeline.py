"""The fund in the whole pipeline: its page stays the same for months, and its closing days go on all the same."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

import connectors
from aggregator.store.opportunities import every
from aggregator.store.session import Store
from tests.aggregator.intake.reading import NOW, add, visit
from tests.portals.site_pages import PagesPortal

FUND = "<html lang=nl><main><h1>Stimuleringsfonds</h1><p>Voor projecten van partners uit de regio.</p></main></html>"


@pytest.fixture(autouse=True)
def only_this_connector(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    connectors.names.cache_clear()
    monkeypatch.setattr(connectors, "_modules", lambda: {"brainport": "connectors.brainport"})
    yield
    monkeypatch.undo()
    connectors.names.cache_clear()


def first_closing_day(store: Store) -> str:
    with store.read() as connection:
        (fund,) = every(connection)
    return str(next(day.on for day in fund.deadlines if day.kind == "submission"))


def test_a_page_that_says_the_same_for_months_still_gives_the_next_closing_day(store: Store) -> None:
    with PagesPortal({"/fonds": FUND}) as portal:
        add(store, "fund", "brainport", section="fund", start_url=f"{portal.url}/fonds")
        assert visit(store, "fund").new == 1
        assert first_closing_day(store) == "2027-01-01"
        later = visit(store, "fund", at=NOW + timedelta(days=60))
        assert (later.changed, later.withdrawn) == (1, 0)
        assert first_closing_day(store) == "2027-04-01"
