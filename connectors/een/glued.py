"""Entries that run together in one definition, told apart where their own form allows it.

The one thing to know: the component library prints a list that it gets as plain texts with nothing between its entries.
Codes, goals, sizes and agreements have a form by which one can see where each begins. Where a doubt is left the answer is
None: the value is left out and noted, for half of it under a wrong name would be worse.
"""

import re
from collections.abc import Sequence

from connectors.een.countries import country_named

_CODED = re.compile(r"(?<![0-9])(?=[0-9]{8}\s+[-–]\s)")
_ANY_CODE = re.compile(r"[0-9]{3,}\s+[-–]\s")
_OWN_CODE = re.compile(r"^[0-9]{3,9}\s+[-–]\s+")
_GOAL = re.compile(r"(?=goal\s+(?:1[0-7]|[1-9])\s*:)", re.IGNORECASE)
_ANY_GOAL = re.compile(r"goal\s+[0-9]", re.IGNORECASE)
_SIZE = r"SME\s*<=?\s*10|SME\s+11\s*[-–]\s*49|SME\s+50\s*[-–]\s*249|Big company|University|R&D Institution|Other"
_SIZES = re.compile(rf"(?:\s*(?:{_SIZE}))+\s*")
_STUCK = re.compile(rf"[^\W_](?:{_SIZE})|(?:{_SIZE})(?=[A-Z0-9])")
# A capital right behind a small letter: labels begin with one, and hold none within a word.
_SEAM = re.compile(r"(?<=[a-zß-öø-ÿ)*])(?=[A-ZÀ-ÖØ-Þ])")


def keywords(line: str) -> tuple[str, ...] | None:
    """`10002013 - Fibres10003004 - Recycling, Recovery`. Codes of other lengths than eight end in a doubt."""
    parts = _parts(_CODED, line)
    return None if any(_ANY_CODE.search(_OWN_CODE.sub("", part)) for part in parts) else parts


def goals(line: str) -> tuple[str, ...] | None:
    """`Goal 13: Climate ActionGoal 9: Industry, Innovation and Infrastructure`."""
    parts = _parts(_GOAL, line)
    return None if any(len(_ANY_GOAL.findall(part)) > 1 for part in parts) else parts


def sizes(line: str) -> tuple[str, ...] | None:
    """`UniversitySME 11-49SME <=10`. A label that we do not know stands, unless one that we know sticks to it."""
    if _SIZES.fullmatch(line):
        return tuple(re.findall(_SIZE, line))
    return None if _STUCK.search(line) else (line,)


def agreements(line: str) -> tuple[str, ...] | None:
    """`Commercial agreementSupplier agreement`: each names an agreement."""
    parts = _parts(_SEAM, line)
    return parts if len(parts) == 1 or all("agreement" in part for part in parts) else None


def groups(line: str) -> tuple[str, ...] | None:
    """`TextilesEnergy-Intensive Industries`: the groups have no form, and some may be named like `BioChemTech`."""
    return (line,) if _SEAM.search(line) is None else None


def countries(line: str) -> tuple[str, ...]:
    """`NorwayIcelandLiechtenstein`, where every part is the name of a country; else the line, which no one knows."""
    parts = _parts(_SEAM, line)
    known = country_named(line) is None and all(country_named(part) for part in parts)
    return parts if known else (line,)


def _parts(seam: re.Pattern[str], line: str) -> tuple[str, ...]:
    parts: Sequence[str] = seam.split(line)
    return tuple(part.strip() for part in parts if part.strip())
