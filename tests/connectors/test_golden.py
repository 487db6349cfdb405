"""Golden pages: a page in the platform's real shape, and what it must be read as.

Layout: tests/golden/<connector>/<page>, <page>.meta.json and <page>.expected.jsonl. A missing expectation is written
and the test fails, so that a person reads it before it holds.
"""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import connectors
from aggregator.intake.reading import Rejected, readings
from connectors.base.contract import Gone, Notice, Organisation, Page, ParseError, Seen, Skipped, Translation

GOLDEN = Path(__file__).parents[1] / "golden"
FETCHED_AT = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)


def pages() -> list[Path]:
    found = (path for name in connectors.names() for path in (GOLDEN / name).glob("*"))
    return sorted(p for p in found if not p.name.endswith((".meta.json", ".expected.jsonl")))


def read(path: Path) -> list[dict[str, Any]]:
    meta = json.loads(path.with_name(path.name + ".meta.json").read_text(encoding="utf-8"))
    module = connectors.load(path.parent.name)
    page = Page(
        url=meta["url"],
        body=path.read_bytes(),
        fetched_at=datetime.fromisoformat(meta["fetched_at"]) if "fetched_at" in meta else FETCHED_AT,
        role=meta["role"],
        status=meta["status"],
        headers={"content-type": meta["content_type"]},
        params=module.Params.model_validate(meta["params"]),
    )
    try:
        return [told(reading) for reading in readings(module, page)]
    except ParseError as exc:
        return [{"page_error": exc.why}]


def told(reading: object) -> dict[str, Any]:
    match reading:
        case Notice() | Organisation():
            return reading.model_dump(mode="json")
        case Skipped(reason):
            return {"skipped": reason}
        case Seen():
            says = {"says": reading.says.model_dump(mode="json")} if reading.says else {}
            url = {"url": reading.url} if reading.url else {}
            return {"seen": reading.source_id, "fingerprint": reading.fingerprint} | url | says
        case Translation(source_id, titles):
            return {"translation": source_id, "titles": {lang: title.text for lang, title in titles.items()}}
        case Gone(source_id):
            return {"gone": source_id}
        case Rejected():
            return {"rejected": reading.reason}
    raise AssertionError(f"not a reading: {reading!r}")


@pytest.mark.parametrize("path", [pytest.param(p, id=f"{p.parent.name}/{p.name}") for p in pages()])
def test_a_golden_page_is_read_as_before(path: Path) -> None:
    expected = path.with_name(path.name + ".expected.jsonl")
    now = read(path)
    if not expected.exists():
        expected.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in now), encoding="utf-8")
        pytest.fail(f"{expected.name} was written: read it, and commit it if it is right")
    assert now == [json.loads(line) for line in expected.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("name", connectors.names())
def test_every_connector_of_which_an_answer_was_seen_has_a_golden_page(name: str) -> None:
    assert [p for p in pages() if p.parent.name == name] or not connectors.load(name).ABOUT.recorded
