"""The recorded acts, put back into the envelope that their publisher took away."""

import json
from datetime import UTC, datetime
from pathlib import Path

from connectors import anac_pvl
from connectors.base.contract import Page


def page_of(row: dict[str, str], path: Path) -> Page:
    records = json.loads(path.read_bytes())["records"]
    envelope = {"totalPages": 1, "totalElements": len(records), "size": 100, "number": 0}
    return Page(
        url=row["url"],
        body=json.dumps({"content": records, **envelope}, ensure_ascii=False).encode(),
        fetched_at=datetime(2026, 6, 8, 12, 0, tzinfo=UTC),
        role=row["role"],
        headers={"content-type": row["content_type"]},
        params=anac_pvl.Params(),
    )
