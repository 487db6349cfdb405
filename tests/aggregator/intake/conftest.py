"""The connectors of these tests, registered beside the real ones."""

from collections.abc import Iterator

import pytest

import connectors


@pytest.fixture(autouse=True)
def connectors_of_these_tests(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    mine = {"tiny": "tests.aggregator.intake.tiny", "carded": "tests.aggregator.intake.carded"}
    there = dict(connectors._modules()) | mine
    connectors.names.cache_clear()
    monkeypatch.setattr(connectors, "_modules", lambda: there)
    yield
    monkeypatch.undo()
    connectors.names.cache_clear()
