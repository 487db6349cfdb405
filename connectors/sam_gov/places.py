"""Where an office sits, so that a day or an hour of it can be told: American states, and zones that agree with an offset.

The one thing to know: eleven states lie in two zones; theirs is the one in which most of their people live.
"""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from connectors.base.codes import country, zone_of
from connectors.sam_gov.about import ZONE

_STATES = {
    "America/New_York": "CT DC DE FL GA IN KY MA MD ME MI NC NH NJ NY OH PA RI SC VA VT WV",
    "America/Chicago": "AL AR IA IL KS LA MN MO MS ND NE OK SD TN TX WI",
    "America/Denver": "CO ID MT NM UT WY",
    "America/Phoenix": "AZ",
    "America/Los_Angeles": "CA NV OR WA",
    "America/Anchorage": "AK",
    "Pacific/Honolulu": "HI",
    "America/Puerto_Rico": "PR VI",
    "Pacific/Guam": "GU MP",
    "Pacific/Pago_Pago": "AS",
}
_ZONES = {state: zone for zone, states in _STATES.items() for state in states.split()}
# Where many American offices are and babel's table, which counts enclaves and islands, names more than one zone.
_ABROAD = {"DE": "Europe/Berlin", "ES": "Europe/Madrid", "PT": "Europe/Lisbon", "CY": "Asia/Nicosia"}


def country_of(code: object) -> str | None:
    """ISO alpha-2 of what SAM.gov writes in three letters; Kosovo has a code of its own there (GENC: XKS)."""
    text = str(code or "").strip().upper()
    return "XK" if text == "XKS" else country(text) if text and text != "NULL" else None


def zone_of_office(state: object, country_code: str | None) -> str:
    """The zone of an office as an IANA name; where it cannot be told, that of Washington."""
    if country_code in (None, "US"):
        return _ZONES.get(str(state or "").strip().upper(), ZONE)
    return _ABROAD.get(country_code) or zone_of(country_code) or ZONE


def as_stated(moment: datetime, *zones: str) -> tuple[datetime, str]:
    """Keep an hour as it was stated, with the first zone whose clock agrees with its offset; else tell it in UTC."""
    offset = moment.utcoffset()
    for name in (*zones, *_STATES):
        there = moment.astimezone(ZoneInfo(name))
        # Of an hour that comes twice in a night of autumn a deadline means the first.
        if there.replace(fold=0).utcoffset() == offset:
            return there, name
    return moment.astimezone(UTC), "UTC"
