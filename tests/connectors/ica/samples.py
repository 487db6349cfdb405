"""How the recorded lists of ICA become pages: each as a file that lies in the folder of its source."""

import json
from datetime import UTC, datetime
from pathlib import Path

import connectors
from connectors.base.contract import Page


def page_of(row: dict[str, str], path: Path) -> Page:
    """The file as it lies there; the envelope that the manifest speaks of is the map's own and stays around it."""
    body = path.read_bytes()
    if row["unwrap"]:
        assert json.loads(body)["status"] == "success"
    return Page(
        url=f"file:{path.name}",
        body=body,
        fetched_at=datetime(2026, 11, 23, tzinfo=UTC),
        role=row["role"],
        headers={"content-type": row["content_type"]},
        params=connectors.load("ica").Params(),
    )
