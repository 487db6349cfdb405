"""The deadlines that a running text names: a day, the words before it, and the hour beside it.

The one thing to know: a day counts only when a cue of its language stands before it in the same sentence; a text that
names no deadline gives none, which is not the same as "continuous" or "until funds run out".
"""

import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache

from connectors.base.contract import Deadline, DeadlineKind
from connectors.base.cues import BY_LANGUAGE, INTEREST, REGISTRATION, VALIDITY, Cues
from connectors.base.days import Day, days_in, hour_of_day

_REACH = 120  # characters between the start of a cue's sentence and its day
_CUE_TO_DAY = 60
_SENTENCE_END = re.compile(r"[.!?;]\s+(?=[A-ZÀ-Ý«\"(])|\s[|•]\s|\n")
_AND = re.compile(r"[\s,;(]*(?:o|e|ed|oppure|and|or|et|ou|und|oder|y|en|of)?[\s,;(]*(?:il|the|le|den|el)?\s*$", re.I)
_AT = r"(?:(?:(?:alle )?ore|alle|h\.?|at|à|um|om)?\s*\d{1,2}(?:\s?[:.h]\s?\d\d)?(?:\s*(?:[ap]\.?m\.?|h|uhr|uur))?)"
_TO = re.compile(
    rf"[\s,]*{_AT}?[\s,]*(?P<to>(?:e )?(?:fino )?al(?:le|l['’])?|to|until|till|through|au|jusqu['’]au|bis(?: zum)?"
    rf"|auf(?: den)?|hasta el|tot(?: en met)?|t/m|[-–—])(?:\s*{_AT}(?:\s+(?:del?|of|on|du|am)(?: giorno)?)?)?\s*$",
    re.I,
)
# "dalle ore 12 del 4 maggio ed entro le ore 17 del 10 giugno": a cue by itself, which also ends a period.
_WITHIN = re.compile(
    rf"[\s,]*(?:ed? )?(?:entro(?: e non oltre)?|non oltre)(?: (?:le|il))?\s*{_AT}?(?:\s+(?:del|di|dell['’]))?\s*$", re.I
)

_HOUR = re.compile(
    r"(?P<lead>\b(?:ore|hours?|h|alle|at|by|à|a las|um|om|before|les?)\b\.?\s*)?"
    r"(?<![\d/.,:-])(?P<h>[01]?\d|2[0-4])(?:\s?(?P<sep>[:.h])\s?(?P<m>[0-5]\d)(?!\d)|(?=\s*(?:[ap]\.?m\b|h\b|uhr\b|uur\b|noon\b)))"
    r"(?:[:.][0-5]\d(?!\d))?\s*(?P<half>[ap]\.?m\b)?(?P<tail>\s*\(?(?:ore|h|hrs?|hours|uhr|uur|noon|cet|cest|gmt|utc)\b)?",
    re.I,
)
_STAMP = re.compile(r"T(?P<at>(?:[01]\d|2[0-3]):[0-5]\d)(?::[0-5]\d(?:\.\d+)?)?(?P<offset>Z|[+-][01]\d:?[0-5]\d)?")
_PLAIN_HOUR = re.compile(r"\b(?:ore|alle(?: ore)?|h\.?)\s*(?P<h>[01]?\d|2[0-4])(?![\d:.,/]\d|\d)", re.I)
_NOON = re.compile(r"\b(?:mezzogiorno|noon|midday|midi|mediodía|mittags)\b", re.I)
_ZONES = (
    (re.compile(r"\b(?:Brussels|Bruxelles|Brüssel|Bruselas|CET|CEST|MEZ|MESZ)\b"), "Europe/Brussels"),
    (re.compile(r"\b(?:Rome time|ora italiana|ora di Roma|heure de Rome)\b", re.I), "Europe/Rome"),
    (re.compile(r"\b(?:Paris time|heure de Paris)\b", re.I), "Europe/Paris"),
    (re.compile(r"\b(?:GMT|UTC)\b"), "UTC"),
    (re.compile(r"\b(?:BST|UK time|London time)\b"), "Europe/London"),
    (re.compile(r"\b(?:EST|EDT|ET|Eastern Time)\b"), "America/New_York"),
    (re.compile(r"\b(?:PST|PDT|PT|Pacific Time)\b"), "America/Los_Angeles"),
)


@dataclass(frozen=True, slots=True)
class _Words:
    cue: re.Pattern[str]
    funds: re.Pattern[str]
    always: re.Pattern[str]
    remaining: re.Pattern[str]
    applying: re.Pattern[str]
    other: re.Pattern[str]
    condition: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class _Role:
    # end, extended, moved (the end before an extension), start, event; "" where no cue stands before the day
    name: str
    kind: DeadlineKind = "submission"
    after_cue: int = 0


