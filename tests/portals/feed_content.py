"""Invented items for the feed simulator: each follows from the seed and its number, nothing is stored.

The one thing to know: number 0 is the oldest, so an item keeps its number, its address and its text when newer ones appear.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import yaml
from babel.dates import format_date
from babel.numbers import format_decimal

# How many hours lie between two items of a feed.
_STEP = timedelta(hours=7)
_STATED = {
    "it": (
        "Le domande si presentano entro e non oltre le ore 12:00 del {long}.",
        "Il bando scade il {short}.",
        "La scadenza, prima fissata al {early}, è prorogata al {long}.",
        "Termine per la presentazione delle offerte: {short} ore 13:00.",
    ),
    "en": (
        "Deadline: {long} at 17:00.",
        "Apply by {long}.",
        "Closing date: {short}.",
        "The deadline of {early} has been extended to {long}.",
    ),
    "fr": (
        "Date limite de dépôt des dossiers : {long} à 12h00.",
        "Candidatures jusqu'au {long}.",
        "Clôture le {short}.",
        "La date limite du {early} est reportée au {long}.",
    ),
}
_MAY_STAY_OPEN = {"bandi", "incentivi", "grants", "aides"}
_OPEN_END = {
    "it": ("Domande fino ad esaurimento fondi.", "Lo sportello è sempre aperto."),
    "en": ("Applications are accepted until funds are exhausted.", "Applications are considered on a rolling basis."),
    "fr": ("Dépôt jusqu'à épuisement des fonds.", "Les dossiers sont reçus au fil de l'eau."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    number: int
    lang: str
    title: str
    html: str
    categories: tuple[str, ...]
    published: datetime
    path: str
    document: str | None


@cache
def _templates() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "feed_items.yml").read_text(encoding="utf-8"))
    return loaded


def template_count() -> int:
    """Return how many different items there are to vary."""
    return sum(len(of_language["items"]) for of_language in _templates().values())


def item(lang: str, number: int, *, of: int, seed: int, today: date) -> Item:
    """Make item `number` of a feed that held `of` items on the morning of `today`."""
    told = _templates()[lang]
    by_seed = Random(f"{seed}/{lang}")
    order = by_seed.sample(range(len(told["items"])), len(told["items"]))
    title, text, categories = told["items"][order[number % len(order)]]
    chance = Random(f"{seed}/{lang}/{number}")
    published = datetime.combine(today, time(8, 0), UTC) - _STEP * (of - 1 - number)
    closes = published.date() + timedelta(days=chance.randint(12, 90))
    amount = chance.choice((80, 120, 250, 400, 750, 1_200, 2_500)) * 1_000
    facts = {
        "town": chance.choice(told["towns"]),
        "body": chance.choice(told["bodies"]),
        "year": str(published.year),
        "amount": _money(amount, lang),
        "grant": _money(max(3_000, amount // chance.choice((10, 20, 25))), lang),
        "when": _deadline(lang, closes, chance, may_stay_open=categories[0].casefold() in _MAY_STAY_OPEN),
        "day": _long(closes + timedelta(days=9), lang),
    }
    path = f"/{lang}/{published.year}/{number:05}"
    return Item(
        number=number,
        lang=lang,
        title=title.format(**facts),
        html=text.format(**facts),
        categories=tuple(categories),
        published=published,
        path=path,
        document=f"{path}/{'bando' if lang == 'it' else 'notice'}.pdf" if chance.random() < 0.4 else None,
    )


def _deadline(lang: str, closes: date, chance: Random, *, may_stay_open: bool) -> str:
    if may_stay_open and chance.random() < 0.2:
        return chance.choice(_OPEN_END[lang])
    form = chance.choice(_STATED[lang])
    short = closes.strftime("%d/%m/%Y")
    return form.format(long=_long(closes, lang), short=short, early=_long(closes - timedelta(days=11), lang))


def _long(day: date, lang: str) -> str:
    return format_date(day, "d MMMM y", locale=lang)


def _money(amount: int, lang: str) -> str:
    if lang == "it" and amount % 1_000_000 == 0:
        return f"{amount // 1_000_000} milioni di euro"
    number = format_decimal(amount, locale=lang)
    return f"EUR {number}" if lang == "en" else f"{number} euro"
