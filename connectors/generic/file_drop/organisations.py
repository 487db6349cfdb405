"""Organisations of a list: the standard CSV of the cooperative maps, any list with the usual names, a person's connections.

The one thing to know: phones, mail addresses and persons are not read at all, and where a body stands (its country) and
whom it serves are two different things.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import urlsplit

from babel import Locale

from connectors.base import codes
from connectors.base.contract import Organisation, Relation, Skipped
from connectors.base.people import without_people
from connectors.base.text import clean_line, http_url, plain, shorten
from connectors.generic.columns import Columns
from connectors.generic.file_drop.rows import Row, canonical, canonical_cells

NAMES: Mapping[str, tuple[str, ...]] = {
    "id": ("identifier", "id", "contact_id", "code", "codice"),
    "name": ("name", "organisation_name", "organization_name", "nome", "denominazione", "ragione_sociale", "nom"),
    "other_names": ("other_names", "alternative_names", "acronym", "sigla"),
    "description": ("description", "descrizione", "desc"),
    "country": ("country_id", "country_code", "country", "country_name", "paese", "pays", "iso_country_code"),
    "place": ("locality", "city", "main_city", "place", "comune", "citta", "città", "ville"),
    "website": ("website", "www", "url", "homepage", "sito", "sito_web", "web"),
    "type": ("organisational_structure", "structure_type", "type", "legal_form", "legal_forms", "forma_giuridica"),
    "members": ("membership_type", "base_membership_type", "typology"),
    "activity": ("primary_activity", "economic_activity_primary", "sector", "settore", "activity"),
    "activities": ("activities", "economic_activities_additional", "sectors", "settori"),
    "lat": ("latitude", "lat", "geo_container_latitude"),
    "lon": ("longitude", "lng", "lon", "geo_container_longitude", "longitide", "geo_container_longitide"),
    "networks": ("networks", "network", "member_of", "rete"),
    "domains": ("domains", "domain"),
}
"""What is meant, and the names under which lists have it, the better one first; one list of 2019 writes Longitide."""
_TERM = re.compile(r"/([a-z-]+)/([A-Za-z]+\d+)/?$")
_SCHEMES = {"activities-ica": "ica-activity", "activities": "ess-activity", "base-membership-type": "ica-typology"}
_MOST = 20


def read(row: Row, columns: Columns, attribution: str) -> Organisation | Skipped:
    """Read one organisation. `columns` are the office's own names for some of what is meant: `title` is its name."""
    own, cells = _own(columns), canonical_cells(row)
    said = {what: _first(cells, own.get(what) or usual) for what, usual in NAMES.items()}
    name = without_people(clean_line(said["name"], 300))
    if not name:
        return Skipped("names no organisation")
    sites = [site for raw in _listed(said["website"]) if (site := _site(raw))]
    domains = tuple(dict.fromkeys([*(_host(site) for site in sites), *map(str.lower, _listed(said["domains"]))]))
    lat, lon = _number(said["lat"], 90), _number(said["lon"], 180)
    placed = lat is not None and lon is not None and (lat, lon) != (0, 0)
    terms = [said["activity"], *_listed(said["activities"]), *_listed(said["members"])]
    told = [term for raw in terms if (term := _TERM.search(raw))]
    words = [
        clean_line(raw, 120) for raw in (said["activity"], *_listed(said["activities"])) if raw and "//" not in raw
    ]
    structure = _TERM.search(said["type"])
    country = country_of(said["country"])
    return Organisation(
        source_id=said["id"] or _made_id(name, country or "", domains[0] if domains else ""),
        name=name,
        other_names=tuple(dict.fromkeys(clean_line(one, 200) for one in _listed(said["other_names"]))),
        country=country,
        place=clean_line(said["place"], 120) or None,
        lat=lat if placed else None,
        lon=lon if placed else None,
        website=sites[0] if sites else None,
        domains=domains[:_MOST],
        type=structure[2] if structure else clean_line(said["type"], 120) or None,
        sectors=tuple(dict.fromkeys(word for word in words if word))[:_MOST],
        codes=tuple(dict.fromkeys(f"{_SCHEMES.get(term[1], term[1])}:{term[2]}" for term in told))[:_MOST],
        networks=tuple(dict.fromkeys(clean_line(one, 120) for one in _listed(said["networks"])))[:_MOST],
        description=shorten(without_people(plain(said["description"])), 1_000) or None,
        licence=attribution or None,
    )


