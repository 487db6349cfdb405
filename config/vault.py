"""The one secret of an installation: `<home>/key`, made on first use, readable by its owner alone.

The one thing to know: nobody uses the key itself; each purpose gets its own key, derived from it.
"""

import hmac
import os
import secrets
from pathlib import Path

_BYTES = 32


def key(home: Path, purpose: str) -> bytes:
    """Return the 32-byte key of a purpose; the same home and purpose always give the same key.

    Raises ValueError when the file was damaged: a new key would silently change every Message-ID and token.
    """
    return hmac.digest(_master(home / "key"), purpose.encode(), "sha256")


def _master(path: Path) -> bytes:
    if not path.exists():
        _create(path)
    text = path.read_text(encoding="ascii", errors="replace").strip()
    try:
        master = bytes.fromhex(text)
    except ValueError:
        master = b""
    if len(master) != _BYTES:
        raise ValueError(f"{path}: is not a key; restore it from a backup, or remove it to begin anew")
    return master


def _create(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"key.{secrets.token_hex(8)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(secrets.token_hex(_BYTES) + "\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        # A link never replaces: of two processes that start together, both go on with the first one's key.
        path.hardlink_to(draft)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
