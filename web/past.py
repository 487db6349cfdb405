"""How an opportunity came to say what it says, in the reader's words: its notices, why they are one, what changed.

The one thing to know: pure; a reader is told what the history comes to and not its every row, and of a text never the words.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from urllib.parse import urlsplit

from flask_babel import gettext, ngettext

from aggregator import taxonomy
from aggregator.intake.account import Behind
from aggregator.store.history import LISTS, WORTH_TELLING, collapsed, moved, moved_earlier
from aggregator.store.noted import Noted
from aggregator.store.opportunity import Change, Opportunity, Provenance
from connectors.base.contract import Money
from connectors.base.text import shorten
from web import words
from web.context import Reader

MARKED = timedelta(days=7)
"""So long a line of a list says that something changed."""
_MOVED = timedelta(days=14)
_LONGEST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Who said it, under which number, when it was read, the page a person opens and its host; how it stands there now, and
    why it is one with the others."""

    title: str
    source_id: str
    url: str
    host: str
    read: str
    read_iso: str
    stands: str | None
    because: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """A change as a reader is told it. `worth`: worth attention by itself; `earlier`: there is less time than was said;
    `ours`: the source did not change, we read it better; `added`: what was there before still is."""

    day: str
    iso: str
    name: str
    field: str
    before: str | None
    after: str | None
    ours: bool
    earlier: bool
    worth: bool
    added: bool


def sources(
    shown: Iterable[Provenance], behind: Sequence[Behind], *, reader: Reader, titles: Mapping[str, str]
) -> tuple[Source, ...]:
    """The notices of which this reader may know."""
    known, notices = {(one.source, one.source_id): one for one in behind}, tuple(shown)
    return tuple(
        Source(
            title=titles.get(n.source, n.source),
            source_id=n.source_id,
            url=n.url,
            host=urlsplit(n.url).hostname or "",
            read=reader.when(n.fetched_at),
            read_iso=n.fetched_at.isoformat(),
            stands=_stands(one, reader) if (one := known.get((n.source, n.source_id))) else None,
            because=_because(one, reader) if one and len(notices) > 1 else None,
        )
        for n in notices
    )


def _stands(one: Behind, reader: Reader) -> str | None:
    day = reader.day(one.since) if one.since else ""
    said: dict[str, str] = {
        "missing": gettext("not found there since %(day)s", day=day),
        "withdrawn": gettext("withdrawn there, noticed on %(day)s", day=day),
        "off": gettext("we read this source no longer"),
        "removed": gettext("we read this source no longer"),
    }
    return said.get(one.stands)


def _because(one: Behind, reader: Reader) -> str | None:
    if one.merge is None:
        return None
    said: dict[str, str] = {
        "key": gettext("the same thing: both name %(key)s", key=one.merge.because),
        "rule": gettext("taken for the same thing: %(facts)s", facts=_facts(one.merge.because)),
        "office": gettext("put together by our office"),
        "renamed": gettext("the same notice under a new number"),
    }
    told = said.get(one.merge.by)
    return f"{told} ({reader.day(one.merge.at)})" if told else None


def _facts(because: str) -> str:
    """The reasons of the rule (aggregator/store/sameness.py), which it writes in English, each by how it begins."""
    said: dict[str, str] = {
        "same title within": gettext("one title within the other"),
        "same title": gettext("same title"),
        "nearly the same title": gettext("nearly the same title"),
        "title in another": gettext("the title in another language"),
        "same deadline": gettext("same deadline"),
        "deadline": gettext("deadlines a day apart"),
        "same buyer": gettext("same buyer"),
        "same organisation": gettext("same organisation"),
        "same money": gettext("same amount"),
        "same grant": gettext("same amount"),
        "same country": gettext("same country"),
        "same code": gettext("same code"),
        "same division": gettext("same group of codes"),
        "like text": gettext("texts alike"),
        "published within": gettext("published within days of each other"),
    }
    found = (next((said[way] for way in said if reason.startswith(way)), None) for reason in because.split(", "))
    return ", ".join(dict.fromkeys(filter(None, found))) or str(gettext("the facts agree"))


def changes(rows: Sequence[Noted], item: Opportunity, reader: Reader) -> tuple[Changed, ...]:
    """What readers are told of its history, the latest first."""
    return tuple(_changed(change, item, reader) for change in reversed(_own(rows)))


def _own(rows: Iterable[Noted]) -> tuple[Change, ...]:
    # What was noted of another number is the history of that one, from before the two were one.
    return collapsed([row.change for row in rows if row.noted_of is None])


