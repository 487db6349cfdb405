"""Visits killed at random moments: each store ends like one that was never disturbed (R1).

The one thing to know: the dice have a seed, which every failure names; WORLDWIDEWE_TEST_SEED throws the same again. Some
twenty kills in every run of the tests, two hundred and the command as users start it in `make soak`.
"""

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
from tests.aggregator.intake.conftest import connectors_of_these_tests
from tests.endtoend.test_the_main_job import contents, slowed
from tests.faults.killing import killed_at_random
from tests.portals.platforms import Platforms, running

__all__ = ["connectors_of_these_tests"]

KILLS = {"sqlite": 20, "postgresql": 8}
MANY_KILLS = 100
"""For each of the two databases."""
COMMANDS = 20
TODAY = date(2026, 11, 20)
_SEED = os.environ.get("WORLDWIDEWE_TEST_SEED")


def test_R1_twenty_kills_at_random_moments_leave_no_trace(store_url: str, tmp_path: Path) -> None:
    seed, kills = int(_SEED or 2026), KILLS[store_url.partition(":")[0].partition("+")[0]]
    (tmp_path / "copies").mkdir()
    assert killed_at_random(store_url, tmp_path / "copies", kills=kills, seed=seed) == []


@pytest.mark.soak
def test_R1_two_hundred_kills_at_random_moments_leave_no_trace(store_url: str, tmp_path: Path) -> None:
    seed = int(_SEED or random.SystemRandom().randrange(1_000_000))
    print(f"WORLDWIDEWE_TEST_SEED={seed}")
    (tmp_path / "copies").mkdir()
    assert killed_at_random(store_url, tmp_path / "copies", kills=MANY_KILLS, seed=seed) == []


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
    seed = int(_SEED or 2026)
    dice = random.Random(seed)
    with running(today=TODAY, notices=900) as platforms:
        store, settings, names = installation(tmp_path / "undisturbed", platforms)
        read_all(store, names, settings=settings)
        whole = contents(store)
        store.close()
        for kill in range(COMMANDS):
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
            assert {result.kind for result in results} <= {"ok", "same"}, f"seed {seed}, kill {kill}"
            assert contents(store) == whole, f"seed {seed}, kill {kill}"
            store.close()