@cache
def _words(lang: str | None) -> _Words:
    known = BY_LANGUAGE.get((lang or "").lower().split("-")[0])
    chosen: tuple[Cues, ...] = (known,) if known else tuple(BY_LANGUAGE.values())

    def any_of(name: str) -> str:
        return "|".join(f"(?:{getattr(cues, name)})" for cues in chosen)

    def pattern(name: str) -> re.Pattern[str]:
        return re.compile(any_of(name), re.I)

    # `extended` first: "nuova scadenza" is more than "scadenza".
    cue = "|".join(rf"(?P<{name}>(?<!\w)(?:{any_of(name)}))" for name in ("extended", "end", "start", "event"))
    return _Words(
        re.compile(cue, re.I), *map(pattern, ("funds", "always", "remaining", "applying", "other", "condition"))
    )


def deadlines_in(
    text: str, *, lang: str | None, zone: str, today: date | None, published: date | None = None
) -> tuple[Deadline, ...]:
    """Return the deadlines that the text states, in its order; `zone` is where a day without a zone ends.

    `lang` (`it`, `en-US`, ...) sets the words and the order of day and month; None reads all languages, day first.
    "12 days left" counts from `today`; a day without a year is the next one after `published` (or `today`); without
    these, neither is read. Where a deadline was extended, the later day stands alone.
    """
    words = _words(lang)
    stated: list[tuple[str, Deadline]] = []
    role, before = _Role(""), 0
    for day in days_in(text, lang=lang, reference=published or today):
        role = _role(text, before, day, role, words)
        before = day.end
        if day.on is not None and role.name in ("end", "extended"):
            stated.append((role.name, _deadline(text, day, day.on, role, zone)))
    if today is not None and (left := words.remaining.search(text)) is not None:
        days_left = int(next(group for group in left.groups() if group))
        stated.append(("end", Deadline(on=today + timedelta(days=days_left), zone=zone)))
    found = _without_superseded(stated)
    if words.funds.search(text):
        found.append(Deadline(certainty="until_funds"))
    elif not found and words.always.search(text):
        found.append(Deadline(certainty="continuous"))
    return tuple(found)


def opening_in(text: str, *, lang: str | None, today: date | None) -> date | None:
    """Return the first day of a stated period of application, or None."""
    words = _words(lang)
    role, before = _Role(""), 0
    for day in days_in(text, lang=lang, reference=today):
        role = _role(text, before, day, role, words)
        around = text[max(0, day.start - _REACH) : day.end + _CUE_TO_DAY]
        following = _next_words(text, day)
        ends = _TO.match(following) or _WITHIN.match(following)
        if role.name == "start" and day.on and words.applying.search(around) and ends:
            return day.on
        before = day.end
    return None


def event_days_in(text: str, *, lang: str | None, zone: str, reference: date | None) -> tuple[Deadline, ...]:
    """Return the days on which the text says that something takes place, each as a deadline of kind "event"."""
    words = _words(lang)
    found: dict[date, Deadline] = {}
    role, before, last = _Role(""), 0, _Role("")
    for day in days_in(text, lang=lang, reference=reference):
        window = text[before : day.start]
        role = _role(text, before, day, _Role(""), words)
        # "si terrà dal 12 al 14 maggio": the opening word belongs to the event.
        if role.name == "start" and any(cue.lastgroup == "event" for cue in words.cue.finditer(window[-_CUE_TO_DAY:])):
            role = _Role("event", after_cue=role.after_cue)
        if last.name == "event" and _TO.match(window) and before:
            role = last  # "12 to 14 May": the event ends with the later day
            found.popitem()
        if role.name == "event" and day.on is not None:
            found[day.on] = _deadline(text, day, day.on, replace(role, kind="event"), zone)
        last, before = role, day.end
    return tuple(found.values())


def impossible_days(text: str, *, lang: str | None) -> tuple[str, ...]:
    """Return what is written like a day but is none (31 February; 12/31/2026 where the day comes first)."""
    return tuple(day.raw for day in days_in(text, lang=lang) if day.on is None)


def _next_words(text: str, day: Day) -> str:
    following = days_in(text[day.end : day.end + 60], reference=date(2000, 1, 1))
    return text[day.end : day.end + following[0].start] if following else ""


