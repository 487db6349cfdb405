"""Find calendar days in running text, in the languages of our sources; month names are babel's.

The one thing to know: the order of day and month follows the language and is never guessed from the numbers, so
`12/31/2026` on an Italian page is no day at all (`on` is None), and neither is 31 February.
"""

import re
import unicodedata
from bisect import bisect_left
from dataclasses import dataclass, replace
from datetime import date

from babel import Locale

_LANGUAGES = ("it", "en", "fr", "de", "es", "nl", "pt")
# Languages in which a numeric date begins with the month; only there.
_MONTH_FIRST = frozenset({"en-us"})
# Beside babel's: habits of portals.
_MORE_MONTHS = {"sett": 9, "sept": 9, "genn": 1, "febb": 2, "jänner": 1, "maerz": 3, "mär": 3, "sep": 9}
_NEXT_DAY_LIMIT = 300


def fold(text: str) -> str:
    """Return lower case without accents, for comparing words."""
    split = unicodedata.normalize("NFD", text.lower())
    return "".join(sign for sign in split if not unicodedata.combining(sign))


def _month_names() -> dict[str, int]:
    names: dict[str, int] = {}
    for language in _LANGUAGES:
        months = Locale(language).months["format"]
        for width in ("wide", "abbreviated"):
            for number, name in months[width].items():
                names.setdefault(name.lower().rstrip("."), int(number))
    return names | _MORE_MONTHS


_NAMES = _month_names()
_MONTHS = {fold(name): number for name, number in _NAMES.items()}
MONTH = "|".join(sorted((re.escape(n) for n in {*_NAMES, *_MONTHS}), key=len, reverse=True))

_FORMS = (
    re.compile(r"(?<![\d-])(?P<y>\d{4})-(?P<m>\d{2})-(?P<d>\d{2})(?![\d-])"),
    re.compile(rf"(?<!\d)(?<!\d/)(?P<y>\d{{4}})/(?P<m>{MONTH}|\d{{1,2}})/(?P<d>\d{{1,2}})(?![\d/])", re.I),
    re.compile(r"(?<![\d/.,-])(?P<a>\d{1,2})(?P<sep>[./-])(?P<b>\d{1,2})(?P=sep)(?P<y>\d{4}|\d{2})(?!\d|[./-]\d)"),
    re.compile(
        rf"(?<![\d.,/])(?P<d>\d{{1,2}})(?:°|º|\^|er|st|nd|rd|th|\.)?(?:\s+(?:de|of|di))?[\s-]+"
        rf"(?P<m>{MONTH})\b\.?,?(?:[\s-]+(?:de\s+|del\s+|of\s+)?(?P<y>\d{{4}}|['’]\d{{2}})(?!\d))?",
        re.I,
    ),
    re.compile(
        rf"\b(?P<m>{MONTH})\b\.?\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?![\d:]|\.\d)(?:,?\s+(?P<y>\d{{4}})(?!\d))?", re.I
    ),
)


@dataclass(frozen=True, slots=True)
class Day:
    """A day as written at `start:end`; `on` is None where the calendar has no such day."""

    start: int
    end: int
    raw: str
    on: date | None
    year_given: bool = True


def days_in(text: str, *, lang: str | None = None, reference: date | None = None) -> list[Day]:
    """Return the days that the text names, in its order.

    A day without a year is the next such day on or after `reference` (the publication, if that is known), provided that
    it lies within 300 days; in a range it takes the year of the day that follows. Without `reference` it is left out.
    """
    found: list[Day] = []
    for form in _FORMS:
        known, more = [day.start for day in found], []
        for match in form.finditer(text):
            # None of those found overlaps another, so the one that begins last before the end of this one decides.
            at = bisect_left(known, match.end())
            if (at == 0 or found[at - 1].end <= match.start()) and (day := _day(match, lang)) is not None:
                more.append(day)
        found = sorted([*found, *more], key=lambda day: day.start)
    return [day for at in range(len(found)) if (day := _with_year(found, at, reference)) is not None]


def _day(match: re.Match[str], lang: str | None) -> Day | None:
    part = match.groupdict()
    if "a" in part:
        month_first = (lang or "").lower() in _MONTH_FIRST and part["sep"] != "."
        month, day = (part["a"], part["b"]) if month_first else (part["b"], part["a"])
    else:
        month, day = part["m"], part["d"]
        # "may 10" is a verb, "May 10" a month; day-first writing has no such doubt.
        if match.re is _FORMS[-1] and not month[0].isupper():
            return None
    number = int(month) if month.isdigit() else _MONTHS[fold(month).rstrip(".")]
    year = (part["y"] or "").lstrip("'’")
    start, end, raw = match.start(), match.end(), match[0].strip(" ,")
    if not year:
        # A leap year stands for the missing one, so that 29 February is a day.
        return Day(start, end, raw, _calendar(2000, number, int(day)), year_given=False)
    full = int(year) + (2000 if len(year) == 2 else 0)
    return Day(start, end, raw, _calendar(full, number, int(day)) if 1990 <= full < 2100 else None)


def _calendar(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _with_year(days: list[Day], at: int, reference: date | None) -> Day | None:
    day = days[at]
    if day.year_given or day.on is None:
        return day
    following = days[at + 1] if at + 1 < len(days) else None
    if following and following.year_given and following.on and following.start - day.end <= 12:
        same = _calendar(following.on.year, day.on.month, day.on.day)
        if same and same > following.on:
            same = _calendar(following.on.year - 1, day.on.month, day.on.day)
        return replace(day, on=same)
    if reference is None:
        return None
    for year in (reference.year, reference.year + 1):
        on = _calendar(year, day.on.month, day.on.day)
        if on and 0 <= (on - reference).days <= _NEXT_DAY_LIMIT:
            return replace(day, on=on)
    return None


def hour_of_day(hour: int, half: str | None) -> int | None:
    """Return the hour on the 24-hour clock; `half` is am or pm as written, None where the two contradict."""
    if not half:
        return hour
    afternoon = half.lower().startswith("p")
    if not 1 <= hour <= 12:
        return hour if hour > 12 and afternoon else None
    return hour % 12 + (12 if afternoon else 0)
