"""Sources: a connector plus parameters plus a rhythm. What an admin lists, adds, changes, removes.

The one thing to know: a removed source is only switched off and hidden; what it brought stays, and `add` brings it back.
"""

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from pydantic import BaseModel, ValidationError

import connectors
from aggregator.directory import absence as directory
from aggregator.intake import backlog, leading, naming, sharing
from aggregator.intake.due import LONGEST_PAUSE, has_come
from aggregator.intake.tables import sources, visits
from aggregator.store.put import known
from aggregator.store.tables import notices, stamp
from connectors.base import closed
from connectors.base.contract import About, Connector, Notice, ParamError, Rights

STARTER = Path(__file__).parents[2] / "config" / "sources.toml"
GOES_ON = timedelta(hours=1)
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")


@dataclass(frozen=True, slots=True)
class Source:
    name: str
    title: str
    connector: str
    module: Connector
    params: BaseModel
    enabled: bool
    rhythm_minutes: int
    cursor: str | None

    @property
    def about(self) -> About:
        return self.module.ABOUT

    @property
    def sweep_days(self) -> int | None:
        """How often a visit that lists everything open is due; None: never. A connector whose sources differ (a list that
        shows all, one that shows the newest) has a pure function `sweep_days(params)`."""
        decides = getattr(self.module, "sweep_days", None)
        days: int | None = decides(self.params) if decides is not None else self.about.sweep_days
        return days

    def rights(self, notice: Notice) -> Rights:
        """Under which rights this source shows a notice: what its connector says, or decides by its parameters."""
        return sharing.rights_of(self.module, self.params, notice)


def checked(connector: str, params: Mapping[str, Any]) -> BaseModel:
    """Hold parameters against the connector's own model. Raises ParamError that names each wrong one and why."""
    model = connectors.load(connector).Params
    unknown = sorted(set(params) - set(model.model_fields))
    if unknown:
        known = ", ".join(naming.fields(model)) or "none"
        raise ParamError(unknown[0], f"{connector} has no such parameter; it has: {known}")
    try:
        valid = model.model_validate(dict(params))
    except ValidationError as exc:
        first = exc.errors()[0]
        raise ParamError(".".join(str(part) for part in first["loc"]) or connector, first["msg"]) from exc
    if (found := closed.named_in(valid.model_dump(mode="json"))) is not None:
        raise ParamError(found[0], found[1].sentence)
    return valid


def reads_nothing(connector: str) -> bool:
    """Whether sources of this connector stand for others (bundles.py). False for one that is not installed any more."""
    try:
        return connectors.load(connector).ABOUT.reads == "nothing"
    except ParamError:
        return False


def add(
    connection: sa.Connection,
    name: str,
    *,
    connector: str,
    params: Mapping[str, Any],
    now: datetime,
    title: str | None = None,
    enabled: bool = True,
    rhythm_minutes: int | None = None,
) -> None:
    """Add a source, or bring back a removed one with these parameters. Raises ParamError."""
    if not _NAME.fullmatch(name):
        raise ParamError("name", f"{name!r}: use small letters, digits and hyphens, as in ted-catering")
    row = connection.execute(sa.select(sources.c.removed_at).where(sources.c.name == name)).first()
    if row is not None and row.removed_at is None:
        raise ParamError("name", f"there is a source {name!r} already; change it with: worldwidewe sources set {name}")
    values: dict[str, Any] = {
        "failures": 0,
        "connector": connector,
        "title": title or connectors.load(connector).ABOUT.title,
        "params": _kept(checked(connector, params)),
        "enabled": enabled,
        "rhythm_minutes": rhythm_minutes,
        "next_visit": stamp(now),
        "accepted_at": stamp(now),
    } | dict.fromkeys(("removed_at", "cursor"))
    if row is not None:
        _asks_anew(connection, name)
        connection.execute(sa.update(sources).where(sources.c.name == name).values(**values))
        return
    connection.execute(sa.insert(sources).values(name=name, added_at=stamp(now), **values))


def change(
    connection: sa.Connection,
    name: str,
    *,
    now: datetime,
    params: Mapping[str, Any] | None = None,
    title: str | None = None,
    enabled: bool | None = None,
    rhythm_minutes: int | None = None,
) -> None:
    """Change what is given and leave the rest. Raises ParamError when the source or a parameter is wrong."""
    source = get(connection, name)
    values: dict[str, Any] = {}
    if params:
        merged = source.params.model_dump(mode="json", exclude_defaults=True) | dict(params)
        after = checked(source.connector, merged)
        # Other parameters, another reading: the next visit comes at once and from the beginning.
        values |= {"params": _kept(after), "next_visit": stamp(now), "cursor": None}
        values |= {"accepted_at": stamp(now)}
        _asks_anew(connection, name)
        sharing.share_anew(connection, name, source.module, {"before": source.params, "after": after}, now=now)
        leading.reconsider(connection, name, now=now)
    given = {"title": title, "enabled": enabled, "rhythm_minutes": rhythm_minutes}
    if values := values | {key: value for key, value in given.items() if value is not None}:
        connection.execute(sa.update(sources).where(sources.c.name == name).values(**values))
    if enabled is False:
        _goes_silent(connection, name, now=now)


