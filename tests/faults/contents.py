"""A whole store as values that two stores can be compared by: every table, whatever number its rows were given.

The one thing to know: nothing is left out but what is named here, each with its reason; a table that a later migration
adds is compared without a word.
"""

import json
import re
from typing import Any

import sqlalchemy as sa
import zstandard

from aggregator.store.session import Store

LEFT_OUT = {
    "visits": "an interrupted visit is told as such, and the visit that repeats it has a number of its own",
    "opportunity_terms": "a view of the text index, which is compared word by word",
    "sqlite_sequence": "SQLite's own counters",
}
_INDEXES = ("opportunity_words", "directory_words")
"""Full-text indexes: how their segments lie depends on when they were written, so their words are compared instead."""
_NUMBERS = {
    "id": "a row's number says only when it was written",
    "number": "the same of an organisation",
    "seq": "grows with every write, and only says what is later",
    "visit_id": "the visits are not compared",
    "page_id": "the page itself is compared",
    "fence": "counts the leases",
}
_OF_OPPORTUNITIES = {"opportunity_id", "noted_of", "rowid"}
_TOKEN = re.compile(r'("iterationNextToken": ?)"[^"]*"')
_ZSTD = b"\x28\xb5\x2f\xfd"


def contents(store: Store) -> dict[str, list[str]]:
    """Table → its rows as text, sorted; an opportunity goes by the notices behind it, an organisation by its source."""
    inspected = sa.inspect(store.engine)
    found: dict[str, list[str]] = {}
    with store.read() as connection:
        names = _names(connection)
        for table in inspected.get_table_names():
            if table in LEFT_OUT or table.startswith(_INDEXES):
                continue
            columns = [column["name"] for column in inspected.get_columns(table)]
            quoted = ", ".join(f'"{column}"' for column in columns)
            rows = connection.exec_driver_sql(f'SELECT {quoted} FROM "{table}"')
            found[table] = sorted(_told(table, dict(zip(columns, row, strict=True)), names) for row in rows)
        # Asked for again under another token, the same page is kept a second time.
        found["pages"] = sorted(set(found["pages"]))
        for index in _INDEXES:
            found[index] = _words(connection, index, names)
    return found


def differences(one: dict[str, list[str]], other: dict[str, list[str]]) -> str:
    """Which rows only one of two has, by table; empty when they say the same."""
    lines = []
    for table in sorted(one.keys() | other.keys()):
        here, there = one.get(table, []), other.get(table, [])
        if here != there:
            lines += [f"{table} - {row[:600]}" for row in here if row not in there][:5]
            lines += [f"{table} + {row[:600]}" for row in there if row not in here][:5]
            lines.append(f"{table}: {len(here)} and {len(there)} rows")
    return "\n".join(lines)


class _Names:
    """What numbers stand for."""

    def __init__(self) -> None:
        self.opportunities: dict[int, str] = {}
        self.organisations: dict[int, str] = {}

    def opportunity(self, number: int | None) -> str | None:
        return None if number is None else self.opportunities.get(number, "one that is no more")


def _names(connection: sa.Connection) -> _Names:
    names = _Names()
    behind: dict[int, list[str]] = {}
    for id, source, source_id in connection.exec_driver_sql("SELECT opportunity_id, source, source_id FROM notices"):
        behind.setdefault(id, []).append(f"{source}/{source_id}")
    names.opportunities = {id: " ".join(sorted(keys)) for id, keys in behind.items()}
    for number, source, source_id in connection.exec_driver_sql("SELECT number, source, source_id FROM organisations"):
        names.organisations[number] = f"{source}/{source_id}"
    return names


def _told(table: str, row: dict[str, Any], names: _Names) -> str:
    if table == "opportunities":
        row["opportunity_id"] = row["id"]
    elif table == "directory":
        row["entry"] = row["id"]
    elif table in {"members", "profiles", "requests"}:
        row["name_of_row"] = row["id"]  # a name that people gave, not a number
    elif table == "merges":
        row["old_id"] = None if row["old_id"] is None else "had one"
    elif table == "pages":
        del row["address"], row["sha256"]  # digests of what is compared itself, and of a token that is never the same
    elif table == "redirects":
        del row["old_id"]
    said: dict[str, Any] = {}
    for column, value in row.items():
        if column in _OF_OPPORTUNITIES:
            said[column] = names.opportunity(value)
        elif column == "entry":
            said[column] = names.organisations.get(value, value)
        elif column not in _NUMBERS:
            said[column] = _plain(column, value)
    return json.dumps(said, sort_keys=True, ensure_ascii=False, default=str)


def _plain(column: str, value: Any) -> Any:
    if isinstance(value, bytes | memoryview):
        raw = bytes(value)
        said = zstandard.decompress(raw) if raw.startswith(_ZSTD) else raw
        return _TOKEN.sub(r"\1", said.decode("utf-8", "backslashreplace"))
    if column == "headers":
        # The clock of the platform's server is not ours to stop, and the token makes a body longer or shorter.
        return {name: text for name, text in json.loads(value).items() if name not in {"date", "content-length"}}
    return int(value) if isinstance(value, bool) else value


def _words(connection: sa.Connection, index: str, names: _Names) -> list[str]:
    """Every word of a full-text index with where it stands."""
    of = names.opportunity if index == "opportunity_words" else names.organisations.get
    if connection.dialect.name == "postgresql":
        if not connection.scalar(sa.text("SELECT to_regclass(:index)"), {"index": index}):
            return []
        columns = connection.exec_driver_sql(
            f"SELECT column_name FROM information_schema.columns WHERE table_schema = 'public'"
            f" AND table_name = '{index}' AND data_type = 'tsvector'"
        ).scalars()
        chosen = ", ".join(columns)
        return sorted(
            str((of(row[0]), *row[1:])) for row in connection.exec_driver_sql(f"SELECT rowid, {chosen} FROM {index}")
        )
    connection.exec_driver_sql(
        f"CREATE VIRTUAL TABLE IF NOT EXISTS temp.{index}_seen USING fts5vocab('main', '{index}', 'instance')"
    )
    rows = connection.exec_driver_sql(f'SELECT term, doc, col, "offset" FROM temp.{index}_seen')
    return sorted(str((term, of(doc), column, place)) for term, doc, column, place in rows)
