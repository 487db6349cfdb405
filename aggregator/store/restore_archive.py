"""Put an archive of pg_dump in the place of the tables of a PostgreSQL database; and what is asked of every copy.

The one thing to know: psql plays it, not pg_restore, so that what must be true from the first moment is in its transaction.
"""

import contextlib
import shutil
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from aggregator.store.backup import BackupError, address_of, backup, program_of_postgres
from aggregator.store.migrations import current, known, upgrade
from aggregator.store.session import Store

_HOLDS = ("sources", "opportunities", "members")
_PATIENCE = 2.0  # seconds


def checked(source: Path, revision: str | None) -> str:
    if revision is None:
        raise BackupError(f"{source}: holds no store of this program")
    if not known(revision):
        raise BackupError(f"{source}: stands at {revision}, which this version does not know: update the program")
    return revision


def held(store: Store) -> bool:
    with store.read() as connection:
        there = set(sa.inspect(connection).get_table_names())
        return any(
            connection.scalar(sa.text(f"SELECT 1 FROM {table} LIMIT 1"))  # noqa: S608 - our own names
            for table in _HOLDS
            if table in there
        )


def in_use(what: str) -> BackupError:
    return BackupError(f"{what}: end run, worker, serve and whatever else works on it, then restore")


def restore_archive(
    store: Store, source: Path, *, aside: Path, force: bool, followed: Sequence[sa.Executable]
) -> tuple[str, Path | None]:
    """What `restore` does, for PostgreSQL: the migration that the archive stood at, and where the store lies that was."""
    reader, client = program_of_postgres("pg_restore"), program_of_postgres("psql")
    at = checked(source, _revision_in(reader, source))
    _said([reader, "--file=/dev/null", str(source)], source)  # reads it to its end
    with store.read() as connection:
        ours = current(connection) is not None
        there = sa.inspect(connection).get_table_names()
    if there and not ours:
        raise BackupError(
            f"the database holds {there[0]}, which is not ours; name one of its own: WORLDWIDEWE_DATABASE"
        )
    if others := _others(store):
        raise in_use(f"the database is in use by {others} other connection{'s' if others > 1 else ''}")
    full = held(store)
    if full and not force:
        raise BackupError(f"the database holds a store; --force sets it aside as {aside} and restores")
    if full:
        backup(store, aside)
    store.close()
    _play(store, source, reader, client, before=[_dropped(there)] if there else [], after=followed)
    upgrade(store)
    return at, aside if full else None


_OTHERS = sa.text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    " AND backend_type = 'client backend'"
)


def _others(store: Store) -> int:
    """How many connections others have; what has just been closed may be seen for a moment more."""
    store.close()
    found = 0
    ends = time.monotonic() + _PATIENCE
    while time.monotonic() < ends:
        with store.read() as connection:
            found = connection.scalar(_OTHERS) or 0
        if not found:
            break
        time.sleep(0.1)
    return found


def _revision_in(reader: str, source: Path) -> str | None:
    script = _said([reader, "--data-only", "--table=alembic_version", "--file=-", str(source)], source)
    lines = script.splitlines()
    heads = [number for number, line in enumerate(lines) if line.startswith("COPY ")]
    found = lines[heads[0] + 1] if heads else ""
    return found if found and not found.startswith("\\") else None


def _dropped(tables: Sequence[str]) -> str:
    # --clean would leave the tables that the copy does not know, and they would hold the others fast.
    return "DROP TABLE {} CASCADE;".format(", ".join(f'"{table}"' for table in tables))


def _play(
    store: Store, source: Path, reader: str, client: str, *, before: Sequence[str], after: Sequence[sa.Executable]
) -> None:
    """Play the archive, and our statements with it, in one transaction; pg_restore would take none of ours into its own."""
    url, environment = address_of(store)
    play = [client, "--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1", "--single-transaction", "--file=-", url]
    unpack = [reader, "--no-owner", "--no-privileges", "--file=-", str(source)]
    with tempfile.TemporaryFile() as complaints:
        player = subprocess.Popen(  # noqa: S603 - our own arguments
            play, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=complaints, env=environment
        )
        unpacker = subprocess.Popen(unpack, stdout=subprocess.PIPE, stderr=complaints)  # noqa: S603 - as above
        with player, unpacker:
            assert player.stdin is not None
            assert unpacker.stdout is not None
            # A player that has stopped says why by itself.
            with contextlib.suppress(BrokenPipeError):
                player.stdin.write("".join(before).encode())
                shutil.copyfileobj(unpacker.stdout, player.stdin)
                if unpacker.wait():
                    player.kill()  # an archive that breaks off must not be committed
                # The archive has emptied the search path.
                player.stdin.write("".join(["RESET search_path;\n", *map(_literal, after)]).encode())
                player.stdin.close()
            unpacker.stdout.close()
        if player.returncode or unpacker.returncode:
            complaints.seek(0)
            raise BackupError(f"{source}: {_last_line(complaints.read().decode(errors='replace'))}")


def _literal(statement: sa.Executable) -> str:
    assert isinstance(statement, sa.ClauseElement)
    # Named parameters, so that a percent sign in a value is not doubled for a driver that is not there.
    dialect = postgresql.dialect(paramstyle="named")  # type: ignore[no-untyped-call]
    return f"{statement.compile(dialect=dialect, compile_kwargs={'literal_binds': True})};\n"


def _said(command: Sequence[str], source: Path) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own arguments
    if done.returncode:
        raise BackupError(f"{source}: the copy is not whole: {_last_line(done.stderr)}")
    return done.stdout


def _last_line(text: str) -> str:
    """What the programs complained of: the error itself, not the place that they point at under it."""
    lines = text.strip().splitlines()
    errors = [line for line in lines if "error" in line.lower()]
    return (errors or lines or ["the programs of PostgreSQL failed"])[-1]
