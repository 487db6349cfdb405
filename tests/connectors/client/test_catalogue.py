"""The malicious server: every attack of the catalogue ends as the table says, and none of them takes much memory."""

import json
import subprocess
import sys
import textwrap

import pytest

from connectors.base.transport import GuardedTransport
from tests.connectors.client.attack import OUTSIDE, Attack, outcome, plan, resolver
from tests.connectors.client.attacks_in_documents import DOCUMENTS, LARGEST
from tests.connectors.client.attacks_on_the_wire import WIRE
from tests.connectors.client.hostile import Hostile
from tests.connectors.conftest import LOOPBACK, MakeClient

ATTACKS = [*WIRE, *DOCUMENTS]
MOST_MEMORY = 200 * 2**20


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_F13_an_attack_ends_as_the_catalogue_says(attack: Attack, hostile: Hostile, make_client: MakeClient) -> None:
    plan(hostile, [attack])
    client = make_client(
        transport=GuardedTransport(LOOPBACK, resolver=resolver),
        extra_hosts=("127.0.0.1", OUTSIDE),
        limits=attack.limits,
        pauses=(),
        time_limit=20 if attack.visit is None else 0.3,
    )

    assert outcome(attack, client, hostile.url(attack.path)).startswith(attack.outcome)


def test_the_catalogue_names_every_attack_once() -> None:
    names = [attack.name for attack in (*ATTACKS, *LARGEST)]

    assert len(names) == len(set(names)) >= 70


def test_F13_no_attack_takes_more_than_200_mb_of_a_visit(hostile: Hostile) -> None:
    """A process of its own meets every attack, and the largest pages that are still read, and tells its peak at each."""
    plan(hostile, [*ATTACKS, *LARGEST])
    program = textwrap.dedent(
        f"""
        import json
        from pathlib import Path
        from tests.connectors.conftest import ABOUT, LOOPBACK
        from connectors.base.client import Client
        from connectors.base.transport import GuardedTransport
        from tests.connectors.client.attack import OUTSIDE, outcome, resolver
        from tests.connectors.client.attacks_in_documents import DOCUMENTS, LARGEST
        from tests.connectors.client.attacks_on_the_wire import WIRE
        from tests.connectors.memory import DictMemory

        def peak():
            status = Path("/proc/self/status").read_text()
            Path("/proc/self/clear_refs").write_text("5")  # begins to measure anew
            return int(status.partition("VmHWM:")[2].split()[0]) * 1024

        told = {{"before the first": peak()}}
        for attack in (*WIRE, *DOCUMENTS, *LARGEST):
            client = Client(
                about=ABOUT, memory=DictMemory(), user_agent="worldwidewe/0", egress=LOOPBACK, limits=attack.limits,
                transport=GuardedTransport(LOOPBACK, resolver=resolver), obey_robots=False, pauses=(),
                extra_hosts=("127.0.0.1", OUTSIDE), time_limit=30 if attack.visit is None else 0.3,
            )
            with client:
                said = outcome(attack, client, {hostile.url()!r}.rstrip("/") + attack.path)
            assert said.startswith(attack.outcome), (attack.name, said)
            told[attack.name] = peak()
        print(json.dumps(told))
        """
    )
    ran = subprocess.run([sys.executable, "-W", "ignore", "-c", program], capture_output=True, text=True, timeout=120)
    assert ran.returncode == 0, ran.stderr
    told: dict[str, int] = json.loads(ran.stdout)

    assert len(told) == len(ATTACKS) + len(LARGEST) + 1
    assert {name: peak >> 20 for name, peak in told.items() if peak > MOST_MEMORY} == {}
