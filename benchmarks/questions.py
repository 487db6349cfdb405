"""A store of notices of several kinds, countries and sources, and what people ask of it, for benchmarks of search."""

import random
from collections.abc import Callable
from datetime import UTC, datetime

from aggregator.intake.normalise import normalise
from aggregator.store.migrations import upgrade
from aggregator.store.put import Known, put
from aggregator.store.query import Query
from aggregator.store.session import Store
from benchmarks.corpus import notices, vocabulary
from benchmarks.ingest import ABOUT
from connectors.base.contract import Notice

READ_AT = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
QUERIES, SOURCES = 200, 6
_KINDS = ("tender", "grant_call", "business_offer", "business_request", "technology_offer", "technology_request")
COUNTRIES = (
    "FR",
    "DE",
    "ES",
    "NL",
    "BE",
    "PL",
    "PT",
    "RO",
    "SE",
    "AT",
    "IT",
    "GR",
    "HU",
    "CZ",
    "DK",
    "FI",
    "IE",
    "HR",
)


def fill(store: Store, count: int) -> list[str]:
    """Put `count` notices of several kinds, countries and sources into an empty store; returns some of their titles."""
    upgrade(store)
    random_ = random.Random(3)
    held: dict[str, dict[str, Known]] = {f"s{n}": {} for n in range(SOURCES)}
    titles: list[str] = []
    page: list[Notice] = []
    for number, notice in enumerate(notices(count), 1):
        some = tuple(random_.sample(COUNTRIES, random_.choice((1, 1, 1, 2, 3))))
        page.append(notice.model_copy(update={"kind": random_.choice(_KINDS), "countries": some}))
        if number % 97 == 0:
            titles.append(next(iter(notice.titles.values())).text)
        if len(page) == 1_000 or number == count:
            source = f"s{number // 1_000 % SOURCES}"
            keep(store, page, source=source, held=held[source])
            page = []
    return titles


def keep(store: Store, page: list[Notice], *, source: str, held: dict[str, Known], at: datetime = READ_AT) -> None:
    """Put one page of notices of this source, read at this moment."""
    drafts = [normalise(n, source=source, about=ABOUT, fetched_at=at, rights=ABOUT.rights) for n in page]
    with store.write() as connection:
        put(connection, drafts, source=source, held=held, now=at)


def queries(titles: list[str]) -> list[Query]:
    """Questions of eight shapes, as people ask them; the same every time."""
    random_ = random.Random(17)
    words = vocabulary(7)

    def middling() -> str:
        return words[int(10 ** random_.uniform(1.7, 4.3))]

    def some(values: tuple[str, ...], least: int, most: int) -> tuple[str, ...]:
        return tuple(random_.sample(values, random_.randint(least, most)))

    shapes: list[Callable[[], Query]] = [
        lambda: Query(text=middling()),
        lambda: Query(text=f"{middling()} {middling()}", countries=some(COUNTRIES, 1, 3)),
        lambda: Query(text=f'"{" ".join(random_.choice(titles).split()[:2])}"', kinds=some(_KINDS, 3, 3)),
        lambda: Query(
            text=" ".join(middling() for _ in range(4)),
            any_word=True,
            countries=some(COUNTRIES, 2, 6),
            deadline_days=random_.choice((14, 30, 90)),
        ),
        lambda: Query(countries=some(COUNTRIES, 1, 2), kinds=some(_KINDS, 2, 2)),
        lambda: Query(text=middling()[:4], kinds=some(_KINDS, 2, 2)),
        lambda: Query(text=words[random_.randint(100, 600)], countries=some(COUNTRIES, 1, 2)),
        lambda: Query(countries=some(COUNTRIES, 0, 1)),
    ]
    return [shapes[number % len(shapes)]() for number in range(QUERIES)]
