"""The curated words of the sectors, found in an item once for all profiles that tick them.

The one thing to know: a word of the vocabulary counts only in texts of its own language.
"""

from functools import cache
from typing import TypeAlias

from aggregator import taxonomy
from aggregator.matching.item_words import Hit, ItemWords, Term, find, term

# A sector and one of its words in one language.
SectorTerm: TypeAlias = tuple[str, Term]


def sector_hits(words: ItemWords) -> dict[str, list[Hit]]:
    """Find the sectors' words in an item: one hit a word and sector, in the order of the vocabulary."""
    found: dict[str, dict[str, Hit]] = {}
    for lang, stems in words.stems.items():
        by_stem = _by_first_stem(lang)
        for first in by_stem.keys() & stems.keys():
            for sector, wanted in by_stem[first]:
                hit = find(wanted, words)
                # `find` also meets the word as it is in other languages, where it may mean something else.
                if hit and hit.lang == lang:
                    found.setdefault(sector, {}).setdefault(wanted.raw, hit)
    return {sector: [hits[raw] for raw in sorted(hits)] for sector, hits in found.items()}


@cache
def _by_first_stem(lang: str) -> dict[str, list[SectorTerm]]:
    index: dict[str, list[SectorTerm]] = {}
    for definition in taxonomy.sectors():
        for word in definition.keywords.get(lang, ()):
            wanted = term(word, lang)
            if wanted:
                index.setdefault(wanted.stems[lang][0], []).append((definition.id, wanted))
    return index
