"""What an admin may write to choose parts of a page: CSS selectors and regular expressions, both held within bounds.

The one thing to know: nothing else is offered. XPath, jq and templates have let readers of pages open files and read
secrets, so a selector here can only point, and a pattern can only match (P7).
"""

import re
from typing import Annotated, TypeAlias

import regex  # type: ignore[import-untyped]  # it ships no types
import soupsieve
from bs4 import Tag
from pydantic import AfterValidator, Field

from connectors.base.contract import ParseError

LONGEST_SELECTOR, LONGEST_PATTERN = 200, 200
SECONDS = 0.5
"""How long one pattern may look at one text; a sound one needs a thousandth of it."""
_MOST_STEPS = 6
_SIBLINGS = re.compile(r"~(?!=)")


def _selector(raw: str) -> str:
    try:
        soupsieve.compile(raw)
    except (soupsieve.SelectorSyntaxError, NotImplementedError) as error:
        raise ValueError(f"is no CSS selector: {' '.join(str(error).split())[:120]}") from error
    # Every step looks at all that stands above or before an element: their number is an exponent.
    if _SIBLINGS.search(raw) or any(len(part.replace(">", " ").split()) > _MOST_STEPS for part in raw.split(",")):
        raise ValueError(f"must be a CSS selector of at most {_MOST_STEPS} steps, without ~")
    return raw


def _pattern(raw: str) -> str:
    try:
        regex.compile(raw)
    except (regex.error, OverflowError, RecursionError) as error:
        raise ValueError(f"is no regular expression: {error}") from error
    return raw


Selector: TypeAlias = Annotated[str, Field(max_length=LONGEST_SELECTOR), AfterValidator(_selector)]
Pattern: TypeAlias = Annotated[str, Field(max_length=LONGEST_PATTERN), AfterValidator(_pattern)]


def matched(pattern: str, text: str, *, url: str, where: str) -> str | None:
    """Return what the first group of a pattern matches in a text, without groups the whole match; None: it does not.

    Raises ParseError for a pattern that does not come to its end in half a second.
    """
    try:
        found = regex.search(pattern, text, timeout=SECONDS)
    except TimeoutError as error:
        raise ParseError(url, where, f"takes longer than {SECONDS} seconds: {pattern}") from error
    if found is None:
        return None
    said = found[1] if found.re.groups else found[0]
    return str(said) if said is not None else str(found[0])


def without(patterns: tuple[str, ...], text: str, *, url: str, where: str) -> str:
    """Return a text without what any of the patterns matches. Raises ParseError as `matched` does."""
    for pattern in patterns:
        try:
            text = regex.sub(pattern, "", text, timeout=SECONDS)
        except TimeoutError as error:
            raise ParseError(url, where, f"takes longer than {SECONDS} seconds: {pattern}") from error
    return text


def chosen(selector: str, within: Tag) -> list[Tag]:
    """Return the elements that a selector points at, the element itself among them if it fits."""
    found = list(soupsieve.select(selector, within))
    return [within, *found] if within.name != "[document]" and soupsieve.match(selector, within) else found


def words_of(element: Tag | None) -> str:
    """The text of an element in one line, what stands in different elements apart."""
    return " ".join(element.get_text(" ").split()) if element is not None else ""
