"""What running prose says of an item besides its words: deadlines, the days of an event, the first day, money.

The one thing to know: summary and text are read both, for many a site states the deadline in the summary alone; a summary
that is only the beginning of the text is left out, because it is cut off in the middle of a day or an amount.
"""

import re
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from connectors.base.contract import Deadline, Instant, Kind, Money
from connectors.base.dates import deadlines_in, event_days_in, impossible_days, opening_in
from connectors.base.days import days_in
from connectors.base.money import Amount, amounts_in, money
from connectors.base.text import plain
from connectors.generic.given import Given

# What is read for dates and money; nobody states a deadline after twenty pages.
LONGEST = 40_000
_LEAST_BUDGET = 1_000
_LIGATURES = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl"})
_CUT_OFF = re.compile(r"\s*(?:[\[(]\s*(?:…|\.{3})\s*[\])]|…|\.{3})\s*$")
_HEADING = re.compile(r"<h[1-6]>(.{1,300}?)</h[1-6]>", re.S)
_IN_BRACKETS = re.compile(r"\([^()]*\)\s*$")
_LARGE = re.compile(r"milion|million|\bmln|\bmio\b|mld\b|miliard", re.I)


def prose_of(title: str, categories: tuple[str, ...], *texts: str) -> str:
    """Join what is to be asked for days and money; of two texts that begin alike only the longer."""
    said: list[str] = []
    for text in sorted(filter(None, texts), key=len, reverse=True):
        whole = _CUT_OFF.sub("", text)
        if not any("".join(whole.split()) in "".join(longer.split()) for longer in said):
            # The word before an ellipsis may be half a year or half an amount.
            said.append(text if whole == text else whole.rpartition(" ")[0])
    # The shorter first: a long text must not push it out.
    parts = (title, " | ".join(categories), *reversed(said))
    return ".\n".join(part for part in parts if part)[:LONGEST].translate(_LIGATURES)


def order_of(lang: str | None, given: Given) -> str | None:
    """The language by which numeric dates are read: month first is a habit of one country, and many sites elsewhere
    declare en-US without meaning it."""
    return "en-us" if lang in (None, "en") and given.origin_country == "US" else lang


def dates_of(
    prose: str,
    title: str,
    kind: Kind,
    lang: str | None,
    given: Given,
    published: Instant | None,
    unread: list[str],
) -> tuple[date | None, tuple[Deadline, ...]]:
    """The first day and the deadlines; of an event the days on which it is held. Days that are none go to `unread`."""
    zone, order = ZoneInfo(given.clock), order_of(lang, given)
    since = published.astimezone(zone).date() if isinstance(published, datetime) else published
    # "12 days left" and days without a year count from the publication, for the same bytes say the same on every day.
    stated = deadlines_in(prose, lang=order, zone=given.clock, today=since)
    # What ended before the item appeared is the date of a condition, not of the call.
    deadlines = tuple(deadline for deadline in stated if not (since and deadline.on and deadline.on < since))
    if kind == "event":
        held = event_days_in(prose, lang=order, zone=given.clock, reference=since)
        if not held:
            days = [day.on for day in days_in(title, lang=order, reference=since) if day.on]
            held = tuple(Deadline(on=day, zone=given.clock, kind="event") for day in days[-1:])
        deadlines += tuple(day for day in held if day.on not in {known.on for known in deadlines})
    unread.extend(f"no such day: {raw}" for raw in dict.fromkeys(impossible_days(prose, lang=order)))
    return opening_in(prose, lang=order, today=since), deadlines


def money_of(prose: str, body: str, lang: str | None, kind: Kind) -> tuple[Money | None, Money | None]:
    """The whole endowment, and what one applicant may get; `body` is html, whose headings may state the whole."""
    if kind == "news":
        return None, None
    amounts = amounts_in(prose, lang=lang)
    grant = _grant(amounts)
    budget = next((amount.money for amount in amounts if amount.role == "budget"), None)
    headline = _headline(body, lang)
    # A heading may also be what one applicant gets: then the text names something larger.
    if headline is not None and _size(headline) >= max(map(_size, filter(None, (budget, grant))), default=0):
        budget = headline
    values = {(amount.money.min, amount.money.max, amount.money.total) for amount in amounts}
    alone = len(values) == 1 and all(amount.role is None for amount in amounts)
    if budget is None and alone and kind in ("tender", "grant_call") and _is_substantial(amounts[0].money):
        budget = amounts[0].money
    return budget, grant if kind != "tender" else None


def _headline(body: str, lang: str | None) -> Money | None:
    """The amount of a heading that is nothing else, as portals of regions put the endowment of a call above its text."""
    for heading in _HEADING.findall(body[:LONGEST]):
        line = _IN_BRACKETS.sub("", plain(heading.partition("<br>")[0])).strip(" .:")
        stated = amounts_in(line, lang=lang)
        named = stated[0].money if len(stated) == 1 else money(line, lang=lang) if _LARGE.search(line) else None
        if named is not None and named.raw == line and _is_substantial(named):
            return named
    return None


def _grant(amounts: tuple[Amount, ...]) -> Money | None:
    """What one applicant may get: the highest upper bound that is stated, else the first amount."""
    grants = [amount.money for amount in amounts if amount.role == "grant"]
    most = [grant for grant in grants if grant.max is not None]
    return max(most, key=lambda grant: grant.max or 0) if most else next(iter(grants), None)


def _is_substantial(amount: Money) -> bool:
    # A lone "5 € al giorno" is a price, not what a call is worth.
    return _size(amount) >= _LEAST_BUDGET


def _size(amount: Money) -> Decimal:
    return amount.total or amount.max or amount.min or Decimal(0)
