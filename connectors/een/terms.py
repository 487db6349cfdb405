"""Dates, deadlines, money, codes and countries of a profile, as it states them.

The one thing to know: a profile has one gate, the earliest of what ends a newcomer's chance. An opportunity is closed by
the last of its deciding deadlines, so only the gate is given as one: the end of validity, a year after publication, would
keep a search for research partners open long after its expressions of interest were due.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from connectors.base.contract import Deadline, DeadlineKind, Eligibility, Money
from connectors.base.days import days_in
from connectors.base.money import money
from connectors.een import glued
from connectors.een.countries import ANYWHERE, country_named
from connectors.een.profile import CALL, EOI, VALIDITY, Profile

TARGETED, ORIGIN = "Targeted Countries", "Company's Country"
PARTNERS, PARTNERSHIP, COORDINATOR = "Type and Size of Partner", "Type of partnership", "Coordinator required"
BUDGET, GOALS, GROUPS = "Anticipated project budget", "Sustainable Development Goals", "Sector Groups Involved"
KEYWORDS = {"een-tech": "Technology keywords", "een-market": "Market keywords"}

# Two digits a level make eight; the official lists also hold shorter and longer ones: 11002, 004005004.
_KEYWORD = re.compile(r"(?P<code>[0-9]{3,9})\s+[-–]\s+(?P<label>\S.*)")
_GOAL = re.compile(r"goal\s+(?P<number>1[0-7]|[1-9])\b", re.IGNORECASE)
_PERSONS = re.compile(r"\s*([-–])\s*(?=\d)")
# What may stand beside an amount without changing what it means; anything else leaves it unread.
_HARMLESS = re.compile(
    r"(?<![a-z])(?:approx(?:imately)?|about|around|circa|ca|up to|max(?:imum)?|min(?:imum)?|at least|between|from|to|and|of"
    r"|total|eur|euros?|k|mio|mln|million|m)(?![a-z])|[€\d\s.,;:()'’~–—-]",
    re.IGNORECASE,
)
_EITHER = re.compile(r"\d[.,]\d{3}(?![\d.,])\s*(?:k|m|mio|mln|million)\b", re.IGNORECASE)
_DASH = re.compile(r"(\d)\s*[-–—]\s*(\d)")
_LEAST = 10_000
"""A bare number below this is a rate, a year, or so many thousands."""


@dataclass(slots=True)
class Terms:
    """`notes` say what could not be understood, for a person to look at."""

    notes: list[str] = field(default_factory=list)

    def validity(self, profile: Profile) -> tuple[date | None, date | None]:
        """First and last day of validity: `16 July 2026 - 16 July 2027`."""
        raw = profile.text(VALIDITY)
        days = [day.on for day in days_in(raw, lang="en") if day.year_given]
        if len(days) == 2 and days[0] is not None and days[1] is not None and days[0] <= days[1]:
            return days[0], days[1]
        if raw:
            self.note(VALIDITY, raw)
        return None, None

    def day(self, profile: Profile, label: str) -> date | None:
        """One day: `30 Sep 2026`."""
        raw = profile.text(label)
        days = [day.on for day in days_in(raw, lang="en") if day.year_given]
        if len(days) == 1 and days[0] is not None:
            return days[0]
        if raw:
            self.note(label, raw)
        return None

    def deadlines(self, profile: Profile, end: date | None) -> tuple[Deadline, ...]:
        """The gate, and what comes after it as stages. `end` is the last day of validity.

        The kind of the gate says what it is, in the reader's language; a stage keeps the site's own words.
        """
        kinds: dict[str, DeadlineKind] = {EOI: "eoi", CALL: "submission"}
        stated = {label: on for label in kinds if (on := self.day(profile, label)) is not None}
        # Where a day for interest is stated, newcomers are out after it, and the call is only for those inside.
        hidden = EOI not in stated and bool(profile.text(EOI))
        first = None if hidden else next(iter(stated), None)
        if end is not None and (first is None or end < stated[first]):
            gates = [Deadline(on=end, kind="validity")]
            first = None
        else:
            gates = [Deadline(on=stated[first], kind=kinds[first])] if first is not None else []
        return (
            *gates,
            *(Deadline(on=on, kind="stage", label=label) for label, on in stated.items() if label != first),
        )

    def countries(self, profile: Profile) -> tuple[str, ...]:
        """Where partners are sought; empty when nothing is stated."""
        found = [self.country(TARGETED, name) for name in self.entries(profile, TARGETED, glued.countries)]
        if ANYWHERE in found:
            return (ANYWHERE,)
        return tuple(dict.fromkeys(code for code in found if code is not None))

    def country(self, label: str, name: str) -> str | None:
        code = country_named(name)
        if code is None:
            self.note(label, name)
        return code

    def codes(self, profile: Profile) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Codes with their scheme, for the two trees share their numbers; and the words beside them."""
        codes: list[str] = []
        words: list[str] = []
        for scheme, label in KEYWORDS.items():
            for line in self.entries(profile, label, glued.keywords):
                found = _KEYWORD.fullmatch(line)
                words.append(found["label"] if found else line)
                if found:
                    codes.append(f"{scheme}:{found['code']}")
                else:
                    self.note(label, line)
        for line in self.entries(profile, GOALS, glued.goals):
            if goal := _GOAL.match(line):
                codes.append(f"sdg:{goal['number']}")
            else:
                self.note(GOALS, line)
        words += self.groups(profile)
        return tuple(dict.fromkeys(codes)), tuple(dict.fromkeys(words))

    def eligibility(self, profile: Profile) -> Eligibility | None:
        """Who is sought, in the site's words; whether one may take part is for the network's partner to say."""
        sizes = self.entries(profile, PARTNERS, glued.sizes)
        said = {PARTNERS: sizes, PARTNERSHIP: self.partnerships(profile), COORDINATOR: profile.lines(COORDINATOR)}
        text = ". ".join(f"{label}: {', '.join(lines)}" for label, lines in said.items() if lines)
        # The site writes both "SME 11-49" and "SME 50 - 249".
        codes = tuple(dict.fromkeys(f"een:{_PERSONS.sub('-', line)}" for line in sizes))
        return Eligibility(text=text, codes=codes) if text else None

    def partnerships(self, profile: Profile) -> tuple[str, ...]:
        return self.entries(profile, PARTNERSHIP, glued.agreements)

    def groups(self, profile: Profile) -> tuple[str, ...]:
        return self.entries(profile, GROUPS, glued.groups)

    def entries(
        self, profile: Profile, label: str, tell_apart: Callable[[str], tuple[str, ...] | None]
    ) -> tuple[str, ...]:
        """The entries of a list, also where they came as one line; none where they cannot be told apart."""
        lines = profile.lines(label)
        if len(lines) != 1:
            return lines
        found = tell_apart(lines[0])
        if found is None:
            self.note(label, lines[0])
        return found or ()

    def note(self, label: str, value: str) -> None:
        if (said := f"{label}: {value}") not in self.notes:
            self.notes.append(said)


def budget(profile: Profile) -> Money | None:
    """What the project is to cost: a free text, read as a number only where it can mean nothing else."""
    raw = profile.text(BUDGET)
    if not raw:
        return None
    spaced = _DASH.sub(r"\1 - \2", raw)
    read = None if _HARMLESS.sub("", raw) or _EITHER.search(raw) else money(spaced, lang="en")
    amounts = [each for each in (read.min, read.max, read.total) if each is not None] if read else []
    if read is None or (read.currency is None and any(each < _LEAST for each in amounts)):
        return Money(raw=raw)
    return read.model_copy(update={"raw": raw})
