"""A store of an earlier version: what it holds is found by other platforms' notices of the same thing, after a while."""

import pytest
import sqlalchemy as sa

from aggregator.intake import catching_up, sources
from aggregator.intake.catching_up import catch_up
from aggregator.store.session import Store
from aggregator.store.tables import likenesses
from tests.aggregator.intake.reading import NOW, add_tiny, everything, listed, visit
from tests.aggregator.intake.tiny import TinyPortal, row


def test_every_notice_that_is_not_over_gets_its_row_a_few_at_a_time(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catching_up, "_SOME", 3)
    with TinyPortal(rows=[row(n) for n in range(7)]) as one, TinyPortal(rows=[row(n) for n in (1, 20)]) as two:
        for name, portal in (("one", one), ("two", two)):
            add_tiny(store, portal, name)
            visit(store, name, mode="sweep")
    before = listed(store, "SELECT source, source_id, ends FROM likenesses ORDER BY source, source_id")
    with store.write() as connection:
        connection.execute(sa.delete(likenesses))
        # One that nobody can read any more is passed over and stops nothing.
        connection.execute(sa.text("UPDATE sources SET connector = 'gone' WHERE name = 'two'"))
    assert [catch_up(store, now=NOW) for _ in range(5)] == [3, 3, 1, 0, 0]
    after = listed(store, "SELECT source, source_id, ends FROM likenesses ORDER BY source, source_id")
    assert after == [one for one in before if one[0] == "one"]
    assert len(everything(store)) == 9


def test_a_store_that_lacks_nothing_is_looked_at_once(store: Store) -> None:
    with store.write() as connection:
        sources.add(connection, "news", connector="feed", params={"url": "https://news.example.org/rss"}, now=NOW)
    assert catch_up(store, now=NOW) == 0
    assert listed(store, "SELECT key FROM memory WHERE source = ''") == [("likenesses:up to",)]
    assert catch_up(store, now=NOW) == 0
