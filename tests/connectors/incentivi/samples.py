"""The recorded records of the catalogue, put back into the envelope that their publisher took away."""

import json
from datetime import UTC, datetime
from pathlib import Path

from connectors import incentivi
from connectors.base.contract import Page


def page_of(row: dict[str, str], path: Path) -> Page:
    docs = json.loads(path.read_bytes())["docs"]
    answer = {"responseHeader": {"status": 0}, "response": {"numFound": len(docs), "start": 0, "docs": docs}}
    return Page(
        url=row["url"],
        body=json.dumps(answer, ensure_ascii=False).encode(),
        fetched_at=datetime(2026, 6, 4, 12, 0, tzinfo=UTC),
        role=row["role"],
        headers={"content-type": row["content_type"]},
        params=incentivi.Params(),
    )
