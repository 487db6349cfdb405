"""An entry of the directory: what all sources together say of one organisation, each named with its licence.

The one thing to know: nothing is mixed inside a field. Each is taken whole from the fullest source that states it; only
lists are put together.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import Field

from connectors.base.contract import Code, CountryCode, Organisation, Shape, Url


@dataclass(frozen=True, slots=True)
class Behind:
    """One organisation of one source, as it stands behind an entry."""

    number: int
    source: str
    said: Organisation
    because: str | None
    hidden: bool = False


class Told(Shape):
    """Which source tells of it, under which id and licence, and why it is taken for the same. `gone`: it lists it no more."""

    number: int
    source: str
    source_id: str
    title: str | None = None
    licence: str | None = None
    because: str | None = None
    gone: bool = False


class Entry(Shape):
    """What readers meet. `id` is the lowest number of the organisations behind it; `sources` begins with the fullest."""

    id: int
    name: str
    other_names: tuple[str, ...] = ()
    country: CountryCode | None = None
    members_country: CountryCode | None = None
    place: str | None = None
    lat: float | None = None
    lon: float | None = None
    website: Url | None = None
    domains: tuple[str, ...] = ()
    type: str | None = None
    sectors: tuple[str, ...] = ()
    codes: tuple[Code, ...] = ()
    networks: tuple[str, ...] = ()
    description: str | None = None
    sources: tuple[Told, ...] = Field(min_length=1)

    @property
    def hidden(self) -> bool:
        """True when none of its sources lists it any more."""
        return all(told.gone for told in self.sources)


def entry_of(id: int, behind: Sequence[Behind]) -> Entry:
    """Put together what several sources say of one organisation. Pure, and the same in whatever order they come."""
    ordered = sorted(behind, key=lambda one: (one.hidden, -_stated(one.said), one.source, one.said.source_id))
    said = [one.said for one in ordered]
    names = [name for one in said for name in (one.name, *one.other_names)]
    placed = _first(said, lambda one: one if one.place else None)
    located = _first(said, lambda one: one if one.lat is not None else None)
    return Entry(
        id=id,
        name=said[0].name,
        other_names=tuple(name for name in dict.fromkeys(names) if name != said[0].name),
        country=_first(said, lambda one: one.country),
        members_country=_first(said, lambda one: one.members_country),
        place=placed.place if placed else None,
        lat=located.lat if located else None,
        lon=located.lon if located else None,
        website=_first(said, lambda one: one.website),
        domains=_all(said, lambda one: one.domains),
        type=_first(said, lambda one: one.type),
        sectors=_all(said, lambda one: one.sectors),
        codes=_all(said, lambda one: one.codes),
        networks=_all(said, lambda one: one.networks),
        description=_first(said, lambda one: one.description),
        sources=tuple(
            Told(
                number=one.number,
                source=one.source,
                source_id=one.said.source_id,
                title=one.said.source,
                licence=one.said.licence,
                because=one.because,
                gone=one.hidden,
            )
            for one in ordered
        ),
    )


def _stated(said: Organisation) -> int:
    return len(said.model_dump(mode="json"))


def _first(said: Iterable[Organisation], field: Callable[[Organisation], Any]) -> Any:
    return next((value for one in said if (value := field(one)) is not None), None)


def _all(said: Iterable[Organisation], field: Callable[[Organisation], Iterable[str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for one in said for value in field(one)))
