"""The folder of a source: `<home>/drop/<source>`, where people lay files for it.

The one thing to know: only plain files that lie in it directly are read; no link leads out of it, and no name that a
stranger chose is ever used as a path.
"""

import stat
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from connectors.base.contract import Dropped

LARGEST = 20_000_000
"""Bytes of one file; the limit of a decoded answer (docs/formats.md)."""
MOST = 200


def folder(home: Path, source: str) -> Path:
    return home / "drop" / source


def files(home: Path, source: str, *, warn: Callable[..., object] = lambda *_, **__: None) -> Iterator[Dropped]:
    """Yield the files of a source by name; hidden ones, folders and links are passed over, too large ones named."""
    here = folder(home, source)
    if not here.is_dir():
        return
    for count, path in enumerate(sorted(here.iterdir(), key=lambda path: path.name)):
        about = path.lstat()
        if path.name.startswith(".") or not stat.S_ISREG(about.st_mode):
            continue
        if count >= MOST or about.st_size > LARGEST:
            warn("a file was left out", file=path.name, bytes=about.st_size, most_bytes=LARGEST, most_files=MOST)
            continue
        yield Dropped(path.name, path.read_bytes(), datetime.fromtimestamp(about.st_mtime, UTC).replace(microsecond=0))
