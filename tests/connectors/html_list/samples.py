"""The recorded lists, each with the parameters that an admin would enter for its site.

The one thing to know: the manifest names two sites' items by their relative addresses, so `id_pattern` cuts the host off.
"""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from connectors.base.contract import Page
from connectors.generic import html_list

_PATH = r"^https?://[^/]+(/.*)$"
SITES: dict[str, dict[str, Any]] = {
    "html_list_granicus_latin1.html": {
        "list_urls": ["http://rtachicago.granicus.com/ViewPublisher.php?view_id=5"],
        "item_selector": "#upcoming > div.row",
        "title_selector": "span.committee",
        "date_line": True,
        "kind": "event",
        "origin_country": "US",
        "lang": "en",
        "zone": "America/Chicago",
    },
    "piemonte_listing.html": {
        "list_urls": [
            "https://bandi.regione.piemonte.it/contributi-finanziamenti?field_stato_target_id=19&page={page}"
        ],
        "first_page": 0,
        "max_pages": 20,
        "item_selector": ".cardRp article",
        "title_selector": ".field--name-field-display-title h2",
        "state_selector": ".field--name-field-stato .field__item",
        "category_selector": ".field--name-field-temi .field__item",
        "summary_selector": ".field--name-field-procedura .field__item",
        "total_selector": ".header-pagination-sx",
        "id_pattern": _PATH,
        "kind": "grant_call",
        "origin_country": "IT",
        "lang": "it",
        "complete": True,
    },
    "sardegna_listing.html": {
        "list_urls": ["https://www.sardegnaimpresa.eu/it/agevolazioni"],
        "item_selector": ".views-row article",
        "deadline_selector": ".field--name-field-data-scadenza-agevolazione time",
        "id_pattern": _PATH,
        "kind": "grant_call",
        "origin_country": "IT",
        "lang": "it",
    },
}


def page_of(row: dict[str, str], path: Path) -> Page:
    """Make the page of a recorded file, under the parameters of its site."""
    return Page(
        url=row["url"],
        body=path.read_bytes(),
        fetched_at=datetime(2026, 11, 23, tzinfo=UTC),
        role=row["role"],
        headers={"content-type": row["content_type"]},
        params=html_list.Params.model_validate(SITES[path.name]),
    )
