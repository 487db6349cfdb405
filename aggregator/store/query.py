"""What somebody looks for, and what was found: the two values that plain SQL and the columns in memory share."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from aggregator.store.opportunity import Opportunity

Sort: TypeAlias = Literal["deadline", "newest", "published", "relevance"]

SEEN_BY = {"public": ("public",), "member": ("public", "members"), "office": ("public", "members", "office")}
"""The audiences whose opportunities a reader may see."""

FACETS = {"kinds": "kind", "countries": "places", "sectors": "sectors", "sources": "sources"}
"""The facets of a query, and the columns that hold their values."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What somebody looks for. Values of one facet are alternatives; facets narrow each other.

    `text` knows words (each as a prefix, and in its other forms), "phrases" and -exclusions; all words are wanted, or
    with `any_word` one of them. `deadline_days` and `posted_days` count from now. `audience` is the reader: public,
    member or office.
    """

    text: str = ""
    any_word: bool = False
    kinds: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ("open", "forthcoming", "unknown")
    deadline_days: int | None = None
    posted_days: int | None = None
    reserved: str | None = None
    sort: Sort = "deadline"
    audience: str = "public"


@dataclass(frozen=True, slots=True)
class Found:
    """One page of what was found, the count of all of it, and the counts per facet (each without its own filter)."""

    items: list[Opportunity]
    total: int
    facets: dict[str, list[tuple[str, int]]]


@dataclass(frozen=True, slots=True)
class Numbers:
    """One page of what was found, as numbers, with the same counts."""

    ids: list[int]
    total: int
    facets: dict[str, list[tuple[str, int]]]


def by_count(counts: dict[str, int]) -> list[tuple[str, int]]:
    """The values of a facet, the most frequent first."""
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
