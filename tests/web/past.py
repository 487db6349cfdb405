"""One opportunity with a past: told twice, put together, changed; and what its page says of it.

The one thing to know: everything goes through the store as visits would bring it.
"""

from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from bs4 import BeautifulSoup
from flask import Flask

from aggregator.intake import joining
from aggregator.store.opportunity import Opportunity, Provenance
from aggregator.store.session import Store
from aggregator.store.tables import notices
from connectors.base.contract import Title
from tests.web import seed
from tests.web.test_pages import soup, text

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
FIRST = seed.samples()[0]


def moved(to: int, at: str = "12:00") -> Opportunity:
    """The first sample with its deadline so many days from now."""
    return FIRST.model_copy(
        update={"deadlines": (FIRST.deadlines[0].model_copy(update={"on": seed.day(to), "at": at}), FIRST.deadlines[1])}
    )


def told(page: BeautifulSoup, selector: str = ".changes li") -> list[str]:
    return [" ".join(text(li).split()) for li in page.select(selector)]


def page(app: Flask, id: int = 1, language: str = "en") -> BeautifulSoup:
    return soup(app.test_client(), f"/opportunities/{id}?lang={language}")


def told_twice(store: Store, **facts: Any) -> int:
    """What another source says of the first sample; the number of the opportunity behind which both stand."""
    rights = facts.pop("rights", FIRST.rights)
    origin = Provenance(
        source="ted-reserved",
        source_id="R-17",
        url="https://mirror.example.net/it/avvisi/R-17",
        fetched_at=seed.NOW - 3 * HOUR,
    )
    other = FIRST.model_copy(update={"notices": (origin,), "rights": rights, **facts})
    seed.put(store, other, now=seed.NOW - DAY)
    with store.read() as connection:
        query = sa.select(notices.c.opportunity_id).where(notices.c.source_id == "R-17")
        id: int = connection.execute(query).scalar_one()
    return id


def merged(store: Store, *, by: Any = "key", because: str = "ted:100001-2026", **facts: Any) -> int:
    """Put the first sample and what another source says of it together by hand; the number that the other had."""
    apart = {"titles": {"it": Title(text="Altro titolo")}, "organisation": None, "codes": (), "budget": None}
    other = told_twice(store, **apart, **facts)
    assert other != 1
    with store.write() as connection:
        assert joining.merge(connection, 1, other, by=by, because=because, now=seed.NOW - HOUR) is not None
    return other
