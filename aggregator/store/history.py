"""What changed in an opportunity, and what of it is worth a reader's attention. Pure: opportunities in, rows out.

The one thing to know: every row is kept as it was written, for the office; a reader is told what they come to (`collapsed`),
and only of the fields in `WORTH_TELLING`.

Values are written as people compare them: a deadline as `2027-01-24T12:00`, several in one text with commas between. Of a
text there is only its length and a mark that tells it from another (`812 #3f9a1c22`): we may show its words today and have
to drop them tomorrow, and history stays.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import chain
from typing import TypeAlias
from zoneinfo import ZoneInfo

from aggregator.store.opportunity import Change, Opportunity
from connectors.base.contract import Deadline, Eligibility, Money, Notice

Difference: TypeAlias = tuple[str, str | None, str | None]
"""(field, before, after); None where nothing was stated."""

WORTH_TELLING = (
    *("deadline", "status", "budget", "grant", "eligibility", "reserved", "opens", "withdrawn", "reopened"),
)
"""The fields whose change a reader acts on, in the order in which they are told: letter, marks and sections know no other."""

FLAPPING = timedelta(hours=48)
"""What is back within this time has not changed for a reader."""

# Values that are a list of things: of a change, only what came and what went is news.
LISTS = frozenset({"deadline", "reserved", "countries", "regions", "codes", "offer_languages", "documents"})
_LISTING = frozenset({"withdrawn", "reopened"})
_AND = ", "


def differences(before: Opportunity, after: Opportunity) -> list[Difference]:
    """Everything that changed and that a person can be told, a row a field; further titles as `title:fr`."""
    found: list[Difference] = []
    for name, say in _WATCHED.items():
        was, is_ = say(before), say(after)
        if name == "deadline" and was == is_:  # the same hour by another clock is another instant
            was, is_ = _clocks(before), _clocks(after)
        if was != is_ and not (name in _AMOUNTS and _same_amount(getattr(before, name), getattr(after, name))):
            found.append((name, was, is_))
    found += _titles(before, after)
    if before.withdrawn_at is not None and after.withdrawn_at is None:
        found.append(("reopened", before.withdrawn_at.isoformat(), None))
    return found


def worth_telling(found: Iterable[Difference]) -> bool:
    """Whether one of these differences is worth a reader's attention; a new wording alone is not."""
    return any(field in WORTH_TELLING for field, _, _ in found)


def said(notice: Notice) -> dict[str, str]:
    """What one notice says of the facts that differ between notices, in the words of change rows; without the texts."""
    told = {name: say(notice) for name, say in _FACTS.items()} | {"title": next(iter(notice.titles.values())).text}
    return {name: value for name, value in told.items() if value is not None}


@dataclass(frozen=True, slots=True)
class _Spell:
    """Rows of one field that follow each other so closely that a reader is told of them once."""

    first: Change
    last: Change
    hushed: bool
    ours: bool

    def then(self, row: Change) -> "_Spell":
        return _Spell(self.first, row, self.hushed or is_hushed(row), self.ours and row.cause == "our_reading")


def collapsed(rows: Sequence[Change], *, within: timedelta | None = FLAPPING) -> tuple[Change, ...]:
    """What a reader is told of change rows: one a field and spell, from the first value to the last, by their time.

    Rows of a field are one spell while each follows the one before it `within` this time (None: always). What came back
    to where it was is left out: A to B to A is nothing, A to B to C is A to C. A withdrawal and the return from it are
    one field here. Give only the rows since the reader last looked, or what he was told would be taken back unsaid.
    """
    spells: list[_Spell] = []
    running: dict[str, int] = {}
    for row in sorted(rows, key=lambda row: row.at):
        axis = "listing" if row.field in _LISTING else row.field
        at = running.get(axis)
        if at is not None and (within is None or row.at - spells[at].last.at <= within):
            spells[at] = spells[at].then(row)
        else:
            running[axis] = len(spells)
            spells.append(_Spell(row, row, is_hushed(row), row.cause == "our_reading"))
    told = [_told(spell) for spell in spells if not _came_back(spell)]
    return tuple(sorted(told, key=lambda row: row.at))


def is_hushed(row: Change) -> bool:
    """Whether the words of a row were taken out, because fewer people might see them (aggregator/store/hushed.py)."""
    return row.before is None and row.after is None


def _came_back(spell: _Spell) -> bool:
    first, last = spell.first, spell.last
    if first is last:
        return False
    if last.field in _LISTING:
        return (first.field == "reopened") == (last.field == "withdrawn")
    return not spell.hushed and _parts(first.field, first.before) == _parts(last.field, last.after)


def _told(spell: _Spell) -> Change:
    if spell.first is spell.last or spell.last.field in _LISTING:
        return spell.last
    before, after = (None, None) if spell.hushed else (spell.first.before, spell.last.after)
    # Where the source had a part in it, it is no correction of ours.
    cause = "our_reading" if spell.ours else "source"
    return spell.last.model_copy(update={"before": before, "after": after, "cause": cause})


def moved(row: Change) -> tuple[str | None, str | None]:
    """Before and after without what stayed, for values that are lists; otherwise as they are."""
    if row.field not in LISTS or row.before is None or row.after is None:
        return row.before, row.after
    gone, come = _moved(row)
    return _AND.join(gone) or None, _AND.join(come) or None


