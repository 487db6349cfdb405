"""What the words and codes of an entry mean: the filters it answers to, and the text it is found by.

The one thing to know: a code of a list that we know is found by its label in every language of that list; the words are
those of config/cooperative_terms.yml.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache

import yaml

from aggregator.directory.entry import Entry
from aggregator.directory.names import bare
from aggregator.taxonomy import country_label, sector_label, sectors_of
from config.tables import FOLDER

_SEARCHED = 20_000


@cache
def _terms() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    told: Mapping[str, Mapping[str, Mapping[str, str]]] = yaml.safe_load(
        (FOLDER / "cooperative_terms.yml").read_text(encoding="utf-8")
    )
    return told


def label(code: str, lang: str) -> str | None:
    """Return the label of a code of the cooperative lists (`ica-activity:ICA10`), in English where it has none."""
    scheme, _, value = code.partition(":")
    told = _terms().get(scheme, {}).get(value, {})
    return told.get(lang) or told.get("en")


def type_label(type: str, lang: str) -> str:
    """Return the name of an organisation's type; one that is no code of ours comes back as it is."""
    return label(f"ica-structure:{type}", lang) or type


def sector_ids(codes: Iterable[str]) -> tuple[str, ...]:
    """Return our sectors that these codes lead to, each once."""
    codes = tuple(codes)
    ours = [sector.id for sector in sectors_of(codes)]
    ours += [id for code in codes for id in _of_code(code).get("sectors", "").split()]
    return tuple(dict.fromkeys(ours))


def filters(entry: Entry) -> dict[str, str]:
    """The values of the filter columns of an entry."""
    sectors = sector_ids(entry.codes)
    words = (*entry.sectors, *entry.codes, *sectors, *_labels(entry), *_ours(sectors))
    return {
        "countries": _set(code for code in (entry.country, entry.members_country) if code),
        "networks": _set(entry.networks),
        "sectors": _set(words),
        "sources": _set(told.source for told in entry.sources),
    }


def searched(entry: Entry) -> tuple[str, str]:
    """The names and the text of an entry, for the text index."""
    names = "\n".join((entry.name, *entry.other_names))
    countries = [code for code in (entry.country, entry.members_country) if code]
    parts = (
        entry.description or "",
        entry.place or "",
        *entry.domains,
        entry.website or "",
        *entry.networks,
        *entry.sectors,
        *_labels(entry),
        *_ours(sector_ids(entry.codes)),
        *(country_label(code, lang) for code in countries for lang in ("it", "en")),
    )
    return names, "\n".join(dict.fromkeys(part for part in parts if part))[:_SEARCHED]


def _labels(entry: Entry) -> Iterator[str]:
    for code in (*entry.codes, *([f"ica-structure:{entry.type}"] if entry.type else [])):
        yield from (text for key, text in _of_code(code).items() if key != "sectors")


def _of_code(code: str) -> Mapping[str, str]:
    scheme, _, value = code.partition(":")
    return _terms().get(scheme, {}).get(value, {})


def _ours(sectors: Iterable[str]) -> Iterator[str]:
    for id in sectors:
        yield from (sector_label(id, lang) for lang in ("it", "en"))


def _set(values: Iterable[str]) -> str:
    told = dict.fromkeys(bare(value.strip()) for value in values)
    return "\n" + "".join(f"{value}\n" for value in told) if told else ""
