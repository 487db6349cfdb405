"""The stores of earlier versions, as their own code wrote them (make.py), in an empty database of either kind."""

from pathlib import Path
from typing import Any

import sqlalchemy as sa
import zstandard
from alembic import command
from alembic.config import Config

from aggregator.store import migrations
from aggregator.store.opportunities import words
from aggregator.store.session import Store, open_store
from aggregator.store.terms import folded

HERE = Path(__file__).parent
REVISIONS = sorted(path.name.partition(".")[0] for path in HERE.glob("*.sqlite.zst"))


def laid(revision: str, url: str, folder: Path) -> Store:
    """Open a store that stands at this migration and holds what that version wrote; it is not brought up."""
    file = folder / f"released-{revision}.sqlite"
    data = zstandard.ZstdDecompressor().decompress(
        (HERE / f"{revision}.sqlite.zst").read_bytes(), max_output_size=2**25
    )
    if url.startswith("sqlite"):
        Path(str(sa.make_url(url).database)).write_bytes(data)
        return open_store(url)
    file.write_bytes(data)
    old, store = open_store(f"sqlite:///{file}"), open_store(url)
    move(store, revision)
    with old.read() as source, store.write() as target:
        _copied(source, target)
    old.close()
    return store


def move(store: Store, revision: str) -> None:
    """Bring an empty or a filled store up or down to this migration."""
    with store.write() as connection:
        config = Config()
        config.set_main_option("script_location", str(migrations.__path__[0]))
        config.attributes["connection"] = connection
        at = migrations.current(connection)
        (command.upgrade if at is None or at < revision else command.downgrade)(config, revision)


def _copied(source: sa.Connection, target: sa.Connection) -> None:
    """Every row of every table, parents first; the words as that version wrote them on PostgreSQL."""
    inside = sa.MetaData()
    inside.reflect(bind=target)
    by_hand = {"alembic_version", "opportunity_words", "directory_words"}
    for table in inside.sorted_tables:
        if table.name in by_hand:
            continue
        rows = [
            {column.name: _as(column, row[column.name]) for column in table.c}
            for row in source.exec_driver_sql(f'SELECT * FROM "{table.name}"').mappings()
        ]
        if rows:
            target.execute(sa.insert(table), rows)
        key = next(iter(table.primary_key.columns))
        if key.server_default is not None:  # a SERIAL, which must go on behind what was laid in
            name = f"'{table.name}', '{key.name}'"
            target.exec_driver_sql(
                f'SELECT setval(pg_get_serial_sequence({name}), max("{key.name}")) FROM "{table.name}" HAVING count(*) > 0'
            )
    for id, doc in source.exec_driver_sql("SELECT id, doc FROM opportunities").all():
        title, text = words(doc)
        said = "INSERT INTO opportunity_words (rowid, words) VALUES (:id, to_tsvector('simple', :words))"
        target.execute(sa.text(said), {"id": id, "words": folded(f"{title} {text}")})
    if "directory_words" in inside.tables:
        weighed = "setweight(to_tsvector('simple', :name), 'A') || setweight(to_tsvector('simple', :text), 'D')"
        for id, name, text in source.exec_driver_sql("SELECT rowid, name, text FROM directory_words").all():
            target.execute(
                sa.text(f"INSERT INTO directory_words (rowid, words) VALUES (:id, {weighed})"),
                {"id": id, "name": folded(name), "text": folded(text)},
            )


def _as(column: sa.Column[Any], value: Any) -> Any:
    return bool(value) if isinstance(column.type, sa.Boolean) and value is not None else value
