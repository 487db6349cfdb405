"""What a profile may say: each function returns the value as we write it, or raises ValueError with the nearest one.

The one thing to know: people write "pulizia" where we write `facility_cleaning`, so labels and keywords of every
language are searched for what was meant; it is proposed, never taken.
"""

from difflib import get_close_matches
from functools import cache

from aggregator import taxonomy
from connectors.base import codes

CODE_SCHEMES = ("ateco", "cpv", "nace", "naics", "een-tech", "een-market", "programme")


def sector(value: str) -> str:
    """Check the id of a sector."""
    if value in _sector_ids():
        return value
    raise ValueError(
        f"{value!r} is not a sector{_meant(value, _sector_names()) or '; one of ' + ', '.join(_sector_ids())}"
    )


def country(value: str) -> str:
    """Check a country; EL becomes GR and UK becomes GB, alpha-3 becomes alpha-2 (ISO 3166-1)."""
    found = codes.country(value)
    if found:
        return found
    raise ValueError(f"{value!r} is not an ISO country code{_meant(value, _country_names()) or ', for example FR'}")


def language(value: str) -> str:
    """Check a language; three letters become two (ISO 639-1)."""
    found = codes.language(value)
    if found:
        return found
    raise ValueError(f"{value!r} is not an ISO language code, for example it")


def code(value: str) -> str:
    """Check a code with its scheme, for example ateco:10.51 or cpv:90910000; CPV's check digit is cut."""
    scheme, _, number = value.partition(":")
    if scheme not in CODE_SCHEMES:
        raise ValueError(f"{scheme!r} is not a scheme of codes; one of {', '.join(CODE_SCHEMES)}")
    if scheme == "cpv":
        number = number.split("-")[0]
        if not (number.isdigit() and 2 <= len(number) <= 8):
            raise ValueError(f"{value!r} is not a CPV code: 2 to 8 digits, for example cpv:90910000")
    if scheme in {"ateco", "nace"}:
        number = number.lstrip("ABCDEFGHIJKLMNOPQRSTUV")
        if not (number.replace(".", "").isdigit() and len(number.split(".")[0]) == 2):
            raise ValueError(f"{value!r} is not an {scheme.upper()} code, for example {scheme}:10.51")
    return f"{scheme}:{number}"


@cache
def _sector_ids() -> tuple[str, ...]:
    return tuple(definition.id for definition in taxonomy.sectors())


@cache
def _sector_names() -> dict[str, str]:
    """Every word that leads to a sector, in lower case: keywords first, so that ids and labels win."""
    names: dict[str, str] = {}
    for definition in taxonomy.sectors():
        names |= {word.lower(): definition.id for words in definition.keywords.values() for word in words}
    for definition in taxonomy.sectors():
        for label in definition.labels.values():
            names |= {word: definition.id for word in label.lower().replace(",", " ").split() if len(word) > 3}
    for definition in taxonomy.sectors():
        names |= {label.lower(): definition.id for label in definition.labels.values()} | {definition.id: definition.id}
    return names


@cache
def _country_names() -> dict[str, str]:
    every = (codes.country(first + second) for first in _LETTERS for second in _LETTERS)
    return {
        taxonomy.country_label(found, name_in).lower(): found
        for found in every
        if found
        for name_in in taxonomy.LANGUAGES
    }


def _meant(value: str, names: dict[str, str]) -> str:
    near = get_close_matches(value.lower().strip(), names, n=1, cutoff=0.75)
    return f"; did you mean {names[near[0]]}?" if near else ""


_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
