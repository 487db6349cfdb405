"""More disturbances and look-alikes: held out at first, until the rule was changed after it had been run on them.

The one thing to know: since then they count as tuned on, and benchmarks/held_out.py holds new ones.
"""

import random
from collections.abc import Sequence
from decimal import Decimal

from benchmarks.perturbed import TRANSLATED, Facts, Recipe, Told, changed, moved, says, told_by, translated
from connectors.base.contract import Body, Money, Notice

_FRAMES = (
    "{} | Portale delle gare",
    "[ID 48213] {}",
    "Contract notice: {}",
    "{} - Authority announcements",
    "TENDERS > {} < read more",
    "{} (new)",
    "Nº 17/B – {}",
)
_QUOTES = ("“{}”", "«{}»", "'{}'", "„{}“", "*{}*")
_NOISES = ("&nbsp;", "<br/>", " &amp;nbsp; ", "<b>", "</b>", "&#8203;", "<span class='x'>", "</span>")


def _abbreviated(dice: random.Random, told: Told, words: Sequence[str]) -> Told:
    parts = told.title.split()
    long = [place for place, word in enumerate(parts[:-1]) if len(word) >= 6]
    for place in long[: dice.randint(1, 2)]:
        parts[place] = parts[place][:4] + "."
    return Told(" ".join(parts), told.text)


def _reordered(dice: random.Random, told: Told, words: Sequence[str]) -> Told:
    parts = told.title.split()
    at = dice.randrange(1, len(parts))
    return Told(f"{' '.join(parts[at:])} - {' '.join(parts[:at])}", told.text)


def _framed(dice: random.Random, told: Told, words: Sequence[str]) -> Told:
    return Told(dice.choice(_FRAMES).format(told.title), told.text)


