"""The facts of an item as the reader reads them. Pure: an opportunity and a voice in, lines of text out.

The one thing to know: what a source does not state is said to be not stated, wherever a reader would look for it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from aggregator import taxonomy
from aggregator.digest.choose import coming
from aggregator.digest.voice import Voice
from aggregator.store.opportunity import Opportunity, days_left
from connectors.base.contract import Deadline, Kind
from connectors.base.text import shorten, visible

LONGEST_TITLE = 200
_MONEY_MATTERS: frozenset[Kind] = frozenset({"tender", "grant_call", "cascade_funding", "incentive"})
_URGENT_DAYS = 7
# How a reservation says that it is for some lots and that nobody told which.
_LOTS_NOT_STATED = "not stated"


@dataclass(frozen=True, slots=True)
class Words:
    """Some text and its language, None where it is the reader's own; `official` is False for a line from facts."""

    text: str
    lang: str | None = None
    official: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A deadline: what it is, when by the source's clock, when by the reader's where that differs, and what is left."""

    label: str
    when: str
    here: str | None = None
    left: str | None = None
    urgent: bool = False


def headline(item: Opportunity, voice: Voice, *, reads: Sequence[str]) -> Words:
    """Return an official title in a language the reader reads; else a line from facts in the reader's own language.

    A title made by a machine is no official title, and a line from facts is never called one.
    """
    for language in dict.fromkeys((voice.language, *reads)):
        title = item.titles.get(language)
        if title is not None and title.origin != "machine":
            return Words(_tidy(title.text), None if language == voice.language else language)
    return Words(_line_of_facts(item, voice), official=False)


def original(item: Opportunity, first: Words) -> Words | None:
    """Return the title in the item's own language, unless it is the first line already."""
    official = {language: t for language, t in item.titles.items() if t.origin != "machine"} or item.titles
    language = item.lang if item.lang in official else next(iter(official))
    text = _tidy(official[language].text)
    return None if text == first.text else Words(text, language)


def _tidy(text: str) -> str:
    # One line without direction and control characters, whoever wrote it into the store.
    return shorten(" ".join(visible(text).split()), LONGEST_TITLE)


def _line_of_facts(item: Opportunity, voice: Voice) -> str:
    parts = [taxonomy.kind_label(item.kind, voice.language), places(item, voice)]
    if subject := _subject(item, voice.language):
        parts.append(subject)
    found = coming(item, voice.now)
    if found is not None and found[0].on is not None:
        parts.append(voice.by(found[0].on))
    return " · ".join(parts)


def _subject(item: Opportunity, language: str) -> str | None:
    for code in item.codes:
        if code.startswith("cpv:") and (label := taxonomy.cpv_label(code, language)):
            return label
    return taxonomy.sector_label(item.sectors[0].id, language) if item.sectors else None


def places(item: Opportunity, voice: Voice) -> str:
    """Say where the work or the partner is; where that is not stated, who publishes, or under which programme."""
    codes = item.countries or ((item.origin_country,) if item.origin_country else ())
    if not codes and item.programme and item.programme.name:
        # A call of a programme is for the countries that take part in it; which they are, its conditions say.
        return taxonomy.programme_short(item.programme.name)
    if not codes:
        return voice.words.gettext("country not stated")
    named = [taxonomy.country_label(code, voice.language) for code in codes[:3]]
    further = len(codes) - len(named)
    return ", ".join(named) + (f" +{further}" if further else "")


def due(item: Opportunity, voice: Voice) -> Due | None:
    """Say the next deadline; None only for news, which has none to state."""
    found = coming(item, voice.now)
    if found is None:
        return _undated(item, voice)
    deadline, end = found
    zone = deadline.zone or item.zone
    local = end.astimezone(ZoneInfo(zone))
    day = voice.day(local.date())
    place = {"day": day, "time": deadline.at or "", "clock": voice.clock_of(zone)}
    if deadline.at:
        when = voice.words.gettext("%(day)s, %(time)s (%(clock)s)") % place
    else:
        when = voice.words.gettext("%(day)s, end of the day (%(clock)s)") % place
    left = days_left(end, voice.now, zone)
    return Due(
        label=_label(deadline, voice),
        when=when,
        here=_here(end, local, voice),
        # How long an offer stays valid presses nobody.
        left=None if deadline.kind == "validity" else _left(left, voice),
        urgent=left <= _URGENT_DAYS,
    )


