"""The explanation beside a closing date: the hour that it adds, and earlier stages that have a day of their own.

The one thing to know: after a mandatory first stage nobody new can join, so that stage is the deadline, and the later
day, of the full applications, is only a `stage`. A letter of intent that is merely welcome closes nothing.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from connectors.base.contract import DeadlineKind
from connectors.base.days import days_in, hour_of_day

_FULL_STOP = re.compile(r"\.\s+(?=[A-Z(\"])|[;•!?\n]|\s\|\s")
_FIRST = (
    r"(?:pre-?\s?(?:proposals?|applications?)|preliminary (?:proposals?|applications?)|concept (?:papers?|notes?|proposals?|outlines?)"
    r"|concepts\b|white ?papers?|letters? of (?:intent|interest|inquiry)|LOIs?\b|(?:statements?|expressions?) of interest)"
)
_FULL = r"(?:(?:full|final|complete|invited) (?:proposals?|applications?|submissions?))"
_NEXT_PART = re.compile(
    rf",?\s+and\s+(?=(?:the |all )?(?:{_FIRST}|{_FULL}))|,\s+(?=(?:the |all )?(?:{_FIRST}|{_FULL}))", re.I
)
_IS_FIRST, _IS_FULL = re.compile(_FIRST, re.I), re.compile(_FULL, re.I)
_OF_INTENT = re.compile(r"letters? of|\bLOI|of interest", re.I)
_OPTIONAL = re.compile(
    r"\b(?:optional|encouraged|not (?:required|mandatory)|recommended|requested|suggested|may submit|should)\b", re.I
)
_MANDATORY = re.compile(r"\b(?:mandatory|required|must|shall)\b", re.I)
_INVITED = re.compile(
    r"\b(?:by invitation|invited|invitation only|only (?:those|applicants) (?:who|that|whose))\b", re.I
)
_DUE = re.compile(
    r"\b(?:due|submit(?:ted)?|receiv(?:ed?|ing)|no later than|deadlines?|by|before|until|clos(?:es?|ing))\b|:", re.I
)
_OF_SOMETHING_ELSE = re.compile(
    r"\b(?:questions?|inquir\w+|webinars?|support|help ?desk|call center|office hours|conference)\b", re.I
)
_HOUR = re.compile(
    r"(?P<begins>\b(?:from|between|after|and|to)\s+|-\s*)?\b(?P<h>\d{1,2})(?::(?P<m>[0-5]\d))?(?::\d\d)?\s*(?P<half>[ap])\.?\s?m\b\.?"
    r"[\s,(]*(?P<eastern>(?:US\s+)?(?:eastern\b|E\.?[SD]?\.?T\b)|Washington,?\s+DC\b)?",
    re.I,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A day that the explanation names for one part of applying; `closes`: who has missed it cannot join any more."""

    on: date
    at: str | None
    kind: DeadlineKind
    closes: bool
    first: bool
    said: str


def stages(text: str, *, posted: date | None) -> tuple[Stage, ...]:
    """Return the stages whose day the text names, in its order; a clause with two days is left alone."""
    invited = bool(_INVITED.search(text))
    found = (_stage(clause, posted=posted, invited=invited) for clause in _clauses(text))
    return tuple(each for each in found if each)


def hour(text: str, *, on: date, posted: date | None) -> str | None:
    """Return the hour of Washington at which something is due on a day, if the text names one only."""
    told = set()
    for clause in _clauses(text):
        days = _days(clause, posted)
        earlier = _IS_FIRST.search(clause) and on not in days
        if days <= {on} and not earlier and not _OF_SOMETHING_ELSE.search(clause):
            told |= _hours(clause)
    return told.pop() if len(told) == 1 else None


def _clauses(text: str) -> Iterator[str]:
    plain = re.sub(r"\b([ap])\.\s?m\b\.?", r"\1m", text, flags=re.I)
    plain = re.sub(r"\bU\.\s?S\.", "US", re.sub(r"\bD\.\s?C\.?(?=\W|$)", "DC", plain))
    for sentence in _FULL_STOP.split(plain):
        yield from (part.strip() for part in _NEXT_PART.split(sentence) if part.strip())


def _days(clause: str, posted: date | None) -> set[date]:
    return {day.on for day in days_in(clause, lang="en-US", reference=posted) if day.on}


def _hours(clause: str) -> set[str | None]:
    """The hours that the clause says something is due at; None among them where one is not of Washington."""
    told: set[str | None] = set()
    for each in _HOUR.finditer(clause):
        if not _DUE.search(clause[: each.start()]):
            continue
        at = hour_of_day(int(each["h"]), f"{each['half']}m")
        known = each["eastern"] and not each["begins"] and at is not None and at < 24
        told.add(f"{at:02}:{int(each['m'] or 0):02}" if known else None)
    return told


def _stage(clause: str, *, posted: date | None, invited: bool) -> Stage | None:
    first = _IS_FIRST.search(clause)
    days = days_in(clause, lang="en-US", reference=posted)
    stated = [day for day in days if day.on]
    if not (first or _IS_FULL.search(clause)) or len({day.on for day in stated}) != 1:
        return None
    if (on := stated[0].on) is None or not _DUE.search(clause[: stated[0].start]):
        return None
    of_intent = first is not None and bool(_OF_INTENT.search(first[0]))
    needed = bool(_MANDATORY.search(clause)) or invited or not of_intent
    closes = first is not None and needed and not _OPTIONAL.search(clause)
    hours = _hours(clause)
    return Stage(
        on=on,
        at=hours.pop() if len(hours) == 1 else None,
        kind="stage" if not closes else "eoi" if of_intent else "submission",
        closes=closes,
        first=first is not None,
        said=clause,
    )
