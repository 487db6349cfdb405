"""Where the work of a tender is, or the partners of an external-action call.

The one thing to know: zones are numbers of the portal. A row names those that its own lots benefit, two more are known
from recordings; every other number stays a number.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from connectors.base import codes
from connectors.eu_funding.hit import Hit

_ZONES = {"20000844": "BJ", "20000825": "AL"}
_NUTS = re.compile(r"[A-Z]{2}[A-Z0-9]{1,3}")
_CPV = re.compile(r"(\d{8})(?:-\d)?")


def of_tender(hit: Hit, lots: Any) -> tuple[list[str], list[str], list[str]]:
    """Return countries, NUTS regions and the zones that no table knows."""
    countries: list[str] = []
    regions: list[str] = []
    for place in hit.values("placesOfDeliveryOrPerformance"):
        code = place.upper()
        # ALB is a country, BE1 a region; NUTS and the portal write EL for Greece.
        country = codes.country(code) if len(code) in (2, 3) else None
        if country is None and _NUTS.fullmatch(code) and (country := codes.country(code[:2])):
            regions.append(f"nuts:{code}")
        if country:
            countries.append(country)
    known = _ZONES | {
        str(zone["ccmInternalId"]): str(zone["ccmCode"])
        for zone in _all(lots)
        if zone.get("ccmType") == "Country" and zone.get("ccmInternalId") and zone.get("ccmCode")
    }
    unknown: list[str] = []
    for zone in (*hit.values("geographicalZones"), *hit.values("geographicalZone")):
        country = codes.country(known[zone]) if zone in known else None
        if country:
            countries.append(country)
        else:
            unknown.append(f"sedia-zone:{zone}")
    return _once(countries), _once(regions), _once(unknown)


def of_external_action(hit: Hit) -> list[str]:
    """Return the country at the end of an identifier (EuropeAid/186723/DD/ACT/EG); "Multi" is none."""
    tail = (hit.identifier or "").rsplit("/", 1)
    country = codes.country(tail[1]) if len(tail) == 2 and re.fullmatch("[A-Z]{2}", tail[1]) else None
    return [country] if country else []


def cpv(hit: Hit, main: Any, lots: Any) -> list[str]:
    """Return the CPV codes of a tender, the main one first."""
    given = [*hit.values("mainCpv"), *(each for value in _all(main) for each in value.values())]
    given += [
        lot.get("itemClassificationCode") for lot in _all(lots) if lot.get("itemClassificationCodeListName") == "cpv"
    ]
    found = (_CPV.fullmatch(str(code).strip()) for code in given)
    return _once([f"cpv:{match[1]}" for match in found if match])


def _once(values: list[str]) -> list[str]:
    return list(dict.fromkeys(values))


def _all(value: Any) -> Iterator[Mapping[str, Any]]:
    """Every object inside a JSON value, at any depth (which connectors.base.documents bounds)."""
    if isinstance(value, Mapping):
        yield value
        for inner in value.values():
            yield from _all(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _all(inner)
