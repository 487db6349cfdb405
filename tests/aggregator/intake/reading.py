"""Sources in a real store, read from simulators over real sockets; and the whole store as values, to compare."""

from collections.abc import Callable, Collection
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from aggregator.intake import sources
from aggregator.intake.pipeline import VISIT_SECONDS, read_source
from aggregator.intake.result import Result
from aggregator.store.opportunities import every
from aggregator.store.opportunity import Opportunity
from aggregator.store.session import Store
from config.settings import Settings
from connectors.base.contract import Mode
from tests.aggregator.intake.carded import CardPortal
from tests.aggregator.intake.tiny import TinyPortal
from tests.portals.feeds import FeedPortal
from tests.portals.ted import PATH, TedPortal

NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(days=7)


def settings(**given: Any) -> Settings:
    """A deployment that may read the simulators."""
    return Settings.model_validate({"home": Path("unused"), "loopback_hosts": ["127.0.0.1", "localhost"], **given})


def add(store: Store, name: str, connector: str, *, now: datetime = NOW, **params: Any) -> str:
    with store.write() as connection:
        sources.add(connection, name, connector=connector, params=params, now=now)
    return name


def add_tiny(store: Store, portal: TinyPortal, name: str = "tiny") -> str:
    return add(store, name, "tiny", url=f"{portal.url}/list")


def add_ted(store: Store, portal: TedPortal, name: str = "ted", **params: Any) -> str:
    return add(store, name, "ted", endpoint=f"{portal.url}{PATH}", **params)


def add_carded(store: Store, portal: CardPortal, name: str = "carded", **params: Any) -> str:
    return add(store, name, "carded", url=portal.url, **params)


def add_feed(store: Store, portal: FeedPortal, name: str = "news", path: str = "/rss.xml") -> str:
    return add(store, name, "feed", url=f"{portal.url}{path}", lang="it")


def visit(
    store: Store,
    name: str,
    *,
    at: datetime = NOW,
    dry: bool = False,
    mode: Mode | None = None,
    stopping: Callable[[], bool] = lambda: False,
    time_limit: float = VISIT_SECONDS,
    patient: bool = True,
    home: Path = Path("unused"),
) -> Result:
    return read_source(
        store,
        name,
        settings=settings(home=home),
        dry=dry,
        mode=mode,
        stopping=stopping,
        time_limit=time_limit,
        patient=patient,
        now=lambda: at,
    )


def tables(store: Store, *, without: Collection[str] = ()) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, the text index and its shadows too, but for the tables that are named."""
    inspected = sa.inspect(store.engine)
    names = [name for name in inspected.get_table_names() if name not in without]
    with store.read() as connection:
        return {
            name: sorted((tuple(row) for row in connection.exec_driver_sql(f'SELECT * FROM "{name}"')), key=repr)
            for name in names
        }


def one(store: Store, query: str) -> Any:
    """The first value of a query."""
    with store.read() as connection:
        return connection.exec_driver_sql(query).scalar()


def listed(store: Store, query: str) -> list[tuple[Any, ...]]:
    with store.read() as connection:
        return [tuple(row) for row in connection.exec_driver_sql(query)]


def everything(store: Store) -> list[Opportunity]:
    with store.read() as connection:
        return list(every(connection))
