"""An answer of the search, believed only when every row agrees with what was asked.

The one thing to know: a question that the platform did not understand is answered with status 200 and the whole index,
closed calls, news and a frozen copy of 2023 among it (docs/platforms/eu_funding.md). One row that contradicts the
question therefore refuses the page; a row that does not say is no contradiction.
"""

from dataclasses import dataclass
from typing import Any

from connectors.base.contract import Page, ParseError
from connectors.base.documents import object_of
from connectors.eu_funding.hit import Hit
from connectors.eu_funding.question import SOURCE, Demand, demands_of


@dataclass(frozen=True, slots=True)
class Answer:
    total: int
    number: int | None
    hits: list[Hit]

    def without_source(self) -> int:
        """Count the rows that do not say which copy of the index they come from."""
        return sum(not _said(hit, SOURCE) for hit in self.hits)


def answer_of(page: Page) -> Answer:
    """Read a page and hold its rows against its question. Raises ParseError."""
    whole = object_of(page)
    rows = whole.get("results")
    if not isinstance(rows, list):
        said = f": {whole['message']}" if isinstance(whole.get("message"), str) else ""
        raise ParseError(page.url, "results", f"is not the list of a search answer{said}"[:300])
    total = whole.get("totalResults")
    if not isinstance(total, int) or isinstance(total, bool) or total < 0:
        raise ParseError(page.url, "totalResults", "is not a number")
    demands = demands_of(page)
    hits = [_checked(row, f"results[{place}]", demands, page) for place, row in enumerate(rows)]
    number = whole.get("pageNumber")
    return Answer(total, number if isinstance(number, int) else None, hits)


def _checked(row: Any, where: str, demands: tuple[Demand, ...], page: Page) -> Hit:
    if not isinstance(row, dict):
        raise ParseError(page.url, where, "is not an object")
    hit = Hit(row)
    for demand in demands:
        said = _said(hit, demand.field)
        held = not set(said).isdisjoint(demand.values)
        if said and held == demand.forbidden:
            who = row.get("reference") or where
            why = f"{who} says {_told(said)}, and {'not ' * demand.forbidden}{_told(demand.values)} was asked for"
            raise ParseError(page.url, f"filter {demand.field}", f"was ignored: {why}; nothing of this answer is used")
    return hit


def _said(hit: Hit, field: str) -> list[str]:
    if field == "language":
        try:
            language = hit.language
        except ValueError:
            return []  # without a reference it has no identity either, which `read` says
        return [language] if language else []
    if field == SOURCE:
        # Written in capitals and in small letters, sometimes both.
        return list(dict.fromkeys([*hit.values("DATASOURCE"), *hit.values("datasource")]))
    return hit.values(field)


def _told(values: list[str] | tuple[str, ...]) -> str:
    return " or ".join(values[:6])
