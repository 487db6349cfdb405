"""A letter before it has words: for whom, for which week, with what in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from aggregator.digest.choose import Chosen

WEEKLY = "weekly"


class Source(Protocol):
    """What a letter says of a source; the caller knows its state. `last_good`: end of the last good visit (UTC)."""

    @property
    def name(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def enabled(self) -> bool: ...
    @property
    def last_good(self) -> datetime | None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """One letter of one member. `more` counts what fits and is not shown; `rest` is the board's query for it.

    `reads` are the languages whose titles need no help; `sources` are all sources, for their titles and silences.
    """

    member_id: str
    member_name: str
    language: str
    reads: tuple[str, ...]
    period: str
    kind: str
    made_at: datetime
    zone: str
    items: tuple[Chosen, ...]
    more: int = 0
    rest: str = ""
    sources: tuple[Source, ...] = ()


def period_of(now: datetime, zone: str) -> str:
    """Name the ISO week of an instant by the calendar of a zone: 2026-W48."""
    year, week, _ = now.astimezone(ZoneInfo(zone)).isocalendar()
    return f"{year}-W{week:02d}"


def counted(items: Sequence[Chosen]) -> dict[str, int]:
    """Count the items of each section that the subject names; what only resembles the profile is not counted."""
    sections = ("closing", "new", "changed")
    return {section: n for section in sections if (n := sum(i.section == section for i in items))}
