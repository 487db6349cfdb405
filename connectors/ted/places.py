"""The countries whose buyers publish on TED: the code its queries want, and the clock its deadlines follow.

The one thing to know: the zone is the capital's, and is only used where the offset that the buyer wrote agrees with it.
"""

from collections.abc import Collection

# ISO alpha-2: (ISO alpha-3, zone of the capital). Countries: eForms code list "country"; zones: IANA.
COUNTRIES = {
    "AL": ("ALB", "Europe/Tirane"),
    "AT": ("AUT", "Europe/Vienna"),
    "BA": ("BIH", "Europe/Sarajevo"),
    "BE": ("BEL", "Europe/Brussels"),
    "BG": ("BGR", "Europe/Sofia"),
    "CH": ("CHE", "Europe/Zurich"),
    "CY": ("CYP", "Asia/Nicosia"),
    "CZ": ("CZE", "Europe/Prague"),
    "DE": ("DEU", "Europe/Berlin"),
    "DK": ("DNK", "Europe/Copenhagen"),
    "EE": ("EST", "Europe/Tallinn"),
    "ES": ("ESP", "Europe/Madrid"),
    "FI": ("FIN", "Europe/Helsinki"),
    "FR": ("FRA", "Europe/Paris"),
    "GB": ("GBR", "Europe/London"),
    "GR": ("GRC", "Europe/Athens"),
    "HR": ("HRV", "Europe/Zagreb"),
    "HU": ("HUN", "Europe/Budapest"),
    "IE": ("IRL", "Europe/Dublin"),
    "IS": ("ISL", "Atlantic/Reykjavik"),
    "IT": ("ITA", "Europe/Rome"),
    "LI": ("LIE", "Europe/Vaduz"),
    "LT": ("LTU", "Europe/Vilnius"),
    "LU": ("LUX", "Europe/Luxembourg"),
    "LV": ("LVA", "Europe/Riga"),
    "MD": ("MDA", "Europe/Chisinau"),
    "ME": ("MNE", "Europe/Podgorica"),
    "MK": ("MKD", "Europe/Skopje"),
    "MT": ("MLT", "Europe/Malta"),
    "NL": ("NLD", "Europe/Amsterdam"),
    "NO": ("NOR", "Europe/Oslo"),
    "PL": ("POL", "Europe/Warsaw"),
    "PT": ("PRT", "Europe/Lisbon"),
    "RO": ("ROU", "Europe/Bucharest"),
    "RS": ("SRB", "Europe/Belgrade"),
    "SE": ("SWE", "Europe/Stockholm"),
    "SI": ("SVN", "Europe/Ljubljana"),
    "SK": ("SVK", "Europe/Bratislava"),
    "TR": ("TUR", "Europe/Istanbul"),
    "UA": ("UKR", "Europe/Kyiv"),
}

# Official languages of the countries; more than one does not tell in which of them a buyer writes.
_LANGUAGES = {
    "AT": ("de",),
    "BE": ("nl", "fr", "de"),
    "BG": ("bg",),
    "CH": ("de", "fr", "it"),
    "CY": ("el", "tr"),
    "CZ": ("cs",),
    "DE": ("de",),
    "DK": ("da",),
    "EE": ("et",),
    "ES": ("es",),
    "FI": ("fi", "sv"),
    "FR": ("fr",),
    "GB": ("en",),
    "GR": ("el",),
    "HR": ("hr",),
    "HU": ("hu",),
    "IE": ("ga", "en"),
    "IT": ("it",),
    "LI": ("de",),
    "LT": ("lt",),
    "LU": ("fr", "de", "lb"),
    "LV": ("lv",),
    "MD": ("ro",),
    "MT": ("mt", "en"),
    "NL": ("nl",),
    "PL": ("pl",),
    "PT": ("pt",),
    "RO": ("ro",),
    "SE": ("sv",),
    "SI": ("sl",),
    "SK": ("sk",),
}


def language_of(country: str | None, among: Collection[str]) -> str | None:
    """Name the official language of a country; None unless exactly one of them is among the given ones."""
    spoken = [language for language in _LANGUAGES.get(country or "", ()) if language in among]
    return spoken[0] if len(spoken) == 1 else None


def alpha3(country: str) -> str:
    """Say the three-letter code of a two-letter one. Raises KeyError for a country that is not on TED."""
    return COUNTRIES[country][0]


def capital_zone(country: str | None) -> str | None:
    """Name the IANA zone of a country's capital, if the country is in the table."""
    return COUNTRIES[country][1] if country in COUNTRIES else None
