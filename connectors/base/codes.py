"""ISO codes of countries and languages, from babel's tables.

The one thing to know: what the tables do not hold is None, never a guess; labels are a matter of the floors above.
"""

from functools import cache

from babel import Locale
from babel.core import get_global

# The EU writes EL and UK where ISO has GR and GB; TED writes 1A0 for Kosovo; ROM was Romania until 2002.
_HOUSE_CODES = {"EL": "GR", "UK": "GB", "1A0": "XK", "XKX": "XK", "ROM": "RO"}
# Territories of CLDR that are no country: unions, the whole world, pseudo codes.
_NO_COUNTRY = frozenset({"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"})
_NO_LANGUAGE = frozenset({"und", "mul", "zxx", "mis"})


@cache
def _countries() -> frozenset[str]:
    return (
        frozenset(code for code in map(str, Locale("en").territories) if len(code) == 2 and code.isalpha())
        - _NO_COUNTRY
    )


@cache
def _languages() -> frozenset[str]:
    return frozenset(code for code in map(str, Locale("en").languages) if len(code) == 2)


def country(code: str) -> str | None:
    """Return ISO 3166-1 alpha-2 for an alpha-2, alpha-3 or numeric code; EL is GR and UK is GB."""
    wanted = code.strip().upper()
    if wanted in _HOUSE_CODES:
        return _HOUSE_CODES[wanted]
    if wanted in _countries():
        return wanted
    today = get_global("territory_aliases").get(wanted, [])
    # A state that became several (SU, YUG) has no one code of today.
    return today[0] if len(today) == 1 and today[0] in _countries() else None


def language(code: str) -> str | None:
    """Return ISO 639-1 for a 639-1 or 639-2 code (both 639-2 forms), with or without region: `fra`, `fre`, `fr-BE`."""
    wanted = code.strip().lower().replace("_", "-").split("-")[0]
    if wanted in _NO_LANGUAGE:
        return None
    alias: str | None = get_global("language_aliases").get(wanted)
    current = (alias or wanted).split("_")[0]
    return current if current in _languages() else None


def zone_of(country: str) -> str | None:
    """The time zone of a country that has only one, as an IANA name; None for the others, which it would be a guess to choose for."""
    zones = [zone for zone, territory in get_global("zone_territories").items() if territory == country]
    return zones[0] if len(zones) == 1 else None
