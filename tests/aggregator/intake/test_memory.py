"""A visit stays small whatever the server sends: real visits in processes of their own, measured from outside."""

import json
import subprocess
import sys

import pytest

from tests.aggregator.intake.monsters import MONSTERS, Monster

MOST, PROGRAM = 125, 120
"""Megabytes that a visit may hold above the program itself; and what the program may be, with numpy and its index."""


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
    assert told["held"] <= MOST, told
    assert told["program"] <= PROGRAM, told
    assert told["class"] in ("blocked", "drift", "suspicious", "ok"), told
