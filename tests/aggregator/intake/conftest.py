"""The tiny connector, registered beside the real ones."""

from collections.abc import Iterator

import pytest

import connectors


@pytest.fixture(autouse=True)
def tiny_connector(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    there = dict(connectors._modules()) | {"tiny": "tests.aggregator.intake.tiny"}
    connectors.names.cache_clear()
    monkeypatch.setattr(connectors, "_modules", lambda: there)
    yield
    monkeypatch.undo()
    connectors.names.cache_clear()
