"""Does what was read look like what this platform sends? Asked before anything of it is written, so that old data stay.

The one thing to know: a selector that matches the wrong thing reads the same words from every page, and one that matches
nothing leaves a field empty everywhere; a single notice tells neither, so details are judged together with those before.
"""

import json
from collections import Counter, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from connectors.base.contract import Notice

FIELDS = ("summary", "published_at", "deadlines", "countries", "codes", "organisation", "budget", "eligibility")
"""Fields whose share is noted for each visit: one that always came and comes no more is the source's change, not chance."""
ALIKE, MANY = 5, 20
"""So many notices with one title or address are no chance; a field without any value takes more."""
MOSTLY = 0.8
WINDOW = MANY
ACCEPT = "; what we hold stays as it is. If it is right: worldwidewe sources accept"


@dataclass(slots=True)
class Plausible:
    """Judges the notices of one visit, page by page; only those of a source of markup are ever refused.

    `usual` is the share of notices that stated each field in the visits before.
    """

    markup: bool
    usual: Mapping[str, float] = field(default_factory=dict)
    stated: dict[str, int] = field(default_factory=dict)
    read: int = 0
    _details: deque[Notice] = field(default_factory=lambda: deque(maxlen=WINDOW))

    def refusal(self, notices: Sequence[Notice], *, detail: bool) -> str | None:
        """Say why these notices are not believed; None: they are. `detail`: they come one a page."""
        if not notices:
            return None
        if detail:
            self._details.extend(notices)
        together = list(self._details) if detail else notices
        why = (_alike(together) or self._empty(together)) if self.markup else None
        if why is None:
            self.read += len(notices)
            for name in FIELDS:
                self.stated[name] = self.stated.get(name, 0) + sum(_states(one, name) for one in notices)
        return why

    def _empty(self, notices: Sequence[Notice]) -> str | None:
        if len(notices) < MANY:
            return None
        for name, share in self.usual.items():
            if share >= MOSTLY and not any(_states(one, name) for one in notices):
                return f"none of {len(notices)} notices states {name}, which {share:.0%} did before{ACCEPT}"
        return None

    def emptied(self) -> list[str]:
        """The fields that nearly every notice stated before and none does now, each in words, for the admin."""
        if self.read < MANY:
            return []
        return [
            f"none of {self.read} notices states {name}, which {share:.0%} did before"
            for name, share in self.usual.items()
            if share >= MOSTLY and not self.stated.get(name)
        ]

    def filled(self) -> str | None:
        """The share of notices that state each field, as JSON for the visit's row; None when none were read."""
        if not self.read:
            return None
        return json.dumps({name: round(count / self.read, 3) for name, count in self.stated.items()})


def usual(visits: Iterable[str | None]) -> dict[str, float]:
    """The median share of each field over the `filled` of earlier visits; a single visit is no habit."""
    told: list[dict[str, Any]] = [json.loads(filled) for filled in visits if filled]
    if len(told) < 2:
        return {}
    return {name: median(float(one.get(name, 0.0)) for one in told) for name in FIELDS}


def _alike(notices: Sequence[Notice]) -> str | None:
    if len({one.source_id for one in notices}) < ALIKE:
        return None
    for what, values in (("title", list(map(_title, notices))), ("address", [one.url for one in notices])):
        value, count = Counter(values).most_common(1)[0]
        if count >= ALIKE and count >= MOSTLY * len(values):
            return f"{count} of {len(values)} notices have one {what}: {value[:80]!r}"
    return None


def _title(notice: Notice) -> str:
    return next(iter(notice.titles.values())).text.casefold()


def _states(notice: Notice, name: str) -> bool:
    value = getattr(notice, name)
    return any(d.on for d in value) if name == "deadlines" else bool(value)
