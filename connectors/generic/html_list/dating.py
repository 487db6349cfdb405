"""Days on a page for people: in a `<time>`, in a field of its own, or alone on a line.

The one thing to know: what is shown and what a `<time>` holds are the same instant in two clocks; the deadline is kept on
the site's own clock, as a reader sees it.
"""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from babel import Locale
from bs4 import Tag

from connectors.base.contract import Deadline, DeadlineKind, Instant, Kind
from connectors.base.dates import deadlines_in, instant
from connectors.base.days import days_in, fold
from connectors.generic.given import Given
from connectors.generic.prose import order_of
from connectors.generic.selecting import chosen, words_of

_LANGUAGES = ("it", "en", "fr", "de", "es", "nl", "pt")
_WEEKDAYS = frozenset(
    fold(name).rstrip(".")
    for language in _LANGUAGES
    for width in ("wide", "abbreviated")
    for name in Locale(language).days["format"][width].values()
)
_LONGEST_LINE = 40
# Software writes a day without an hour as its midnight, in whatever zone.
_MIDNIGHT = re.compile(r"(\d{4}-\d\d-\d\d)[T ]00:00(?::00(?:\.0+)?)?\s*(?:Z|[+-]\d\d:?\d\d)?")


def stated(selector: str | None, element: Tag) -> str:
    """What the element that an admin has pointed at says of a day, as written: of a `<time>` its `datetime`."""
    for found in chosen(selector, element) if selector else ():
        time = found if found.name == "time" else found.find("time", datetime=True)
        if isinstance(time, Tag) and str(time.get("datetime") or "").strip():
            return str(time["datetime"])
        if said := words_of(found):
            return said
    return ""


def date_line(element: Tag, lang: str | None) -> str:
    """Return the first line that is a date and nothing but a date, perhaps with its weekday; empty where there is none."""
    for line in element.stripped_strings:
        said = " ".join(line.split())
        if len(said) > _LONGEST_LINE:
            continue
        days = days_in(said, lang=lang)
        if len(days) == 1 and days[0].on is not None and _nothing_else(said[: days[0].start] + said[days[0].end :]):
            return said
    return ""


def without_line(element: Tag, line: str) -> None:
    """Take a line that has been read as the date off an element, so that it is not text as well. Alters it."""
    for text in element.find_all(string=True):
        if line and " ".join(text.split()) == line:
            text.extract()
            return


def _nothing_else(rest: str) -> bool:
    words = "".join(sign if sign.isalnum() else " " for sign in rest).split()
    return all(fold(word) in _WEEKDAYS for word in words)


def deadlines_of(
    raw: str, given: Given, *, lang: str | None, kind: Kind | None, since: Instant | None
) -> tuple[Deadline, ...] | None:
    """Read a field that holds the deadline and nothing else; None where it holds no day, and the prose is to be asked."""
    if not raw:
        return None
    order, zone, meant = order_of(lang, given), given.clock, _meant(kind)
    midnight = _MIDNIGHT.fullmatch(raw.strip())
    read = instant(midnight[1] if midnight else raw, zone=zone, lang=order)
    if isinstance(read, datetime):
        there = read.astimezone(ZoneInfo(zone))
        return (Deadline(on=there.date(), at=f"{there:%H:%M}", zone=zone, kind=meant),)
    if read is not None:
        return (Deadline(on=read, zone=zone, kind=meant),)
    day = since.date() if isinstance(since, datetime) else since
    if found := deadlines_in(raw, lang=order, zone=zone, today=day):
        return found
    days = [each.on for each in days_in(raw, lang=order, reference=day) if each.on]
    return (Deadline(on=max(days), zone=zone, kind=meant),) if days else None


def _meant(kind: Kind | None) -> DeadlineKind:
    return "registration" if kind == "event" else "submission"
