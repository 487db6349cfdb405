"""Put a copy in the place of the store.

The one thing to know: it happens in one transaction and only when nobody else has the store open; a copy that is not whole,
or is of a later version, changes nothing, and the store that was there is copied before it goes.
"""

import shutil
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from aggregator.store.backup import BackupError, backup
from aggregator.store.migrations import current, upgrade
from aggregator.store.restore_archive import checked, held, in_use, restore_archive
from aggregator.store.session import Store, open_store

_OF_SQLITE, _OF_POSTGRES = b"SQLite format 3\0", b"PGDMP"
_PATIENCE_MS = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What was done: the migration that the copy stood at, and where the store lies that was there before."""

    at: str
    aside: Path | None


def restore(
    store: Store, source: Path, *, aside: Path, force: bool = False, followed: Sequence[sa.Executable]
) -> Restored:
    """Put the copy in the place of the store and bring it to the schema of this version. Raises BackupError.

    `aside` is the name for a copy of the store that is there; without `force` one that holds something is left alone.
    `followed` are statements that belong to the copy from its first moment; every schema must know their tables.
    """
    _of_this_kind(store, source)
    if store.sqlite:
        return _sqlite(store, source, aside, force, followed)
    at, set_aside = restore_archive(store, source, aside=aside, force=force, followed=followed)
    return Restored(at=at, aside=set_aside)


def _of_this_kind(store: Store, source: Path) -> None:
    if not source.is_file():
        raise BackupError(f"{source}: there is no such file")
    with source.open("rb") as file:
        head = file.read(16)
    if not head.startswith(_OF_SQLITE if store.sqlite else _OF_POSTGRES):
        other = {True: "an archive of PostgreSQL", False: "a copy of SQLite"}[store.sqlite]
        is_other = head.startswith(_OF_POSTGRES if store.sqlite else _OF_SQLITE)
        what = f"is {other}, and the store is not; see WORLDWIDEWE_DATABASE" if is_other else "is no copy of a store"
        raise BackupError(f"{source}: {what}")


def _sqlite(store: Store, source: Path, aside: Path, force: bool, followed: Sequence[sa.Executable]) -> Restored:
    file = Path(store.engine.url.database or "")
    draft = file.with_name(f"{file.name}.restored")
    try:
        at = _draft(source, draft, followed)
        store.close()
        set_aside = _set_aside(store, file, aside, force=force)
        _put_in_place(draft, file)
    except sqlite3.Error as exc:
        raise BackupError(f"{source}: {exc}") from exc
    finally:
        for name in (draft, *(draft.with_name(draft.name + end) for end in ("-wal", "-shm", "-journal"))):
            name.unlink(missing_ok=True)
    return Restored(at=at, aside=set_aside)


def _draft(source: Path, draft: Path, followed: Sequence[sa.Executable]) -> str:
    """Lay a checked copy of the copy beside the store, at the schema of this version; returns the schema it stood at."""
    draft.unlink(missing_ok=True)
    shutil.copyfile(source, draft)
    ready = open_store(f"sqlite:///{draft}")
    try:
        with ready.read() as connection:
            verdict = connection.exec_driver_sql("PRAGMA integrity_check").scalar()
            if verdict != "ok":
                raise BackupError(f"{source}: the copy is not whole: {verdict}")
            if (wrong := connection.exec_driver_sql("PRAGMA foreign_key_check").first()) is not None:
                raise BackupError(f"{source}: the copy is not whole: a row of {wrong[0]} belongs to nothing")
            at = checked(source, current(connection))
        upgrade(ready)
        with ready.write() as connection:
            for statement in followed:
                connection.execute(statement)
    except sa.exc.DatabaseError as exc:
        raise BackupError(f"{source}: the copy is not whole: {exc.orig}") from exc
    finally:
        ready.close()
    return at


def _set_aside(store: Store, file: Path, aside: Path, *, force: bool) -> Path | None:
    """Copy the store that is there. One that cannot be read is set aside as the files that it consists of."""
    if not file.exists():
        return None
    try:
        full = held(store)
    except (sa.exc.DatabaseError, sqlite3.DatabaseError) as exc:
        if not force:
            why = getattr(exc, "orig", exc)
            raise BackupError(f"{file} cannot be read ({why}); --force sets it aside and restores") from exc
        _move(store, file, aside)
        return aside
    store.close()
    if not full:
        return None
    if not force:
        raise BackupError(f"{file} holds a store; --force sets it aside as {aside} and restores")
    _nobody_else(file).close()
    try:
        backup(store, aside)
    except BackupError:
        _move(store, file, aside)
    store.close()
    return aside


def _move(store: Store, file: Path, aside: Path) -> None:
    store.close()
    aside.parent.mkdir(parents=True, exist_ok=True)
    for end in ("", "-wal", "-shm"):
        if (part := file.with_name(file.name + end)).exists():
            shutil.move(part, aside.with_name(aside.name + end))


def _put_in_place(draft: Path, file: Path) -> None:
    """Write the draft over the store in one transaction of SQLite, so that a crash leaves the one or the other."""
    alone = _nobody_else(file)
    try:
        with sqlite3.connect(draft) as copy:
            copy.backup(alone)
        copy.close()
    finally:
        alone.close()


def _nobody_else(file: Path) -> sqlite3.Connection:
    """Open the store for ourselves alone. Raises BackupError when another process, or a pool of ours, has it open.

    Whoever has a store in WAL mode open holds a shared lock on its file, also while idle; leaving that mode needs all
    locks (https://www.sqlite.org/wal.html, "ways in which a WAL database is closed").
    """
    connection = sqlite3.connect(file, isolation_level=None, timeout=_PATIENCE_MS / 1000)
    try:
        connection.execute("PRAGMA locking_mode=EXCLUSIVE")
        (mode,) = connection.execute("PRAGMA journal_mode=DELETE").fetchone()
        if mode != "delete":
            raise sqlite3.OperationalError(f"stays in {mode} mode")
        connection.execute("BEGIN EXCLUSIVE")
        connection.execute("COMMIT")
    except sqlite3.OperationalError as exc:
        connection.close()
        raise in_use(f"{file} is in use") from exc
    return connection
