"""Invented documents for the simulator of the EU Funding & Tenders Portal; each follows from the seed and its place.

The one thing to know: dates lie around `today`, so that some calls are announced, most are open, and some are closed.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, Literal
from uuid import UUID

import yaml

Type = Literal["0", "1", "2", "8"]
FORTHCOMING, OPEN, CLOSED = "31094501", "31094502", "31094503"
_TYPES: tuple[Type, ...] = ("1", "1", "1", "0", "1", "8", "1", "0", "2", "8")
_ZONES = ("Europe/Brussels", "Europe/Tirane", "Africa/Porto-Novo", "Europe/Rome", "Europe/Athens")


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One document as facts. `text` is the invented entry that it is made of, `number` the start of its reference."""

    index: int
    type: Type
    number: int
    identifier: str
    reference: str
    texts: dict[str, Any]
    title: dict[str, str]
    starts: date
    due: tuple[date, ...]
    model: str
    uuid: str = ""
    zone: str = ""
    ted_number: str = ""
    prior: bool = False
    years: int = 1
    partners: bool = False

    def status(self, today: date) -> str:
        """The portal's own word: a two-stage topic is closed once its first stage is over."""
        door = self.due[0] if self.model == "two-stage" and self.due else max(self.due, default=None)
        if door and door < today:
            return CLOSED
        return FORTHCOMING if self.starts > today or self.prior else OPEN


@cache
def texts() -> dict[str, Any]:
    """Read the invented texts beside this file."""
    with (Path(__file__).parent / "eu_funding_texts.yml").open(encoding="utf-8") as file:
        found: dict[str, Any] = yaml.safe_load(file)
        return found


def document(index: int, *, seed: int, today: date, ted_numbers: tuple[str, ...] = (), fresh: bool = False) -> Document:
    """Invent the document at one place; a `fresh` one was opened today."""
    dice = Random(seed * 1_000_003 + index)
    kind = _TYPES[index % len(_TYPES)]
    starts = today if fresh else today - timedelta(days=dice.randint(-50, 110))
    place = dice.choice(texts()["places"])
    entry = dice.choice(texts()[{"0": "tenders", "1": "grants", "2": "external", "8": "cascade"}[kind]])
    due = starts + timedelta(days=dice.randint(75, 150))
    nth = index // len(_TYPES) + 1
    again = {"en": f" – {place}, round {nth}", "it": f" – {place}, edizione {nth}"} if nth > 1 else {}
    title = {lang: entry[lang].format(place=place) + again.get(lang, "") for lang in ("en", "it") if lang in entry}
    common: dict[str, Any] = {"index": index, "type": kind, "texts": entry | {"place_name": place}, "title": title}
    if kind == "0":
        return _tender(dice, index, common, starts=starts, due=due, today=today, ted_numbers=ted_numbers)
    if kind == "2":
        number = 180_000 + index
        identifier = f"EuropeAid/{number}/DD/ACT/{entry['country']}"
        return Document(
            **common, number=number, identifier=identifier, reference=f"{number}PROSPECTS", starts=starts, due=(due,),
            model="single-stage",
        )  # fmt: skip
    if kind == "8":
        number = 15_000 + index
        return Document(
            **common, number=number, identifier=entry["parent"], reference=f"{number}COMPETITIVE_CALL", starts=starts,
            due=(due,), model="single-stage",
        )  # fmt: skip
    number = 50_100_000 + index
    model = dice.choices(("single-stage", "two-stage", "multiple cut-off"), (7, 2, 2))[0]
    more = {"single-stage": 0, "two-stage": 1, "multiple cut-off": 2}[model]
    return Document(
        **common,
        number=number,
        identifier=f"{entry['start']}-{due.year}-{entry['code']}-{index:02}",
        reference=f"{number}TOPICS",
        starts=starts,
        due=tuple(due + timedelta(days=120 * step) for step in range(more + 1)),
        model=model,
        years=dice.choice((1, 1, 2)),
        partners=dice.random() < 0.6,
    )


def _tender(
    dice: Random,
    index: int,
    common: dict[str, Any],
    *,
    starts: date,
    due: date,
    today: date,
    ted_numbers: tuple[str, ...],
) -> Document:
    uuid = str(UUID(int=dice.getrandbits(128), version=4))
    prior = index % 4 == 3 and index > 10
    starts = min(starts, today)
    if prior and dice.random() < 0.4:
        starts -= timedelta(days=900)  # forgotten, and "forthcoming" for ever
    reference = f"{uuid}-{'PIN' if prior else 'CN'}"
    # Tenders stand at places 3 and 7 of every ten.
    nth = index // len(_TYPES) * 2 + (index % len(_TYPES) == 7)
    ted = ted_numbers[nth] if nth < len(ted_numbers) and not prior else f"{600_000 + index}-{starts.year}"
    return Document(
        **common,
        number=index,
        identifier=reference,
        reference=reference,
        starts=starts,
        due=() if prior else (due,),
        model="",
        uuid=uuid,
        zone=dice.choice(_ZONES),
        ted_number=ted,
        prior=prior,
    )
