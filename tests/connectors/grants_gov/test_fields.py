"""A field that the platform begins to send is heard; those that it is known to send are not."""

import os
from pathlib import Path
from typing import Any

import pytest

from connectors import grants_gov
from connectors.base.contract import Page
from tests.connectors.grants_gov.records import detail, enveloped, forecast, hit, listing, page
from tests.connectors.grants_gov.test_other_shapes import extract

SAMPLES = os.environ.get("WORLDWIDEWE_SAMPLES")
RECORDED = {
    "search2_2026-08_keyword_student_rows5.json": "listing",
    "rest_search_2015-08-13_full.json": "listing",
    "details_legacy_358302_2025.json": "detail",
    "extract_v2_synopsis_example.xml": "bulk",
}


def unknown(one: Page) -> list[str]:
    return [name for record in grants_gov.split(one) for name in grants_gov.audit(record)]


@pytest.mark.parametrize("sound", [detail(), forecast()], ids=("synopsis", "forecast"))
def test_a_detail_of_known_fields_is_quiet(sound: dict[str, Any]) -> None:
    assert unknown(page(enveloped(sound))) == []


def test_a_new_field_is_named_with_its_place() -> None:
    part = detail()["synopsis"] | {"newPart": 1}
    assert unknown(page(enveloped(detail(newField=1) | {"synopsis": part}))) == ["newField", "synopsis.newPart"]
    assert unknown(page(listing(hit(newField=1), hit()), role="listing")) == ["newField"]
    assert unknown(page(extract(NewElement="1"), role="bulk", content_type="application/xml")) == ["NewElement"]


def test_what_leads_nowhere_has_no_fields() -> None:
    assert unknown(page(enveloped({}), asked={"opportunityId": 1})) == []


@pytest.mark.skipif(not SAMPLES, reason="WORLDWIDEWE_SAMPLES does not name a folder of recorded answers")
@pytest.mark.parametrize("name", RECORDED)
def test_every_recorded_field_is_known(name: str) -> None:
    body = (Path(SAMPLES or "") / "grants_gov" / name).read_bytes()
    kind = "application/xml" if name.endswith("xml") else "application/json"
    assert unknown(page(body, role=RECORDED[name], content_type=kind)) == []
