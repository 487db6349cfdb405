"""Open licences: under one of them the whole of a data set may be shown, with its attribution.

The one thing to know: the licence is what the publisher states for the data set, entered by an admin; a licence that is not
in the list, or that forbids commerce or changes, widens nothing.
"""

import re

from connectors.base.contract import Rights

_OPEN = re.compile(
    r"(?:CC0|CC[ -]?Zero|CC[ -]BY(?:[ -]SA)?|IODL|ODC[ -]?BY|ODbL|PDDL|OGL)(?:[ -]?v?\d(?:\.\d)?)?(?:[ -]IT)?", re.I
)


def rights_under(licence: str, publisher: str | None) -> Rights:
    """Under an open licence everything may be shown; else what holds where nothing is known."""
    if not _OPEN.fullmatch(licence.strip()):
        return Rights()
    said = " · ".join(part for part in (publisher, licence.strip()) if part)
    return Rights(show="full", attribution=said, basis=f"licence of the data set: {licence.strip()}")
