"""The recorded list of Plone, put back into the envelope of @search that its publisher took away."""

import json
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from connectors.base.contract import Page
from connectors.generic.plone import Params


def page_of(row: dict[str, str], path: Path) -> Page:
    told = json.loads(path.read_bytes())
    answer = {"@id": row["url"], "items": told["items"], "items_total": len(told["items"])}
    place = urlsplit(row["url"])
    return Page(
        url=row["url"],
        body=json.dumps(answer, ensure_ascii=False).encode(),
        fetched_at=datetime(2026, 6, 12, tzinfo=UTC),
        headers={"content-type": row["content_type"]},
        params=Params(url=f"{place.scheme}://{place.netloc}", lang="it", origin_country="IT"),
    )
