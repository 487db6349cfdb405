"""Sources that read a mailbox, in a real store, by the real pipeline."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from zstandard import ZstdError

from aggregator.intake import kept, sources
from aggregator.intake.pipeline import read_source
from aggregator.intake.result import Result
from aggregator.store.secrets import Vault
from aggregator.store.session import Store
from aggregator.store.tables import unpack
from tests.aggregator.intake.reading import NOW, settings
from tests.connectors.mailbox.mails import SERVER
from tests.portals.imap import PASSWORD, Box

__all__ = ["NOW", "add", "column", "cursor", "kept_text", "notices", "visit"]


def add(store: Store, home: Path, box: Box | None, *, connector: str = "mailbox", **params: Any) -> None:
    """A source named alerts that reads this mailbox over clear text on loopback; without one, its folder of files."""
    given: dict[str, Any] = {"trusted_authserv_ids": [SERVER]}
    if connector == "mailbox":
        given["allow_senders"] = ["calls.example.org"]
    if box is not None:
        given |= {"host": "127.0.0.1", "port": box.port, "security": "none", "user": box.user}
        home.mkdir(exist_ok=True)
        Vault(store, home).put("mailbox", PASSWORD)
    with store.write() as connection:
        sources.add(connection, "alerts", connector=connector, params=given | params, now=NOW)


def visit(store: Store, home: Path, *, at: datetime = NOW, **given: Any) -> Result:
    return read_source(store, "alerts", settings=settings(home=home, **given), now=lambda: at)


def column(store: Store, query: str) -> list[Any]:
    with store.read() as connection:
        return list(connection.scalars(sa.text(query)))


def cursor(store: Store) -> str | None:
    with store.read() as connection:
        return sources.get(connection, "alerts").cursor


def notices(store: Store) -> list[dict[str, Any]]:
    """What the source says of everything, by its id."""
    with store.read() as connection:
        rows = connection.execute(sa.text("SELECT doc FROM notices ORDER BY source_id"))
        return [json.loads(unpack(row.doc)) for row in rows]


def kept_text(store: Store) -> str:
    """Every text that the store holds, the packed ones unpacked."""
    with store.read() as connection:
        found = [page.body.decode("utf-8", "replace") for page in kept.every(connection, "alerts")]
        for name in sa.inspect(store.engine).get_table_names():
            for row in connection.exec_driver_sql(f'SELECT * FROM "{name}"'):
                found += [_shown(value) for value in row]
    return "\n".join(found)


def _shown(value: Any) -> str:
    if isinstance(value, bytes | memoryview):
        try:
            return unpack(bytes(value)).decode("utf-8", "replace")
        except (ValueError, ZstdError):
            return bytes(value).decode("utf-8", "replace")
    return str(value)
