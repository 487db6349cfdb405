"""The command as a user calls it, in this process, against simulators on loopback.

The one thing to know: what must be a process of its own (signals, ports, pipes) is in test_run.py.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

import pytest
import structlog

from tests.cli.ran import Ran
from tests.portals.feeds import FeedPortal
from tests.portals.ted import TedPortal
from web.cli import main

MEMBERS = Path(__file__).parents[1] / "portals" / "members.yml"


class Command(Protocol):
    def __call__(self, *arguments: str | Path) -> Ran: ...


@pytest.fixture(autouse=True)
def loopback_may_be_read(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("WORLDWIDEWE_LOOPBACK_HOSTS", '["127.0.0.1"]')
    yield
    structlog.reset_defaults()  # a command logs to the standard error of its test, which ends with it


@pytest.fixture
def worldwidewe(capsys: pytest.CaptureFixture[str]) -> Command:
    """Run the command; a traceback is the test's."""

    def run(*arguments: str | Path) -> Ran:
        capsys.readouterr()
        code: object = 0
        try:
            main([str(argument) for argument in arguments])
        except SystemExit as exc:
            code = exc.code
        assert isinstance(code, int)
        said = capsys.readouterr()
        return Ran(code, said.out, said.err)

    return run


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Where the command keeps its data in this test."""
    return tmp_path / "home"


@pytest.fixture
def feeds() -> Iterator[FeedPortal]:
    # The clock of a command is the machine's, so the newest item is of yesterday by that clock.
    with FeedPortal(today=datetime.now(UTC).date() - timedelta(days=1)) as portal:
        yield portal


@pytest.fixture
def ted() -> Iterator[TedPortal]:
    with TedPortal(notices=80) as portal:
        yield portal


@pytest.fixture
def two_sources(worldwidewe: Command, feeds: FeedPortal, ted: TedPortal) -> Sequence[str]:
    """An Italian feed and the tender platform, added and not read yet."""
    endpoint = f"endpoint={ted.url}/v3/notices/search"
    assert worldwidewe("sources", "add", "valley", "feed", f"url={feeds.url}/rss.xml", "--title", "Valley").code == 0
    assert worldwidewe("sources", "add", "tenders", "ted", endpoint, "not_buyer_countries=IT").code == 0
    return ("tenders", "valley")


@pytest.fixture
def read_store(worldwidewe: Command, two_sources: Sequence[str]) -> Sequence[str]:
    """Both sources, read once."""
    assert worldwidewe("pull", *two_sources).code == 0
    return two_sources


@pytest.fixture
def three_members(worldwidewe: Command, read_store: Sequence[str]) -> Sequence[str]:
    """The sample members, imported after the sources were read."""
    assert worldwidewe("members", "import", MEMBERS).code == 0
    return ("caseificio-monte-sereno", "consorzio-ponte", "coop-aurora")
