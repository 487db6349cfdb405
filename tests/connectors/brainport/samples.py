"""The vacancies' answer that was put together from another program's code: read as the part that it belongs to."""

from datetime import UTC, datetime
from pathlib import Path

from connectors import brainport
from connectors.base.contract import Page


def page_of(row: dict[str, str], path: Path) -> Page:
    """Make the page of a file of vacancies."""
    return Page(
        url=row["url"],
        body=path.read_bytes(),
        fetched_at=datetime(2026, 11, 23, tzinfo=UTC),
        role=row["role"],
        headers={"content-type": row["content_type"]},
        params=brainport.Params(section="vacancies"),
    )
