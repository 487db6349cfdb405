"""What somebody types into the search field, cut into terms, and said in the language of each database.

The one thing to know: nothing that is typed reaches a database as syntax; only words do.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

_TERM = re.compile(r'(-?)(?:"([^"]*)"?|([^\s"]+))')
# What the text index takes for a word; the underscore is none of it.
_WORD = re.compile(r"[^\W_]+")
# Both databases refuse expressions that are too deep and words that are too long; nobody types more than this.
_MOST_TERMS, _MOST_WORDS, _LONGEST = 32, 32, 100


@dataclass(frozen=True, slots=True)
class Term:
    """Words that stand next to each other: one, or a phrase; `forms` are words of the index that do as well."""

    words: tuple[str, ...]
    excluded: bool = False
    prefix: bool = False
    forms: tuple[str, ...] = ()


def terms_of(text: str) -> list[Term] | None:
    """Cut a search text into terms; [] where it says nothing, None where it only excludes."""
    terms = []
    for minus, phrase, word in _TERM.findall(text)[:_MOST_TERMS]:
        parts = tuple(part[:_LONGEST] for part in _WORD.findall(phrase or word)[:_MOST_WORDS])
        if parts:
            terms.append(Term(parts, excluded=bool(minus), prefix=not phrase and not minus))
    if terms and all(t.excluded for t in terms):
        return None
    return terms


def fts5(terms: Sequence[Term], *, any_word: bool = False) -> str:
    """Say the terms in the language of SQLite's FTS5."""

    def quoted(term: Term) -> str:
        said = '"' + " ".join(term.words) + '"' + ("*" if term.prefix else "")
        return "(" + " OR ".join((said, *('"' + form + '"' for form in term.forms))) + ")" if term.forms else said

    wanted = (" OR " if any_word else " AND ").join(quoted(t) for t in terms if not t.excluded)
    return f"({wanted})" + "".join(f" NOT {quoted(t)}" for t in terms if t.excluded)


def tsquery(terms: Sequence[Term], *, any_word: bool = False) -> str:
    """Say the terms in the language of PostgreSQL's to_tsquery."""

    def joined(term: Term) -> str:
        said = "<->".join(f"'{folded(w)}'" for w in term.words)
        return (
            "(" + " | ".join((said + (":*" if term.prefix else ""), *("'" + form + "'" for form in term.forms))) + ")"
        )

    wanted = (" | " if any_word else " & ").join(joined(t) for t in terms if not t.excluded)
    return f"({wanted})" + "".join(f" & !{joined(t)}" for t in terms if t.excluded)


def folded(text: str) -> str:
    """Words without accents and signs, in small letters, as the index of SQLite cuts them by itself.

    PostgreSQL would keep "www.example.org" and "a/b" as one word each.
    """
    bare = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    return " ".join(_WORD.findall(bare)).lower()