def _role(text: str, before: int, day: Day, previous: _Role, words: _Words) -> _Role:
    window = text[max(before, day.start - _REACH) : day.start]
    if before and len(window) == day.start - before:
        if previous.name in ("start", "moved") and (to := _TO.match(window)):
            sentence = text[max(0, before - _REACH) : day.end + _REACH]
            after_cue = before + to.start("to")
            if previous.name == "moved":
                return _Role("extended", previous.kind, after_cue)
            if words.applying.search(sentence):
                return _Role("end", _kind(sentence), after_cue)
            if not any(sign.isdigit() for sign in window):  # "e fino alle ore 17:00 del" is a cue by itself
                return _Role("")
        if previous.name in ("end", "extended") and _AND.match(window):
            return _Role(previous.name, previous.kind, day.start)
    for boundary in _SENTENCE_END.finditer(window):
        last_end = boundary.end()
        window = " " * last_end + window[last_end:]
    cues = list(words.cue.finditer(window))
    if not cues or len(window) - cues[-1].end() > _CUE_TO_DAY:
        return _Role("")
    cue = cues[-1]
    name = cue.lastgroup or ""
    # "scadenza prorogata al", "extended deadline: ... by", "prorogata dal ... al": a cue beside an extension speaks of it.
    if any(c.lastgroup == "extended" and cue.start() - c.end() < 40 for c in cues):
        name = {"end": "extended", "start": "moved"}.get(name, name)
    lead = window[max(0, cue.start() - 60) : cue.start()]
    if name == "end" and words.other.search(lead) and not words.applying.search(lead):
        return _Role("")
    if name in ("end", "start") and _is_condition(window, cue.start(), words):
        return _Role("")
    return _Role(name, _kind(window), day.start - (len(window) - cue.end()))


def _is_condition(window: str, cue: int, words: _Words) -> bool:
    # "born before", "termine per i chiarimenti": the word nearest to the day decides what the day is for.
    def nearest(pattern: re.Pattern[str]) -> int:
        return max((found.end() for found in pattern.finditer(window, max(0, cue - _CUE_TO_DAY))), default=-1)

    return nearest(words.condition) > nearest(words.applying)


def _kind(sentence: str) -> DeadlineKind:
    if INTEREST.search(sentence):
        return "eoi"
    if REGISTRATION.search(sentence):
        return "registration"
    return "validity" if VALIDITY.search(sentence) else "submission"


def _deadline(text: str, day: Day, on: date, role: _Role, zone: str) -> Deadline:
    if (stamp := _STAMP.match(text, day.end)) is None:
        at, own_zone = _hour_beside(text, day, role.after_cue)
        return Deadline(on=on, at=at, zone=own_zone or zone, kind=role.kind)
    if not stamp["offset"]:
        return Deadline(on=on, at=stamp["at"], zone=zone, kind=role.kind)
    # An offset is no zone: the same instant in UTC says as much, perhaps on the next day.
    utc = datetime.fromisoformat(f"{on}T{stamp['at']}{stamp['offset']}").astimezone(UTC)
    return Deadline(on=utc.date(), at=f"{utc:%H:%M}", zone="UTC", kind=role.kind)


def _hour_beside(text: str, day: Day, after_cue: int) -> tuple[str | None, str | None]:
    tail = re.split(r"[;!?]|\.\s+[A-ZÀ-Ý]|(?<=\D)\d{1,2}[/.]\d{1,2}[/.]\d", text[day.end : day.end + 45])[0]
    # "fino alle 17.00 del 30 giugno": the last word of the cue makes the number an hour.
    said = text[max(0, after_cue - 4) : after_cue]
    ahead = (said if said.lower() == "alle" else "") + text[after_cue : day.start]
    at = _clock(ahead) or _clock(tail)
    zone = next((name for words, name in _ZONES if at and words.search(ahead + " " + tail)), None)
    return at, zone


def _clock(text: str) -> str | None:
    if _NOON.search(text):
        return "12:00"
    # "12.50 euro", "lotto 1.30": a point between two numbers is an hour only where a word says so.
    hours = (h for h in _HOUR.finditer(text) if h["sep"] != "." or h["lead"] or h["half"] or h["tail"])
    match = next(hours, None) or _PLAIN_HOUR.search(text)
    if match is None:
        return None
    groups = match.groupdict()
    half = groups.get("half")
    if (groups.get("lead") or "").strip().lower() == "ore" and groups["h"] == "12":
        half = None  # "ore 12.00 a.m.": Italians count to 24, and mean noon
    hour = hour_of_day(int(groups["h"]), half)
    # 24:00 is the end of the day, which a day without an hour means already.
    return None if hour is None or hour == 24 else f"{hour:02}:{int(groups.get('m') or 0):02}"


def _without_superseded(stated: list[tuple[str, Deadline]]) -> list[Deadline]:
    extended = {deadline.kind: deadline.on for name, deadline in stated if name == "extended"}
    found: dict[tuple[date | None, str], Deadline] = {}
    for _, deadline in stated:
        later = extended.get(deadline.kind)
        if later and deadline.on and deadline.on < later:
            continue
        key = (deadline.on, deadline.kind)
        # The same day twice: the mention with an hour says more.
        if key not in found or (found[key].at is None and deadline.at is not None):
            found[key] = deadline
    return list(found.values())