def moved_earlier(row: Change) -> bool:
    """Whether a deadline was brought forward: there is less time than was told. An hour without an offset is a wall clock's."""
    if row.field != "deadline" or row.before is None or row.after is None:
        return False
    gone, come = _ends(*_moved(row))
    if len(gone) == len(come):
        return any(new < old for old, new in zip(gone, come, strict=True))
    before, after = _ends(row.before.split(_AND), row.after.split(_AND))
    return bool(come and before) and after[0] < before[0]


def _moved(row: Change) -> tuple[list[str], list[str]]:
    before, after = (row.before or "").split(_AND), (row.after or "").split(_AND)
    return [text for text in before if text not in after], [text for text in after if text not in before]


def _ends(*of: Sequence[str]) -> tuple[list[datetime], list[datetime]]:
    """The instants among the texts of two lists, each in order; by the clock on the wall unless all have an offset."""
    found = [[moment for text in texts if (moment := _end(text)) is not None] for texts in of]
    if not all(moment.tzinfo for moment in chain(*found)):
        found = [[moment.replace(tzinfo=None) for moment in moments] for moments in found]
    one, other = map(sorted, found)
    return one, other


def _end(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if "T" in text else datetime.combine(moment.date(), time(23, 59, 59))


def _parts(field: str, value: str | None) -> object:
    return frozenset((value or "").split(_AND)) if field in LISTS else value


def _listed(values: Iterable[str]) -> str | None:
    return _AND.join(sorted(set(values))) or None  # another order says nothing else


def _deadlines(item: Opportunity | Notice) -> str | None:
    return _listed(_deadline(d) for d in item.deadlines)


def _deadline(given: Deadline) -> str:
    if given.on is None:
        return given.certainty
    return f"{given.on.isoformat()}T{given.at}" if given.at else given.on.isoformat()


def _clocks(item: Opportunity) -> str | None:
    # With the offset, `2027-01-24T12:00+01:00`, and not the name: two zones with one clock are no move.
    return _listed(_clock(d, item.zone) for d in item.deadlines)


def _clock(given: Deadline, zone: str) -> str:
    text = _deadline(given)
    if given.on is None or given.at is None:
        return text
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(given.zone or zone)).isoformat(timespec="minutes")


def _money(value: Money | None) -> str | None:
    return value.raw if value else None


def _same_amount(one: Money | None, other: Money | None) -> bool:
    """Whether two amounts differ in their writing alone."""
    read = [(m.min, m.max, m.total, m.currency) for m in (one, other) if m]
    return len(read) == 2 and read[0] == read[1] and any(n is not None for n in read[0][:3])


def text_mark(*texts: str | None) -> str | None:
    """The length of a text and a mark of it, `812 #3f9a1c22`; never its words."""
    whole = "\n".join(filter(None, texts))
    return f"{len(whole)} #{hashlib.blake2b(whole.encode(), digest_size=4).hexdigest()}" if whole else None


def eligibility_told(given: Eligibility) -> str | None:
    """Verdict, codes and the mark of the text: `restricted, own:reserved, 120 #3f9a1c22`."""
    return _AND.join(filter(None, (given.verdict, *sorted(given.codes), text_mark(given.text)))) or None


def _named(*parts: str | None) -> str | None:
    return " ".join(filter(None, parts)) or None


def _titles(before: Opportunity, after: Opportunity) -> list[Difference]:
    # The first title is the row `title`, whatever its language.
    first = {next(iter(before.titles)), next(iter(after.titles))}
    found: list[Difference] = []
    for language in dict.fromkeys((*before.titles, *after.titles)):
        was, is_ = before.titles.get(language), after.titles.get(language)
        if language not in first and (was and was.text) != (is_ and is_.text):
            found.append((f"title:{language}", was.text if was else None, is_.text if is_ else None))
    return found


_AMOUNTS = ("budget", "grant")
# What a notice says as an opportunity does.
_FACTS: dict[str, Callable[[Opportunity | Notice], str | None]] = {
    "deadline": _deadlines,
    "kind": lambda item: item.kind,
    "budget": lambda item: _money(item.budget),
    "grant": lambda item: _money(item.grant),
    "eligibility": lambda item: eligibility_told(item.eligibility) if item.eligibility else None,
    "reserved": lambda item: _listed(f"{r.type} {' '.join(r.lots)}".strip() for r in item.reserved),
    "opens": lambda item: item.opens_at.isoformat() if item.opens_at else None,
    "organisation": lambda item: item.organisation.name if item.organisation else None,
    "programme": lambda item: _named(item.programme.code, item.programme.name) if item.programme else None,
    "countries": lambda item: _listed(item.countries),
    "regions": lambda item: _listed(item.regions),
    "codes": lambda item: _listed(item.codes),
    "offer_languages": lambda item: _listed(item.offer_languages),
}
_WATCHED: dict[str, Callable[[Opportunity], str | None]] = {
    **_FACTS,
    "status": lambda item: "forthcoming" if item.announced else "published",
    "title": lambda item: next(iter(item.titles.values())).text,
    "documents": lambda item: _listed(link.url for link in item.documents),
    "url": lambda item: item.url,
    "summary": lambda item: text_mark(item.summary),
    "text": lambda item: text_mark(item.body),
}
