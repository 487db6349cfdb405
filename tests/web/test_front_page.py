"""The front page when much is read: no platform fills it, and what is well is counted instead of named."""

from datetime import timedelta

import sqlalchemy as sa
from flask.testing import FlaskClient

from aggregator.intake.tables import sources, visits
from aggregator.store.session import Store
from aggregator.store.tables import stamp
from connectors.base.contract import Title
from tests.web import seed
from tests.web.test_pages import soup, text


def add_many(store: Store, count: int) -> None:
    at = stamp(seed.NOW - timedelta(minutes=30))
    with store.write() as connection:
        for number in range(count):
            name = f"feed-{number}"
            row = {
                "name": name,
                "connector": "feed",
                "title": f"Fonte numero {number}",
                "params": '{"url":"https://a.example/"}',
            }
            connection.execute(sa.insert(sources).values(**row, enabled=True, added_at=at))
            visit = {
                "source": name,
                "mode": "recent",
                "started_at": at,
                "ended_at": at,
                "class": "ok",
                "complete": True,
            }
            connection.execute(sa.insert(visits).values(visit))


def test_of_many_sources_the_well_ones_are_counted_and_the_others_are_named(client: FlaskClient, store: Store) -> None:
    add_many(store, 20)
    said = text(soup(client, "/?lang=en"))
    assert "Fonte numero" not in said
    assert "sources are up to date, the latest read 30 minutes ago" in said
    # One that was not reached is not lost in the number.
    assert "Notizie delle cooperative : not reached" in said


def test_few_sources_are_named_one_by_one(client: FlaskClient) -> None:
    assert "up to date, the latest" not in text(soup(client, "/?lang=en"))


def test_what_is_new_is_not_all_of_one_platform(client: FlaskClient, store: Store) -> None:
    fresh = [
        seed.opportunity(source_id=f"9{n}-2026", titles={"it": Title(text=f"Fiera numero {n}")}, deadlines=[])
        for n in range(12)
    ]
    seed.put(store, *fresh)
    newest = [text(row) for row in soup(client, "/").select('section[aria-labelledby="new"] li.row')]
    fairs = [place for place, row in enumerate(newest) if "Fiera numero" in row]
    # Two of them, then everybody else's, and only then the places that are left.
    assert fairs[:2] == [0, 1]
    assert fairs[2] > 3
    assert fairs[2:] == list(range(fairs[2], len(newest)))
