"""A process that is killed in the middle of a visit: the next visit ends where an undisturbed one would have ended."""

import os
import signal
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import Any

from aggregator.store.migrations import upgrade
from aggregator.store.session import Store, open_store
from tests.aggregator.intake.reading import NOW, add_ted, everything, listed
from tests.portals.server import Fault
from tests.portals.ted import TedPortal

_ROOT = Path(__file__).parents[3]


def opened(url: str, portal: TedPortal) -> Store:
    store = open_store(url)
    upgrade(store)
    add_ted(store, portal, page_size=20)
    return store


def pulling(url: str) -> "subprocess.Popen[bytes]":
    settings = {"WORLDWIDEWE_DATABASE": url, "WORLDWIDEWE_LOOPBACK_HOSTS": '["127.0.0.1"]'}
    return subprocess.Popen(
        [sys.executable, "-m", "web.cli", "pull", "ted", "--json"],
        cwd=_ROOT,
        env=os.environ | settings,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def content(store: Store) -> list[dict[str, Any]]:
    """What members see, without our numbers and the moments at which it was read."""
    ours = {"id", "first_seen", "changed_at"}
    said = (item.model_dump(mode="json", exclude=ours) for item in everything(store))
    for one in (told := list(said)):
        for notice in one["notices"]:
            del notice["fetched_at"]
    return sorted(told, key=lambda one: str(one["notices"]))


def test_R1_a_visit_that_is_killed_is_told_as_interrupted_and_the_next_one_ends_as_undisturbed(
    store_url: str, tmp_path: Path
) -> None:
    with TedPortal(notices=150, today=NOW.date()) as portal:
        quiet = opened(f"sqlite:///{tmp_path / 'undisturbed.sqlite'}", portal)
        run = pulling(quiet.engine.url.render_as_string(hide_password=False))
        _, said = run.communicate(timeout=60)
        assert run.returncode == 0, said
        store = opened(store_url, portal)
        before = len(portal.calls)
        portal.fail(Fault(delay=60, when=lambda call: len(portal.calls) == before + 3))
        killed = pulling(store_url)
        patience = time.monotonic() + 30
        while len(portal.calls) < before + 3 and time.monotonic() < patience:
            time.sleep(0.05)
        killed.send_signal(signal.SIGKILL)
        killed.communicate(timeout=60)
        partly = len(everything(store))
        portal.heal()
        again = pulling(store_url)
        _, said = again.communicate(timeout=60)
        assert again.returncode == 0, said
    assert killed.returncode == -signal.SIGKILL
    assert 20 <= partly < len(everything(quiet))
    assert content(store) == content(quiet)
    rows = listed(store, "SELECT class, complete, ended_at, error FROM visits ORDER BY id")
    assert [(row[0], bool(row[1])) for row in rows] == [("transient", False), ("ok", True)]
    assert "interrupted" in rows[0][3]
    assert all(datetime.fromisoformat(row[2]) for row in rows)
    words = [sorted(listed(one, "SELECT rowid FROM opportunity_words")) for one in (store, quiet)]
    assert words[0] == words[1]
    store.close()
    quiet.close()
