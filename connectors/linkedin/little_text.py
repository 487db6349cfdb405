"""LinkedIn's "little text": what stands in a post, with its hashtags and mentions, back to plain words.

The one thing to know: a reserved sign that means itself is written with a backslash, so an escaped # is no hashtag. Names of
members in mentions are cut; names of organisations stay.
"""

import re
from dataclasses import dataclass

from connectors.base.people import CUT

_LONGEST = 20_000
_ELEMENT = re.compile(
    r"\\(?P<sign>[\\|{}@\[\]()<>#*_~])"
    r"|\{hashtag\|\\?#\|(?P<template>(?:\\.|[^{}|\\])+)\}"
    r"|(?<!\w)#(?P<tag>\w+)"
    r"|@\[(?P<name>(?:\\.|[^\[\]\\])*)\]\((?P<urn>urn:li:[A-Za-z]+:[^()\s]+)\)"
)
_ESCAPED = re.compile(r"\\([\\|{}@\[\]()<>#*_~])")
_SENTENCE = re.compile(r"(?<=[.!?…])\s+(?=[^\sa-z0-9])|[ \t]*\n")


@dataclass(frozen=True, slots=True)
class Plain:
    text: str
    hashtags: tuple[str, ...]


def plain_of(little: str) -> Plain:
    """Unescape a text and take its elements for what they mean. Cut at 20,000 signs; LinkedIn allows 3,000."""
    tags: list[str] = []

    def meant(found: re.Match[str]) -> str:
        if found["sign"]:
            return found["sign"]
        if tag := found["template"] or found["tag"]:
            tags.append(_ESCAPED.sub(r"\1", tag).strip())
            return f"#{tags[-1]}"
        # A person, or something that may be one.
        return _ESCAPED.sub(r"\1", found["name"]) if found["urn"].startswith("urn:li:organization") else CUT

    text = _ELEMENT.sub(meant, little[:_LONGEST])
    return Plain(text.strip(), tuple(dict.fromkeys(tag for tag in tags if tag)))


def first_sentence(text: str) -> str:
    """The first sentence or line of a plain text, whichever ends first."""
    return next((part.strip() for part in _SENTENCE.split(text) if part.strip()), "")
