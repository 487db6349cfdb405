"""The recorded answers of the platforms, read by our connectors: exactly what a correct reader finds.

They lie outside the project, in the folder that WORLDWIDEWE_SAMPLES names, with a MANIFEST.csv that says what each
file is. Recorded files (wire, trimmed, wrapped, retyped) decide; files made up by others are hints and are read too.
A card counts as found: its notice stands on a page of its own. So does an id that stands among the strong keys.

A file that is not served as it lies there (a mail, a list without its envelope) is made into its page by a function
`page_of(row, path)` in `tests/connectors/<connector>/samples.py`.
"""

import contextlib
import csv
import importlib
import importlib.util
import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

import connectors
from aggregator.intake.reading import Rejected, readings
from connectors.base.contract import Notice, Organisation, Page, ParseError, Seen, Skipped

SAMPLES = os.environ.get("WORLDWIDEWE_SAMPLES", "")
WITHOUT_ROWS = {"members", "murmurations"}
"""Connectors of which no answer lies there: one reads our own format, the other a published schema."""
REFUSED = {"page_error", "filters_ignored"}
EXPECTATIONS = {"parses", "nothing", *REFUSED}


def rows() -> list[dict[str, str]]:
    if not SAMPLES:
        return []
    with (Path(SAMPLES) / "MANIFEST.csv").open(encoding="utf-8", newline="") as lines:
        found = list(csv.DictReader(lines))
    return [row for row in found if row["connector"] in connectors.names() and row["expect"] in EXPECTATIONS]


def page(row: dict[str, str]) -> Page:
    path = Path(SAMPLES) / row["file"]
    own = f"tests.connectors.{row['connector']}.samples"
    if importlib.util.find_spec(f"tests.connectors.{row['connector']}") and importlib.util.find_spec(own):
        made: Page = importlib.import_module(own).page_of(row, path)
        return made
    body = path.read_bytes()
    if row["truth"] == "wrapped" or row["unwrap"] or row["why"].startswith("bare hit"):
        body = unwrapped(json.loads(body), row["unwrap"])
    url = row["url"].replace("{publication-number}", "0-0") or "https://feeds.example.org/listing.xml"
    return Page(
        url=url,
        body=body,
        fetched_at=datetime(2026, 11, 23, tzinfo=UTC),
        role=row["role"],
        headers={"content-type": row["content_type"]},
        params=params(row["connector"], url),
    )


def unwrapped(value: Any, pointer: str) -> bytes:
    for part in pointer.split("/")[1:]:
        value = value[part]
    if isinstance(value, dict):
        # Keys that begin with _ are the publisher's, not the platform's.
        value = {key: inner for key, inner in value.items() if not key.startswith("_")}
        value = in_envelope(value)
    return json.dumps(value, ensure_ascii=False).encode()


def in_envelope(value: dict[str, Any]) -> dict[str, Any]:
    """Put back what a publisher took away around the records, as the manifest describes it."""
    if "notices" in value:
        return value | {"totalNoticeCount": len(value["notices"]), "iterationNextToken": None, "timedOut": False}
    if "metadata" in value and "reference" in value:
        return {"totalResults": 1, "pageNumber": 1, "pageSize": 100, "results": [value]}
    return value


def params(connector: str, url: str) -> BaseModel:
    model = connectors.load(connector).Params
    return model.model_validate({"url": url} if "url" in model.model_fields else {})


@pytest.mark.skipif(not SAMPLES, reason="the recorded answers are not beside this checkout (WORLDWIDEWE_SAMPLES)")
def test_the_manifest_has_rows_for_our_connectors() -> None:
    read = {row["connector"] for row in rows()}
    recorded = {name for name in connectors.names() if connectors.load(name).ABOUT.recorded}
    assert recorded - read <= WITHOUT_ROWS


@pytest.mark.parametrize("row", [pytest.param(row, id=row["file"]) for row in rows()])
def test_a_recorded_answer_is_read_as_its_manifest_says(row: dict[str, str]) -> None:
    module = connectors.load(row["connector"])
    if row["expect"] in REFUSED:
        # A page is refused whole; of a mail the reader refuses the one record that it is.
        with contextlib.suppress(ParseError):
            found = list(readings(module, page(row)))
            assert found
            assert all(isinstance(reading, Rejected) for reading in found)
        return
    found = list(readings(module, page(row)))
    if row["role"] == "directory":
        # A person's export has rows of people who state no organisation: a record, and rightly nothing of it.
        nameless = [one for one in found if isinstance(one, Skipped) and one.reason == "names no organisation"]
        organisations = [reading for reading in found if isinstance(reading, Organisation)]
        assert len(organisations) + len(nameless) == int(row["records"])
    notices = [reading for reading in found if isinstance(reading, Notice)]
    assert [bad.reason for bad in found if isinstance(bad, Rejected)] == []
    if row["expect"] == "nothing":
        assert notices == []
        return
    cards = [reading for reading in found if isinstance(reading, Seen)]
    if row["notices"]:
        assert len(notices) + len(cards) == int(row["notices"])
    ids = {notice.source_id for notice in notices} | {card.source_id for card in cards}
    ids |= {reading.source_id for reading in found if isinstance(reading, Organisation)}
    ids |= {key.partition(":")[2] for notice in notices for key in notice.same_as}
    assert [id for id in row["ids"].split("|") if id and id not in ids] == []
    for notice in notices:
        assert Notice.model_validate_json(notice.model_dump_json()) == notice
