"""Invented profiles for the EEN simulator: each follows from the seed and its place in the row, nothing is stored.

The one thing to know: a reference carries the day on which a profile was written; it is published days or weeks later,
and its year of validity begins then.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import yaml

TYPES = {
    "BO": "Business Offer",
    "BR": "Business request",
    "TO": "Technology offer",
    "TR": "Technology request",
    "RDR": "Research & Development Request",
}
_WEIGHTS = (38, 24, 16, 8, 14)
_SPAN = 300  # days of publications
_STOPWORDS = frozenset({"a", "an", "and", "the", "of", "for", "to", "in", "on", "with", "from", "its", "by"})
_SIZES = ("SME <=10", "SME 11-49", "SME 50 - 249", "Big company", "University", "R&D Institution", "Other")
_PARTNERSHIPS = {
    "BO": ("Commercial agreement", "Supplier agreement", "Outsourcing agreement"),
    "BR": ("Supplier agreement", "Outsourcing agreement", "Commercial agreement"),
    "TO": ("Commercial agreement with technical assistance", "Investment agreement"),
    "TR": ("Commercial agreement with technical assistance", "Research and development cooperation agreement"),
    "RDR": ("Research and development cooperation agreement",),
}
_STAGES = ("Concept stage", "Under development", "Lab tested", "Available for demonstration", "Already on the market")
_IPR = ("No IPR applied", "Secret know-how", "IPR applied but not yet granted", "IPR granted")
_PROGRAMMES = ("Eureka", "Horizon Europe", "International cooperation")
_BUDGETS = ("750000", "1.500.000 Euro", "Approx. EUR 700000-900000", "2 million euros", "60% of the costs are funded")


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """What an R&D request says of the call that it prepares for."""

    programme: str
    title: str
    link: str | None
    scheme: str
    budget: str
    coordinator: str
    eoi: date
    closes: date
    weeks: int
    project: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One profile, as facts; `None` and empty: the page does not have the field."""

    index: int
    reference: str
    slug: str
    type: str
    label: str
    country: str
    title: str
    summary: str
    description: tuple[str, ...]
    advantages: str
    technical: str
    stage: str | None
    goals: tuple[str, ...]
    ipr: str | None
    ipr_notes: str | None
    role: str
    sizes: tuple[str, ...]
    partnerships: tuple[str, ...]
    targets: tuple[str, ...]
    technology: tuple[str, ...]
    market: tuple[str, ...]
    groups: tuple[str, ...]
    published: date
    expires: date
    call: Call | None


@cache
def _texts() -> dict[str, Any]:
    with (Path(__file__).parent / "een_profiles.yml").open(encoding="utf-8") as file:
        read: dict[str, Any] = yaml.safe_load(file)
    return read


@cache
def country_names() -> tuple[str, ...]:
    """Every name that a profile may carry as its country or among its targets."""
    names = {"All countries", *(row[1] for row in _texts()["countries"]), *_texts()["targets"]}
    return tuple(sorted(names))


def profile(index: int, *, of: int, seed: int, today: date) -> Profile:
    """Invent the profile at one place; the higher the index, the newer. From `of` on, published today."""
    dice = Random(seed * 1_000_003 + index)
    kind = dice.choices(tuple(TYPES), _WEIGHTS)[0]
    theme = dice.choice([each for each in _texts()["themes"] if kind in each["types"]])
    code, country, adjective, towns = dice.choice(_texts()["countries"])
    published = today - timedelta(days=max(0, of - 1 - index) * _SPAN // max(of, 1))
    written = published - timedelta(days=dice.choice((0, 0, 1, 3, 7, 14, 30)))
    words = {"adj": adjective, "town": dice.choice(towns), "n": dice.randint(4, 60), "year": published.year}
    title = f"{adjective} {theme['maker']} from {words['town']} {theme['seeks'][kind]}"
    about, needs, strength = (theme[key].format(**words) for key in ("about", "needs", "strength"))
    call = _call(dice, theme=theme["name"], published=published) if kind == "RDR" else None
    research = kind in ("TO", "TR", "RDR")
    return Profile(
        index=index,
        # Unique by the index, as the platform's are by type, country, day and daily sequence.
        reference=f"{kind}{code}{written:%Y%m%d}{index:03}",
        slug=_slug(title, index),
        type=kind,
        label=TYPES[kind],
        country=country,
        title=title,
        summary=f"{about} {needs}"[:500],
        description=(
            about,
            f"The {theme['maker']} looks for a partner in the field of {theme['name']} for the coming years.",
            needs,
        ),
        advantages=strength,
        technical=f"Experience with {theme['name']}, and people who can try it at work." if research else "",
        stage=dice.choice(_STAGES) if research or dice.random() < 0.4 else None,
        goals=tuple(theme["goals"]) if dice.random() < 0.9 else (),
        ipr=dice.choice(_IPR) if research else None,
        ipr_notes="Know-how is shared among the partners under an agreement." if dice.random() < 0.3 else None,
        role=needs,
        sizes=tuple(dice.sample(_SIZES, dice.randint(2, 5))),
        partnerships=tuple(dice.sample(_PARTNERSHIPS[kind], min(len(_PARTNERSHIPS[kind]), dice.randint(1, 2)))),
        targets=_targets(dice, country),
        technology=tuple(theme["technology"]),
        market=tuple(theme["market"]),
        groups=tuple(theme["groups"]) if dice.random() < 0.8 else (),
        published=published,
        expires=published + timedelta(days=365),
        call=call,
    )


def _targets(dice: Random, own: str) -> tuple[str, ...]:
    if dice.random() < 0.35:
        return ("All countries",)
    others = [each for each in _texts()["targets"] if each not in ("Italy", own)]
    chosen = dice.sample(others, dice.randint(1, 6))
    return (*chosen, "Italy") if dice.random() < 0.7 else tuple(chosen)


def _call(dice: Random, *, theme: str, published: date) -> Call:
    eoi = published + timedelta(days=dice.randint(35, 110))
    link = f"https://calls.example.org/{_slug(theme, dice.randint(1, 9))}" if dice.random() < 0.8 else None
    named = f"Call {published.year}: {theme} ({dice.randint(100, 999)})"
    return Call(
        programme=dice.choice(_PROGRAMMES),
        # Some profiles give nothing but the address of the call here.
        title=link if link and dice.random() < 0.25 else named,
        link=link,
        scheme=dice.choice(("One stage application", "Two stages, the second by invitation")),
        budget=dice.choice(_BUDGETS),
        coordinator=dice.choice(("Yes", "No")),
        eoi=eoi,
        closes=eoi + timedelta(days=dice.randint(10, 60)),
        weeks=dice.choice((52, 104, 156)),
        project=theme.title().replace(" ", "") if dice.random() < 0.4 else None,
    )


def _slug(title: str, index: int) -> str:
    """Cut a title to an address as the platform does: stop words out, truncated, made unique by a number behind it."""
    words = [word for word in re.findall(r"[a-z0-9]+", title.lower()) if word not in _STOPWORDS]
    short = ""
    for word in words:
        if len(short) + len(word) > 80:
            break
        short += f"-{word}"
    return f"{short.strip('-')}-{index}"