def just_moved(told: Sequence[Changed], reader: Reader) -> Changed | None:
    """The last move of a deadline, while it is news."""
    since = (reader.now - _MOVED).isoformat()
    return next((change for change in told if change.name == "deadline" and change.iso >= since), None)


def mark(rows: Sequence[Noted], reader: Reader) -> tuple[str, bool] | None:
    """What a line of a list says of recent changes, and whether a deadline is earlier now; None: nothing worth telling."""
    recent = [c for c in _own(rows) if c.field in WORTH_TELLING and c.at >= reader.now - MARKED]
    if not recent:
        return None
    earlier = any(moved_earlier(change) for change in recent)
    # The latest first, and before all what presses.
    ordered = sorted(recent, key=lambda change: (not moved_earlier(change), -change.at.timestamp()))
    named = [gettext("deadline earlier") if moved_earlier(c) else words.field_word(c).lower() for c in ordered]
    told = gettext(
        "changed on %(day)s: %(fields)s", day=reader.day(recent[-1].at), fields=", ".join(dict.fromkeys(named))
    )
    return str(told), earlier


def _changed(change: Change, item: Opportunity, reader: Reader) -> Changed:
    before, after = (None, None) if item.rights.show == "link" else moved(change)
    if change.field == "documents" and (before or after):
        before, after = None, _documents(before, after)
    else:
        before, after = (_value(change.field, value, reader) for value in (before, after))
    return Changed(
        day=reader.day(change.at),
        iso=change.at.isoformat(),
        name=change.field,
        field=_field(change, reader),
        before=before if before != after else None,
        after=after if before != after else None,
        ours=change.cause == "our_reading",
        earlier=moved_earlier(change),
        worth=change.field in WORTH_TELLING,
        added=change.field in LISTS and before is None and change.before is not None,
    )


def _field(change: Change, reader: Reader) -> str:
    language = change.field.partition(":")[2]
    if language:
        return str(gettext("Title (%(language)s)", language=taxonomy.language_label(language, reader.language)))
    return words.field_word(change)


def _documents(before: str | None, after: str | None) -> str:
    come, gone = (len(value.split(", ")) if value else 0 for value in (after, before))
    said = [str(ngettext("%(num)d added", "%(num)d added", come))] if come else []
    return ", ".join([*said, *([str(ngettext("%(num)d removed", "%(num)d removed", gone))] if gone else [])])


def _value(field: str, value: str | None, reader: Reader) -> str | None:
    """Say an old or new value as people read it; what history.py wrote in another form is shown as it stands."""
    if value is None or field in {"reopened", "withdrawn", "url"}:
        return None
    if field in LISTS:
        return shorten(", ".join(_one_of(field, one, reader) for one in value.split(", ")), _LONGEST)
    if field in {"summary", "text"}:
        length = int(value.split()[0])
        return str(ngettext("%(n)s character", "%(n)s characters", length, n=reader.number(length)))
    if field == "eligibility":
        verdict = value.split(", ")[0]
        return words.verdict_word(verdict) if verdict in {"open", "restricted", "us_only", "not_stated"} else None
    if field == "kind":
        return taxonomy.kind_label(value, reader.language)
    if field == "status":
        return words.status_word("forthcoming") if value == "forthcoming" else str(gettext("Published"))
    if field == "opens":
        return _date(value, reader)
    return _amount(value, reader) if field in {"budget", "grant"} else shorten(value, _LONGEST)


def _amount(value: str, reader: Reader) -> str:
    """A bare number with its currency as the reader writes it; anything else in the source's own words."""
    bare = re.fullmatch(r"(\d+(?:\.\d{1,2})?) ([A-Z]{3})", value)
    return (
        reader.money(Money(total=Decimal(bare[1]), currency=bare[2], raw=value)) if bare else shorten(value, _LONGEST)
    )


def _one_of(field: str, one: str, reader: Reader) -> str:
    if field == "deadline":
        return _date(one, reader)
    if field == "countries":
        return taxonomy.country_label(one, reader.language)
    if field == "offer_languages":
        return taxonomy.language_label(one, reader.language)
    if field == "reserved":
        type, *lots = one.split()
        return f"{words.reserved_word(type)} ({words.lots_word(tuple(lots))})"
    return taxonomy.code_written(one) or one


def _date(text: str, reader: Reader) -> str:
    day, _, clock = text.partition("T")
    try:
        said = reader.day(date.fromisoformat(day))
    except ValueError:
        return words.undated_word([text])
    return f"{said}, {clock[:5]}" if clock else said
