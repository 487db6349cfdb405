"""How the recorded results are put back into the envelope that they came in."""

import json
from datetime import UTC, datetime
from pathlib import Path

from connectors import trade_gov
from connectors.base.contract import Page


def page_of(row: dict[str, str], path: Path) -> Page:
    """Only the results were published."""
    results = json.loads(path.read_bytes())
    return Page(
        url=row["url"],
        body=json.dumps({"total": len(results), "results": results}).encode(),
        fetched_at=datetime(2026, 11, 23, tzinfo=UTC),
        headers={"content-type": row["content_type"]},
        params=trade_gov.Params(),
    )
