"""The installation of a small office for its benchmark: opportunities by `put`, sources, members with ordinary profiles.

The one thing to know: days are counted from today, because the board and the visits go by the clock.
"""

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, get_args

import yaml

from aggregator.intake import sources
from aggregator.store.migrations import upgrade
from aggregator.store.put import Known
from aggregator.store.secrets import Vault
from aggregator.store.session import Store
from benchmarks.corpus import DAY, notices
from benchmarks.questions import COUNTRIES, SOURCES, keep
from connectors.base.contract import Kind, Notice

MEMBERS = 50
_PAGE = 1_000
_LANGUAGES = ("it", "en", "fr", "de", "es", "pt", "nl", "pl")
# What most cooperatives do, with the words that each would write.
_TRADES = (
    ("Cleaning", ["facility_cleaning"], ["pulizie", "cleaning", "nettoyage", "Reinigung"]),
    ("Green", ["forestry_land", "waste_circular"], ["verde pubblico", "green spaces", "espaces verts"]),
    ("Food", ["food_processing", "livestock_dairy"], ["formaggi", "cheese", "ristorazione", "catering"]),
    ("Training", ["education_training", "work_inclusion"], ["formazione", "training", "Ausbildung"]),
    ("Youth", ["childcare_youth"], ["giovani", "youth", "jeunesse", "Jugend"]),
    ("Digital", ["ict_digital"], ["software", "digitale", "data"]),
)
_TENDERS, _EVERYTHING = ["tender"], ["tender", "grant_call", "partner_search"]


def fill(store: Store, count: int) -> list[str]:
    """Put `count` opportunities of several kinds, countries and sources into an empty store; returns some titles."""
    upgrade(store)
    now = datetime.now(UTC)
    with store.write() as connection:
        for number in range(SOURCES):
            url = f"https://s{number}.example.org/feed.xml"
            sources.add(connection, f"s{number}", connector="feed", params={"url": url}, now=now, enabled=False)
    held: dict[str, dict[str, Known]] = {f"s{n}": {} for n in range(SOURCES)}
    titles: list[str] = []
    page: list[Notice] = []
    for number, notice in enumerate(_today(count), 1):
        page.append(notice)
        if number % 97 == 0:
            titles.append(next(iter(notice.titles.values())).text)
        if len(page) == _PAGE or number == count:
            source = f"s{number // _PAGE % SOURCES}"
            keep(store, page, source=source, held=held[source], at=now)
            page = []
    return titles


def _today(count: int) -> Iterator[Notice]:
    """The notices of the corpus, of several kinds and countries, moved to the present."""
    random_ = random.Random(3)
    later = datetime.now(UTC).date() - DAY
    kinds: tuple[Kind, ...] = get_args(Kind)
    for notice in notices(count):
        (deadline,) = notice.deadlines
        assert isinstance(deadline.on, date)
        assert notice.published_at is not None
        changed: dict[str, Any] = {
            "kind": random_.choice(kinds) if random_.random() < 0.3 else "tender",
            "countries": tuple(random_.sample(COUNTRIES, random_.choice((1, 1, 1, 2, 3)))),
            "deadlines": (deadline.model_copy(update={"on": deadline.on + later}),),
            "published_at": notice.published_at + later,
        }
        yield notice.model_copy(update=changed)


def prepare(store: Store, home: Path, told: dict[str, Any]) -> list[str]:
    """Add the sources that read the simulators, with their keys; returns their names."""
    now = datetime.now(UTC)
    with store.write() as connection:
        for row in told["sources"]:
            given = {name: row[name] for name in ("connector", "title", "params")}
            sources.add(connection, row["name"], now=now, **given)
    vault = Vault(store, home)
    for name, key in told["keys"].items():
        vault.put(name, key)
    return [row["name"] for row in told["sources"]]


def write_members(file: Path) -> None:
    """Write a members file: half of them with two profiles, each tied to some countries or to none."""
    random_ = random.Random(5)
    rows = [_member(number, random_) for number in range(MEMBERS)]
    file.write_text(yaml.safe_dump({"members": rows}, allow_unicode=True, sort_keys=False), encoding="utf-8")


def _member(number: int, random_: random.Random) -> dict[str, Any]:
    reads = random_.sample(_LANGUAGES, random_.randint(2, 5))
    trades = random_.sample(_TRADES, 1 + number % 2)
    return {
        "id": f"coop-{number:02}",
        "name": f"Cooperativa {number:02}",
        "language": ("it", "it", "en")[number % 3],
        "reads": reads,
        "recipients": [
            {"email": f"office@coop{number:02}.example.org", "basis": "consent", "informed_by": "federation"},
        ],
        "profiles": [
            {
                "name": name,
                "kinds": random_.choice((_TENDERS, _EVERYTHING, [])),
                "sectors": trade,
                "countries": random_.choice(([], random_.sample(COUNTRIES, 4))),
                "bid_languages": reads,
                "any": words,
                "text": f"We offer {', '.join(words)}.",
                "least_days": {"tender": 10},
            }
            for name, trade, words in trades
        ],
    }
