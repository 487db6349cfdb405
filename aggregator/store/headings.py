"""Two titles, held side by side: what both say, what only one of them says, and which numbers part them.

The one thing to know: what one title adds to the other is harmless (a reference, the name of a portal, a lot); what each says
and the other does not is what parts "zone north" from "zone south", so hardly any of that is let pass.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, NamedTuple, TypeAlias

from rapidfuzz.distance import OSA

from aggregator.store.heading_words import COUNTS, DESIGNATED, DESIGNATES, NOISE, REFERS, ROMAN
from aggregator.store.signing import fold_word

Likeness: TypeAlias = Literal["equal", "framed", "contained", "near", "unlike"]

_PIECE = re.compile(r"\d+(?:[.,]\d{3})+|[^\W_]+")
_AMOUNT = re.compile(r"\d+(?:[.,]\d{3})+")
_DIGIT, _LETTER = re.compile(r"\d"), re.compile(r"[^\W\d]")
_SHORTENED = re.compile(r"([^\W\d_]{2,})\.(?=\s*\w)")
_NUMBERED = re.compile(r"(\d+)(?:st|nd|rd|th|a|o|e|er|eme|ere|ma|mo)?")
# What stands behind one of these was put ahead of the title or behind it: a reference, a lot, the name of the portal.
_BREAK = re.compile(r"\s[-\N{EN DASH}\N{EM DASH}>/]\s|[|:;()<>\[\]]|\. ")
# TED writes "Italy – Cleaning services – " ahead of the buyer's own title, in 24 languages.
_DASH = " \N{EN DASH} "
_LONG_REFERENCE = 6
# An inflected word keeps so many letters and changes so few at its end; a typing error needs a word long enough.
_STEM, _ENDING, _TYPED = 5, 2, 4
# A title with one word that was changed must share so many others.
_NEAR = 6


class Heading(NamedTuple):
    """A title, taken apart. `numbers` part what is a series (lots, years, rounds, directions); `references` are the marks
    that a platform gives, by their form, so that only marks of one kind are compared."""

    words: tuple[str, ...]
    shortened: frozenset[str]
    names: frozenset[str]
    numbers: frozenset[str]
    references: frozenset[tuple[str, str]]
    title: str
    cut: bool


@dataclass(frozen=True, slots=True)
class Compared:
    """How two titles agree: how, in how many telling words, and whether each word was spelt alike."""

    how: Likeness
    shared: int
    literally: bool = True


UNLIKE = Compared("unlike", 0)


def own(title: str) -> str:
    """Return a title without the country and the trade that TED writes ahead of it."""
    parts = title.split(_DASH, 2)
    return parts[2] if len(parts) == 3 and len(parts[0]) <= 40 else title


@lru_cache(maxsize=1 << 14)
def heading(title: str) -> Heading:
    """Take a title apart. Pure; the last 16,000 are kept, because one is held against many."""
    words: dict[str, None] = {}
    names, numbers, references = set(), set(), set()
    before = ""
    for place, (raw, word) in enumerate(_pieces(title)):
        numbered = not word.isalpha() and _DIGIT.search(word) is not None
        if numbered and (before in REFERS or _is_reference(raw)):
            references.add((_LETTER.sub("a", _DIGIT.sub("0", word)), word))
        elif numbered or word in COUNTS or (word in ROMAN and raw.isupper()):
            numbers.add(_number(raw, word))
        elif len(word) == 1:
            # A lot is named by a letter as well.
            if before in DESIGNATES and (word in DESIGNATED or raw.isupper()):
                numbers.add(word)
        elif word not in NOISE:
            words[word] = None
            if place and raw[0].isupper() and not raw.isupper():
                names.add(word)
        before = word
    # Where Most Words Begin Like This, a capital tells no name.
    telling = names if 2 * len(names) <= len(words) else ()
    shortened = map(fold_word, _SHORTENED.findall(title)) if "." in title else ()
    cut = title.rstrip().endswith(("…", "...", "[…]", "[...]"))
    return Heading(
        tuple(words), frozenset(shortened), frozenset(telling), frozenset(numbers), frozenset(references), title, cut
    )


def _pieces(title: str) -> Iterable[tuple[str, str]]:
    """The words and numbers of a title, as written and folded."""
    found = _PIECE.findall(title)
    folded = _PIECE.findall(fold_word(title))
    if len(folded) != len(found):
        # A sign that falls apart into several (½) moves the rest.
        folded = [fold_word(raw) for raw in found]
    return zip(found, folded, strict=True)


def _is_reference(raw: str) -> bool:
    return len(raw) >= _LONG_REFERENCE and not _AMOUNT.fullmatch(raw)


def _number(raw: str, word: str) -> str:
    if word in COUNTS:
        return COUNTS[word]
    if raw.isupper() and word in ROMAN:
        return ROMAN[word]
    if _AMOUNT.fullmatch(raw):
        return re.sub("[.,]", "", raw)
    numbered = _NUMBERED.fullmatch(word)
    return numbered[1].lstrip("0") or "0" if numbered else word


def parted(one: Heading, other: Heading) -> bool:
    """Whether a number or a reference parts them: each has one that the other lacks."""
    if one.numbers - other.numbers and other.numbers - one.numbers:
        return True
    if not one.references or not other.references:
        return False
    forms = {form for form, _ in one.references} & {form for form, _ in other.references}
    return any(
        not {r for r in one.references if r[0] == form} & {r for r in other.references if r[0] == form}
        for form in forms
    )


def compare(one: Heading, other: Heading) -> Compared:
    """Say how two titles agree in the words that tell something; their order says nothing.

    equal: the same words, spelling and abbreviations aside; framed: one has the other between signs, with more ahead or
    behind; contained: one adds words within; near: one word of many was changed. A title that was cut and begins like the
    other is equal.
    """
    mine, theirs = set(one.words), set(other.words)
    shared = mine & theirs
    if not shared:
        return UNLIKE
    left, right = _ordered(one.words, mine - shared), _ordered(other.words, theirs - shared)
    spelt = 0
    for word in list(left):
        twin = next((w for w in right if _one_word(word, w, one, other)), None)
        if twin is not None:
            left.remove(word)
            right.remove(twin)
            spelt += 1
    count = len(shared) + spelt
    if spelt > max(1, count // 3):
        return UNLIKE
    how: Likeness
    if not left and not right:
        how = "equal"
    elif not left or not right:
        how = "equal" if _cut_short(one, other, left, right) else _added(one if left else other, left or right)
    elif len(left) == len(right) == 1 and count >= _NEAR and not ({*left, *right} & (one.names | other.names)):
        how = "near"
    else:
        how = "unlike"
    return Compared(how, count, literally=not spelt)


def _ordered(words: Iterable[str], wanted: set[str]) -> list[str]:
    return [word for word in words if word in wanted]


def _one_word(one: str, other: str, first: Heading, second: Heading) -> bool:
    """Whether two spellings are one word: an abbreviation, another ending, or one letter mistyped."""
    if (one in first.shortened and other.startswith(one)) or (other in second.shortened and one.startswith(other)):
        return True
    if one in first.names and other in second.names:
        # Monza and Ponza are two towns.
        return False
    short, long = sorted((one, other), key=len)
    if len(short) < _TYPED:
        return False
    same = next((i for i, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    if same >= _STEM and len(long) - same <= _ENDING:
        return True
    return OSA.distance(one, other, score_cutoff=1) <= 1


def _added(long: Heading, more: list[str]) -> Likeness:
    """Whether all that one title adds stands in parts of its own."""
    parts = (frozenset(_PIECE.findall(fold_word(part))) for part in _BREAK.split(long.title))
    apart = [part for part in parts if not part.isdisjoint(more)]
    own_words = set(long.words) - set(more)
    return "framed" if all(part.isdisjoint(own_words) for part in apart) else "contained"


def _cut_short(one: Heading, other: Heading, left: list[str], right: list[str]) -> bool:
    """Whether the title that says less was cut off, and all that it lacks stands at the other's end."""
    short, long, more = (one, other, right) if not left else (other, one, left)
    return short.cut and list(long.words[-len(more) :]) == more
