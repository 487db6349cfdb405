"""Dates of strangers: one stated instant, and the deadlines that a running text names.

The one thing to know: what cannot be read is None and shows up in `impossible_days`; nothing is ever "now", and a
deadline keeps the day and the hour as they were written, its instant is computed elsewhere.
"""

import re
from datetime import date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

from connectors.base.days import MONTH, days_in, hour_of_day
from connectors.base.deadlines import deadlines_in, event_days_in, impossible_days, opening_in

__all__ = ["deadlines_in", "event_days_in", "impossible_days", "instant", "opening_in"]

# RFC 822 zones and the European ones that portals write, in hours east of Greenwich.
_HOURS_EAST = {
    **dict.fromkeys(("ut", "utc", "gmt", "z", "wet"), 0),
    **dict.fromkeys(("bst", "west", "cet", "mez"), 1),
    **dict.fromkeys(("cest", "mesz", "eet"), 2),
    **dict.fromkeys(("eest", "msk"), 3),
    "est": -5,
    "edt": -4,
    "cst": -6,
    "cdt": -5,
    "mst": -7,
    "mdt": -6,
    "pst": -8,
    "pdt": -7,
}
_CLOCK = re.compile(
    r"(?<![\d:])(?P<h>[01]?\d|2[0-3])[:.](?P<m>[0-5]\d)(?:[:.](?P<s>[0-5]\d|60)(?:[.,]\d+)?)?(?![\d:])\s*(?P<half>[ap]\.?m\b\.?)?"
    rf"\s*(?P<zone>[+-]\d{{2}}:?\d{{2}}|\b(?:{'|'.join(_HOURS_EAST)})\b)?",
    re.I,
)
# `Wed Oct 28 15:04:05 EDT 2015`, as Unix `date` and C's asctime write it.
_ASCTIME = re.compile(rf"\b({MONTH})\s+(\d{{1,2}})\s+(\d{{1,2}}:\d\d(?::\d\d)?)(\s+[A-Z]{{1,4}})?\s+(\d{{4}})\b", re.I)
# RFC 822 had years of two digits; RFC 2822, 4.3, says which century they mean.
_SHORT_YEAR = re.compile(rf"\b(\d{{1,2}}\s+(?:{MONTH}))\s+(\d\d)(?=\s+\d{{1,2}}:\d\d)", re.I)
_MACHINE = re.compile(r"\b(?:content|datetime)\s*=\s*[\"']([^\"']+)[\"']", re.I)


def instant(text: str, *, zone: str = "UTC", lang: str | None = None) -> datetime | date | None:
    """Read one date: RFC 822 (month names of seven languages), RFC 3339, ISO 8601, or an html element that carries one.

    An instant is aware; one without offset lies in `zone` (the earlier one where clocks go back). A day without an hour
    stays a `date`. None for what cannot be read and for years that only stand for "missing" (before 1980, after 2099).
    """
    machine = _MACHINE.search(text)
    raw = (machine[1] if machine else text).strip()
    if not raw or len(raw) > 200:
        return None
    read = _iso(raw, zone) or _written(_SHORT_YEAR.sub(_full_year, _ASCTIME.sub(r"\2 \1 \5 \3\4", raw)), zone, lang)
    return read if read is not None and 1980 <= read.year < 2100 else None


def _full_year(found: re.Match[str]) -> str:
    return f"{found[1]} {'20' if int(found[2]) < 50 else '19'}{found[2]}"


def _iso(raw: str, zone: str) -> datetime | date | None:
    if not re.match(r"\d{4}-?\d{2}-?\d{2}(?:$|[T ]\d)", raw):
        return None
    try:
        if len(raw) <= 10:
            return date.fromisoformat(raw)
        return _aware(datetime.fromisoformat(raw.replace(" +", "+")), zone)
    except ValueError:
        return None


def _written(raw: str, zone: str, lang: str | None) -> datetime | date | None:
    days = days_in(raw, lang=lang)
    if len(days) != 1 or days[0].on is None:
        return None
    rest = raw[: days[0].start] + " " + raw[days[0].end :]
    clock = _CLOCK.search(rest)
    if clock is None:
        return days[0].on
    hour = hour_of_day(int(clock["h"]), clock["half"])
    if hour is None:
        return None
    stated = datetime.combine(days[0].on, time(hour, int(clock["m"]), min(int(clock["s"] or 0), 59)))
    offset = clock["zone"]
    try:
        return _aware(stated, zone) if not offset else stated.replace(tzinfo=_offset(offset.lower()))
    except ValueError:
        return None


def _aware(stated: datetime, zone: str) -> datetime:
    # fold=0: an hour that comes twice in the night of the change is taken as the first.
    return stated if stated.tzinfo else stated.replace(tzinfo=ZoneInfo(zone), fold=0)


def _offset(raw: str) -> timezone:
    if raw in _HOURS_EAST:
        return timezone(timedelta(hours=_HOURS_EAST[raw]))
    digits = raw[1:].replace(":", "")
    return timezone((-1 if raw[0] == "-" else 1) * timedelta(hours=int(digits[:2]), minutes=int(digits[2:])))