def _here(end: datetime, local: datetime, voice: Voice) -> str | None:
    here = end.astimezone(ZoneInfo(voice.zone))
    if here.replace(tzinfo=None) == local.replace(tzinfo=None):
        return None
    facts = {"time": voice.clock(here), "clock": voice.clock_of(voice.zone), "day": voice.short_day(here.date())}
    if here.date() == local.date():
        return voice.words.gettext("%(time)s %(clock)s") % facts
    return voice.words.gettext("%(day)s, %(time)s %(clock)s") % facts


def _left(days: int, voice: Voice) -> str:
    if days == 0:
        return voice.words.gettext("today")
    if days == 1:
        return voice.words.gettext("tomorrow")
    return voice.words.ngettext("%(days)d day left", "%(days)d days left", days) % {"days": days}


def _undated(item: Opportunity, voice: Voice) -> Due | None:
    words = voice.words
    said = {d.certainty for d in item.deadlines}
    if "continuous" in said:
        return Due(label=words.gettext("Deadline"), when=words.gettext("none: open continuously"))
    if "until_funds" in said:
        return Due(label=words.gettext("Deadline"), when=words.gettext("none: open until the funds run out"))
    if item.kind == "news":
        return None
    return Due(label=words.gettext("Deadline"), when=words.gettext("not stated"))


def _label(deadline: Deadline, voice: Voice) -> str:
    words = voice.words
    named = {
        "submission": words.gettext("Deadline"),
        "stage": words.gettext("Next stage"),
        "eoi": words.gettext("Expression of interest by"),
        "registration": words.gettext("Register by"),
        "validity": words.gettext("Valid until"),
        "event": words.gettext("Takes place on"),
    }[deadline.kind]
    # The source's own words (a lot, a stage) stay in its language, behind ours.
    own = taxonomy.deadline_label(deadline.label, voice.language)
    return f"{named} ({own})" if own else named


def rows(item: Opportunity, voice: Voice) -> list[tuple[str, str]]:
    """Return the other facts, each with its name: who buys, how much, in which language, for whom it is reserved."""
    words = voice.words
    found: list[tuple[str, str]] = []
    if item.organisation:
        found.append((words.gettext("Published by"), _buyer(item, voice)))
    if item.budget:
        found.append((words.gettext("Value"), voice.money(item.budget)))
    if item.grant:
        found.append((words.gettext("For one applicant"), voice.money(item.grant)))
    if item.kind in _MONEY_MATTERS and not (item.budget or item.grant):
        found.append((words.gettext("Value"), words.gettext("not stated")))
    if item.offer_languages:
        named = [taxonomy.language_label(code, voice.language) for code in item.offer_languages]
        found.append((words.gettext("Language of the offer"), ", ".join(named)))
    elif item.kind == "tender":
        found.append((words.gettext("Language of the offer"), words.gettext("not stated")))
    found += [(words.gettext("Reserved"), _reserved(r.type, r.lots, voice)) for r in item.reserved]
    return found


def _buyer(item: Opportunity, voice: Voice) -> str:
    assert item.organisation is not None
    name = shorten(item.organisation.name, 120)
    country = item.organisation.country or item.origin_country
    # Said where it is not the country of the work, which stands above.
    if country and country not in item.countries:
        return f"{name} ({taxonomy.country_label(country, voice.language)})"
    return name


def _reserved(type: str, lots: tuple[str, ...], voice: Voice) -> str:
    words = voice.words
    if type == "res-ws":
        whom = words.gettext("for sheltered workshops and work integration: check Art. 20 of Directive 2014/24/EU")
    else:
        whom = words.gettext("for bodies with a public service mission: check Art. 77 of Directive 2014/24/EU")
    if not lots:
        return whom
    if lots == (_LOTS_NOT_STATED,):
        part = words.gettext("some lots only")
    else:
        part = words.ngettext("only lot %(lots)s", "only lots %(lots)s", len(lots)) % {"lots": ", ".join(lots)}
    return f"{whom} ({part})"


def said_date(text: str) -> date | None:
    """Read the day a change row wrote (`2027-01-24T12:00`, `2027-01-24`); None for any other text."""
    try:
        return datetime.fromisoformat(text).date()
    except ValueError:
        return None
