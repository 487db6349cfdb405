"""The connectors of these tests, registered beside the real ones."""

from collections.abc import Iterator

import pytest

import connectors


@pytest.fixture(autouse=True)
def connectors_of_these_tests(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    mine = {name: f"tests.aggregator.intake.{name}" for name in ("tiny", "carded", "lines")}
    there = dict(connectors._modules()) | mine
    connectors.names.cache_clear()
    monkeypatch.setattr(connectors, "_modules", lambda: there)
    yield
    monkeypatch.undo()
    connectors.names.cache_clear()
