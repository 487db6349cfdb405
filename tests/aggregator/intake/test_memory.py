"""A visit stays small whatever the server sends: real visits in processes of their own, measured from outside."""

import json
import subprocess
import sys

import pytest

from tests.aggregator.intake.monsters import MONSTERS, Monster

MOST = 225
"""Megabytes for the whole process, of which 105 are the program itself: numpy and the index of likenesses are in it since
2026-11-25. What a server can make a visit hold is what it was, some 120."""


@pytest.mark.parametrize("name", MONSTERS)
def test_F13_a_visit_holds_little_whatever_the_server_sends(name: str) -> None:
    _, content_type, body = MONSTERS[name]
    with Monster(body(), content_type) as server:
        done = subprocess.run(
            [sys.executable, "-m", "tests.aggregator.intake.monsters", name, server.url],
            capture_output=True,
            text=True,
            check=True,
            timeout=120,
        )
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["peak"] <= MOST, told
    assert told["class"] in ("blocked", "drift", "suspicious", "ok"), told
