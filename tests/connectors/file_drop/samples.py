"""How the one sample of this connector is laid in the folder of its source."""

from datetime import UTC, datetime
from pathlib import Path

from connectors.base.contract import Page
from connectors.generic.file_drop import Params


def page_of(row: dict[str, str], path: Path) -> Page:
    """The export of a person's connections, as the file that it is."""
    return Page(
        url=f"file:{path.name}",
        body=path.read_bytes(),
        fetched_at=datetime(2026, 11, 23, tzinfo=UTC),
        role="file",
        params=Params(shape="linkedin_connections"),
    )
