"""Countries as ICA's lists write them: a code, or an English name of ISO 3166 or the UN ("Palestine, State of").

The one thing to know: a name that is not known is no country; "International" is none on purpose.
"""

from collections.abc import Mapping

from babel import Locale

from connectors.base import codes


def country_of(text: str) -> str | None:
    """A country by its code or its English name as ISO 3166 and the UN write it; International is none."""
    if len(text) == 2 and text.isalpha():
        return codes.country(text)
    wanted = text.casefold().replace("'", "’").strip()
    return _NAMES.get(wanted) or _NAMES.get(_turned(wanted))


def _turned(name: str) -> str:
    """ "palestine, state of" is "state of palestine"; of "iran, islamic republic of" only the name is common."""
    return name.partition(",")[0].strip()


_NAMES: Mapping[str, str] = {
    str(name).casefold(): code
    for code, name in Locale("en").territories.items()
    if len(code) == 2 and codes.country(code) == code
} | {
    "palestine": "PS",
    "state of palestine": "PS",
    "korea, republic of": "KR",
    "korea, democratic people’s republic of": "KP",
    "congo, the democratic republic of the": "CD",
    "congo, democratic republic of the": "CD",
    "congo": "CG",
    "myanmar": "MM",
    "russian federation": "RU",
    "syrian arab republic": "SY",
    "viet nam": "VN",
    "lao people’s democratic republic": "LA",
    "brunei darussalam": "BN",
    "czech republic": "CZ",
    "cape verde": "CV",
    "swaziland": "SZ",
    "macedonia": "MK",
    "turkey": "TR",
    "united states of america": "US",
    "usa": "US",
    "hong kong": "HK",
    "macau": "MO",
    "cote d’ivoire": "CI",
    "ivory coast": "CI",
    "uk": "GB",
    "great britain": "GB",
}
