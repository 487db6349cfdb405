"""How the recorded mails of the manifest are put before the connector: by whom they are sent, and what is asked of them."""

from datetime import UTC, datetime
from pathlib import Path

from connectors.base.contract import Page
from connectors.generic.mailbox import Params


def page_of(row: dict[str, str], path: Path) -> Page:
    """A mail as a file. None of them has an Authentication-Results, so the list of senders alone decides."""
    params = Params(
        allow_senders=("example.org", "*.example.org", "example.com"),
        require_auth="none",
        item_url_pattern=r"/files/[^/]+\.xlsx$",
        origin_country="US",
    )
    return Page(
        url=f"file:{path.name}",
        body=path.read_bytes(),
        fetched_at=datetime(2026, 11, 23, tzinfo=UTC),
        role="mail",
        headers={"content-type": row["content_type"]},
        params=params,
    )