def remove(connection: sa.Connection, name: str, *, now: datetime) -> None:
    """Switch a source off and hide it; what it brought stays. Raises ParamError."""
    get(connection, name)
    connection.execute(
        sa.update(sources).where(sources.c.name == name).values(enabled=False, removed_at=stamp(now), next_visit=None)
    )
    _goes_silent(connection, name, now=now)


def _asks_anew(connection: sa.Connection, name: str) -> None:
    """Other parameters, another question: what was listed under the old one is not missing when the new one lists it no
    more, and the pages that waited to be read may belong to nobody."""
    backlog.clear(connection, name)
    connection.execute(sa.update(notices).where(notices.c.source == name).values(unasked=True))
    directory.ask_anew(connection, name)


def _goes_silent(connection: sa.Connection, name: str, *, now: datetime) -> None:
    held = known(connection, name)
    leading.hand_over(connection, name, held, held=held, now=now, visit_id=None)


def get(connection: sa.Connection, name: str) -> Source:
    """Read one source. Raises ParamError with the names there are."""
    row = connection.execute(sa.select(sources).where(sources.c.name == name, sources.c.removed_at.is_(None))).first()
    if row is None:
        raise ParamError("source", f"there is no source {name!r}; {naming.those_there_are(name, names(connection))}")
    return _source(row)


def names(connection: sa.Connection) -> list[str]:
    """The names of all sources that were not removed, also of those whose row is wrong."""
    query = sa.select(sources.c.name).where(sources.c.removed_at.is_(None))
    return list(connection.scalars(query.order_by(sources.c.name)))


def due(connection: sa.Connection, *, now: datetime) -> list[str]:
    """The names of the sources whose next visit has come, the longest waiting first."""
    mine = sa.select(visits.c.ended_at).where(visits.c.source == sources.c.name)
    ended = mine.order_by(visits.c.id.desc()).limit(1).scalar_subquery()
    rows = connection.execute(
        sa.select(sources.c.name, sources.c.connector, sources.c.next_visit, ended.label("ended"))
        .where(sources.c.enabled, sources.c.removed_at.is_(None), sources.c.next_visit.is_not(None))
        .order_by(sources.c.next_visit, sources.c.name)
    )
    come = [row for row in rows if has_come(row.next_visit, ended=row.ended, now=now)]
    return [row.name for row in come if not reads_nothing(row.connector)]


def start_with(connection: sa.Connection, path: Path, *, now: datetime) -> int:
    """Give an empty installation its first sources from a TOML file; one that has sources is left alone."""
    if connection.scalar(sa.select(sa.func.count()).select_from(sources)):
        return 0
    for row in (rows := tomllib.loads(path.read_text(encoding="utf-8"))["source"]):
        given = {key: row[key] for key in ("title", "enabled", "rhythm_minutes") if key in row}
        add(connection, row["name"], connector=row["connector"], params=row.get("params", {}), now=now, **given)
    return len(rows)


def move_cursor(connection: sa.Connection, name: str, cursor: str) -> None:
    """Remember where a mailbox or a token stands; call it in the transaction that keeps the page."""
    connection.execute(sa.update(sources).where(sources.c.name == name).values(cursor=cursor))


def schedule_next(
    connection: sa.Connection,
    source: Source,
    *,
    now: datetime,
    good: bool,
    soon: bool,
    more: bool,
    wait: float | None,
) -> None:
    """Say when the next visit is due: after the rhythm, or later when the source asks for it (`wait`, in seconds).

    While details are still to be read (`more`) it goes on within the hour, so that a first reading takes hours, not weeks.

    A failure that may pass (`soon`) is tried again earlier, twice as late each time, but never later than the rhythm:
    docs/decisions/2026-11-23-try-again-before-the-rhythm.md.
    """
    row = connection.execute(sa.select(sources.c.failures).where(sources.c.name == source.name)).one()
    failures = 0 if good else row.failures + 1
    rhythm = timedelta(minutes=source.rhythm_minutes)
    pause = min(rhythm, timedelta(minutes=5 * 2 ** min(failures - 1, 10))) if soon else rhythm
    pause = min(pause, GOES_ON) if more else pause
    pause = min(max(pause, timedelta(seconds=wait or 0)), LONGEST_PAUSE)
    connection.execute(
        sa.update(sources).where(sources.c.name == source.name).values(failures=failures, next_visit=stamp(now + pause))
    )


def _source(row: Any) -> Source:
    connector = connectors.load(row.connector)
    return Source(
        name=row.name,
        title=row.title,
        connector=row.connector,
        module=connector,
        params=checked(row.connector, json.loads(row.params)),
        enabled=row.enabled,
        rhythm_minutes=row.rhythm_minutes or connector.ABOUT.rhythm_minutes,
        cursor=row.cursor,
    )


def _kept(params: BaseModel) -> str:
    return params.model_dump_json(exclude_defaults=True)
