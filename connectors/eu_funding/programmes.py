"""The codes by which the portal knows programmes and kinds of documents, under names that an admin can read.

The one thing to know: tables in circulation disagree; these are the portal's own facet values of 2026-08-22. Labels for
readers are a matter of config/eu_funding.tsv.
"""

from typing import Literal, TypeAlias, get_args

TypeName: TypeAlias = Literal["grant", "tender", "external_action", "cascade"]
StatusName: TypeAlias = Literal["open", "forthcoming", "closed"]

TYPES: dict[TypeName, str] = {"grant": "1", "external_action": "2", "cascade": "8", "tender": "0"}
STATUSES: dict[StatusName, str] = {"forthcoming": "31094501", "open": "31094502", "closed": "31094503"}
CLOSED = STATUSES["closed"]
EXTERNAL = TYPES["external_action"]
UPDATE = "6"
ANNOUNCEMENT = "ANNOUNCEMENT"

PROGRAMMES = {
    "CEF": "43251567",
    "CERV": "43251589",
    "CREA": "43251814",
    "DIGITAL": "43152860",
    "EDF": "44181033",
    "EMFAF": "43392145",
    "EP": "43697167",
    "ERASMUS": "43353764",
    "ERDF-TA": "46324255",
    "ESC": "43254037",
    "ESF": "43254019",
    "EUBA": "45532249",
    "EURATOM": "43298916",
    "HORIZON": "43108390",
    "I3": "44416173",
    "INNOVFUND": "43089234",
    "ISF": "43252368",
    "JTM": "44773066",
    "JUST": "43252386",
    "LIFE": "43252405",
    "NDICI": "45876777",
    "PERICLES": "43252433",
    "PPPA": "43637601",
    "PROSPECT": "111111",
    "RENEWFM": "43253967",
    "RFCS": "43252449",
    "SMP": "43252476",
    "SOCPL": "43252517",
}
PROGRAMME_CODES = frozenset(PROGRAMMES.values())
_SPELLED = {"ERASMUS+": "ERASMUS", "ESF+": "ESF", "INTPA": "PROSPECT"}

ALL_TYPES: tuple[TypeName, ...] = get_args(TypeName)


def programme_code(given: str) -> str:
    """Return the portal's code of a programme, from our short name or the code itself. Raises ValueError."""
    name = given.strip().upper()
    if name.isascii() and name.isdigit() and 5 <= len(name) <= 9:
        return name
    name = _SPELLED.get(name, name)
    if name not in PROGRAMMES:
        raise ValueError(f"{given!r} is no code of the portal and none of {', '.join(PROGRAMMES)}")
    return PROGRAMMES[name]
