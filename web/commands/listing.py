"""How `sources list` tells of every source: state, last good visit, volume, rights, needs, and whether it was ever proven."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa
from rich import box
from rich.table import Table

from aggregator.intake import flood, needs, sources
from aggregator.intake.needs import Need
from aggregator.intake.standing import SourceState
from aggregator.store.secrets import Kept
from connectors.base.contract import ParamError

_TO = {"public": "all", "members": "members", "office": "office"}


@dataclass(frozen=True, slots=True)
class Told:
    """What a row says besides the state. `needs` is what is still missing; `confirmed`, `never` aside, a date."""

    rights: str
    needs: str
    confirmed: str | None
    proven: bool


def told(connection: sa.Connection, state: SourceState, kept: Sequence[Kept]) -> Told:
    """What a person should know of a source before switching it on."""
    try:
        source = sources.get(connection, state.name)
    except ParamError as exc:
        return Told("", str(exc), None, False)
    about = source.about
    missing = [f"key {need.name}" for need in needs.of_source(source, kept) if need.missing]
    if about.needs and not state.last_good:
        missing.append(about.needs)
    if flood.held(connection, state.name):
        missing.append(f"your word on what waits: worldwidewe sources accept {state.name}")
    confirmed = state.confirmed_live or about.confirmed_live
    return Told(
        rights=f"{about.rights.show}, {_TO[about.rights.audience]}",
        needs="; ".join(missing),
        confirmed=confirmed.isoformat() if confirmed else None,
        proven=about.recorded,
    )


def table(states: Sequence[SourceState], rows: Mapping[str, Told]) -> Table:
    """The list for people, one row a source."""
    shown = Table(box=box.SIMPLE)
    for column in ("source", "connector", "", "brought", "last good visit", "last visit", "shown", "needs", "live"):
        shown.add_column(column, justify="right" if column == "brought" else "left", overflow="fold")
    for state in states:
        row = rows[state.name]
        shown.add_row(
            state.name,
            state.connector,
            "" if state.enabled else "off",
            str(state.notices + state.organisations),
            state.last_good.strftime("%Y-%m-%d %H:%M") if state.last_good else "never",
            state.last_class or "none yet",
            row.rights,
            row.needs,
            row.confirmed or ("never" if row.proven else "never, unproven"),
        )
    return shown


def as_json(state: SourceState, row: Told) -> dict[str, Any]:
    """The same for programs: missing keys are left out, but `confirmed_live` always says something."""
    values = {key: value for key, value in asdict(state).items() if value is not None}
    said = {key: value.isoformat() if isinstance(value, date) else value for key, value in values.items()}
    own = {"rights": row.rights, "needs": row.needs}
    proof = {"confirmed_live": row.confirmed or "never", "recorded": row.proven}
    return said | {key: value for key, value in own.items() if value} | proof


def need_told(need: Need, *, now: datetime | None = None) -> str:
    """One key in words: its name, whether it is there and until when, and the way to it."""
    at = now or datetime.now(UTC)
    if need.kept is None:
        state = "optional, not set" if need.key.optional else "NOT SET"
        way = f"{need.key.how} ({need.key.where}), then: worldwidewe keys set {need.name}"
    else:
        ends = need.kept.expires_at
        state = f"set on {need.kept.set_at:%Y-%m-%d}" + (f", ends on {ends:%Y-%m-%d}" if ends else "")
        way = f"renew it: {need.key.how} ({need.key.where})" if need.ends_soon(at) else ""
    return f"key {need.name} ({need.key.title}): {state}{f'; {way}' if way else ''}"