def _mistyped(dice: random.Random, told: Told, words: Sequence[str]) -> Told:
    def slip(text: str, count: int) -> str:
        parts = text.split()
        for place in dice.sample(range(len(parts)), min(count, len(parts))):
            word = parts[place]
            at = dice.randrange(len(word))
            letter = dice.choice("aeinrst")
            parts[place] = dice.choice((word[:at] + letter + word[at:], word[:at] + word[at + 1 :] or word))
        return " ".join(parts)

    return Told(slip(told.title, 1), slip(told.text, len(told.text.split()) // 20))


def _sentences_dropped(dice: random.Random, told: Told, words: Sequence[str]) -> Told:
    parts = told.text.split()
    sentences = [parts[at : at + 12] for at in range(0, len(parts), 12)]
    kept = [sentence for sentence in sentences if dice.random() < 0.7] or sentences[:1]
    return Told(told.title, ". ".join(" ".join(sentence) for sentence in kept))


def _quoted(dice: random.Random, told: Told, words: Sequence[str]) -> Told:
    parts = told.title.split()
    at = dice.randrange(len(parts))
    parts[at] = dice.choice(_QUOTES).format(parts[at])
    title = dice.choice((" ", " ", ", ", " / ")).join(parts).capitalize()
    return Told(title, " ".join(dice.choice((f"{w},", f"({w})", w, w, w, w)) for w in told.text.split()))


def _with_html(dice: random.Random, told: Told, words: Sequence[str]) -> Told:
    parts = told.text.split()
    for _ in range(len(parts) // 15):
        parts.insert(dice.randrange(len(parts)), dice.choice(_NOISES))
    return Told(f"&lt;p&gt;{told.title}&lt;/p&gt;", " ".join(parts))


def _with_boilerplate(dice: random.Random, told: Told, words: Sequence[str]) -> Told:
    said = random.Random(dice.randrange(3))  # one of three texts that a portal hangs on everything
    return Told(told.title, f"{told.text} {' '.join(said.choices(words[:2000], k=120))}")


def _cut_to_a_line(dice: random.Random, told: Told, words: Sequence[str]) -> Told:
    title = told.title.split()
    return Told(" ".join(title[: max(7, int(len(title) * 0.8))]) + "…", told.text[:300] + " …")


def _worn(dice: random.Random, notice: Notice) -> Facts:
    facts: Facts = {}
    money = notice.budget.total if notice.budget else None
    chance = dice.random()
    if chance < 0.3:
        facts["budget"] = None
    elif chance < 0.45 and money:
        rounded = Decimal(f"{money:.1e}")
        facts["budget"] = Money(total=rounded, currency="EUR", raw=f"about {rounded}")
    if dice.random() < 0.3:
        facts["codes"] = tuple(code[:7] + "00000" for code in notice.codes) if dice.random() < 0.7 else ()
    if dice.random() < 0.1:
        facts |= moved(notice, -1)
    chance = dice.random()
    if chance < 0.15:
        facts["organisation"] = None
    elif chance < 0.35 and notice.organisation:
        facts["organisation"] = Body(name=f"{notice.organisation.name} - Technical Office")
    if dice.random() < 0.2:
        facts["countries"] = ()
        facts["published_at"] = None
    return facts


def _other_round(dice: random.Random, one: Notice, other: Notice, words: Sequence[str]) -> tuple[Notice, Notice]:
    told = told_by(one)
    first, second = (says(one, Told(f"{told.title} - {r} edizione", told.text)) for r in ("II", "III"))
    return first, second.model_copy(update={"budget": None} if dice.random() < 0.5 else {})


def _other_zone(dice: random.Random, one: Notice, other: Notice, words: Sequence[str]) -> tuple[Notice, Notice]:
    told = told_by(one)
    zones = dice.choice((("zona nord", "zona sud"), ("lot A", "lot B"), ("primo stralcio", "secondo stralcio")))
    first, second = (says(one, Told(f"{zone} {told.title}", told.text)) for zone in zones)
    return first, second.model_copy(update={"codes": ()} if dice.random() < 0.3 else {})


def _other_place(dice: random.Random, one: Notice, other: Notice, words: Sequence[str]) -> tuple[Notice, Notice]:
    told = told_by(one)
    towns = [word.capitalize() for word in dice.sample([w for w in words if len(w) >= 5], 2)]
    first, second = (says(one, Told(f"{told.title} {town}", told.text)) for town in towns)
    return first, second.model_copy(update={"organisation": None, "budget": None})


def _twin(dice: random.Random, one: Notice, other: Notice, words: Sequence[str]) -> tuple[Notice, Notice]:
    """The hardest: one buyer, one day, one code, no amount, and one word of the title that differs."""
    told = told_by(one)
    second = says(one, Told(changed(dice, told.title, [w for w in words if len(w) >= 6], 1), told.text))
    return one, second.model_copy(update={"budget": None})


def _other_kind(dice: random.Random, one: Notice, other: Notice, words: Sequence[str]) -> tuple[Notice, Notice]:
    return (
        one.model_copy(update={"kind": "business_offer", "codes": (), "budget": None}),
        one.model_copy(update={"kind": "business_request", "codes": (), "budget": None}),
    )


def _other_region(dice: random.Random, one: Notice, other: Notice, words: Sequence[str]) -> tuple[Notice, Notice]:
    regions = dice.sample(("nuts:ITF4", "nuts:ITG1", "nuts:ITC4", "nuts:ITH5"), 2)
    return (
        one.model_copy(update={"regions": (regions[0],), "kind": "grant_call"}),
        one.model_copy(update={"regions": (regions[1],), "kind": "grant_call"}),
    )


TUNED_MORE = Recipe(
    seed=20261125,
    tellings={
        "abbreviated": _abbreviated,
        "reordered title": _reordered,
        "portal's frame": _framed,
        "typing errors": _mistyped,
        "sentences dropped": _sentences_dropped,
        "quotes and commas": _quoted,
        "remains of html": _with_html,
        "boilerplate added": _with_boilerplate,
        "cut to a line": _cut_to_a_line,
        TRANSLATED: translated,
    },
    worn=_worn,
    siblings={
        "other round": _other_round,
        "other zone or lot": _other_zone,
        "other place": _other_place,
        "twin": _twin,
        "offer and request": _other_kind,
        "other region": _other_region,
    },
)
