"""The filters as a form shows them: options with counts, pills of what is chosen, and the way out of an empty page.

The one thing to know: counts of a facet ignore its own filter (values are alternatives), so a chosen value stays visible
even when nothing has it any more.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext

from aggregator import taxonomy
from aggregator.store import search
from web import words
from web.context import Reader
from web.filters import DEADLINE_DAYS, MATCHES, NOTHING, POSTED_DAYS, RESERVED, SIZES, SORTS, STATUSES, Filters

_FIRST = 8


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    label: str
    chosen: bool
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Facet:
    """A filter of many values: the usual ones in sight, the others behind "more"."""

    name: str
    label: str
    first: tuple[Option, ...]
    more: tuple[Option, ...] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """A filter of one value."""

    name: str
    label: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Pill:
    facet: str
    label: str
    address: str


@dataclass(frozen=True, slots=True)
class WayOut:
    """A filter that could be dropped or loosened, and how many would then be found."""

    label: str
    address: str
    total: int


def facet_names() -> dict[str, str]:
    return {
        "q": gettext("Words"),
        "match": gettext("Look for"),
        "kind": gettext("Kind"),
        "country": gettext("Country"),
        "sector": gettext("Sector"),
        "source": gettext("Source"),
        "status": gettext("Status"),
        "deadline": gettext("Closing"),
        "posted": gettext("New on the board"),
        "reserved": gettext("Reserved contracts"),
        "sort": gettext("Order"),
        "size": gettext("Per page"),
        "page": gettext("Page"),
    }


def value_word(name: str, value: str, *, reader: Reader, titles: Mapping[str, str]) -> str:
    """Name one value of a filter in the reader's language."""
    language = reader.language
    says: dict[str, Callable[[], str]] = {
        "kind": lambda: taxonomy.kind_label(value, language, plural=True),
        "country": lambda: taxonomy.country_label(value, language),
        "sector": lambda: taxonomy.sector_label(value, language),
        "source": lambda: titles.get(value, value),
        "status": lambda: words.status_word(next(s for s in STATUSES if s == value)),
        "deadline": lambda: words.within_word(int(value)),
        "posted": lambda: words.since_word(int(value)),
        "reserved": lambda: words.reserved_word(value),
    }
    return says[name]() if name in says else f"«{value}»"


def facets(
    counts: Mapping[str, list[tuple[str, int]]], filters: Filters, *, reader: Reader, titles: Mapping[str, str]
) -> list[Facet]:
    names = facet_names()
    found = []
    for name, counted in (
        ("kind", counts["kinds"]),
        ("country", counts["countries"]),
        ("sector", counts["sectors"]),
        ("source", counts["sources"]),
    ):
        chosen: tuple[str, ...] = getattr(filters, name)
        every = dict.fromkeys(chosen, 0) | dict(counted)
        options = [
            Option(value, value_word(name, value, reader=reader, titles=titles), value in chosen, count)
            for value, count in every.items()
        ]
        options.sort(key=lambda o: (not o.chosen, -(o.count or 0), o.label))
        rest = sorted(options[_FIRST:], key=lambda o: o.label)
        found.append(Facet(name, names[name], tuple(options[:_FIRST]), tuple(rest)))
    return found


def choices(filters: Filters, *, reader: Reader) -> list[Choice]:
    """The filters of one value each, with an option that says "any"."""
    names = facet_names()
    none: Mapping[str, str] = {}

    def choice(name: str, values: Iterable[object]) -> Choice:
        held = getattr(filters, name)
        every = dict.fromkeys(str(v) for v in (*values, *([held] if held else [])))
        word = {v: value_word(name, v, reader=reader, titles=none) for v in every}
        options = [Option(v, word[v], v == str(held)) for v in every]
        return Choice(name, names[name], (Option("", gettext("Any"), held is None), *options))

    return [
        choice("deadline", sorted({*DEADLINE_DAYS, *([filters.deadline] if filters.deadline else [])})),
        choice("posted", sorted({*POSTED_DAYS, *([filters.posted] if filters.posted else [])})),
        choice("reserved", RESERVED),
    ]


def statuses(filters: Filters) -> list[Option]:
    return [Option(status, words.status_word(status), status in filters.status) for status in STATUSES]


def sorts(filters: Filters) -> list[Option]:
    return [
        Option(sort, words.sort_word(sort), sort == filters.sort) for sort in SORTS if sort != "relevance" or filters.q
    ]


def matches(filters: Filters) -> list[Option]:
    labels = {"all": gettext("all the words"), "any": gettext("any of the words")}
    return [Option(match, labels[match], match == filters.match) for match in MATCHES]


def sizes(filters: Filters) -> list[Option]:
    return [Option(str(size), str(size), size == filters.size) for size in SIZES]


def pills(filters: Filters, *, reader: Reader, titles: Mapping[str, str]) -> list[Pill]:
    """What is chosen, each with the address of the same list without it."""
    names = facet_names()
    return [
        Pill(
            names[name],
            value_word(name, value, reader=reader, titles=titles),
            filters.without(name, value).address(),
        )
        for name, value in filters.chosen()
    ]


def ways_out(connection: sa.Connection, filters: Filters, *, reader: Reader, titles: Mapping[str, str]) -> list[WayOut]:
    """For a page without results: each filter that could be dropped, the most rewarding first."""
    names = facet_names()
    found = []
    for name in dict.fromkeys(name for name, _ in filters.chosen()):
        wider = filters.without(name)
        values = [value_word(name, v, reader=reader, titles=titles) for n, v in filters.chosen() if n == name]
        total = _total(connection, wider, reader.now)
        if total:
            label = gettext("without %(filter)s", filter=f"{names[name]}: {', '.join(values)}")
            found.append(WayOut(label, wider.address(), total))
    loose = replace(filters, match="any", page=1)
    if loose != filters and filters.q and (total := _total(connection, loose, reader.now)):
        found.append(WayOut(gettext("with any of the words"), loose.address(), total))
    return sorted(found, key=lambda way: -way.total)


def _total(connection: sa.Connection, filters: Filters, now: datetime) -> int:
    wider = replace(filters, sort=NOTHING.sort)
    return search.count(connection, wider.query(), now=now)
