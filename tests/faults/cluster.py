"""A PostgreSQL server of our own, which tests may stop and start, and what is done to a visit while it reads.

The one thing to know: it listens on a socket in its folder and nowhere else, and is gone with its folder.
"""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from aggregator.store.session import Store


class Cluster:
    """A PostgreSQL server of our own, on a socket in its folder."""

    def __init__(self, programs: Path, folder: Path) -> None:
        self._programs, self._folder = programs, folder
        # The server refuses to run as root.
        self._as: dict[str, Any] = {"user": "postgres", "group": "postgres", "extra_groups": []}
        if os.getuid() != 0:
            self._as = {}
        else:
            shutil.chown(folder, "postgres", "postgres")
        self._run("initdb", "--auth=trust", "--username=postgres", "--encoding=UTF8", "--no-locale", "--no-sync")
        self.start()

    @property
    def url(self) -> str:
        return f"postgresql+psycopg://postgres@/postgres?host={self._folder}"

    def start(self) -> None:
        said = (
            f"-c listen_addresses='' -c unix_socket_directories='{self._folder}' -c fsync=off -c deadlock_timeout=50ms"
        )
        self._run("pg_ctl", "start", "--wait", "--log", str(self._folder / "log"), "--options", said)

    def stop(self) -> None:
        self._run("pg_ctl", "stop", "--wait", "--mode", "immediate")

    def restart(self) -> None:
        """As when the machine fails: no connection is told, and what was not committed is not there."""
        self.stop()
        self.start()

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [self._programs / program, "--pgdata", self._folder / "data", *arguments],
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=self._folder,
            **self._as,
        )


def at_statements(store: Store, numbers: set[int], do: Callable[[], None]) -> Callable[[], int]:
    """Do something just before these statements are sent; returns how often it was done."""
    sent = done = 0

    def counted(*_: Any) -> None:
        nonlocal sent, done
        sent += 1
        if sent in numbers:
            done += 1
            do()

    sa.event.listen(store.engine, "before_cursor_execute", counted)
    return lambda: done


def without_words(said: dict[str, list[str]]) -> dict[str, list[str]]:
    """SQLite and PostgreSQL write the words of search down in their own ways."""
    return {table: rows for table, rows in said.items() if not table.endswith("_words") and table != "vocabulary"}
