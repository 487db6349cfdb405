"""A PostgreSQL server that goes down in the middle of a visit and comes back: no unit of work is half done, or twice (R5).

The one thing to know: the server is our own, made for these tests and gone with them.
"""

import contextlib
import random
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from aggregator.store import session
from aggregator.store.migrations import upgrade
from aggregator.store.session import Store, open_store
from tests.aggregator.intake.reading import add_tiny, one, visit
from tests.aggregator.intake.tiny import TinyPortal, rows
from tests.faults.cluster import Cluster, at_statements, without_words
from tests.faults.contents import contents, differences
from tests.skips import NO_CLUSTER

ROWS = rows(24)
"""Eight pages of three."""


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    on_path = shutil.which("initdb")
    programs = found[-1].parent if found else Path(on_path).resolve().parent if on_path else None
    if programs is None:
        pytest.skip(NO_CLUSTER)
    # A name as short as a socket's must be, in a place that the server's own user may enter.
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    server = Cluster(programs, folder)
    try:
        yield server
    finally:
        with contextlib.suppress(subprocess.CalledProcessError):
            server.stop()
        shutil.rmtree(folder)


@pytest.fixture
def own(cluster: Cluster) -> Iterator[Store]:
    """An empty store on the server of our own."""
    store = open_store(cluster.url)
    with store.write() as connection:
        connection.exec_driver_sql("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    upgrade(store)
    yield store
    store.close()


def test_R5_a_server_that_is_restarted_in_the_middle_of_a_visit_costs_nothing(
    own: Store, cluster: Cluster, undisturbed: Callable[[TinyPortal], Store]
) -> None:
    dice = random.Random(5)
    with TinyPortal(rows=ROWS, size=3) as portal:
        name = add_tiny(own, portal)
        broken = at_statements(own, set(dice.sample(range(20, 150), 3)), cluster.restart)
        done = visit(own, name)
        assert broken() == 3
        assert (done.kind, done.complete, done.new, done.same) == ("ok", True, len(ROWS), 0)
        quiet = undisturbed(portal)
    assert one(own, "SELECT count(*) FROM visits") == 1
    assert differences(without_words(contents(quiet)), without_words(contents(own))) == ""


def test_R5_a_server_that_stays_away_ends_the_visit_and_the_next_one_is_whole(
    own: Store, cluster: Cluster, undisturbed: Callable[[TinyPortal], Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "PAUSES", (0.05, 0.1))
    with TinyPortal(rows=ROWS, size=3) as portal:
        name = add_tiny(own, portal)
        at_statements(own, {60}, cluster.stop)
        away = visit(own, name)
        assert (away.kind, away.complete) == ("transient", False)
        assert "the store did not answer" in (away.error or "")
        cluster.start()
        assert 0 < one(own, "SELECT count(*) FROM notices") < len(ROWS)
        # At once, although the lease was never given back.
        whole = visit(own, name)
        assert (whole.kind, whole.complete) == ("ok", True)
        quiet = undisturbed(portal)
    assert differences(without_words(contents(quiet)), without_words(contents(own))) == ""
