"""Word forms: who types pulizia also finds pulizie. The index keeps words as they are written, and the forms of a word
are looked up among them when somebody asks.

The one thing to know: two words are forms of one when they have the same stem in one of the five languages; both lose
their accents first, because the index has none.
"""

import threading
import weakref
from collections.abc import Iterable, Sequence
from dataclasses import replace

import snowballstemmer
import sqlalchemy as sa

from aggregator.store.terms import Term, folded

_LANGUAGES = ("italian", "english", "french", "spanish", "german")
_SHORTEST, _LONGEST = 4, 40
# A word has as many forms in these languages at most; that of more words of one search is nobody's question.
_MOST_FORMS, _MOST_WORDS = 30, 8
# So many words of the index are compared: with three letters in common there may be thousands.
_LOOKED_AT = 2_000
# One text of all words: fetched as rows they would take longer than the look-up.
_NEAR = {
    "sqlite": sa.text(
        "SELECT group_concat(term, ' ') FROM"
        " (SELECT term FROM opportunity_terms WHERE term >= :first AND term < :last LIMIT :most)"
    ),
    "postgresql": sa.text(
        "SELECT string_agg(word, ' ') FROM"
        " (SELECT word FROM vocabulary WHERE word >= :first AND word < :last ORDER BY word LIMIT :most) AS near"
    ),
}

_stemmers = threading.local()


def with_forms(connection: sa.Connection, terms: Sequence[Term]) -> list[Term]:
    """Give each single word its other forms; phrases and exclusions mean what they say."""
    plain = [t for t in terms if t.prefix and len(t.words) == 1][:_MOST_WORDS]
    return [replace(t, forms=forms(connection, t.words[0])) if t in plain else t for t in terms]


def forms(connection: sa.Connection, word: str) -> tuple[str, ...]:
    """The words of the index that are forms of this one, the nearest in length first; without those that it begins."""
    typed = folded(word)
    if not _SHORTEST <= len(typed) <= _LONGEST or not typed.isalpha():
        return ()
    stems = _stems([typed])
    # English turns a y into an i and French an l into a u: the last letter of a stem may differ.
    shared = min(_shared(typed, stem) for (stem,) in stems) - 1
    beginning = typed[: max(shared, _SHORTEST - 1)]
    span = {"first": beginning, "last": beginning + "\U0010ffff", "most": _LOOKED_AT}
    words: str = connection.scalar(_NEAR[connection.dialect.name], span) or ""
    near = [word for word in words.split(" ") if not word.startswith(typed)]
    found = {
        candidate
        for (stem,), stems_of in zip(stems, _stems(near), strict=True)
        for candidate, its in zip(near, stems_of, strict=True)
        if its == stem
    }
    return tuple(sorted(found, key=lambda form: (abs(len(form) - len(typed)), form))[:_MOST_FORMS])


def _shared(one: str, other: str) -> int:
    """How many letters two words begin with alike."""
    return next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _stems(words: Sequence[str]) -> list[list[str]]:
    """The stems of these words in each language."""
    if not hasattr(_stemmers, "all"):
        # One may not be shared between threads.
        _stemmers.all = [snowballstemmer.stemmer(language) for language in _LANGUAGES]
    return [stemmer.stemWords(words) for stemmer in _stemmers.all]


# Words that this process has seen lying in the table, and those that a transaction has put there, which may be rolled back.
_known: weakref.WeakKeyDictionary[sa.Engine, set[str]] = weakref.WeakKeyDictionary()
_put: weakref.WeakKeyDictionary[sa.Connection, set[str]] = weakref.WeakKeyDictionary()
_REMEMBERED = 500_000
_LEARN = sa.text(
    "INSERT INTO vocabulary (word) SELECT unnest(CAST(:words AS text[])) ON CONFLICT DO NOTHING RETURNING word"
)


def learn(connection: sa.Connection, texts: Iterable[str]) -> None:
    """Note the words of these folded texts, on PostgreSQL, whose text index cannot be asked for its words."""
    known, put = _known.setdefault(connection.engine, set()), _put.setdefault(connection, set())
    words = {word for text in texts for word in text.split()}.difference(known)
    words = {word for word in words if _SHORTEST <= len(word) <= _LONGEST and word.isalpha()}
    if not words:
        return
    put.update(connection.scalars(_LEARN, {"words": sorted(words)}))
    if len(known) > _REMEMBERED:
        known.clear()
    # What lay there already, and not by us, is committed.
    known.update(words - put)
