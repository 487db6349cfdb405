"""Invented opportunities for the Grants.gov simulator: each follows from the seed and its place in the row.

The one thing to know: numbers, titles, places and people do not exist; codes of agencies, listings and categories are real,
because what they mean is what is tested. Two kinds speak of cooperatives and mean something else: the instrument
"cooperative agreement" and the Cooperative Ecosystem Studies Units.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import yaml

_PLACES = (
    "Willow Bend", "Copper Flats", "North Harbor", "Three Mills", "Lake Amity", "Sugar Hollow", "Red Prairie", "Fox Landing",
    "Cedar Crossing", "Bluewater", "Stony Ridge", "Maple Junction",
)  # fmt: skip
_MISSIONS = (
    ("DOS-ITA", "Italy", "Italian"), ("DOS-FRA", "France", "French"), ("DOS-ESP", "Spain", "Spanish"),
    ("DOS-IDN", "Indonesia", "Indonesian"), ("DOS-PRT", "Portugal", "Portuguese"), ("DOS-GHA", "Ghana", "Ghanaian"),
)  # fmt: skip
_PEOPLE = ("Robin Marlowe", "Avery Quintell", "Jordan Hasbrook", "Casey Thornbury")
_ROLLING = (
    "Applications are accepted on a rolling basis.",
    "Open until all funds are exhausted.",
    "",
)
_HOURS = (
    "", "", "", "Applications must be submitted by 5:00 p.m. Eastern Time on the closing date.",
    "Electronic applications are due at 11:59 PM ET.", "No Explanation",
)  # fmt: skip
_SPAN = 150  # days of publications


@dataclass(frozen=True, slots=True, eq=False)
class Theme:
    """A kind of opportunity, as grants_gov_themes.yml describes it."""

    weight: int
    agency: str
    agency_name: str
    top: str
    top_name: str
    aln: tuple[tuple[str, str], ...]
    categories: tuple[str, ...]
    instruments: tuple[str, ...]
    applicants: tuple[str, ...]
    who: str
    titles: tuple[str, ...]
    text: tuple[str, ...]
    award: tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """One opportunity, as facts. Texts are as the platform writes them: titles escaped, descriptions in html."""

    index: int
    id: int
    number: str
    theme: Theme
    agency: str
    agency_name: str
    title: str
    description: str
    who: str
    forecast: bool
    posted: date
    closes: date | None
    closes_text: str
    archive: date
    floor: int
    ceiling: int
    awards: int
    person: str
    mailbox: str
    files: int
    web_page: bool
    revision: int = 0

    def status(self, today: date) -> str:
        if self.forecast:
            return "forecasted"
        if self.archive < today:
            return "archived"
        return "closed" if self.closes is not None and self.closes < today else "posted"


@cache
def themes() -> tuple[Theme, ...]:
    """Read the table of kinds beside this file."""
    rows = yaml.safe_load((Path(__file__).parent / "grants_gov_themes.yml").read_text(encoding="utf-8"))
    return tuple(_theme(row) for row in rows)


def _theme(row: dict[str, Any]) -> Theme:
    said: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in row.items()}
    said["aln"] = tuple((str(number), str(name)) for number, name in row["aln"].items())
    return Theme(**said)


def grant(index: int, *, of: int, seed: int, today: date) -> Grant:
    """Invent the opportunity at one place; the higher the index, the newer. From `of` on, posted today."""
    dice = Random(seed * 1_000_003 + index)
    theme = dice.choices(themes(), [each.weight for each in themes()])[0]
    place, (mission, land, people) = dice.choice(_PLACES), dice.choice(_MISSIONS)
    words = {"place": place, "land": land, "people": people, "year": today.year}
    posted = today - timedelta(days=max(0, of - 1 - index) * _SPAN // max(of, 1))
    forecast, rolling = dice.random() < 0.1, dice.random() < 0.07
    # Some close in a few days, some in a year; a tenth has closed.
    closes = posted + timedelta(days=dice.choice((30, 45, 60, 75, 90, 120, 180, 270, 365)))
    low, high = theme.award
    ceiling = dice.randrange(low, high + 1, 5_000) if dice.random() < 0.85 else 0
    code = theme.agency.format(mission=mission)
    return Grant(
        index=index,
        id=910_000 + index,
        number=f"SIM-{code}-{posted.year % 100}-{index:05}",
        theme=theme,
        agency=code,
        agency_name=theme.agency_name.format(**words),
        title=dice.choice(theme.titles).format(**words),
        description="".join(f"<p>{each.format(**words)}</p>" for each in theme.text),
        who=theme.who.format(**words),
        forecast=forecast,
        posted=posted,
        closes=None if rolling else closes,
        closes_text=dice.choice(_ROLLING if rolling else _HOURS),
        archive=closes + timedelta(days=30),
        floor=ceiling // 4 if dice.random() < 0.4 else 0,
        ceiling=ceiling,
        awards=dice.randint(1, 20),
        person=dice.choice(_PEOPLE),
        mailbox=f"grants@{theme.top.lower()}.example.org" if dice.random() < 0.5 else "",
        files=dice.randint(0, 3),
        web_page=dice.random() < 0.4,
    )
