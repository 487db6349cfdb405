"""Which pages are kept, and for how long."""

import sqlalchemy as sa

from aggregator.intake import kept
from aggregator.intake.tables import pages
from aggregator.store.session import Store
from tests.aggregator.intake.reading import (
    DAY,
    HOUR,
    NOW,
    add_ted,
    add_tiny,
    one,
    visit,
)
from tests.aggregator.intake.tiny import TinyPortal, row, rows
from tests.portals.ted import TedPortal


def test_pages_of_the_last_twenty_visits_and_the_latest_of_each_address_are_kept_for_ninety_days(store: Store) -> None:
    with TinyPortal(rows=rows(12), size=6) as portal:
        name = add_tiny(store, portal)
        for n in range(23):
            portal.rows[0] = row(1, title=f"Cleaning, version {n}")
            visit(store, name, at=NOW + n * HOUR)
    with store.read() as connection:
        there = connection.execute(sa.select(pages.c.visit_id, pages.c.request_url).order_by(pages.c.id)).all()
    first = [visit_id for visit_id, url in there if url.endswith("page=1")]
    second = [visit_id for visit_id, url in there if url.endswith("page=2")]
    assert len(first) == 20
    assert len(second) == 1  # it never changed: the one of the first visit, long past the last twenty
    with store.write() as connection:
        assert kept.prune(connection, name, now=NOW + 91 * DAY) == 21


def test_pages_of_a_posted_search_do_not_pile_up_under_addresses_that_never_come_again(store: Store) -> None:
    with TedPortal(notices=60, today=NOW.date()) as portal:
        name = add_ted(store, portal, page_size=20)
        for n in range(23):
            assert visit(store, name, at=NOW + n * HOUR).good
    newest = one(store, "SELECT max(id) FROM visits")
    assert one(store, "SELECT min(visit_id) FROM pages") > newest - kept.KEEP_VISITS


def test_a_page_that_goes_by_age_takes_its_validators_along_and_the_next_visit_asks_for_the_whole(store: Store) -> None:
    with TinyPortal(rows=rows(3), tags=True) as portal:
        name = add_tiny(store, portal)
        visit(store, name)
        assert visit(store, name, at=NOW + HOUR).kind == "same"
        with store.write() as connection:
            assert kept.prune(connection, name, now=NOW + 91 * DAY) == 1
        assert one(store, "SELECT count(*) FROM memory WHERE key LIKE 'validators:%%'") == 0
        later = visit(store, name, at=NOW + 91 * DAY, mode="sweep")
    assert (later.kind, later.seen, later.same) == ("same", 3, 3)
    assert one(store, "SELECT count(*) FROM pages") == 1


def test_validators_stay_while_a_page_of_the_address_is_kept(store: Store) -> None:
    with TinyPortal(rows=rows(3), tags=True) as portal:
        name = add_tiny(store, portal)
        for n in range(23):
            portal.rows[0] = row(1, title=f"Cleaning, version {n}")
            visit(store, name, at=NOW + n * HOUR)
    assert one(store, "SELECT count(*) FROM pages") == 20
    assert one(store, "SELECT count(*) FROM memory WHERE key LIKE 'validators:%%'") == 1


def test_at_most_so_many_pages_go_in_one_transaction_as_are_asked(store: Store) -> None:
    with TinyPortal(rows=rows(12), size=2) as portal:
        name = add_tiny(store, portal)
        visit(store, name)
    gone = []
    for _ in range(4):
        with store.write() as connection:
            gone.append(kept.prune(connection, name, now=NOW + 91 * DAY, most=2))
    assert gone == [2, 2, 2, 0]


def test_the_rows_that_stand_aside_forget_a_page_that_is_gone(store: Store) -> None:
    with TinyPortal(rows=[*rows(9), row(10) | {"title": 7}]) as portal:
        name = add_tiny(store, portal)
        visit(store, name)
    assert one(store, "SELECT page_id FROM quarantine") == one(store, "SELECT id FROM pages")
    with store.write() as connection:
        kept.prune(connection, name, now=NOW + 91 * DAY)
    assert one(store, "SELECT page_id FROM quarantine") is None
