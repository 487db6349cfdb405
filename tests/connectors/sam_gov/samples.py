"""How the recorded answers are put back into what SAM.gov sends."""

import json
from datetime import UTC, datetime
from pathlib import Path

from connectors import sam_gov
from connectors.base.contract import Page


def page_of(row: dict[str, str], path: Path) -> Page:
    """One example is a record alone; the search sends it in its list."""
    value = json.loads(path.read_bytes())
    if "opportunitiesData" not in value:
        value = {"totalRecords": 1, "limit": 1, "offset": 0, "opportunitiesData": [value], "links": []}
    return Page(
        url=row["url"],
        body=json.dumps(value).encode(),
        fetched_at=datetime(2026, 11, 23, tzinfo=UTC),
        headers={"content-type": row["content_type"]},
        params=sam_gov.Params(),
    )
