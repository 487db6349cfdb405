"""One vocabulary in every language: what codes of many schemes mean in sectors, and how things are called.

The one thing to know: a code leads to the sectors of its longest known prefix and to no others; a code that no table
knows leads nowhere, and is never guessed.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache

from babel import Locale

from aggregator.store.opportunity import Sector
from config.tables import (
    KindDefinition,
    SectorDefinition,
    cpv_labels,
    deadline_labels,
    eu_funding_labels,
    kind_definitions,
    programme_names,
    sector_definitions,
)

__all__ = [
    "LANGUAGES",
    "KindDefinition",
    "SectorDefinition",
    "ateco_to_sectors",
    "code_written",
    "country_label",
    "cpv_label",
    "kind_label",
    "kind_meaning",
    "language_label",
    "programme_label",
    "programme_short",
    "sector_label",
    "sectors",
    "sectors_of",
]

LANGUAGES = ("it", "en", "fr", "es", "de")

_ANYWHERE = {"it": "Ovunque", "en": "Anywhere", "fr": "Partout", "es": "En cualquier lugar", "de": "Überall"}
# How people write a scheme; others in capitals. And schemes that steer the program and tell a reader nothing.
_SCHEMES = {"een-tech": "EEN", "een-market": "EEN", "grants-category": "Grants.gov", "grants": "Grants.gov"}
_OURS = frozenset({"stage", "grants-instrument", "sedia-division"})
_SHORT_NAME = re.compile(r"\(([A-Z][A-Za-z0-9+]{1,11})\b[^()]*\)\s*$")
# Which column of the sectors holds the prefixes of a scheme.
_COLUMNS = {
    "cpv": "cpv",
    "nace": "nace",
    "ateco": "nace",
    "naics": "naics",
    "een-tech": "een_technology",
    "een-market": "een_market",
    "grants-category": "grants",
    "programme": "programmes",
}


def _known(lang: str) -> str:
    # English is the second language of every page; a language we have no table for reads English, not Italian.
    return lang if lang in LANGUAGES else "en"


def sectors() -> tuple[SectorDefinition, ...]:
    """Return every sector, in the order in which forms and filters show them."""
    return sector_definitions()


@cache
def _by_id() -> Mapping[str, SectorDefinition]:
    return {sector.id: sector for sector in sectors()}


@cache
def _by_prefix(column: str) -> Mapping[str, tuple[str, ...]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for sector in sectors():
        for prefix in getattr(sector, column):
            found[prefix].append(sector.id)
    return {prefix: tuple(ids) for prefix, ids in found.items()}


def sector_label(id: str, lang: str) -> str:
    """Return the sector's name; an unknown id comes back as it is, so that an old link still says something."""
    sector = _by_id().get(id)
    return sector.labels[_known(lang)] if sector else id


def kind_label(kind: str, lang: str, *, plural: bool = False) -> str:
    """Return the name of a kind of opportunity. Raises KeyError for a kind that does not exist."""
    names = kind_definitions()[kind]
    return (names.plural if plural else names.label)[_known(lang)]


def kind_meaning(kind: str, lang: str) -> str:
    """Return what the kind is, in one line. Raises KeyError for a kind that does not exist."""
    return kind_definitions()[kind].meaning[_known(lang)]


def deadline_label(label: str | None, lang: str) -> str | None:
    """Say in the reader's language what a connector wrote beside a deadline; a source's own words stay as they are."""
    return deadline_labels().get(label, {}).get(lang, label) if label else None


@cache
def _locale(lang: str) -> Locale:
    return Locale(_known(lang))


def country_label(code: str, lang: str) -> str:
    """Return the name of a country by its ISO alpha-2 code; `*` is anywhere; an unknown code comes back as it is."""
    if code == "*":
        return _ANYWHERE[_known(lang)]
    return str(_locale(lang).territories.get(code, code))


