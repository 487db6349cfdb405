"""Bundles: a source that reads nothing and stands for others, which are switched, read and shown as one.

The one thing to know: the row of a bundle holds no state. Whether it is on, and how it stands, is told by its members, so
that the two can never disagree; it is never due.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from aggregator.intake import needs, sources
from aggregator.intake.sources import Source
from aggregator.intake.tables import sources as rows
from aggregator.store.secrets import Kept
from connectors.base.contract import ParamError


@dataclass(frozen=True, slots=True)
class Switched:
    """What became of each member. `waiting` are those that lack a key, with the sentence that says which and where;
    `wrong` those whose row cannot be read, with the reason: they hold up nobody else.
    """

    on: tuple[str, ...] = ()
    off: tuple[str, ...] = ()
    waiting: tuple[tuple[str, str], ...] = ()
    unknown: tuple[str, ...] = ()
    wrong: tuple[tuple[str, str], ...] = ()


def members(source: Source) -> tuple[str, ...]:
    """The names that a bundle says are its own, whether there are such sources or not; empty for any other source."""
    declared: Callable[..., tuple[str, ...]] | None = getattr(source.module, "members", None)
    if source.about.reads != "nothing" or declared is None:
        return ()
    return tuple(dict.fromkeys(name for name in declared(source.params) if name != source.name))


def named_by(connection: sa.Connection, name: str, connector: str) -> tuple[str, ...] | None:
    """The names that this source stands for; None for one that stands for itself, as one whose row is wrong does."""
    if not sources.reads_nothing(connector):
        return None
    try:
        return members(sources.get(connection, name))
    except ParamError:
        return None


def switch(connection: sa.Connection, name: str, *, on: bool, kept: Sequence[Kept], now: datetime) -> Switched:
    """Switch the members of a bundle; one whose key nobody has set stays off. Raises ParamError."""
    wanted, there = members(sources.get(connection, name)), _there(connection)
    done: list[str] = []
    waiting: list[tuple[str, str]] = []
    wrong: list[tuple[str, str]] = []
    for member in (one for one in wanted if one in there):
        try:
            source = sources.get(connection, member)
        except ParamError as exc:
            wrong.append((member, str(exc)))
            continue
        missing = [need for need in needs.of_source(source, kept) if need.missing] if on else []
        if missing:
            waiting.append((member, "; ".join(map(_way, missing))))
            continue
        sources.change(connection, member, now=now, enabled=on)
        done.append(member)
    unknown = tuple(one for one in wanted if one not in there)
    return Switched(tuple(done if on else ()), tuple(() if on else done), tuple(waiting), unknown, tuple(wrong))


def _there(connection: sa.Connection) -> dict[str, bool]:
    """The sources that can be members, with whether they are on: a bundle holds no bundle."""
    found = connection.execute(
        sa.select(rows.c.name, rows.c.connector, rows.c.enabled).where(rows.c.removed_at.is_(None))
    )
    return {row.name: bool(row.enabled) for row in found if not sources.reads_nothing(row.connector)}


def _way(need: needs.Need) -> str:
    return f"it needs the key {need.name}: {need.key.how} ({need.key.where}), then: worldwidewe keys set {need.name}"


def opened(connection: sa.Connection, names: Iterable[str]) -> list[str]:
    """Put the members that are switched on in the place of a bundle. Raises ParamError for a bundle without any."""
    found: list[str] = []
    there, known = _there(connection), set(sources.names(connection))
    for name in names:
        if name in there or name not in known:
            found.append(name)
            continue
        own = [one for one in members(sources.get(connection, name)) if there.get(one)]
        if not own:
            raise ParamError(
                "source", f"no member of {name} is on; switch them on with: worldwidewe sources set {name} --on"
            )
        found += own
    return list(dict.fromkeys(found))


def said(done: Switched, name: str) -> list[str]:
    """What was done, in lines for a person."""
    lines = [f"switched on: {', '.join(done.on)}"] if done.on else []
    lines += [f"switched off: {', '.join(done.off)}"] if done.off else []
    lines += [f"{member} stays off: {why}; then: worldwidewe sources set {name} --on" for member, why in done.waiting]
    lines += [f"{member} stays as it is: {why}; see: worldwidewe sources show {member}" for member, why in done.wrong]
    lines += [f"{member} is no source of this installation" for member in done.unknown]
    return lines or [f"{name} has no members; name them with: worldwidewe sources set {name} members=…"]
