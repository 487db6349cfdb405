"""Many visits killed at random moments: each store ends like one that was never disturbed. Long: `make soak`."""

import os
import random
import subprocess
import sys
import time
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from aggregator.intake import sources, standing
from aggregator.intake.rounds import read_all
from aggregator.store.migrations import upgrade
from aggregator.store.session import Store, open_store
from config.settings import Settings
from tests.endtoend.test_the_main_job import contents, slowed
from tests.portals.platforms import Platforms, running

KILLS = 20
TODAY = date(2026, 11, 20)


def installation(folder: Path, platforms: Platforms) -> tuple[Store, Settings, list[str]]:
    folder.mkdir()
    store = open_store(f"sqlite:///{folder / 'store.sqlite'}")
    upgrade(store)
    rows = platforms.sources()
    with store.write() as connection:
        for row in rows:
            sources.add(
                connection,
                row["name"],
                connector=row["connector"],
                title=row["title"],
                params=row["params"],
                now=datetime.now(UTC),
            )
    # In the order of `pull`: of one thing that two platforms tell, the first leads.
    with store.read() as connection:
        names = [state.name for state in standing.states(connection)]
    return store, Settings(home=folder, loopback_hosts=("127.0.0.1",)), names


@pytest.mark.soak
def test_visits_killed_at_random_moments_leave_the_store_of_an_undisturbed_one(tmp_path: Path) -> None:
    dice = random.Random(2026)
    with running(today=TODAY, notices=900) as platforms:
        store, settings, names = installation(tmp_path / "undisturbed", platforms)
        read_all(store, names, settings=settings)
        whole = contents(store)
        store.close()
        for kill in range(KILLS):
            store, settings, names = installation(tmp_path / str(kill), platforms)
            environment = {
                **os.environ,
                "WORLDWIDEWE_HOME": str(settings.home),
                "WORLDWIDEWE_LOOPBACK_HOSTS": '["127.0.0.1"]',
            }
            with slowed(platforms.ted, 0.1), slowed(platforms.een, 0.01):
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
