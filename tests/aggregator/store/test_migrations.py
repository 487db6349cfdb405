"""The store comes up from nothing, stays as it is, refuses what is newer, and is what the tables say."""

import importlib
import pkgutil
import re
import threading

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext

import aggregator
from aggregator.store import migrations
from aggregator.store.migrations import StoreTooNew, current, newest, upgrade
from aggregator.store.session import Store, open_store
from aggregator.store.tables import metadata
from tests.aggregator.intake.reading import tables
from tests.aggregator.store.sample import draft, keep

_BY_HAND = "(opportunity|directory)_words|opportunity_terms|vocabulary"


def all_tables() -> sa.MetaData:
    """The tables of every room; a room is known when its `tables` module is imported."""
    for room in pkgutil.walk_packages(aggregator.__path__, "aggregator."):
        if room.name.endswith(".tables"):
            importlib.import_module(room.name)
    return metadata


def test_an_empty_store_is_brought_up_and_a_second_time_nothing_happens(store_url: str) -> None:
    store = open_store(store_url)
    with store.read() as connection:
        assert current(connection) is None
    upgrade(store)
    keep(store, [draft("A")])
    before = tables(store)
    upgrade(store)
    with store.read() as connection:
        assert current(connection) == newest()
    assert tables(store) == before
    store.close()


def test_two_processes_that_start_together_on_an_empty_store_both_come_up(store_url: str) -> None:
    stores = [open_store(store_url) for _ in range(3)]
    failed: list[BaseException] = []

    def start(store: Store) -> None:
        try:
            upgrade(store)
        except BaseException as exc:
            failed.append(exc)

    starts = [threading.Thread(target=start, args=(store,)) for store in stores]
    for one in starts:
        one.start()
    for one in starts:
        one.join()
    assert failed == []
    for store in stores:
        store.close()


def test_a_store_of_a_later_version_is_not_touched(store: Store) -> None:
    with store.write() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    before = tables(store)
    with pytest.raises(StoreTooNew, match="9999"):
        upgrade(store)
    assert tables(store) == before


def test_the_migrations_make_the_tables_that_the_program_writes(store: Store) -> None:
    with store.read() as connection:
        compared = compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), all_tables())
    # The text index is made by hand; SQLite keeps it in tables of its own.
    differences = [
        d
        for d in compared
        if not (
            re.search("(opportunity|directory)_words|opportunity_terms|vocabulary", repr(d))
            and d[0] in {"remove_table", "remove_index"}
        )
    ]
    assert differences == []


def test_a_downgrade_takes_everything_away_and_an_upgrade_brings_it_back(store: Store) -> None:
    made = set(sa.inspect(store.engine).get_table_names())
    with store.write() as connection:
        config = Config()
        config.set_main_option("script_location", str(migrations.__path__[0]))
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
    assert set(sa.inspect(store.engine).get_table_names()) == {"alembic_version"}
    upgrade(store)
    assert set(sa.inspect(store.engine).get_table_names()) == made
