"""Does what was read look like what this platform sends? Asked before anything of it is written, so that old data stay.

The one thing to know: a selector that matches the wrong thing reads the same words from every page, and one that matches
nothing leaves a field empty everywhere; a single notice tells neither, so details are judged together with those before.
"""

import json
from collections import deque
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from connectors.base.contract import Notice

FIELDS = ("summary", "published_at", "deadlines", "countries", "codes", "organisation", "budget", "eligibility")
"""Fields whose share is noted for each visit: one that always came and comes no more is the source's change, not chance."""
ALIKE, MANY = 5, 20
"""So many notices with one title or address are no chance; a common deadline, or a field without any value, takes more."""
USUAL = 0.8
WINDOW = MANY


@dataclass(slots=True)
class Plausible:
    """Judges the notices of one visit, page by page.

    `distinct` are the fields that the connector declares never to be all alike (`Expect.distinct`); `usual` is the share
    of notices that stated each field in the visits before.
    """

    distinct: Collection[str]
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
            notices = list(self._details)
        why = self._alike(notices) or self._empty(notices)
        if why is None:
            fresh = notices[-1:] if detail else notices
            self.read += len(fresh)
            for name in FIELDS:
                self.stated[name] = self.stated.get(name, 0) + sum(_states(one, name) for one in fresh)
        return why

    def _alike(self, notices: Sequence[Notice]) -> str | None:
        if len({one.source_id for one in notices}) < ALIKE:
            return None
        if "title" in self.distinct and len({_title(one) for one in notices}) == 1:
            return f"{len(notices)} notices have one title: {_title(notices[0])[:80]!r}"
        if "url" in self.distinct and len({one.url for one in notices}) == 1:
            return f"{len(notices)} notices have one address: {notices[0].url}"
        dated = [one.deadlines for one in notices if any(d.on for d in one.deadlines)]
        if "deadlines" in self.distinct and len(dated) >= MANY and len(set(dated)) == 1:
            return f"{len(dated)} notices have one deadline: {next(d.on for d in dated[0] if d.on)}"
        return None

    def _empty(self, notices: Sequence[Notice]) -> str | None:
        if len(notices) < MANY:
            return None
        for name, share in self.usual.items():
            if share >= USUAL and not any(_states(one, name) for one in notices):
                return f"none of {len(notices)} notices states {name}, which {share:.0%} did before"
        return None

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


def _title(notice: Notice) -> str:
    return next(iter(notice.titles.values())).text.casefold()


def _states(notice: Notice, name: str) -> bool:
    value = getattr(notice, name)
    return any(d.on for d in value) if name == "deadlines" else bool(value)
