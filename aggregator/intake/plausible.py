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
MOSTLY, NEARLY = 0.8, 0.9
FEW = 4
"""A title for each so many notices, and not more than five, are the words of a menu: "Leggi tutto", "Bandi", "Home"."""
MENU_WORDS, MENU_LENGTH = 3, 30
DATED = 10
"""So many notices of one list with one deadline are doubted where deadlines were many; pages of their own take `MANY`,
because a programme publishes its calls together."""
VARIED = 0.25
"""Deadlines are many where there is another day for every fourth notice."""
DAYS = "days"
WINDOW = MANY
ACCEPT = "; what we hold stays as it is. If it is right: worldwidewe sources accept"


@dataclass(slots=True)
class Plausible:
    """Judges the notices of one visit, page by page; only those of a source of markup are ever refused.

    `usual` is the share of notices that stated each field in the visits before, `varied` how many different deadlines they
    had for each that stated one. `alike`: a person has said that the titles and addresses of this source are alike.
    """

    markup: bool
    usual: Mapping[str, float] = field(default_factory=dict)
    varied: float | None = None
    alike: bool = False
    stated: dict[str, int] = field(default_factory=dict)
    read: int = 0
    days: Counter[str] = field(default_factory=Counter)
    _details: deque[Notice] = field(default_factory=lambda: deque(maxlen=WINDOW))

    def refusal(self, notices: Sequence[Notice], *, detail: bool) -> str | None:
        """Say why these notices are not believed; None: they are. `detail`: they come one a page."""
        if not notices:
            return None
        if detail:
            self._details.extend(notices)
        together = list(self._details) if detail else notices
        why = self._doubt(together, detail=detail) if self.markup else None
        if why is None:
            self.read += len(notices)
            self.days.update(day for one in notices if (day := _day(one)))
            for name in FIELDS:
                self.stated[name] = self.stated.get(name, 0) + sum(_states(one, name) for one in notices)
        return why

    def go_on_from(self, latest: Sequence[Notice]) -> None:
        """Judge details together with these, the newest first, which an earlier visit has written."""
        self._details.extend(reversed(latest))

    def _doubt(self, notices: Sequence[Notice], *, detail: bool) -> str | None:
        alike = None if self.alike else _alike(notices) or _menu(notices)
        return alike or self._one_day(notices, least=MANY if detail else DATED) or self._empty(notices)

    def _one_day(self, notices: Sequence[Notice], *, least: int) -> str | None:
        days = Counter(day for one in notices if (day := _day(one)))
        if self.varied is None or self.varied < VARIED or len(days) != 1 or days.total() < least:
            return None
        return f"all {days.total()} notices have one deadline, {next(iter(days))}, and it was never one before{ACCEPT}"

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
        shares = {name: round(count / self.read, 3) for name, count in self.stated.items()}
        # Of a few nothing can be said: one notice always has "a day for every notice".
        varied = {DAYS: round(len(self.days) / self.days.total(), 3)} if self.days.total() >= DATED else {}
        return json.dumps(shares | varied)


def usual(visits: Iterable[str | None]) -> dict[str, float]:
    """The median share of each field over the `filled` of earlier visits; a single visit is no habit."""
    told: list[dict[str, Any]] = [json.loads(filled) for filled in visits if filled]
    if len(told) < 2:
        return {}
    return {name: median(float(one.get(name, 0.0)) for one in told) for name in FIELDS}


def varied(visits: Iterable[str | None]) -> float | None:
    """How many different deadlines there were for each notice that stated one: the median of earlier visits' `filled`.

    None where fewer than two of them had enough to tell.
    """
    told = [one[DAYS] for filled in visits if filled and DAYS in (one := json.loads(filled))]
    return median(map(float, told)) if len(told) >= 2 else None


def is_alike(why: str) -> bool:
    """Whether a refusal is about titles or addresses that are alike, which a person may say is right."""
    return " notices have " in why and " one deadline" not in why


def _alike(notices: Sequence[Notice]) -> str | None:
    if len({one.source_id for one in notices}) < ALIKE:
        return None
    for what, values in (("title", list(map(_title, notices))), ("address", [one.url for one in notices])):
        value, count = Counter(values).most_common(1)[0]
        if count >= ALIKE and count >= MOSTLY * len(values):
            return f"{count} of {len(values)} notices have one {what}: {value[:80]!r}{ACCEPT}"
    return None


def _menu(notices: Sequence[Notice]) -> str | None:
    """Whether nearly all titles are a few short words again and again: what stands in a menu, and no title of anything."""
    if len({one.source_id for one in notices}) < 2 * FEW:
        return None
    counts = Counter(map(_title, notices))
    words = [title for title, count in counts.items() if count > 1 and _could_be_in_a_menu(title)]
    covered = sum(counts[title] for title in words)
    if not words or len(words) > min(5, len(notices) // FEW) or covered < NEARLY * len(notices):
        return None
    shown = ", ".join(repr(title) for title, _ in counts.most_common(3))
    return f"{covered} of {len(notices)} notices have titles from a menu: {shown}{ACCEPT}"


def _could_be_in_a_menu(title: str) -> bool:
    # A number makes it a title: "Lotto 2", "Bando 14/2026".
    return len(title) <= MENU_LENGTH and len(title.split()) <= MENU_WORDS and not any(c.isdigit() for c in title)


def _title(notice: Notice) -> str:
    return next(iter(notice.titles.values())).text.casefold()


def _day(notice: Notice) -> str | None:
    """The first day by which something has to be done."""
    return min((d.on.isoformat() for d in notice.deadlines if d.on is not None), default=None)


def _states(notice: Notice, name: str) -> bool:
    value = getattr(notice, name)
    return any(d.on for d in value) if name == "deadlines" else bool(value)
