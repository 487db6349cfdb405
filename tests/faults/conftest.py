"""The small connectors of the tests of intake serve here too."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import structlog

from aggregator.store.migrations import upgrade
from aggregator.store.session import Store, open_store
from tests.aggregator.intake.conftest import connectors_of_these_tests
from tests.aggregator.intake.reading import add_tiny, visit
from tests.aggregator.intake.tiny import TinyPortal

__all__ = ["connectors_of_these_tests"]


@pytest.fixture(autouse=True)
def the_log_ends_with_its_test() -> Iterator[None]:
    """A command logs to the standard error of the test that gave it, which is closed when that ends."""
    yield
    structlog.reset_defaults()


@pytest.fixture
def undisturbed(tmp_path: Path) -> Iterator[Callable[[TinyPortal], Store]]:
    """A store that has read a platform once, without any accident."""
    made: list[Store] = []

    def read(portal: TinyPortal) -> Store:
        store = open_store(f"sqlite:///{tmp_path / f'quiet{len(made)}.sqlite'}")
        upgrade(store)
        visit(store, add_tiny(store, portal))
        made.append(store)
        return store

    yield read
    for store in made:
        store.close()
