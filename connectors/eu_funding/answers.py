"""An answer of the search, believed only when every row agrees with what was asked.

The one thing to know: a question that the platform did not understand is answered with status 200 and the whole index,
closed calls, news and a frozen copy of 2023 among it (docs/platforms/eu_funding.md). One row that contradicts the
question therefore refuses the page; a row that does not say is no contradiction.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from connectors.base.contract import Page, ParseError
from connectors.base.documents import object_of
from connectors.eu_funding.hit import Hit, texts_of
from connectors.eu_funding.question import DIVISION, PROGRAMME, SOURCE, Demand, demands_of

IMPLAUSIBLE = 1_000_000
"""A question of ours finds some thousands at most, closed calls included; the whole index holds over four million."""
# A call belongs to several programmes and parts of them; of these fields one value must be among those asked for, of all
# others every one.
_ONE_OF_MANY = (PROGRAMME, DIVISION)


@dataclass(frozen=True, slots=True)
class Answer:
    total: int
    number: int | None
    hits: list[Hit]

    def without_source(self) -> int:
        """Count the rows that do not say which copy of the index they come from."""
        return sum(not _says(hit, SOURCE) for hit in self.hits)


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
    if total > IMPLAUSIBLE:
        why = f"says {total}, which is the whole index: the filters were ignored; nothing of this answer is used"
        raise ParseError(page.url, "totalResults", why)
    demands = demands_of(page)
    hits = [_checked(row, f"results[{place}]", demands, page) for place, row in enumerate(rows)]
    _not_unsaid(hits, demands, page)
    number = whole.get("pageNumber")
    return Answer(total, number if isinstance(number, int) else None, hits)


def _checked(row: Any, where: str, demands: tuple[Demand, ...], page: Page) -> Hit:
    if not isinstance(row, dict):
        raise ParseError(page.url, where, "is not an object")
    if (inner := row.get("metadata")) and not isinstance(inner, dict):
        raise ParseError(page.url, where, "has metadata in a shape that cannot be held against what was asked for")
    hit = Hit(row)
    for demand in demands:
        for said in _sayings(hit, demand.field):
            if said is None or _contradicts(said, demand):
                who, told = row.get("reference") or where, "what cannot be read" if said is None else _told(said)
                why = f"{who} says {told}, and {'not ' * demand.forbidden}{_told(demand.values)} was asked for"
                raise ParseError(
                    page.url, f"filter {demand.field}", f"was ignored: {why}; nothing of this answer is used"
                )
    return hit


def _contradicts(said: list[str], demand: Demand) -> bool:
    if demand.forbidden:
        return not set(said).isdisjoint(demand.values)
    if demand.field in _ONE_OF_MANY:
        return set(said).isdisjoint(demand.values)
    return not set(said) <= set(demand.values)


def _not_unsaid(hits: list[Hit], demands: tuple[Demand, ...], page: Page) -> None:
    """Refuse a page on which nothing shows that the programme was asked for: one silent row is one, two are a pattern."""
    for demand in demands:
        if demand.forbidden or demand.field not in _ONE_OF_MANY or len(hits) < 2:
            continue
        if not any(_says(hit, demand.field) for hit in hits):
            why = (
                f"{_told(demand.values)} was asked for, and none of {len(hits)} rows says any; nothing of this is used"
            )
            raise ParseError(page.url, f"filter {demand.field}", f"cannot be seen to hold: {why}")


def _says(hit: Hit, field: str) -> bool:
    return next(_sayings(hit, field), None) is not None


def _sayings(hit: Hit, field: str) -> Iterator[list[str] | None]:
    """Return what a row says of a field, apart for each place where it says it; None for what has no readable shape."""
    places: list[Mapping[str, Any]] = [hit.metadata]
    if hit.metadata is not hit.row:
        places.append(hit.row)
    for place in places:
        # DATASOURCE is written "datasource" as well, and a row may say both.
        for value in (value for name, value in place.items() if name.casefold() == field.casefold()):
            said, plain = texts_of(value)
            if not plain:
                yield None
            elif said:
                yield [each.lower() for each in said] if field == "language" else said
    if field == "language":
        try:
            suffix = hit.suffix
        except ValueError:
            return  # without a reference it has no identity either, which `read` says
        if suffix:
            yield [suffix]


def _told(values: list[str] | tuple[str, ...]) -> str:
    return " or ".join(values[:6])
