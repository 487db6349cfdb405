"""Countries as the site names them, in English, and their ISO codes.

The one thing to know: a name that is in no table is None, and the caller keeps it as it is; `All countries` is `*`.
"""

from functools import cache

from babel import Locale

from connectors.base import codes
from connectors.base.days import fold

ANYWHERE = "*"
_ANYWHERE = frozenset({"all countries", "all", "worldwide"})
# Names that official English lists use and CLDR does not. Sources: Interinstitutional style guide of the EU, annex A5;
# ISO 3166-1; and names that changed in the life of the network.
_MORE = {
    "bosnia-herzegovina": "BA",
    "brunei darussalam": "BN",
    "cabo verde": "CV",
    "congo, democratic republic of the": "CD",
    "czech republic": "CZ",
    "democratic republic of the congo": "CD",
    "eswatini": "SZ",
    "former yugoslav republic of macedonia": "MK",
    "great britain": "GB",
    "holland": "NL",
    "holy see": "VA",
    "hong kong": "HK",
    "iran, islamic republic of": "IR",
    "ivory coast": "CI",
    "korea, republic of": "KR",
    "kosovo*": "XK",
    "lao people's democratic republic": "LA",
    "macao": "MO",
    "macedonia": "MK",
    "moldova, republic of": "MD",
    "myanmar": "MM",
    "palestine": "PS",
    "people's republic of china": "CN",
    "republic of korea": "KR",
    "republic of moldova": "MD",
    "republic of north macedonia": "MK",
    "russian federation": "RU",
    "slovak republic": "SK",
    "syrian arab republic": "SY",
    "taiwan, province of china": "TW",
    "tanzania, united republic of": "TZ",
    "the netherlands": "NL",
    "turkey": "TR",
    "united kingdom of great britain and northern ireland": "GB",
    "united states of america": "US",
    "usa": "US",
    "viet nam": "VN",
}


def country_named(name: str) -> str | None:
    """Return ISO 3166-1 alpha-2 for an English name in any case, `*` for all countries, None for what is no country."""
    wanted = _key(name)
    return ANYWHERE if wanted in _ANYWHERE else _table().get(wanted)


@cache
def _table() -> dict[str, str]:
    named = {_key(name): code for code, name in Locale("en").territories.items() if codes.country(code) == code}
    return named | {_key(name): code for name, code in _MORE.items()}


def _key(name: str) -> str:
    return " ".join(fold(name).replace("&", " and ").replace("’", "'").replace(" *", "*").split())
