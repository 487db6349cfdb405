"""The recorded posts of WordPress, as the bare list that they were."""

import json
from datetime import UTC, datetime
from pathlib import Path

from connectors.base.contract import Page
from connectors.generic.wordpress import Params


def page_of(row: dict[str, str], path: Path) -> Page:
    posts = json.loads(path.read_bytes())["posts"]
    return Page(
        url=row["url"],
        body=json.dumps(posts, ensure_ascii=False).encode(),
        fetched_at=datetime(2026, 6, 6, tzinfo=UTC),
        headers={"content-type": row["content_type"], "x-wp-total": str(len(posts)), "x-wp-totalpages": "1"},
        params=Params(
            url=row["url"].partition("/wp-json/")[0],
            post_type=row["url"].rpartition("/")[2],
            lang="it",
            origin_country="IT",
        ),
    )
