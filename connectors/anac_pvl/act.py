"""The parts of a record: who buys, what, where, until when, as the platform's nested template gives them.

The one thing to know: sections are found by how their names begin ("SEZ. C"), because the rest of a name, and the number of
sections, change with the form.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from babel import Locale

from connectors.base.days import fold
from connectors.base.italy import nuts_of
from connectors.base.people import without_people
from connectors.base.text import clean_line

_MOST_LOTS = 200
_CPV = re.compile(r"\b(\d{8})(?:-\d)?\b")


@dataclass(frozen=True, slots=True)
class Act:
    """One act: the words over it, its buyers (never a person), the addresses of its papers, its lots."""

    metadata: Mapping[str, Any]
    buyers: tuple[str, ...]
    papers: tuple[str, ...]
    general: Mapping[str, Any]
    lots: tuple[Mapping[str, Any], ...]


def act_of(data: Mapping[str, Any]) -> Act:
    """Find the parts of a record; what is missing is empty."""
    template = _mapping(_first(data.get("template")).get("template"))
    sections = [each for each in _list(template.get("sections")) if isinstance(each, Mapping)]
    fields = {letter: dict(_fields(sections, letter)) for letter in "AB"}
    lots = tuple(lot for each in _named(sections, "C") for lot in _list(each.get("items")) if isinstance(lot, Mapping))
    buyers = [said(each, "denominazione_amministrazione") for each in _list(fields["A"].get("soggetti_sa"))]
    papers = [fields["B"].get("documenti_di_gara_link"), *(lot.get("documenti_di_gara_link") for lot in lots)]
    return Act(
        metadata=_mapping(template.get("metadata")),
        # Tax codes stay where they are; a name in which a person stands is left out whole.
        buyers=tuple(dict.fromkeys(name for name in buyers if name and without_people(name) == name)),
        papers=tuple(each for each in papers if isinstance(each, str)),
        general=fields["B"],
        lots=lots[:_MOST_LOTS],
    )


def said(given: Any, name: str) -> str:
    """A text of an object on one line; empty where there is none."""
    value = given.get(name) if isinstance(given, Mapping) else None
    return clean_line(value) if isinstance(value, str) else ""


def every(lots: Sequence[Mapping[str, Any]], *names: str) -> tuple[str, ...]:
    """What the lots say under these names, each once."""
    return tuple(dict.fromkeys(text for lot in lots for name in names if (text := said(lot, name))))


def places(lots: Sequence[Mapping[str, Any]]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Where the work is: NUTS codes of provinces, and countries; a consulate's lot lies where the consulate does."""
    names = every(lots, "luogo_nuts")
    regions = dict.fromkeys(code for name in names for code in nuts_of(name))
    countries = dict.fromkeys("IT" if nuts_of(name) else _countries().get(fold(name), "IT") for name in names)
    return tuple(regions), tuple(countries) or ("IT",)


@cache
def _countries() -> Mapping[str, str]:
    return {fold(name): code for code, name in Locale("it").territories.items() if len(code) == 2 and code.isalpha()}


def trades(lots: Sequence[Mapping[str, Any]]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Codes, and labels: where no code is written, its label in Italian stands for it (`cpv-label:Servizi sociali`)."""
    labels = every(lots, "cpv")
    written = [_CPV.search(label) for label in labels]
    codes = (
        f"cpv:{found[1]}" if found else f"cpv-label:{label[:200]}" for label, found in zip(labels, written, strict=True)
    )
    unwritten = (label[:200] for label, found in zip(labels, written, strict=True) if not found)
    return tuple(dict.fromkeys(codes)), tuple(unwritten)


def _named(sections: Sequence[Mapping[str, Any]], letter: str) -> Iterator[Mapping[str, Any]]:
    return (each for each in sections if re.match(rf"SEZ\.?\s*{letter}\b", str(each.get("name", "")), re.IGNORECASE))


def _fields(sections: Sequence[Mapping[str, Any]], letter: str) -> Iterator[tuple[str, Any]]:
    for each in _named(sections, letter):
        yield from _mapping(each.get("fields")).items()


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _first(value: Any) -> Mapping[str, Any]:
    return next((each for each in _list(value) if isinstance(each, Mapping)), {})


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value] if isinstance(value, Mapping) else []
