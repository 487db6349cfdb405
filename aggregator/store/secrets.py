"""The vault: secrets of the platforms, by name, sealed with a key that lies beside the store and not in it.

The one thing to know: a stolen copy of the store, or a backup of it, opens no secret; and a secret that a platform has
renewed is committed before anybody uses it, so that no crash loses the only copy (F24).
"""

import secrets as randomness
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy.dialects import postgresql, sqlite

from aggregator.store.session import Store
from aggregator.store.tables import moment, secrets, stamp
from config import vault
from connectors.base.contract import FetchError, ParamError

_NONCE = 12
LOCKED = timedelta(seconds=90)
PATIENCE = 30.0


@dataclass(frozen=True, slots=True)
class Kept:
    """What may be said of a secret. Instants are UTC."""

    name: str
    set_at: datetime
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class Vault:
    """Implements `contract.Secrets` over a store and the key of its home."""

    store: Store
    home: Path

    def get(self, name: str) -> str | None:
        """Open a secret. Raises FetchError("auth") when it was sealed with another key."""
        with self.store.read() as connection:
            sealed = connection.scalar(sa.select(secrets.c.sealed).where(secrets.c.name == name))
        if sealed is None:
            return None
        try:
            return self._cipher().decrypt(sealed[:_NONCE], sealed[_NONCE:], name.encode()).decode()
        except InvalidTag as exc:
            why = f"was sealed with another key than {self.home / 'key'}; set it again: worldwidewe keys set {name}"
            raise FetchError("auth", f"secret {name!r}", why) from exc

    def require(self, name: str) -> str:
        value = self.get(name)
        if value is None:
            raise FetchError(
                "auth", f"secret {name!r}", f"is not in the vault; set it with: worldwidewe keys set {name}"
            )
        return value

    def put(self, name: str, value: str, *, days: int | None = None) -> None:
        """Seal a secret under its name, in a transaction of its own."""
        if not name or len(name) > 100 or not value:
            raise ParamError("name", "a secret needs a name of at most 100 characters, and a value")
        nonce, now = randomness.token_bytes(_NONCE), datetime.now(UTC)
        sealed = nonce + self._cipher().encrypt(nonce, value.encode(), name.encode())
        row = {
            "sealed": sealed,
            "set_at": stamp(now),
            "expires_at": stamp(now + timedelta(days=days)) if days else None,
        }
        with self.store.write() as connection:
            # One statement: two may set the same new secret at the same moment.
            insert = self._insert(name, row)
            connection.execute(insert.on_conflict_do_update(index_elements=["name"], set_=row))

    def forget(self, name: str) -> bool:
        """Remove a secret; False when there was none."""
        with self.store.write() as connection:
            return bool(connection.execute(sa.delete(secrets).where(secrets.c.name == name)).rowcount)

    def everything(self) -> list[Kept]:
        """The names that are kept, and since when; never what they hold."""
        query = sa.select(secrets).where(secrets.c.sealed.is_not(None)).order_by(secrets.c.name)
        with self.store.read() as connection:
            return [
                Kept(row.name, moment(row.set_at), moment(row.expires_at) if row.expires_at else None)
                for row in connection.execute(query)
            ]

    @contextmanager
    def lock(self, name: str) -> Iterator[None]:
        """Hold the right to renew a secret; a process that died with it loses it after 90 seconds."""
        me, ends = randomness.token_hex(8), time.monotonic() + PATIENCE
        while not self._locked(name, me):
            if time.monotonic() > ends:
                raise FetchError("transient", f"secret {name!r}", "another process is renewing it")
            time.sleep(0.1)
        try:
            yield
        finally:
            with self.store.write() as connection:
                mine = sa.and_(secrets.c.name == name, secrets.c.lock_owner == me)
                connection.execute(sa.update(secrets).where(mine).values(lock_owner=None, lock_until=None))

    def _locked(self, name: str, me: str) -> bool:
        now = datetime.now(UTC)
        values = {"lock_owner": me, "lock_until": stamp(now + LOCKED)}
        # No owner asks for longer than that: a clock was far ahead, and its lock would hold until that day comes.
        never = secrets.c.lock_until > stamp(now + 2 * LOCKED)
        free = sa.or_(secrets.c.lock_until.is_(None), secrets.c.lock_until < stamp(now), never)
        insert = self._insert(name, values)
        with self.store.write() as connection:
            mine = insert.on_conflict_do_update(index_elements=["name"], set_=values, where=free)
            # The row comes back only to whoever got it; how many rows an insert touched no driver must say.
            return connection.scalar(mine.returning(secrets.c.name)) is not None

    def _insert(self, name: str, row: Mapping[str, Any]) -> sqlite.Insert | postgresql.Insert:
        insert = sqlite.insert if self.store.sqlite else postgresql.insert
        return insert(secrets).values(name=name, **row)

    def _cipher(self) -> AESGCM:
        return AESGCM(vault.key(self.home, "secrets"))
