"""The connector of these tests, registered beside the real ones."""

from collections.abc import Iterator

import pytest

import connectors


@pytest.fixture(autouse=True)
def the_guild_is_a_connector(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    there = {**connectors._modules(), "guild": "tests.aggregator.directory.guild"}
    connectors.names.cache_clear()
    monkeypatch.setattr(connectors, "_modules", lambda: there)
    yield
    monkeypatch.undo()
    connectors.names.cache_clear()
