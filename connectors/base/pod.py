"""References of the Enterprise Europe Network's Partnering Opportunities Database (POD): `BOIT20240903021`.

The one thing to know: a reference begins with RDR, BO, BR, TO or TR, and RDR must be tried first: `RD` and two letters
would make the country of `RDRDE…` Rwanda. Its date is the day of creation; the profile is published weeks later.
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

from connectors.base import codes
from connectors.base.contract import Kind

PODType: TypeAlias = Literal["BO", "BR", "TO", "TR", "RDR"]

KINDS: dict[PODType, Kind] = {
    "BO": "business_offer",
    "BR": "business_request",
    "TO": "technology_offer",
    "TR": "technology_request",
    "RDR": "rd_partner_search",
}
_REFERENCE = re.compile(
    r"(?P<type>RDR|BO|BR|TO|TR)(?P<country>[A-Z]{2})(?P<created>[0-9]{8})(?P<number>[0-9]{3,9})",
    re.IGNORECASE | re.ASCII,
)


@dataclass(frozen=True, slots=True)
class PODReference:
    """A reference, in capitals. `country` is ISO 3166-1 (the network writes UK and EL or GR), None if there is none such;
    `created` is None where the calendar has no such day. Neither makes it less of an identity."""

    text: str
    type: PODType
    country: str | None
    created: date | None
    number: str

    @property
    def kind(self) -> Kind:
        return KINDS[self.type]

    @property
    def key(self) -> str:
        """The strong key that the network and its mirrors share (`Notice.same_as`)."""
        return f"een:{self.text}"


def pod_reference(text: str) -> PODReference | None:
    """Read a text that is a reference and nothing else, in either case; None for anything else."""
    found = _REFERENCE.fullmatch(text.strip())
    if found is None:
        return None
    kind = next(each for each in KINDS if each == found["type"].upper())
    try:
        created = date.fromisoformat(found["created"])
    except ValueError:
        created = None
    return PODReference(found[0].upper(), kind, codes.country(found["country"]), created, found["number"])
