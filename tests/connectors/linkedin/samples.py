"""How a recorded answer of LinkedIn becomes the page that the connector reads: one post alone is wrapped into a list."""

import json
from datetime import UTC, datetime
from pathlib import Path

from connectors import linkedin
from connectors.base.contract import Page


def page_of(row: dict[str, str], path: Path) -> Page:
    """Make the page of a row of the manifest."""
    value = json.loads(path.read_bytes())
    if row["role"] == "detail":
        value = {"paging": {"start": 0, "count": 1, "links": []}, "elements": [value]}
    return Page(
        url=row["url"],
        body=json.dumps(value).encode(),
        fetched_at=datetime(2026, 11, 23, tzinfo=UTC),
        role=row["role"],
        headers={"content-type": row["content_type"]},
        params=linkedin.Params(),
    )
