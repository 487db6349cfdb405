"""The simulator says nothing that the platform does not say: its answers against recorded ones.

The one thing to know: the recordings are not part of this project; WORLDWIDEWE_SAMPLES names their folder. No recording
holds the detail of a forecast, or a page among `synopsisDocumentURLs`: their names are taken from what clients read.
"""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from tests.connectors.grants_gov.conftest import TODAY
from tests.connectors.grants_gov.test_portal import ask, hits
from tests.portals.grants_gov import GrantsGovPortal

SAMPLES = os.environ.get("WORLDWIDEWE_SAMPLES")
pytestmark = pytest.mark.skipif(not SAMPLES, reason="WORLDWIDEWE_SAMPLES does not name a folder of recorded answers")

NEVER_RECORDED = {
    ("/synopsisDocumentURLs[]", "dict"),
    ("/synopsisDocumentURLs[]/id", "int"),
    ("/synopsisDocumentURLs[]/docUrl", "str"),
    ("/synopsisDocumentURLs[]/description", "str"),
}
"""Of a detail; an empty list in the recording."""


def sample(name: str) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads((Path(SAMPLES or "") / "grants_gov" / name).read_text(encoding="utf-8"))
    return answer


def shapes(value: Any, path: str = "") -> set[tuple[str, str]]:
    """Every key path with the type that stands there; places in lists are one."""
    here = {(path, type(value).__name__)}
    if isinstance(value, dict):
        return here.union(*(shapes(item, f"{path}/{key}") for key, item in value.items()))
    if isinstance(value, list):
        return here.union(*(shapes(item, f"{path}[]") for item in value))
    return here


def test_a_search_answer_has_every_recorded_path_and_type_and_no_other(portal: GrantsGovPortal) -> None:
    theirs = shapes(sample("search2_2026-08_keyword_student_rows5.json"))
    ours = shapes(ask(portal, rows=5))
    assert ours - theirs == set()
    assert theirs - ours == set()


def test_a_detail_has_every_recorded_path_and_type_and_no_other() -> None:
    theirs = shapes(sample("details_legacy_358302_2025.json"))
    ours: set[tuple[str, str]] = set()
    with GrantsGovPortal(opportunities=150, seed=2, today=TODAY) as portal:
        portal.change(30)
        for hit in hits(portal, oppStatuses="posted"):
            ours |= shapes(ask(portal, "fetchOpportunity", opportunityId=hit["id"])["data"])
    assert ours - theirs == NEVER_RECORDED
    assert theirs - ours == set()


def test_a_forecast_differs_from_a_synopsis_in_its_own_part_alone() -> None:
    with GrantsGovPortal(opportunities=150, seed=2, today=TODAY) as portal:
        posted, forecasts = (
            [
                ask(portal, "fetchOpportunity", opportunityId=hit["id"])["data"]
                for hit in hits(portal, oppStatuses=status)
            ]
            for status in ("posted", "forecasted")
        )
    ours, theirs = (set().union(*map(shapes, details)) for details in (forecasts, posted))
    added = {path for path, _ in ours - theirs}
    assert {path.split("/")[1] for path in added} == {"forecast"}
    own = {path.removeprefix("/forecast/") for path in added if path.count("/") == 2}
    common = {path.removeprefix("/synopsis/") for path, _ in theirs if path.count("/") == 2}
    dates = ("estSynopsisPostingDate", "estApplicationResponseDate", "estAwardDate", "estProjectStartDate")
    assert own - common == {
        *dates,
        *(f"{name}Str" for name in dates),
        *("estApplicationResponseDateDesc", "fiscalYear", "forecastDesc"),
    }
