"""The disk under the store: whether SQLite may lie there at all, and how to say that it is full.

The one thing to know: on a network file system the locks of SQLite do not hold between machines, and its shared memory
not at all; so a store there is refused at the start, not when it is broken (https://www.sqlite.org/wal.html).
"""

import shutil
import sqlite3
from pathlib import Path

# fmt: off
_NETWORK = {
    "nfs", "nfs4", "cifs", "smb2", "smb3", "smbfs", "ncpfs", "9p", "afs", "coda", "ceph", "glusterfs", "lustre",
    "beegfs", "davfs", "gfs2", "ocfs2",
}
# Some mount a thing of the net in the name of a program of their own: fuse.sshfs.
_NETWORK_FUSE = {
    "sshfs", "glusterfs", "ceph", "ceph-fuse", "davfs", "davfs2", "curlftpfs", "smbnetfs", "rclone", "s3fs", "goofys",
    "gcsfuse", "juicefs", "blobfuse", "blobfuse2",
}
# fmt: on
_MOUNTS = Path("/proc/mounts")
LEAST_FREE = 500 * 1024 * 1024
"""Below so many free bytes somebody must make room."""
_NO_ROOM = 1_000_000
"""With less than so many bytes free an input or output error is a full disk: SQLite calls it one only when it writes rows."""
_POSTGRES_DISK_FULL = "53100"


class NoSpace(Exception):
    """The store cannot be written, for its disk is full. What was about to be written is not there; the rest is whole."""


def network_mount(folder: Path, mounts: str) -> tuple[str, str] | None:
    """The kind and the place of the network file system that a folder lies on, if it is one. Pure.

    `folder` is absolute, without links; `mounts` is a table as in /proc/mounts (proc_pid_mounts(5)).
    """
    found: tuple[str, str] | None = None
    for line in mounts.splitlines():
        fields = line.split(" ")
        if len(fields) < 3:
            continue
        place = _plain(fields[1])
        # Of two on one place the later one hides the earlier.
        if folder.is_relative_to(place) and (found is None or len(place) >= len(found[1])):
            found = (fields[2], place)
    if found is None:
        return None
    family, _, program = found[0].partition(".")
    return found if family in _NETWORK or (family == "fuse" and program in _NETWORK_FUSE) else None


def refusal(folder: Path) -> str | None:
    """Why a store of SQLite may not lie in this folder, and the way out; None: it may, or nobody can tell."""
    try:
        mounts = _MOUNTS.read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return None  # not Linux
    found = network_mount(folder.resolve(), mounts)
    if found is None:
        return None
    kind, place = found
    return (
        f"{folder.resolve()} lies on a network file system ({kind}, mounted on {place}), where SQLite can lose data; "
        "name a folder of this machine's own disk, or use PostgreSQL: WORLDWIDEWE_DATABASE=postgresql://…"
    )


def full(failure: BaseException | None, *, store: Path | None) -> NoSpace | None:
    """Whether a failure of the database driver means a full disk, in words for whoever runs the machine.

    `store` is the file of SQLite; None for PostgreSQL.
    """
    if getattr(failure, "sqlstate", None) == _POSTGRES_DISK_FULL:
        return NoSpace(f"the disk of the PostgreSQL server is full; make room there, and it goes on: {_first(failure)}")
    if store is None or not isinstance(failure, sqlite3.Error) or not _full(failure, store):
        return None
    return NoSpace(f"the disk of {store} is full; make room on it, and it goes on where it stood")


def _full(failure: sqlite3.Error, store: Path) -> bool:
    code = getattr(failure, "sqlite_errorcode", 0) & 0xFF
    if code == sqlite3.SQLITE_FULL:
        return True
    if code not in {sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN}:
        return False
    try:
        return shutil.disk_usage(store.parent).free < _NO_ROOM
    except OSError:
        return False


def _first(failure: BaseException | None) -> str:
    return str(failure).partition("\n")[0]


def _plain(field: str) -> str:
    for written, meant in (("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")):
        field = field.replace(written, meant)
    return field
