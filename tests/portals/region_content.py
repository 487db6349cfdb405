"""Calls and tenders of regions that do not exist, for the simulators of Plone, WordPress, CKAN and Socrata.

The one thing to know: everything follows from the number of a call and the day on which the portal stands, so two runs say
the same.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import yaml

_TEXTS: dict[str, list[dict[str, Any]]] = yaml.safe_load(
    Path(__file__).with_name("regions.yml").read_text(encoding="utf-8")
)


@dataclass(slots=True)
class Call:
    """One call: published, opened and closed on the clock of its region; `changed` is its last change."""

    number: int
    title: str
    about: str
    addressees: list[str]
    subjects: list[str]
    published: datetime
    opens: date
    closes: date
    changed: datetime
    more: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Tender:
    number: int
    title: str
    cpv: str
    buyer: str
    place: str
    amount: str
    published: date
    closes: date


def call(number: int, today: date) -> Call:
    """The call of this number; the higher, the younger. One in five has closed."""
    told = _TEXTS["calls"][number % len(_TEXTS["calls"])]
    published = datetime.combine(today - timedelta(days=40 - number % 37), time(9, 7 + number % 50), UTC)
    return Call(
        number=number,
        title=f"{told['title']} ({number})",
        about=told["about"],
        addressees=list(told["for"]),
        subjects=list(told["subject"]),
        published=published,
        opens=published.date() + timedelta(days=3),
        closes=today + timedelta(days=-3 if number % 5 == 4 else 10 + number % 60),
        changed=published + timedelta(hours=number % 50),
    )


def tender(number: int, today: date) -> Tender:
    told = _TEXTS["tenders"][number % len(_TEXTS["tenders"])]
    return Tender(
        number=200_000 + number,
        title=f"{told['title']} {number}",
        cpv=told["cpv"],
        buyer=told["buyer"],
        place=told["place"],
        amount=f"{40_000 + 1_310 * number}.{number % 9 + 1}",
        published=today - timedelta(days=number % 20),
        closes=today + timedelta(days=5 + number % 40),
    )
