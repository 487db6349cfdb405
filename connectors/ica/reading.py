"""Rows of ICA's lists, each an organisation: the export (CSV or JSON) and the snapshot of the map (JSON).

The one thing to know: where an organisation stands and whose territory it serves are two countries. The export of 2020
and the codes of 2023 name the territory; only `country_id` is the address.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal, TypeAlias

from connectors.base.body import decode_text
from connectors.base.contract import Organisation, Page, ParseError, Record, Skipped
from connectors.base.documents import json_of
from connectors.base.people import without_people
from connectors.base.text import clean_line, http_url, plain, shorten
from connectors.base.walls import instead_of_data
from connectors.ica.countries import country_of
from connectors.ica.vocabulary import ACTIVITY, REGION, STRUCTURE, TYPOLOGY, code_of

Form: TypeAlias = Literal["export", "snapshot"]
MOST_ROWS, LONGEST_CELL, DESCRIPTION = 20_000, 100_000, 2_000
# What is meant, and the column of the export of 2020, then that of the interface of 2023.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "id": ("contact id", "contact_id"),
    "name": ("organisation name", "organisation_name"),
    "territory": ("location_and_language_country_code", "country", "country_territory"),
    "address": ("country_id",),
    "super_region": ("super-region", "location_and_language_super_region"),
    "region": ("region", "location_and_language_region"),
    "place": ("main-city", "city"),
    "lat": ("latitude",),
    "lon": ("longitude",),
    "website": ("website",),
    "typology": ("typology", "structure_and_status_typology"),
    "structure": ("structure type", "structure_and_status_structure_type"),
    "activity": ("economic activity (primary)", "structure_and_status_economic_activity_primary_"),
    "activities": ("economic activities (additional)", "structure_and_status_economic_activities_additional_"),
    "description": ("intelligence_description_for_publications",),
}
_TERM = re.compile(r"/((?:ICA|OS|BMT)\d+)$")
_SNAPSHOT_ID = re.compile(r"/ica/([A-Za-z0-9_-]{1,40})$")


def form_of(body: bytes) -> Form:
    """Say which list a file is, by its first signs: the snapshot is the answer of a map, everything else an export."""
    head = body[:2_000].lstrip(b"\xef\xbb\xbf \t\r\n")
    return "snapshot" if head.startswith(b"{") and b'"status"' in head and b'"data"' in body else "export"


def split(page: Page) -> Iterator[Record]:
    """Cut a list into its rows. Raises ParseError when it is none of the three."""
    if page.body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"["):
        yield from _objects(page)
        return
    text, _ = decode_text(page.body, "text/csv")
    if (came := instead_of_data(text[:4_096])) is not None:
        raise ParseError(page.url, "body", f"is no list of ICA: {came}", suspicious=True)
    yield from _lines(page, text.lstrip("\ufeff"))


def _objects(page: Page) -> Iterator[Record]:
    told = json_of(page)
    if isinstance(told, dict):
        if told.get("is_error"):
            raise ParseError(page.url, "body", f"is an error: {clean_line(str(told.get('error_message')), 200)}")
        told = next((told[key] for key in ("data", "values") if key in told), None)
    rows = list(told.values()) if isinstance(told, dict) else told
    if not isinstance(rows, list) or not rows or not isinstance(rows[0], dict):
        raise ParseError(page.url, "body", "is JSON, and no list of organisations")
    if not {"uri", *COLUMNS["id"]} & rows[0].keys():
        raise ParseError(page.url, "body", "is JSON, and its rows have no number of ICA")
    for place, row in enumerate(rows[:MOST_ROWS]):
        yield Record(f"row {place + 1}", row)


def _lines(page: Page, text: str) -> Iterator[Record]:
    if "\0" in text:
        raise ParseError(page.url, "body", "is no text")
    try:
        rows = csv.reader(io.StringIO(text, newline=""), strict=True)
        header = [name.strip().lower() for name in _unwrapped(next(rows, []))]
        if not set(COLUMNS["id"]) & set(header) or not set(COLUMNS["name"]) & set(header):
            raise ParseError(
                page.url, "header", "names neither Contact ID nor Organisation Name: it is no export of ICA"
            )
        for number, cells in enumerate(map(_unwrapped, rows), 1):
            if number > MOST_ROWS:
                raise ParseError(page.url, f"row {number}", f"the file has more than {MOST_ROWS} rows")
            if any(cell.strip() for cell in cells[len(header) :]):
                yield Record(f"row {number}", f"{len(cells)} cells, and {len(header)} columns")
            elif any(cell.strip() for cell in cells):
                # The first of two columns of one name counts.
                yield Record(f"row {number}", dict(reversed(list(zip(header, cells, strict=False)))))
    except csv.Error as error:
        raise ParseError(page.url, "body", f"is no CSV: {error}") from error


def _unwrapped(cells: list[str]) -> list[str]:
    # One export of 2020 has each line as a whole between quotes.
    return next(csv.reader(cells, strict=True), []) if len(cells) == 1 and "," in cells[0] else cells


def identify(record: Record) -> str | None:
    """The number of a row, for one that cannot be read."""
    row = record.data
    if not isinstance(row, dict):
        return None
    return _snapshot_id(row) if "uri" in row else _said(row).get("id")


def read(record: Record, page: Page) -> Organisation | Skipped:
    """Read one row. Raises ValueError where it has no number."""
    row = record.data
    if not isinstance(row, dict):
        raise ParseError(page.url, record.where, f"is no row of the list: {row!r}"[:120])
    return _of_snapshot(row) if "uri" in row else _of_export(row)


def _of_snapshot(row: Mapping[str, Any]) -> Organisation | Skipped:
    told = {key: value if isinstance(value, str) else "" for key, value in row.items()}
    id = _snapshot_id(row)
    if id is None:
        raise ValueError("the address of the row names no member of ICA")
    terms = {key: _term(told.get(key, "")) for key in ("primaryActivity", "activity", "regorg", "baseMembershipType")}
    lat, lon = _located(told.get("lat", ""), told.get("lng", ""))
    if lat is None:
        lat, lon = _located(told.get("manLat", ""), told.get("manLng", ""))
    return _organisation(
        id,
        name=told.get("name", ""),
        place=told.get("locality", ""),
        website=told.get("www", ""),
        description=told.get("desc", ""),
        located=(lat, lon),
        structure=terms["regorg"],
        activities=[terms["primaryActivity"], terms["activity"]],
        others=[f"ica-typology:{term}" if (term := terms["baseMembershipType"]) else None],
    )


def _of_export(row: Mapping[str, Any]) -> Organisation | Skipped:
    said = _said(row)
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,40}", said.get("id", "")):
        raise ValueError("the row has no Contact ID")
    typology = code_of(TYPOLOGY, said.get("typology", ""))
    region = code_of(REGION, said.get("region", "")) or code_of(REGION, said.get("super_region", ""))
    activities = [said.get("activity", ""), *_listed(said.get("activities", ""))]
    return _organisation(
        said["id"],
        name=said.get("name", ""),
        place=said.get("place", ""),
        website=said.get("website", ""),
        description=said.get("description", ""),
        located=_located(said.get("lat", ""), said.get("lon", "")),
        structure=code_of(STRUCTURE, said.get("structure", "")),
        activities=[code_of(ACTIVITY, activity) for activity in activities],
        # A word that is on no list of ours stays a word.
        sectors=[activity for activity in activities if activity and code_of(ACTIVITY, activity) is None],
        others=[typology and f"ica-typology:{typology}", region and f"ica-region:{region}"],
        country=country_of(said.get("address", "")),
        territory=country_of(said.get("territory", "")),
    )


def _organisation(
    id: str,
    *,
    name: str,
    place: str,
    website: str,
    description: str,
    located: tuple[float | None, float | None],
    structure: str | None,
    activities: list[str | None],
    others: list[str | None],
    sectors: Iterable[str] = (),
    country: str | None = None,
    territory: str | None = None,
) -> Organisation | Skipped:
    title = clean_line(name, 300)
    if not title:
        return Skipped("the row names no organisation", id)
    told = [f"ica-activity:{code}" for code in activities if code]
    told += [f"ica-structure:{structure}"] if structure else []
    told += [code for code in others if code]
    text = without_people(plain(description))
    return Organisation(
        source_id=id,
        name=title,
        country=country,
        members_country=territory,
        place=without_people(clean_line(place, 120)) or None,
        lat=located[0],
        lon=located[1],
        website=_website(website),
        type=structure,
        sectors=tuple(dict.fromkeys(word for raw in sectors if (word := clean_line(raw, 120)))),
        codes=tuple(dict.fromkeys(told)),
        networks=("ica",),
        description=shorten(text, DESCRIPTION) or None,
    )


def _said(row: Mapping[str, Any]) -> dict[str, str]:
    cells = {str(key).strip().lower(): str(value).strip() for key, value in row.items() if value is not None}
    return {
        what: value for what, names in COLUMNS.items() if (value := next(filter(None, map(cells.get, names)), None))
    }


def _listed(text: str) -> list[str]:
    # A list between commas, of terms that hold none themselves.
    return [part.strip() for part in text.split(",") if part.strip()][:20]


def _snapshot_id(row: Mapping[str, Any]) -> str | None:
    found = _SNAPSHOT_ID.search(str(row.get("uri", "")))
    return found[1] if found else None


def _term(address: str) -> str | None:
    found = _TERM.search(address)
    return found[1] if found else None


def _located(lat: str, lon: str) -> tuple[float | None, float | None]:
    """Two numbers on the globe; the list writes "0" where it knows none."""
    try:
        pair = float(lat), float(lon)
    except ValueError:
        return None, None
    here = abs(pair[0]) <= 90 and abs(pair[1]) <= 180 and pair != (0, 0)  # never true of NaN
    return pair if here else (None, None)


def _website(raw: str) -> str | None:
    first = raw.replace(";", " ").split()[:1]
    if not first or "." not in first[0] or "@" in first[0]:
        return None
    return http_url(first[0] if "://" in first[0] else f"http://{first[0]}")
