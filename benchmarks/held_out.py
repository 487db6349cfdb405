"""Disturbances, lost facts and look-alikes on which the rule of sameness was not tuned (benchmarks/perturbed.py).

The one thing to know: they were written before the rule was run on them. Whoever changes the rule because of what they show
moves them to benchmarks/perturbed_more.py and writes new ones.
"""

import random
import unicodedata
from collections.abc import Sequence

from benchmarks.perturbed import TRANSLATED, Facts, Recipe, Told, changed, moved, says, told_by, translated
from connectors.base.contract import Body, Deadline, Money, Notice


def _long(words: Sequence[str]) -> list[str]:
    return [word for word in words if len(word) >= 6]


def _swapped(dice: random.Random, told: Told, words: Sequence[str]) -> Told:
    parts = told.title.split()
    at = dice.randrange(len(parts) - 1)
    parts[at], parts[at + 1] = parts[at + 1], parts[at]
    parts.insert(at, parts[at])
    return Told(" ".join(parts), told.text)


def _inflected(dice: random.Random, told: Told, words: Sequence[str]) -> Told:
    parts = told.title.split()
    for at in [at for at, word in enumerate(parts) if len(word) >= 7][:2]:
        parts[at] = parts[at][:-1] + dice.choice("aeio")
    return Told(" ".join(parts), changed(dice, told.text, words, len(told.text.split()) // 10))


def _without_accents(dice: random.Random, told: Told, words: Sequence[str]) -> Told:
    plain = (unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode() for text in (told.title, told.text))
    return Told(*plain)


def _hyphened(dice: random.Random, told: Told, words: Sequence[str]) -> Told:
    parts = told.title.split()
    at = dice.randrange(len(parts) - 1)
    joined = dice.choice(("-", "/", "–", " & "))
    return Told(" ".join([*parts[:at], parts[at] + joined + parts[at + 1], *parts[at + 2 :]]), told.text)


def _buyer_ahead(dice: random.Random, told: Told, words: Sequence[str]) -> Told:
    return Told(f"{dice.choice(('Authority', 'Municipality', 'Hospital trust'))} informs: {told.title}", told.text)


def _day_behind(dice: random.Random, told: Told, words: Sequence[str]) -> Told:
    return Told(f"{told.title} (deadline {dice.randint(10, 28)}/12/2026)", f"Published today. {told.text}")


def _first_words(dice: random.Random, told: Told, words: Sequence[str]) -> Told:
    return Told(told.title, " ".join(told.text.split()[:40]))


def _shuffled(dice: random.Random, told: Told, words: Sequence[str]) -> Told:
    parts = told.text.split()
    pieces = [parts[at : at + 15] for at in range(0, len(parts), 15)]
    dice.shuffle(pieces)
    return Told(told.title, " ".join(word for piece in pieces for word in piece))


def _without_text(dice: random.Random, told: Told, words: Sequence[str]) -> Told:
    return Told(told.title, "See the documents of the procedure on the profile of the buyer.")


def _word_left_out(dice: random.Random, told: Told, words: Sequence[str]) -> Told:
    parts = told.title.split()
    parts.pop(dice.randrange(len(parts)))
    return Told(" ".join(parts), told.text)


def _worn(dice: random.Random, notice: Notice) -> Facts:
    facts: Facts = {}
    chance = dice.random()
    if chance < 0.05:
        facts["deadlines"] = ()
    elif chance < 0.15:
        facts |= moved(notice, 1)
    elif chance < 0.4:
        facts["deadlines"] = tuple(Deadline(on=d.on, at="23:59", zone="UTC") for d in notice.deadlines)
    chance = dice.random()
    if chance < 0.3:
        facts["budget"] = None
    elif chance < 0.5 and notice.budget and notice.budget.total:
        facts["budget"] = Money(max=notice.budget.total, raw=f"up to {notice.budget.total}")
    chance = dice.random()
    if chance < 0.2:
        facts["codes"] = ()
    elif chance < 0.4:
        facts["codes"] = (*notice.codes, "cpv:79000000", "cpv:98000000")
    chance = dice.random()
    if chance < 0.2:
        facts["organisation"] = None
    elif chance < 0.5 and notice.organisation:
        facts["organisation"] = Body(name=dice.choice(("{} S.p.A.", "The {}")).format(notice.organisation.name).upper())
    return facts


def _other_quantity(dice: random.Random, one: Notice, other: Notice, words: Sequence[str]) -> tuple[Notice, Notice]:
    told, count = told_by(one), dice.randint(2, 40)
    first, second = (says(one, Told(f"{n} {told.title}", told.text)) for n in (count, count + dice.randint(1, 9)))
    return first, second.model_copy(update={"budget": None})


def _object_added(dice: random.Random, one: Notice, other: Notice, words: Sequence[str]) -> tuple[Notice, Notice]:
    told = told_by(one)
    parts = told.title.split()
    parts.insert(dice.randrange(1, len(parts) + 1), dice.choice(_long(words)))
    return one, says(one, Told(" ".join(parts), told.text)).model_copy(update={"budget": None})


def _other_school(dice: random.Random, one: Notice, other: Notice, words: Sequence[str]) -> tuple[Notice, Notice]:
    told, names = told_by(one), [word.capitalize() for word in dice.sample(_long(words), 2)]
    at = dice.randrange(1, len(told.title.split()))
    said = told.title.split()
    first, second = (says(one, Told(" ".join([*said[:at], n, *said[at:]]), told.text)) for n in names)
    return first, second.model_copy(update={"budget": None})


def _other_amount(dice: random.Random, one: Notice, other: Notice, words: Sequence[str]) -> tuple[Notice, Notice]:
    return one, one.model_copy(update={"budget": other.budget, "codes": ()})


def _next_year(dice: random.Random, one: Notice, other: Notice, words: Sequence[str]) -> tuple[Notice, Notice]:
    return one, one.model_copy(update=moved(one, dice.choice((7, 14, 30, 365))))


def _other_country(dice: random.Random, one: Notice, other: Notice, words: Sequence[str]) -> tuple[Notice, Notice]:
    elsewhere = {"countries": ("IE",), "origin_country": "IE", "organisation": None, "budget": None}
    return one, one.model_copy(update=elsewhere)


HELD_OUT = Recipe(
    seed=424_243,
    tellings={
        "words swapped": _swapped,
        "other endings": _inflected,
        "no accents": _without_accents,
        "words joined": _hyphened,
        "sender ahead": _buyer_ahead,
        "day behind": _day_behind,
        "first words only": _first_words,
        "text in another order": _shuffled,
        "no text": _without_text,
        "a word left out": _word_left_out,
        TRANSLATED: translated,
    },
    worn=_worn,
    siblings={
        "other quantity": _other_quantity,
        "object added": _object_added,
        "other school": _other_school,
        "other amount": _other_amount,
        "another round": _next_year,
        "other country": _other_country,
    },
)