def identity(row: Row, columns: Columns) -> str | None:
    """Return the list's own identifier of a row, if it has one."""
    return _first(canonical_cells(row), _own(columns)["id"] or NAMES["id"]) or None


def _own(columns: Columns) -> dict[str, tuple[str, ...]]:
    given = {
        "id": columns.id,
        "name": columns.title,
        "description": columns.summary or columns.html,
        "country": columns.country,
        "website": columns.url,
        "activity": columns.keywords,
    }
    return {what: tuple(map(canonical, names)) for what, names in given.items()}


def of_connections(rows: Iterable[Row]) -> Iterator[Row]:
    """Join the rows of a person's connections by the organisation; of the persons, nothing goes on from here."""
    found: dict[str, dict[str, list[str]]] = {}
    first: dict[str, int] = {}
    for row in rows:
        if row.fault:
            yield row
            continue
        cells = canonical_cells(row)
        company = cells.get("company", "")
        key = " ".join(company.casefold().split())
        first.setdefault(key, row.number)
        positions = found.setdefault(key, {}).setdefault(company, [])
        if position := cells.get("position"):
            positions.append(position)
    for key, spellings in found.items():
        positions = [position for given in spellings.values() for position in given]
        joined = {"company": next(iter(spellings)), "positions": "\n".join(dict.fromkeys(positions))}
        yield Row(first[key], {name: value for name, value in joined.items() if value})


def read_connection(row: Row) -> Organisation | Skipped:
    """Read an organisation that a person is connected with, and the posts that are held there; never who holds them."""
    name = without_people(clean_line(row.cells.get("company", ""), 300))
    if not name:
        return Skipped("names no organisation")
    posts = (without_people(clean_line(post, 120)) for post in row.cells.get("positions", "").split("\n"))
    relations = tuple(Relation(type="known_position", of=post) for post in dict.fromkeys(posts) if post)
    return Organisation(source_id=f"company:{_made_id(name, '', '')}", name=name, relations=relations[:_MOST])


def country_of(text: str) -> str | None:
    """Return the code of a country that is given by its code or its English or Italian name; None where it is neither."""
    if not text:
        return None
    if known := codes.country(text):
        return known
    wanted = text.casefold().strip()
    return _COUNTRIES.get(wanted) or _COUNTRIES.get(wanted.partition(",")[0])


_COUNTRIES = {
    str(name).casefold(): code
    for lang in ("fr", "it", "en")
    for code, name in Locale(lang).territories.items()
    if len(code) == 2 and codes.country(code)
} | {"palestine": "PS", "great britain": "GB", "usa": "US", "england": "GB", "scotland": "GB", "wales": "GB"}


def _first(cells: Mapping[str, str], names: Iterable[str]) -> str:
    return next((cells[name] for name in names if cells.get(name)), "")


def _listed(text: str) -> list[str]:
    return [part.strip() for part in text.split(";")[:_MOST] if part.strip()]


def _site(raw: str) -> str | None:
    text = raw if "://" in raw else f"http://{raw}"
    return http_url(text) if "." in text and " " not in raw else None


def _host(site: str) -> str:
    return (urlsplit(site).hostname or "").removeprefix("www.")


def _number(text: str, most: float) -> float | None:
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        return None
    return value if -most <= value <= most else None


def _made_id(*said: str) -> str:
    # Of what the row says of itself, never of its place in the list.
    text = "\n".join(" ".join(one.casefold().split()) for one in said)
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:20]
