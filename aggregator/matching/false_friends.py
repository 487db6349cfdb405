"""Words that look like ours and mean something else: the "cooperative agreement" of US grants has no cooperative in it.

The one thing to know: only the word that deceives is passed over, and only inside its phrase; the text stays as it is.
"""

from collections.abc import Sequence

# Each begins with the word that deceives. A cooperative agreement is an instrument of funding (31 U.S.C. 6305); a
# Cooperative Ecosystem Studies Unit (CESU) is a network of universities and federal agencies.
_PHRASES: tuple[tuple[str, ...], ...] = (
    ("cooperative", "agreement"),
    ("cooperative", "agreements"),
    ("cooperative", "ecosystem", "studies"),
    ("cooperative", "research", "and", "development", "agreement"),
    ("cooperative", "research", "and", "development", "agreements"),
    ("cooperative", "extension"),
    ("cooperative", "funding", "agreement"),
    ("cooperative", "funding", "agreements"),
)
_FIRST = frozenset(phrase[0] for phrase in _PHRASES)


def deceiving(folded: Sequence[str]) -> frozenset[int]:
    """Return the places of words that deceive in a text of folded words."""
    places = (at for at, word in enumerate(folded) if word in _FIRST)
    return frozenset(at for at in places if any(tuple(folded[at : at + len(one)]) == one for one in _PHRASES))
