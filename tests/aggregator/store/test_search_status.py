"""Open or closed is told twice, by a function and by SQL; here the two are held against each other."""

import itertools
from datetime import UTC, date, datetime, timedelta
from typing import Any, get_args

import sqlalchemy as sa

from aggregator.store.opportunity import Status, status
from aggregator.store.search import Query, find
from aggregator.store.session import Store
from aggregator.store.tables import notices, opportunities, stamp
from connectors.base.contract import Deadline
from tests.aggregator.store.sample import NOW, all_of, draft, keep

_DAY = date(2027, 1, 12)
_DEADLINES: list[list[Deadline]] = [
    [],
    [Deadline(on=_DAY)],
    [Deadline(on=_DAY, at="12:00", zone="Europe/Paris")],
    [Deadline(on=_DAY, at="12:00", zone="Pacific/Auckland"), Deadline(on=_DAY, zone="America/Los_Angeles")],
    [Deadline(on=_DAY, kind="stage")],
    [Deadline(on=_DAY, kind="stage"), Deadline(on=_DAY - timedelta(days=3), kind="eoi")],
    [Deadline(certainty="continuous")],
    [Deadline(certainty="until_funds"), Deadline(on=_DAY, at="00:00")],
    [Deadline(certainty="not_stated")],
    [Deadline(on=date(2026, 10, 25), at="02:30", zone="Europe/Rome")],  # that hour comes twice
    [Deadline(on=date(2027, 3, 28), at="02:30", zone="Europe/Rome")],  # that hour never comes
]
_OPENS: list[date | datetime | None] = [None, date(2027, 1, 5), datetime(2027, 1, 5, 9, 0, 0, 500_000, tzinfo=UTC)]
_CODES: list[tuple[str, ...]] = [(), ("stage:planning",)]


def instants() -> list[datetime]:
    """Moments around every edge: a second before, the second itself, within it, a second after."""
    edges = [
        datetime(2027, 1, 12, 23, 59, 59, tzinfo=UTC) - timedelta(hours=1),
        datetime(2027, 1, 12, 11, 0, tzinfo=UTC),
        datetime(2027, 1, 11, 23, 0, tzinfo=UTC),
        datetime(2027, 1, 13, 7, 59, 59, tzinfo=UTC),
        datetime(2027, 1, 9, 22, 59, 59, tzinfo=UTC),
        datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
        datetime(2026, 10, 25, 1, 30, tzinfo=UTC),
        datetime(2027, 3, 28, 1, 30, tzinfo=UTC),
        datetime(2027, 1, 4, 23, 0, tzinfo=UTC),
        datetime(2027, 1, 5, 9, 0, tzinfo=UTC),
    ]
    steps = (timedelta(seconds=-1), timedelta(), timedelta(microseconds=600_000), timedelta(seconds=1))
    return [edge + step for edge in edges for step in steps]


def test_the_status_in_sql_is_the_status_of_the_function_at_every_edge(store: Store) -> None:
    facts: list[dict[str, Any]] = [
        {"deadlines": deadlines, "opens_at": opens, "codes": codes}
        for deadlines, opens, codes in itertools.product(_DEADLINES, _OPENS, _CODES)
    ]
    keep(store, [draft(str(n), **fact) for n, fact in enumerate([*facts, *facts[:12]])])
    with store.write() as connection:
        gone = opportunities.c.id > len(facts)
        connection.execute(sa.update(opportunities).where(gone).values(withdrawn_at=stamp(NOW)))
        connection.execute(
            sa.update(notices).where(notices.c.opportunity_id > len(facts)).values(withdrawn_at=stamp(NOW))
        )
    items = all_of(store)
    met: set[str] = set()
    with store.read() as connection:
        for now in instants():
            told = {item.id: status(item, now) for item in items}
            met |= set(told.values())
            for name in get_args(Status):
                found = find(connection, Query(statuses=(name,)), now=now, size=1_000)
                said = {item.id for item in found.items}
                assert said == {id for id, one in told.items() if one == name}, (name, now)
                assert found.total == len(said)
    assert met == set(get_args(Status))


def test_the_nearest_deadline_comes_first_and_what_has_none_after_the_dated(store: Store) -> None:
    first = keep(
        store,
        [
            draft("none"),
            draft("far", deadlines=[Deadline(on=date(2027, 3, 1))]),
            draft("near", deadlines=[Deadline(on=date(2026, 12, 1))]),
            # The first of two has passed: the second counts.
            draft("two", deadlines=[Deadline(on=date(2026, 11, 1), kind="eoi"), Deadline(on=date(2027, 1, 1))]),
        ],
    ).new
    assert len(first) == 4
    with store.read() as connection:
        found = find(connection, Query(), now=NOW)
    assert [item.notices[0].source_id for item in found.items] == ["near", "two", "far", "none"]
