"""The state of the list as an address: what the filters are, what they mean to the search, and how they are written back.

The one thing to know: every state has exactly one address, without defaults and in one order; values nobody knows are
left out and named, never an error.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from typing import Any, cast, get_args
from urllib.parse import urlencode

from werkzeug.datastructures import MultiDict

from aggregator import taxonomy
from aggregator.store.opportunity import Status
from aggregator.store.search import Query, Sort
from connectors.base.codes import country
from connectors.base.contract import Kind
from connectors.base.text import clean_line

KINDS: tuple[str, ...] = get_args(Kind)
STATUSES: tuple[Status, ...] = ("open", "forthcoming", "unknown", "closed", "withdrawn")
USUAL: tuple[Status, ...] = ("open", "forthcoming", "unknown")
SORTS: tuple[Sort, ...] = ("deadline", "newest", "published", "relevance")
RESERVED = ("any", "res-ws", "res-pub-ser")
SIZES = (20, 50, 100)
MATCHES = ("all", "any")
"""Whether all the words are wanted, or one of them."""
DEADLINE_DAYS = (7, 14, 30, 90, 120)
POSTED_DAYS = (3, 7, 14, 30, 60)
_MOST_DAYS = 730
_MOST_PAGES = 100_000
_LONGEST_TEXT = 200
_MOST_VALUES = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What the reader has chosen; fields are named as in the address."""

    q: str = ""
    match: str = "all"
    kind: tuple[str, ...] = ()
    country: tuple[str, ...] = ()
    sector: tuple[str, ...] = ()
    source: tuple[str, ...] = ()
    status: tuple[Status, ...] = USUAL
    deadline: int | None = None
    posted: int | None = None
    reserved: str | None = None
    sort: Sort = "deadline"
    size: int = 20
    page: int = 1

    def query(self) -> Query:
        return Query(
            text=self.q,
            any_word=self.match == "any",
            kinds=self.kind,
            countries=self.country,
            sectors=self.sector,
            sources=self.source,
            statuses=self.status,
            deadline_days=self.deadline,
            posted_days=self.posted,
            reserved=self.reserved,
            sort=self.sort,
            audience="public",
        )

    def pairs(self) -> list[tuple[str, str]]:
        """Names and values as the address carries them; defaults are left out."""
        found: list[tuple[str, str]] = []
        for name in Filters.__slots__:
            value = getattr(self, name)
            if value == getattr(NOTHING, name):
                continue
            found += [(name, str(v)) for v in value] if isinstance(value, tuple) else [(name, str(value))]
        return found

    def address(self, **changes: Any) -> str:
        """The address of this state with some fields changed; a change of filters goes back to the first page."""
        changed = replace(self, **{"page": 1, **changes})
        pairs = changed.pairs()
        return "/opportunities" + (f"?{urlencode(pairs)}" if pairs else "")

    def chosen(self) -> list[tuple[str, str]]:
        """The filters that narrow the list, one pair for each value: order, page and size do not."""
        return [(name, value) for name, value in self.pairs() if name not in {"match", "sort", "size", "page"}]

    def without(self, name: str, value: str | None = None) -> "Filters":
        """These filters without one value of a facet, or without the whole facet."""
        held = getattr(self, name)
        default = getattr(NOTHING, name)
        if name == "q":
            return replace(self, q="", match=NOTHING.match, page=1)
        if name == "status" or value is None or not isinstance(held, tuple):
            return replace(self, **cast(dict[str, Any], {name: default, "page": 1}))
        rest = tuple(v for v in held if v != value)
        return replace(self, **cast(dict[str, Any], {name: rest or default, "page": 1}))


NOTHING = Filters()


@dataclass(frozen=True, slots=True)
class Ignored:
    """A value of the address that means nothing here; the page says so."""

    name: str
    value: str


def read(args: MultiDict[str, str], *, sources: Collection[str]) -> tuple[Filters, list[Ignored]]:
    """Read the filters from an address; what is unknown is ignored and returned beside them."""
    ignored: list[Ignored] = []

    def several(name: str, known: Callable[[str], bool]) -> tuple[str, ...]:
        given = dict.fromkeys(v for raw in args.getlist(name) for v in raw.split(",") if v)
        ignored.extend(Ignored(name, clean_line(v, 60)) for v in given if not known(v))
        return tuple(sorted(v for v in given if known(v)))[:_MOST_VALUES]

    def one(name: str, known: Callable[[str], bool]) -> str | None:
        value = args.get(name, "")
        if value and not known(value):
            ignored.append(Ignored(name, clean_line(value, 60)))
            return None
        return value or None

    def whole(name: str, most: int) -> int | None:
        value = one(name, lambda v: v.isascii() and v.isdigit() and len(v) < 7 and 1 <= int(v) <= most)
        return int(value) if value else None

    q = clean_line(args.get("q", ""), _LONGEST_TEXT)
    statuses = several("status", STATUSES.__contains__)
    size = whole("size", max(SIZES))
    if size is not None and size not in SIZES:
        ignored.append(Ignored("size", str(size)))
        size = None
    sort = cast(Sort, one("sort", SORTS.__contains__) or "deadline")
    known_sectors = {sector.id for sector in taxonomy.sectors()}
    filters = Filters(
        q=q,
        match=(one("match", MATCHES.__contains__) or "all") if q else "all",
        kind=several("kind", KINDS.__contains__),
        country=several("country", lambda code: code == "*" or country(code) == code),
        sector=several("sector", known_sectors.__contains__),
        source=several("source", sources.__contains__),
        # In the order of STATUSES, so that the usual three are recognised as the default.
        status=tuple(status for status in STATUSES if status in statuses) or USUAL,
        deadline=whole("deadline", _MOST_DAYS),
        posted=whole("posted", _MOST_DAYS),
        reserved=one("reserved", RESERVED.__contains__),
        sort="deadline" if sort == "relevance" and not q else sort,
        size=size or SIZES[0],
        page=whole("page", _MOST_PAGES) or 1,
    )
    return filters, ignored
