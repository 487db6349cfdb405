"""The demonstration: the same program against simulated platforms on this machine, with three sample members.

The one thing to know: it begins anew each time, in a folder of its own under the home; nothing real is touched.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
import yaml

from aggregator.digest.run import run
from aggregator.intake import drop, sources, standing
from aggregator.matching.engine import record_all
from aggregator.people import members, requests
from aggregator.people.files import load as load_members
from aggregator.people.request import Consent, Held, Request, notice_of
from aggregator.store.secrets import Vault
from aggregator.store.session import Store
from config.settings import Settings
from connectors.base.contract import Notice, ParamError
from web.commands.opening import settings_here


@dataclass(frozen=True, slots=True)
class Demonstration:
    """The simulators that run now: the sources that read them, the keys that they take, and the files of sample members
    and of their requests."""

    sources: list[dict[str, Any]]
    keys: dict[str, str]
    members: Path
    requests: Path


@contextmanager
def demonstration() -> Iterator[Demonstration]:
    """Run the simulators and point this process, and those it starts, at a new home; ends with the block."""
    root = Path(__file__).parents[2]
    if not (root / "tests" / "portals" / "__main__.py").exists():
        raise ParamError("--demo", "the simulators lie in tests/portals: run it from a checkout of the project")
    home = settings_here().home / "demo"
    shutil.rmtree(home, ignore_errors=True)
    # In a session of its own, so that Ctrl-C ends it after the visits that read from it.
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.portals"],
        cwd=root,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    assert child.stdin is not None
    assert child.stdout is not None
    try:
        told = json.loads(child.stdout.readline() or b"{}")
        if not told:
            raise ParamError("--demo", "the simulators did not start; see: python -m tests.portals")
        os.environ |= {
            "WORLDWIDEWE_HOME": str(home),
            "WORLDWIDEWE_LOOPBACK_HOSTS": '["127.0.0.1"]',
            "WORLDWIDEWE_DEMO": "true",
            "WORLDWIDEWE_MAILER": "maildir",
        }
        os.environ.pop("WORLDWIDEWE_DATABASE", None)
        yield Demonstration(told["sources"], told["keys"], Path(told["members"]), Path(told["requests"]))
    finally:
        child.stdin.close()
        child.stdout.close()
        child.terminate()
        child.wait()


def prepare(store: Store, demo: Demonstration, settings: Settings) -> None:
    """Add the simulated sources and the sample members to an empty store."""
    now = datetime.now(UTC)
    with store.write() as connection:
        for row in demo.sources:
            sources.add(
                connection, row["name"], connector=row["connector"], title=row["title"], params=row["params"], now=now
            )
        members.put(connection, load_members(demo.members, country=settings.country), now=now)
        sources.add(connection, "members", connector="members", title="Richieste dei soci", params={}, now=now)
    vault = Vault(store, settings.home)
    for name, key in demo.keys.items():
        vault.put(name, key)
    _requests(store, demo.requests, settings, now=now)


def _requests(store: Store, path: Path, settings: Settings, *, now: datetime) -> None:
    """Enter the sample requests as an office would; those that say who agreed are published."""
    rows = yaml.safe_load(path.read_text(encoding="utf-8"))["requests"]
    with store.write() as connection:
        for row in rows:
            consent = row.pop("published", None)
            held = requests.add(connection, Request.model_validate(row), now=now)
            if consent is not None:
                agreed = Consent(by=consent["by"], on=now.date(), basis=consent["basis"])
                requests.publish(connection, held.id, agreed, now=now)

    def told(held: Held) -> Notice:
        return notice_of(held, board=settings.board_url, office=settings.office, zone=settings.zone)

    requests.write_file(store, drop.folder(settings.home, "members"), notice=told)


def first_letters(store: Store, settings: Settings) -> None:
    """Write the sample members' letters at once, instead of next Monday."""
    now = datetime.now(UTC)
    with store.write() as connection:
        record_all(connection, now=now)
        states = standing.states(connection)
    done = run(store, settings, now=now, sources=states)
    # On a Monday morning the first tick has written them already.
    written = sum(entry.result in {"written", "already"} for entry in done.members)
    click.echo(f"Letters: {written} written, to read at {settings.board_url}/letters", err=True)