def language_label(code: str, lang: str) -> str:
    """Return the name of a language by its ISO 639 code; an unknown code comes back as it is."""
    return str(_locale(lang).languages.get(code, code))


def cpv_label(code: str, lang: str) -> str | None:
    """Return the label of a CPV code (with or without `cpv:` and check digit), or of its nearest parent that has one."""
    digits = _digits(code.removeprefix("cpv:"))
    labels = cpv_labels()
    # A division that ends in zero (30, 90) must not lose it.
    for end in range(len(digits), 1, -1):
        if row := labels.get(digits[:end]):
            return row[_known(lang)]
    return None


def programme_label(code: str) -> str | None:
    """Return the name of an EU programme by the number that the Funding & Tenders Portal uses; None for any other code."""
    return eu_funding_labels().get(("frameworkProgramme", code.strip()))


def programme_short(name: str) -> str:
    """Return the short name that a programme's official one gives in brackets (`CERV`); else the name itself."""
    short = _SHORT_NAME.search(name)
    return short[1] if short else name


def code_written(code: str) -> str | None:
    """Write a code as people do: `cpv:90910000` is CPV 90910000, a programme has its short name. None: it is ours alone."""
    scheme, _, value = code.rpartition(":")
    if scheme in _OURS:
        return None
    if scheme in {"", "programme"}:
        return programme_names().get(value.upper()) or programme_short(programme_label(value) or value)
    return f"{_SCHEMES.get(scheme, scheme.upper())} {value}"


def _digits(cpv: str) -> str:
    # `90911200-8`: the check digit behind the dash is no part of the hierarchy.
    head = cpv.split("-")[0].strip()
    return head if head.isdigit() else ""


def _value(scheme: str, value: str) -> str:
    if scheme == "cpv":
        return _digits(value)
    if scheme == "programme":
        return _programme(value)
    return value.strip().upper() if scheme == "grants-category" else value.replace(" ", "")


def _programme(code: str) -> str:
    """Return our name of a programme: by its code, else by the first part of a topic or call (`CERV-2027-EQUAL`)."""
    names = programme_names()
    whole = code.strip().upper()
    return names.get(whole) or names.get(whole.split("-")[0], "")


# Bounded, because a source may write any number of codes that mean nothing.
@lru_cache(maxsize=20_000)
def _sectors_of_code(code: str) -> tuple[str, ...]:
    scheme, _, value = code.partition(":")
    column = _COLUMNS.get(scheme)
    if column is None:
        return ()
    prefixes = _by_prefix(column)
    wanted = _value(scheme, value)
    if scheme in {"programme", "grants-category"}:
        return prefixes.get(wanted, ())
    return next((prefixes[wanted[:end]] for end in range(len(wanted), 0, -1) if wanted[:end] in prefixes), ())


def sectors_of(codes: Sequence[str], programme: str | None = None) -> tuple[Sector, ...]:
    """Return the sectors that the codes lead to, each once, with the first code that led there.

    Of the prefixes of one scheme the longest wins; sectors that share it all count. `programme` is the code of an EU
    programme, as any of its platforms writes it.
    """
    found: dict[str, str] = {}
    for code in _with_programme(codes, programme):
        for id in _sectors_of_code(code):
            found.setdefault(id, code)
    return tuple(Sector(id=id, because=code) for id, code in found.items())


def _with_programme(codes: Sequence[str], programme: str | None) -> Iterator[str]:
    yield from codes
    if programme and (name := _programme(programme)):
        yield f"programme:{name}"


def ateco_to_sectors(code: str) -> tuple[str, ...]:
    """Return the sectors of an ATECO or NACE activity (`10.51`, `62`, `C10.51`): its division number decides.

    ATECO 2025 and NACE Rev. 2.1 moved section letters and kept most division numbers, so a letter is not read.
    """
    return _sectors_of_code("ateco:" + code.strip().lstrip("ABCDEFGHIJKLMNOPQRSTUV"))
