"""Instants as the platform writes them: `2026-06-16T15:00:00.000+00:00`, and in lots `2026-06-16T17:00:00+02:00`.

The one thing to know: a term with `Z` or `+00:00` is, as a rule, the clock of Rome under a wrong name. In the recorded acts
such terms end at 12:00, 15:00, 23:59 and 00:00, as do those that say +02:00; and the platform stamps one moment twice, two
hours apart, as UTC (`dataPCP`, `dataCreazione`). So a term without an offset of its own is taken for the clock of Rome: where
that is wrong, we say an hour or two too early, and nobody comes too late (docs/platforms/anac_pvl.md).
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from connectors.anac_pvl.about import ZONE
from connectors.anac_pvl.act import said
from connectors.base.contract import Deadline
from connectors.base.dates import instant

_TERMS = ("termine_invito", "termine_ricezione")
_ROME = ZoneInfo(ZONE)


def moment(value: Any) -> datetime | None:
    """Read an instant as it is written; None for what is none."""
    read = instant(value) if isinstance(value, str) else None
    return read if isinstance(read, datetime) else None


def deadlines(ends: Any, lots: Sequence[Mapping[str, Any]]) -> tuple[Deadline, ...]:
    """The terms of the lots, each once; without any, the term of the whole."""
    found: dict[datetime, list[str]] = {}
    for lot in lots:
        for name in _TERMS:
            if (at := _by_the_clock(moment(lot.get(name)))) is not None:
                found.setdefault(at, []).append(said(lot, "cig"))
    if not found and (whole := _by_the_clock(moment(ends))) is not None:
        found = {whole: []}
    several = len(found) > 1
    return tuple(_deadline(at, lots=tuple(filter(None, named)) if several else ()) for at, named in found.items())


def _by_the_clock(at: datetime | None) -> datetime | None:
    if at is None:
        return None
    return at.replace(tzinfo=_ROME) if at.utcoffset() == UTC.utcoffset(None) else at.astimezone(_ROME)


def _deadline(at: datetime, *, lots: tuple[str, ...]) -> Deadline:
    label = f"lotto {', '.join(dict.fromkeys(lots))}"[:200] if lots else None
    return Deadline(on=at.date(), at=f"{at:%H:%M}", zone=ZONE, kind="submission", label=label)
