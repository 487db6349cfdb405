"""What becomes, in the next letters, of something that a letter has told."""

from datetime import date, datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

from aggregator.digest.candidates import untold
from aggregator.matching.tables import matches
from aggregator.store.opportunity import Opportunity
from aggregator.store.session import Store
from connectors.base.contract import Deadline
from tests.aggregator.digest.sample import NOW, tender
from tests.aggregator.digest.stored import enrol, keep, match, member
from tests.aggregator.digest.test_compose import WEEK, plan, tenders, write


def test_what_was_told_and_fits_no_longer_comes_back_neither_as_closing_nor_as_changed(
    store: Store, tmp_path: Path
) -> None:
    who = member()
    enrol(store, who)
    (item,) = tenders(store, 1)
    with store.write() as connection:
        match(connection, who, item)
    write(store, who, tmp_path)
    with store.write() as connection:
        connection.execute(sa.update(matches).values(state="dropped"))
    moved = tender(0, source="source-0", deadlines=(Deadline(on=date(2026, 12, 5), zone="Europe/Paris"),))
    keep(store, [moved], now=NOW + timedelta(days=2))
    assert plan(store, who, tmp_path, NOW + WEEK) is None
    # For another profile of the same member it is not new either: he was told, and hears what changed since.
    with store.write() as connection:
        match(connection, who, item, profile=1)
        assert untold(connection, who.id, now=NOW + WEEK) == set()
    digest = plan(store, who, tmp_path, NOW + WEEK)
    assert digest is not None
    assert [c.section for c in digest.items] == ["changed"]


def test_a_deadline_that_keeps_its_hour_and_changes_its_clock_is_told(store: Store, tmp_path: Path) -> None:
    who = member()
    enrol(store, who)

    def at(zone: str, now: datetime) -> Opportunity:
        noon = (Deadline(on=date(2027, 3, 1), at="12:00", zone=zone),)
        return keep(store, [tender(0, deadlines=noon)], now=now)[0]

    item = at("Europe/Paris", NOW)
    with store.write() as connection:
        match(connection, who, item)
    write(store, who, tmp_path)
    at("Europe/Rome", NOW + timedelta(days=1))
    assert plan(store, who, tmp_path, NOW + WEEK) is None
    at("Europe/Lisbon", NOW + timedelta(days=2))
    digest = plan(store, who, tmp_path, NOW + WEEK)
    assert digest is not None
    assert [(c.before, c.after) for c in digest.items[0].changes] == [
        ("2027-03-01T12:00+01:00", "2027-03-01T12:00+00:00")
    ]
