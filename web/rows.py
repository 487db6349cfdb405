"""One opportunity as a line of a list: what is shown, in the reader's words, with the deadline first.

The one thing to know: pure; the clock, the language and the zone come with the reader, the rights decide the text.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from aggregator import rights, taxonomy
from aggregator.store.noted import Noted
from aggregator.store.opportunity import Opportunity, Status, days_left, ends, next_deadline, status
from connectors.base.contract import Deadline
from connectors.base.text import shorten
from web import past, words
from web.context import Reader

Urgency = Literal["now", "soon", "later", "past"]
_SNIPPET = 170


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A deadline as the reader needs it: the source's wall clock first, then the reader's where it differs."""

    iso: str
    number: str
    month: str
    day: str
    weekday: str
    time: str | None
    place: str
    zone: str
    here: str | None
    left: int
    left_word: str
    urgency: Urgency
    purpose: str
    usual: bool
    label: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    id: int
    title: str
    title_lang: str
    foreign: bool
    kind: str
    status: Status
    status_word: str
    places: str
    organisation: str | None
    value: str | None
    sources: str
    reserved: bool
    snippet: str | None
    snippet_lang: str | None
    due: Due | None
    undated: str
    published: str | None
    published_iso: str | None
    changed: str | None = None
    """What changed lately and is worth attention; `earlier`: its deadline was brought forward."""
    earlier: bool = False


def due(deadline: Deadline, item: Opportunity, reader: Reader) -> Due | None:
    """Say a dated deadline; None where no day is stated."""
    end = ends(deadline, item.zone)
    if end is None or deadline.on is None:
        return None
    zone = deadline.zone or item.zone
    left = days_left(end, reader.now, zone)
    past = end < reader.now
    timed = deadline.at is not None
    return Due(
        iso=end.astimezone(ZoneInfo(zone)).isoformat() if timed else deadline.on.isoformat(),
        number=str(deadline.on.day),
        month=reader.month(deadline.on),
        day=reader.day(deadline.on),
        weekday=reader.weekday(deadline.on),
        time=reader.time(end, zone) if timed else None,
        place=reader.place(zone),
        zone=words.zone_word(reader.place(zone)),
        here=_here(end, zone, reader),
        left=left,
        left_word=words.status_word("closed") if past else words.left_word(left),
        urgency="past" if past else "now" if left <= 3 else "soon" if left <= 14 else "later",
        purpose=words.deadline_word(deadline),
        usual=deadline.kind == "submission",
        label=taxonomy.deadline_label(deadline.label, reader.language),
    )


def _here(end: datetime, zone: str, reader: Reader) -> str | None:
    """The same instant on the reader's clock; None where both clocks show the same."""
    there = end.astimezone(ZoneInfo(zone)).utcoffset()
    return None if there == end.astimezone(ZoneInfo(reader.zone)).utcoffset() else reader.when(end)


def deciding(item: Opportunity, reader: Reader) -> Due | None:
    """The deadline a list leads with: the next one, or the last one that has passed."""
    ahead = next_deadline(item, reader.now)
    if ahead:
        return due(ahead[0], item, reader)
    passed = [(end, d) for d in item.deadlines if (end := ends(d, item.zone)) is not None]
    return due(max(passed, key=lambda pair: pair[0])[1], item, reader) if passed else None


def places(item: Opportunity, reader: Reader, *, most: int = 2) -> str:
    """Where the work or the partner is, else who publishes, else under which programme; the first few, the others counted."""
    codes = item.countries or ((item.origin_country,) if item.origin_country else ())
    if not codes and item.programme and item.programme.name:
        return taxonomy.programme_short(item.programme.name)
    named = [taxonomy.country_label(code, reader.language) for code in codes[:most]]
    return ", ".join(named) + (f" +{len(codes) - most}" if len(codes) > most else "")


def row(item: Opportunity, *, reader: Reader, titles: Mapping[str, str]) -> Row | None:
    """Say one opportunity in a list; None where the public may not see it. `titles` names the sources."""
    allowed = rights.shown(item, to="public", now=reader.now)
    if not allowed.visible:
        return None
    title, language = item.title(reader.language, "en")
    summary = allowed.summary
    published = item.published_at or item.first_seen
    return Row(
        id=item.id,
        title=title,
        title_lang=language,
        foreign=language not in {reader.language, "und"},
        kind=taxonomy.kind_label(item.kind, reader.language),
        status=status(item, reader.now),
        status_word=words.status_word(status(item, reader.now)),
        places=places(item, reader),
        organisation=item.organisation.name if item.organisation else None,
        value=reader.money(item.budget) if item.budget else reader.money(item.grant) if item.grant else None,
        sources=", ".join(dict.fromkeys(titles.get(n.source, n.source) for n in allowed.notices)),
        reserved=bool(item.reserved),
        snippet=shorten(summary, _SNIPPET) if summary and summary != title else None,
        snippet_lang=item.lang,
        due=deciding(item, reader),
        undated=words.undated_word([d.certainty for d in item.deadlines if d.on is None]),
        published=reader.day(published) if item.published_at else None,
        published_iso=published.isoformat() if item.published_at else None,
    )


def rows(
    items: list[Opportunity],
    *,
    reader: Reader,
    titles: Mapping[str, str],
    history: Mapping[int, Sequence[Noted]] | None = None,
) -> list[Row]:
    """Say the opportunities of a list, with a mark where their `history` tells of something new."""
    said = [(item, row(item, reader=reader, titles=titles)) for item in items]
    return [_marked(one, (history or {}).get(item.id, ()), reader) for item, one in said if one is not None]


def _marked(one: Row, history: Sequence[Noted], reader: Reader) -> Row:
    # What is over presses nobody any more.
    found = past.mark(history, reader) if one.status in {"open", "forthcoming", "unknown"} else None
    return one if found is None else replace(one, changed=found[0], earlier=found[1])
