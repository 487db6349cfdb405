"""Invented proposals for the Lombardy simulator: profiles of the EEN simulator, told again in Italian.

The one thing to know: reference, type and country are the network's, so the two simulators tell of the same profiles; of a
research profile the mirror shows the day for expressions of interest, of the others the end of validity.
"""

import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from babel.dates import format_date

from tests.portals.een_content import Profile

HERE = Path(__file__).parent
TYPES = {
    "TO": ("1", "Technology offer"),
    "TR": ("2", "Technology request"),
    "BO": ("3", "Business offer"),
    "BR": ("4", "Business request"),
    "RDR": ("5", "R&D Partner search"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """One proposal, as facts; without a reference it is the platform's own."""

    number: int
    reference: str | None
    type: str
    title: str
    abstract: str
    expires: date

    @property
    def slug(self) -> str:
        return re.sub(r"[^a-z0-9]+", "-", self.title.lower()).strip("-")[:70]

    @property
    def expiry(self) -> str:
        """The day as the site writes it: 19 agosto 2027."""
        return format_date(self.expires, "d MMMM y", locale="it")


@cache
def _texts(name: str) -> dict[str, Any]:
    with (HERE / name).open(encoding="utf-8") as file:
        read: dict[str, Any] = yaml.safe_load(file)
    return read


def mirrored(profile: Profile, *, number: int) -> Proposal:
    """Tell a profile of the EEN simulator in Italian."""
    themes = _texts("een_profiles.yml")["themes"]
    theme = next(each["name"] for each in themes if profile.title.endswith(each["seeks"].get(profile.type, "\0")))
    italian = _texts("een_lombardia.yml")
    words = italian["themes"][theme]
    adjective = italian["adjectives"][profile.country]
    return Proposal(
        number=number,
        reference=profile.reference,
        type=profile.type,
        title=f"{words['maker']} {adjective} {words['seeks'][profile.type]}",
        abstract=f"<p>{words['about']}</p><p>{italian['needs']}</p>",
        expires=profile.call.eoi if profile.call else profile.expires,
    )
