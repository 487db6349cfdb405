"""Many visits killed at random moments: each store ends like one that was never disturbed. Long: `make soak`."""

import os
import random
import subprocess
import sys
import time
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from aggregator.intake import sources
from aggregator.intake.rounds import read_all
from aggregator.store.migrations import upgrade
from aggregator.store.session import Store, open_store
from config.settings import Settings
from tests.endtoend.test_the_main_job import contents, slowed
from tests.portals.__main__ import sources as simulated
from tests.portals.feeds import FeedPortal
from tests.portals.ted import TedPortal

KILLS = 20
TODAY = date(2026, 11, 20)


def installation(folder: Path, ted: TedPortal, feeds: FeedPortal) -> tuple[Store, Settings, list[str]]:
    folder.mkdir()
    store = open_store(f"sqlite:///{folder / 'store.sqlite'}")
    upgrade(store)
    rows = simulated(ted.url, feeds.url)
    with store.write() as connection:
        for row in rows:
            sources.add(
                connection, row["name"], connector=row["connector"], params=row["params"], now=datetime.now(UTC)
            )
    return store, Settings(home=folder, loopback_hosts=("127.0.0.1",)), [row["name"] for row in rows]


@pytest.mark.soak
def test_visits_killed_at_random_moments_leave_the_store_of_an_undisturbed_one(tmp_path: Path) -> None:
    dice = random.Random(2026)
    with TedPortal(notices=900, today=TODAY) as ted, FeedPortal(today=TODAY) as feeds:
        store, settings, names = installation(tmp_path / "undisturbed", ted, feeds)
        read_all(store, names, settings=settings)
        whole = contents(store)
        store.close()
        for kill in range(KILLS):
            store, settings, names = installation(tmp_path / str(kill), ted, feeds)
            environment = {
                **os.environ,
                "WORLDWIDEWE_HOME": str(settings.home),
                "WORLDWIDEWE_LOOPBACK_HOSTS": '["127.0.0.1"]',
            }
            with slowed(ted, 0.1):
                child = subprocess.Popen(
                    [sys.executable, "-m", "web.cli", "pull"],
                    env=environment,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                )
                time.sleep(dice.uniform(0.8, 4.0))
                child.kill()
                child.wait()
            results = read_all(store, names, settings=settings)
            assert {result.kind for result in results} <= {"ok", "same"}, f"kill {kill}"
            assert contents(store) == whole, f"kill {kill}"
            store.close()
