"""What happens on a disk of four megabytes that fills up; a program, because only a process of its own may mount one.

The one thing to know: `unshare --mount` gives it mounts that nobody else sees and that end with it.
"""

import json
import os
import shutil
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import connectors
from aggregator.digest import outbox
from aggregator.digest.mailer import Outcome, Outgoing
from aggregator.digest.run import run
from aggregator.store.disk import NoSpace
from aggregator.store.migrations import upgrade
from aggregator.store.session import Store, open_store
from tests.aggregator.digest.sample import NOW as MONDAY
from tests.aggregator.digest.sample import settings as office
from tests.aggregator.digest.sample import tender
from tests.aggregator.digest.stored import enrol, keep, match, member
from tests.aggregator.intake.reading import NOW, add, listed, one
from tests.aggregator.intake.reading import visit as read
from web.app import create_app

SIZE = 4 * 1024 * 1024


def main() -> None:
    there = dict(connectors._modules()) | {"tiny": "tests.aggregator.intake.tiny"}
    connectors.names.cache_clear()
    connectors._modules = lambda: there  # type: ignore[assignment]
    scenario, folder, *rest = sys.argv[1:]
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "none", folder], check=True)
    store = open_store(f"sqlite:///{folder}/store.sqlite")
    upgrade(store)
    told = visit(store, Path(folder), *rest) if scenario == "visit" else letters(store, Path(folder))
    store.close()
    print(json.dumps(told))


def fill(folder: Path, *, leave: int = 0) -> None:
    """Take all the room there is but for a little."""
    left = os.statvfs(folder)
    size = left.f_bavail * left.f_frsize - leave
    with (folder / "filler").open("wb") as file:
        file.write(b"x" * max(size, 0))


def free(folder: Path) -> None:
    (folder / "filler").unlink()


def visit(store: Store, folder: Path, address: str, after: str) -> dict[str, Any]:
    name = add(store, "tiny", "tiny", url=f"{address}/list")
    fill(folder, leave=250_000)
    full = [read(store, name, at=NOW + timedelta(minutes=n)).line() for n in range(2)]
    held, integrity = one(store, "SELECT count(*) FROM notices"), [one(store, "PRAGMA integrity_check")]
    board = looked_at(store, folder)
    second = open_store(str(store.engine.url))
    try:
        other: list[Any] = looked_at(second, folder)
    except NoSpace:
        other = ["full"]
    second.close()
    free(folder)
    freed = read(store, name).line()
    integrity.append(one(store, "PRAGMA integrity_check"))
    one(store, "PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copyfile(folder / "store.sqlite", after)
    return {
        "store": str(folder / "store.sqlite"),
        "full": full,
        "held": held,
        "integrity": integrity,
        "board": board,
        "second board": other,
        "freed": freed,
    }


def looked_at(store: Store, folder: Path) -> list[int]:
    # Its key and its letters lie elsewhere: this is about the store.
    client = create_app(office(folder.parent), store).test_client()
    return [client.get(path).status_code for path in ("/", "/opportunities?q=cleaning&lang=en")]


class Sending:
    """A mail server that accepts, and may see the disk fill up while it does."""

    repeatable = False

    def __init__(self, folder: Path) -> None:
        self.handed, self.fills, self._folder = 0, False, folder

    def deliver(self, outgoing: Outgoing) -> Outcome:
        self.handed += 1
        if self.fills:
            fill(self._folder)
        return Outcome("accepted", "250 ok")

    def close(self) -> None:
        """Nothing is open."""


def letters(store: Store, folder: Path) -> dict[str, Any]:
    who, mailer, home = [member(f"coop{n}") for n in range(3)], Sending(folder), office(folder.parent)
    enrol(store, *who)
    items = keep(store, [tender(n) for n in range(3)])
    with store.write() as connection:
        for each in who:
            for item in items:
                match(connection, each, item)

    class Down(Sending):
        def deliver(self, outgoing: Outgoing) -> Outcome:
            return Outcome("deferred", "451 later")

    run(store, home, now=MONDAY, mailer=Down(folder))
    later = MONDAY + timedelta(hours=1)
    with store.write() as connection:
        connection.exec_driver_sql("UPDATE outbox SET state = 'pending', next_attempt = NULL")
    one(store, "PRAGMA wal_checkpoint(TRUNCATE)")
    fill(folder)
    said: dict[str, Any] = {"full": sent(store, mailer, later)}
    free(folder)
    mailer.fills = True
    said["while sending"] = sent(store, mailer, later)
    del said["while sending"]["why"]
    mailer.fills = False
    free(folder)
    sent(store, mailer, later + timedelta(minutes=1))
    said["freed"] = sent(store, mailer, later + 2 * outbox.LEASE)
    del said["freed"]["why"]
    return said


def sent(store: Store, mailer: Sending, now: Any) -> dict[str, Any]:
    why = None
    try:
        outbox.send(store, mailer, now=now)
    except NoSpace as exc:
        why = str(exc)
    states = sorted(row[0] for row in listed(store, "SELECT state FROM outbox"))
    return {"handed": mailer.handed, "states": states, "why": why}


if __name__ == "__main__":
    main()
