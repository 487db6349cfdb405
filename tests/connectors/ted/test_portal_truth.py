"""The simulator says nothing that the platform does not say: its answers against recorded ones and the interface.

The one thing to know: the recordings are not part of this project; WORLDWIDEWE_SAMPLES names their folder.
"""

import json
import os
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from connectors.ted.query import FIELDS
from tests.portals.ted import PATH, TedPortal

SAMPLES = os.environ.get("WORLDWIDEWE_SAMPLES")
pytestmark = pytest.mark.skipif(not SAMPLES, reason="WORLDWIDEWE_SAMPLES does not name a folder of recorded answers")

# Declared as a number and sent as text, declared as a list and sent as text: seen in the recording of 2026-06-04.
# The framework's value is taken to be written as the other values are; no recording holds one.
DEVIATIONS = {
    "estimated-value-proc": "string",
    "estimated-value-lot": "array<string>",
    "framework-estimated-value": "array<string>",
    "publication-date": "string",
}


def sample(name: str) -> Any:
    return json.loads((Path(SAMPLES or "") / "ted" / name).read_text(encoding="utf-8"))


def recorded() -> list[dict[str, Any]]:
    notices: list[dict[str, Any]] = sample("search_2026-06-04_italy_it-services.json")["notices"]
    return notices


def declared() -> dict[str, str]:
    fields: dict[str, str] = sample("openapi_v3_notice_response_fields.json")
    return fields


def simulated(portal: TedPortal, fields: list[str]) -> list[dict[str, Any]]:
    body = {"query": "publication-date>=20200101", "fields": fields, "limit": 200}
    headers = {"content-type": "application/json", "user-agent": "worldwidewe/test"}
    request = urllib.request.Request(portal.url + PATH, json.dumps(body).encode(), headers)
    with urllib.request.urlopen(request, timeout=10) as answer:
        notices: list[dict[str, Any]] = json.load(answer)["notices"]
    return notices


def shapes(value: Any, path: str = "") -> set[tuple[str, str]]:
    """Every key path with the type that stands there; languages and places in lists are one."""
    if isinstance(value, dict):
        keys = {"<lang>" if len(key) == 3 and key.isalpha() and path else key: item for key, item in value.items()}
        return {(path, "object")}.union(*(shapes(item, f"{path}/{key}") for key, item in keys.items()))
    if isinstance(value, list):
        return {(path, "list")}.union(*(shapes(item, f"{path}[]") for item in value))
    return {(path, type(value).__name__)}


def declared_type(value: Any) -> str:
    """Name a value's type as the interface description does."""
    if isinstance(value, dict):
        return f"i18n<{declared_type(next(iter(value.values())))}>"
    if isinstance(value, list):
        return f"array<{declared_type(value[0])}>"
    return {"str": "string", "int": "integer", "bool": "boolean", "float": "number"}[type(value).__name__]


def test_every_path_and_type_of_the_recorded_fields_is_as_recorded(portal: TedPortal) -> None:
    asked = sorted({field for notice in recorded() for field in notice} - {"links"})
    ours = set().union(*map(shapes, simulated(portal, asked)))
    theirs = set().union(*map(shapes, recorded()))
    assert ours - theirs == set()
    assert theirs - ours == set()


def test_titles_and_links_come_in_the_recorded_languages(portal: TedPortal) -> None:
    ours, theirs = simulated(portal, ["notice-title"])[0], recorded()[0]
    assert set(ours["notice-title"]) == set(theirs["notice-title"])
    assert {form: set(keys) for form, keys in ours["links"].items() if form != "pdfs"} == {
        form: set(keys) for form, keys in theirs["links"].items() if form != "pdfs"
    }


def test_every_other_field_has_its_declared_type_or_a_named_deviation(portal: TedPortal) -> None:
    known = sorted(set(portal.fields()) - {"links"})
    expected = declared() | DEVIATIONS
    wrong = {
        (field, declared_type(value), expected.get(field))
        for notice in simulated(portal, known)
        for field, value in notice.items()
        if field != "links" and declared_type(value) != expected.get(field)
    }
    assert wrong == set()


def test_a_deviation_that_no_answer_shows_any_more_is_struck_off() -> None:
    needless = {field for field, kind in DEVIATIONS.items() if declared()[field] == kind}
    assert needless == set()


def test_every_field_that_the_connector_asks_for_exists() -> None:
    assert set(FIELDS) - set(declared()) == set()
