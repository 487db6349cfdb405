"""The words of one item, read once for all profiles, and the terms that are looked for in them.

The one thing to know: a stem counts only in the language of its text. And where a stemmer leaves a term as it is, it
finds only words that begin with it: "armi" (weapons) is what English makes of "army", and is not meant.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from aggregator.matching.false_friends import deceiving
from aggregator.matching.lexicon import STEMMED, fold, stem, stop_words, surfaces
from aggregator.store.opportunity import Opportunity
from connectors.base.text import plain

# Longer texts repeat themselves; the beginning says what a thing is about.
MOST_LETTERS = 6_000


@dataclass(frozen=True, slots=True)
class Hit:
    """A word as the item writes it, the field and the language of its text (`und`: not known)."""

    word: str
    field: str
    lang: str


Found: TypeAlias = dict[str, Hit]


@dataclass(frozen=True, slots=True)
class Line:
    """One text of the item: its words as written, folded and stemmed, in their order."""

    field: str
    lang: str
    words: tuple[str, ...]
    folded: tuple[str, ...]
    stems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ItemWords:
    """`exact` by folded word; `stems` by language and stem; `begun`: those of them whose word begins with the stem."""

    lines: tuple[Line, ...]
    exact: Found
    stems: dict[str, Found]
    begun: dict[str, Found]


@dataclass(frozen=True, slots=True)
class Term:
    """A word or a phrase that is looked for, as the member or the vocabulary wrote it."""

    raw: str
    folded: tuple[str, ...]
    stems: dict[str, tuple[str, ...]]


def term(raw: str, *languages: str) -> Term | None:
    """Prepare a term, for the given languages or for all that have a stemmer; None where no letter is left."""
    folded = tuple(fold(word) for word in surfaces(raw))
    stems = {lang: tuple(stem(word, lang) for word in folded) for lang in languages or STEMMED}
    return Term(raw, folded, stems) if folded else None


def read(item: Opportunity) -> ItemWords:
    """Read titles, keywords, summary and body; what stands in the title is found there first."""
    lines = tuple(_line(field, lang, text) for field, lang, text in _texts(item))
    exact: Found = {}
    stems: dict[str, Found] = {}
    begun: dict[str, Found] = {}
    for line in lines:
        by_stem, by_start = stems.setdefault(line.lang, {}), begun.setdefault(line.lang, {})
        for word, folded, stemmed in zip(line.words, line.folded, line.stems, strict=True):
            hit = Hit(word, line.field, line.lang)
            exact.setdefault(folded, hit)
            if folded in stop_words():
                # Spanish "como" has the stem of "comedor", French "environ" that of "environnement".
                continue
            by_stem.setdefault(stemmed, hit)
            if folded.startswith(stemmed):
                by_start.setdefault(stemmed, hit)
    return ItemWords(lines, exact, stems, begun)


def find(wanted: Term, words: ItemWords) -> Hit | None:
    """Look for a term: as it is in any language, by its stem in the languages that it was prepared for."""
    if len(wanted.folded) > 1:
        begins = wanted.folded[0] in words.exact
        begins = begins or any(stems[0] in words.stems.get(lang, ()) for lang, stems in wanted.stems.items())
        if not begins:
            return None
        return next((hit for line in words.lines if (hit := _phrase(wanted, line))), None)
    folded = wanted.folded[0]
    hits = [words.exact[folded]] if folded in words.exact else []
    for lang, (stemmed,) in wanted.stems.items():
        found = (words.begun if stemmed == folded else words.stems).get(lang, {})
        hits += [found[stemmed]] if stemmed in found else []
    return next((hit for hit in hits if hit.field == "titles"), hits[0] if hits else None)


def _phrase(wanted: Term, line: Line) -> Hit | None:
    stems = wanted.stems.get(line.lang)
    at = _position(wanted.folded, line.folded)
    if at is None and stems is not None:
        at = _position(stems, line.stems)
    if at is None:
        return None
    return Hit(" ".join(line.words[at : at + len(wanted.folded)]), line.field, line.lang)


def _position(part: tuple[str, ...], whole: tuple[str, ...]) -> int | None:
    start = -1
    for _ in range(whole.count(part[0])):
        start = whole.index(part[0], start + 1)
        if whole[start : start + len(part)] == part:
            return start
    return None


def _texts(item: Opportunity) -> Iterator[tuple[str, str, str]]:
    for lang, title in item.titles.items():
        yield "titles", lang, title.text
    lang = item.lang or "und"
    for word in item.keywords:
        yield "keywords", lang, word
    if item.summary:
        yield "summary", lang, item.summary
    if item.body:
        yield "body", lang, plain(item.body[: 4 * MOST_LETTERS])[:MOST_LETTERS]


def _line(field: str, lang: str, text: str) -> Line:
    surface = tuple(surfaces(text))
    skipped = deceiving([fold(word) for word in surface])
    words = tuple(word for at, word in enumerate(surface) if at not in skipped)
    folded = tuple(fold(word) for word in words)
    return Line(field, lang, words, folded, tuple(stem(word, lang) for word in folded))
