"""The same thing told twice, and things that only look alike: what the rule of sameness is measured on.

The one thing to know: `TUNED` is what the rule was made with. `HELD_OUT` (benchmarks/held_out.py) holds other disturbances and
other look-alikes, under another seed; the rule was not tuned on them, and whoever changes it must not look at them first.
"""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any, TypeAlias

from benchmarks.corpus import notices, vocabulary
from connectors.base.contract import Body, Money, Notice, Title

BASE = "base"
COPIES, LOOK_ALIKES = 0.15, 0.03
TRANSLATED = "translated"


@dataclass(frozen=True, slots=True)
class Told:
    """What a notice says, as far as it is disturbed here."""

    title: str
    text: str


Telling: TypeAlias = Callable[[random.Random, Told, Sequence[str]], Told]
Facts: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Case:
    """A pair of notices of two sources, by their places in the corpus: one thing (`kind` says how told), or look-alikes."""

    kind: str
    first: int
    second: int


@dataclass(frozen=True, slots=True)
class Corpus:
    """Notices with the source of each, pairs that are one thing, and pairs that are not."""

    notices: list[tuple[str, Notice]]
    copies: list[Case]
    look_alikes: list[Case]


@dataclass(frozen=True, slots=True)
class Recipe:
    """How copies are told, how their facts suffer, and which things look alike without being the same."""

    seed: int
    tellings: Mapping[str, Telling]
    worn: Callable[[random.Random, Notice], Facts]
    siblings: Mapping[str, Callable[[random.Random, Notice, Notice, Sequence[str]], tuple[Notice, Notice]]]


def corpus(count: int, recipe: Recipe) -> Corpus:
    """Make `count` notices of one source, copies of 15 % of them in others, and look-alikes of 3 %."""
    dice = random.Random(recipe.seed)
    words = vocabulary(recipe.seed)[:20_000]
    base = list(notices(count, seed=recipe.seed))
    made: list[tuple[str, Notice]] = [(BASE, notice) for notice in base]
    chosen = dice.sample(range(count), int(count * (COPIES + LOOK_ALIKES)))
    copied, resembled = chosen[: int(count * COPIES)], chosen[int(count * COPIES) :]
    copies, look_alikes = [], []
    for turn, place in enumerate(copied):
        kind = list(recipe.tellings)[turn % len(recipe.tellings)]
        facts = recipe.worn(dice, base[place])
        copies.append(Case(kind, place, len(made)))
        made.append((f"portal{turn % 3}", _retold(base[place], recipe.tellings[kind], facts, dice, words)))
    for turn, place in enumerate(resembled):
        kind = list(recipe.siblings)[turn % len(recipe.siblings)]
        other = base[(place + 1) % count]
        first, second = recipe.siblings[kind](dice, base[place], other, words)
        made[place] = (BASE, first)
        look_alikes.append(Case(kind, place, len(made)))
        made.append((f"portal{turn % 3}", _under(second, f"S-{place}")))
    return Corpus(made, copies, look_alikes)


def _retold(notice: Notice, telling: Telling, facts: Facts, dice: random.Random, words: Sequence[str]) -> Notice:
    told = telling(dice, told_by(notice), words)
    lang = notice.lang
    if telling is translated:
        lang = next(other for other in ("en", "it", "fr") if other != notice.lang)
    return _under(says(notice, told, lang=lang).model_copy(update=facts), f"C-{notice.source_id}")


def told_by(notice: Notice) -> Told:
    title = next(iter(notice.titles.values())).text
    return Told(title, (notice.body or "").removeprefix("<p>").removesuffix("</p>"))


def says(notice: Notice, told: Told, *, lang: str | None = None) -> Notice:
    lang = lang or notice.lang or "und"
    return notice.model_copy(
        update={"titles": {lang: Title(text=told.title)}, "body": f"<p>{told.text}</p>", "lang": lang}
    )


def _under(notice: Notice, source_id: str) -> Notice:
    url = f"https://portal.example.org/{source_id}"
    return notice.model_copy(update={"source_id": source_id, "url": url, "same_as": ()})


def moved(notice: Notice, days: int) -> Facts:
    return {
        "deadlines": tuple(
            d.model_copy(update={"on": d.on + timedelta(days=days)}) if d.on else d for d in notice.deadlines
        )
    }


