"""The code tables of this folder, read once and kept: sectors, kinds of opportunity, CPV labels.

The one thing to know: a table is plain data in a file that a person edits; what a code means to us is decided in
aggregator/taxonomy.py. Where each table comes from is told in docs/vocabulary.md.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True, kw_only=True)
class SectorDefinition:
    """A sector that means something to a cooperative, with the prefixes of public code lists that lead to it.

    `nace` are division or class numbers without section letters, which differ between NACE Rev. 2 and 2.1.
    `een_technology`, `een_market`: prefixes of the eight-digit keyword codes of the Enterprise Europe Network.
    `grants`: funding activity categories of Grants.gov. `ica`: sectoral families of the cooperative movement.
    """

    id: str
    labels: Mapping[str, str]
    cpv: tuple[str, ...]
    nace: tuple[str, ...]
    een_technology: tuple[str, ...]
    een_market: tuple[str, ...]
    programmes: tuple[str, ...]
    naics: tuple[str, ...]
    grants: tuple[str, ...]
    ica: tuple[str, ...]
    keywords: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class KindDefinition:
    """The names of one kind of opportunity by language: one of it, several of it, and what it is in a line."""

    label: Mapping[str, str]
    plural: Mapping[str, str]
    meaning: Mapping[str, str]


def _yaml(name: str) -> Any:
    with (FOLDER / name).open(encoding="utf-8") as file:
        return yaml.safe_load(file)


_PREFIXES = [f.name for f in fields(SectorDefinition) if f.name not in {"id", "labels", "keywords"}]


@cache
def sector_definitions() -> tuple[SectorDefinition, ...]:
    """Return the sectors in the order of config/sectors.yml."""
    return tuple(
        SectorDefinition(
            id=row["id"],
            labels=MappingProxyType(row["labels"]),
            keywords=MappingProxyType({lang: tuple(words) for lang, words in row["keywords"].items()}),
            **{name: tuple(row[name]) for name in _PREFIXES},
        )
        for row in _yaml("sectors.yml")["sectors"]
    )


@cache
def programme_names() -> Mapping[str, str]:
    """Return our short name of an EU programme (`CERV`) by every code that platforms write for it."""
    names: dict[str, str] = {}
    for name, codes in _yaml("sectors.yml")["programme_codes"].items():
        names |= dict.fromkeys([name, *codes], name)
    return MappingProxyType(names)


@cache
def kind_definitions() -> Mapping[str, KindDefinition]:
    """Return the thirteen kinds of opportunity, by their name in `Notice.kind`."""
    return MappingProxyType({kind: KindDefinition(**row) for kind, row in _yaml("kinds.yml").items()})


@cache
def deadline_labels() -> Mapping[str, Mapping[str, str]]:
    """Return what connectors themselves write beside a deadline, by language."""
    return MappingProxyType(_yaml("deadline_labels.yml"))


@cache
def cpv_labels() -> Mapping[str, Mapping[str, str]]:
    """Return the labels by language, by CPV code without its final zeros (at least two digits: the division)."""
    with (FOLDER / "cpv.tsv").open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return MappingProxyType({row.pop("code"): row for row in rows})


@cache
def eu_funding_labels() -> Mapping[tuple[str, str], str]:
    """Return the English labels of the EU Funding & Tenders Portal, by facet (`frameworkProgramme`) and code."""
    with (FOLDER / "eu_funding.tsv").open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return MappingProxyType({(row["facet"], row["code"]): row["label"] for row in rows})
