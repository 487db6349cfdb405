"""What every test can ask for: a real store, migrated as on a reader's machine, and a network that ends at loopback."""

import os
import socket
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from aggregator.store.migrations import upgrade
from aggregator.store.session import Store, open_store
from tests.skips import unexcused

POSTGRES = os.environ.get("WORLDWIDEWE_TEST_POSTGRES", "")
LOOPBACK = {"127.0.0.1", "::1", "localhost"}


def pytest_sessionfinish(session: pytest.Session) -> None:
    """With CI=true a skipped test is a failure, unless tests/skips.py excuses it."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None or os.environ.get("CI") != "true" or hasattr(session.config, "workerinput"):
        return
    reasons = [str(report.longrepr[2]) for report in reporter.stats.get("skipped", []) if report.longrepr]
    if left := unexcused(reasons):
        reporter.write_line(f"skipped without an excuse in tests/skips.py: {sorted(set(left))}", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(autouse=True, scope="session")
def no_network_beyond_loopback() -> Iterator[None]:
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> Any:
        if self.family in {socket.AF_INET, socket.AF_INET6} and address[0] not in LOOPBACK:
            raise AssertionError(f"a test tried to reach {address[0]}")
        return connect(self, address)

    patch = pytest.MonkeyPatch()
    patch.setattr(socket.socket, "connect", guarded)
    yield
    patch.undo()


@pytest.fixture(autouse=True)
def no_settings_of_the_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A developer's own WORLDWIDEWE_* settings and store are never met by a test."""
    for name in list(os.environ):
        if name.startswith("WORLDWIDEWE_") and not name.startswith(
            ("WORLDWIDEWE_TEST_", "WORLDWIDEWE_SAMPLES", "WORLDWIDEWE_ECL")
        ):
            monkeypatch.delenv(name)
    monkeypatch.setenv("WORLDWIDEWE_HOME", str(tmp_path / "home"))


@pytest.fixture(params=["sqlite", "postgresql"] if POSTGRES else ["sqlite"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database; with WORLDWIDEWE_TEST_POSTGRES every test that asks runs on both."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'store.sqlite'}"
        return
    server = sa.make_url(POSTGRES).set(drivername="postgresql+psycopg")
    name = f"worldwidewe_{uuid.uuid4().hex}"
    admin = sa.create_engine(server, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with admin.connect() as connection:
        connection.execute(sa.text(f'CREATE DATABASE "{name}"'))
    yield server.set(database=name).render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.execute(sa.text(f'DROP DATABASE "{name}" WITH (FORCE)'))


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    opened = open_store(store_url)
    upgrade(opened)
    yield opened
    opened.close()