def _money(amount: int | Decimal) -> Money:
    return Money(total=Decimal(amount), currency="EUR", raw=str(amount))


def changed(dice: random.Random, text: str, words: Sequence[str], count: int) -> str:
    parts = text.split()
    for place in dice.sample(range(len(parts)), min(count, len(parts))):
        parts[place] = dice.choice(words)
    return " ".join(parts)


# What the rule was tuned on.


def _republished(dice: random.Random, told: Told, words: Sequence[str]) -> Told:
    return Told(told.title.upper() + " !", told.text.replace(" ", "  ", 5).upper() + ".")


def _light(dice: random.Random, told: Told, words: Sequence[str]) -> Told:
    title = f"Ref. {dice.randint(1, 999)} - {told.title}" if dice.random() < 0.5 else f"{told.title} (EU)"
    return Told(title, changed(dice, told.text, words, max(1, len(told.text.split()) * 3 // 100)))


def _truncated(dice: random.Random, told: Told, words: Sequence[str]) -> Told:
    parts = told.text.split()
    return Told(told.title, " ".join(parts[: int(len(parts) * dice.uniform(0.4, 0.7))]) + " ...")


def _heavy(dice: random.Random, told: Told, words: Sequence[str]) -> Told:
    parts = changed(dice, told.text, words, len(told.text.split()) // 5).split()
    at = dice.randrange(len(parts))
    return Told(changed(dice, told.title, words, 1), " ".join(parts[at:] + parts[:at]))


def translated(dice: random.Random, told: Told, words: Sequence[str]) -> Told:
    return Told(" ".join(dice.choices(words, k=10)), " ".join(dice.choices(words, k=len(told.text.split()))))


def _worn(dice: random.Random, notice: Notice) -> Facts:
    facts: Facts = {}
    if dice.random() < 0.4:
        facts["budget"] = None
    if dice.random() < 0.3:
        facts["codes"] = tuple(code[:6] + "000000" for code in notice.codes)
    if dice.random() < 0.15:
        facts |= moved(notice, dice.choice((-1, 1)))
    if dice.random() < 0.2:
        facts["organisation"] = None
    return facts


def _other_facts(dice: random.Random, one: Notice, other: Notice, words: Sequence[str]) -> tuple[Notice, Notice]:
    told = told_by(one)
    text = changed(dice, told.text, words, len(told.text.split()) // 5)
    facts = {"deadlines": other.deadlines, "codes": other.codes, "budget": _money(dice.randrange(1000, 10**6))}
    return one, says(one, Told(changed(dice, told.title, words, 3), text)).model_copy(update=facts)


def _other_lot(dice: random.Random, one: Notice, other: Notice, words: Sequence[str]) -> tuple[Notice, Notice]:
    told, lot = told_by(one), dice.randint(1, 9)
    budget = None if dice.random() < 0.5 else one.budget
    first, second = (says(one, Told(f"{told.title} lotto {n}", told.text)) for n in (lot, lot + 1))
    return first, second.model_copy(update={"budget": budget})


def _other_year(dice: random.Random, one: Notice, other: Notice, words: Sequence[str]) -> tuple[Notice, Notice]:
    told = told_by(one)
    first, second = (says(one, Told(f"{told.title} {year}", told.text)) for year in (2026, 2027))
    return first, second.model_copy(update=moved(one, 365) if dice.random() < 0.7 else {"deadlines": ()})


def _other_town(dice: random.Random, one: Notice, other: Notice, words: Sequence[str]) -> tuple[Notice, Notice]:
    return one, one.model_copy(
        update={"organisation": Body(name=f"Municipality {dice.randrange(10**6)}"), "budget": None}
    )


def _neighbour(dice: random.Random, one: Notice, other: Notice, words: Sequence[str]) -> tuple[Notice, Notice]:
    told = told_by(one)
    return one, says(one, Told(changed(dice, told.title, words, 2), told.text)).model_copy(update={"budget": None})


TUNED = Recipe(
    seed=7,
    tellings={
        "republished": _republished,
        "light edit": _light,
        "truncated": _truncated,
        "rewritten": _heavy,
        TRANSLATED: translated,
    },
    worn=_worn,
    siblings={
        "other facts": _other_facts,
        "other lot": _other_lot,
        "other year": _other_year,
        "other town": _other_town,
        "neighbour": _neighbour,
    },
)
