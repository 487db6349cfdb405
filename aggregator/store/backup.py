"""A consistent copy of the store while it is in use. The one thing to know: it holds everything but the key."""

import os
import shutil
import sqlite3
import subprocess
from pathlib import Path

import sqlalchemy as sa

from aggregator.store.session import Store

KEPT = 3
"""So many copies from before a migration stay."""


class BackupError(Exception):
    """The copy could not be made, or is not whole; nothing is left under the name that was asked for."""


def backup(store: Store, target: Path) -> int:
    """Copy the store into a file that does not exist yet; returns its size in bytes. Raises BackupError.

    SQLite: the database as a file, checked for integrity. PostgreSQL: an archive of pg_dump for pg_restore.
    """
    if target.exists():
        raise BackupError(f"{target} exists already; give the name of a new file")
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(target.name + ".partial")
    try:
        _sqlite(store, partial) if store.sqlite else _postgres(store, partial)
        partial.rename(target)
    finally:
        partial.unlink(missing_ok=True)
    return target.stat().st_size


def before_migrating(store: Store, folder: Path, *, to: str) -> Path:
    """Copy the store into `before-<to>` of this folder and keep the newest three of these copies. Raises BackupError."""
    target = unused(folder / f"before-{to}{suffix(store)}")
    backup(store, target)
    copies = sorted(folder.glob(f"before-*{suffix(store)}"), key=lambda copy: copy.stat().st_mtime_ns)
    for old in copies[:-KEPT]:
        old.unlink()
    return target


def suffix(store: Store) -> str:
    return ".sqlite" if store.sqlite else ".dump"


def unused(path: Path) -> Path:
    """The path itself, or the first with a number behind its name that no file has."""
    number = 1
    found = path
    while found.exists():
        number += 1
        found = path.with_name(f"{path.stem}-{number}{path.suffix}")
    return found


def _sqlite(store: Store, target: Path) -> None:
    try:
        with store.read() as connection:
            raw = connection.connection.driver_connection
            assert isinstance(raw, sqlite3.Connection)
            raw.rollback()  # the copy takes its own picture of the store
            copy = sqlite3.connect(target)
            try:
                raw.backup(copy)
                copy.execute("PRAGMA journal_mode=DELETE")
                verdict = copy.execute("PRAGMA integrity_check").fetchone()[0]
            finally:
                copy.close()
    except sqlite3.Error as exc:
        raise BackupError(f"{target.with_name(target.name.removesuffix('.partial'))}: {exc}") from exc
    if verdict != "ok":
        raise BackupError(f"the copy is not whole: {verdict}")


def program_of_postgres(name: str) -> str:
    """Where a program of PostgreSQL's client lies. Raises BackupError."""
    program = shutil.which(name)
    if program is None:
        raise BackupError(f"{name} is missing; on Debian: sudo apt-get install postgresql-client")
    return program


def address_of(store: Store) -> tuple[str, dict[str, str]]:
    """The address of a PostgreSQL store for its own programs, and the environment that holds the password."""
    address = store.engine.url
    # In the environment, not in the arguments, which every user of the machine can read.
    secret = {"PGPASSWORD": str(address.password)} if address.password else {}
    # Not address.set(password=None): there None means that it stays.
    url = sa.URL.create(
        "postgresql", address.username, None, address.host, address.port, address.database, address.query
    ).render_as_string()
    return url, os.environ | secret


def _postgres(store: Store, target: Path) -> None:
    program = program_of_postgres("pg_dump")
    url, environment = address_of(store)
    done = subprocess.run(  # noqa: S603 - our own arguments
        [program, "--format=custom", f"--file={target}", f"--dbname={url}"],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
    )
    if done.returncode:
        raise BackupError(done.stderr.strip().splitlines()[-1] if done.stderr.strip() else "pg_dump failed")
