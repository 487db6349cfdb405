"""How the list of SBIR topics is served: as it lies there."""

from datetime import UTC, datetime
from pathlib import Path

from connectors import business_usa
from connectors.base.contract import Page


def page_of(row: dict[str, str], path: Path) -> Page:
    """The bytes of the file."""
    return Page(
        url=row["url"],
        body=path.read_bytes(),
        fetched_at=datetime(2026, 11, 23, tzinfo=UTC),
        role=row["role"],
        headers={"content-type": row["content_type"]},
        params=business_usa.Params(),
    )
