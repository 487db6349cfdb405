"""A store with many long notices on kept pages, and how much memory it takes to read them again; a process of its own."""

import json
import re
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

from aggregator.intake import kept, sources
from aggregator.intake.reparse import reparse
from aggregator.intake.tables import visits
from aggregator.store.migrations import upgrade
from aggregator.store.session import Store, open_store
from aggregator.store.tables import stamp
from connectors.base.contract import Page, Request

NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
URL = "https://feed.example.org/items.json"
_A_PAGE = 100
_WORDS = "servizi di pulizia degli edifici comunali e delle scuole con clausole di inserimento lavorativo "


def fill(store: Store, count: int) -> None:
    """Keep pages of a JSON Feed, a hundred items a page; every item has a text of its own of some six hundred characters."""
    with store.write() as connection:
        sources.add(connection, "many", connector="feed", params={"url": URL}, now=NOW)
        connection.execute(sa.insert(visits).values(source="many", mode="recent", started_at=stamp(NOW)))
    for start in range(0, count, _A_PAGE):
        items = [
            {
                "id": f"item-{n}",
                "url": f"https://feed.example.org/{n}",
                "title": f"Avviso numero {n} per {_WORDS[:30]}",
                "content_html": f"<p>{n} {_WORDS * 6}</p>",
                "date_published": "2026-11-20T08:00:00Z",
            }
            for n in range(start, start + _A_PAGE)
        ]
        feed = {"version": "https://jsonfeed.org/version/1.1", "title": "Many", "items": items}
        url = f"{URL}?page={start}"
        page = Page(
            url=url,
            body=json.dumps(feed).encode(),
            fetched_at=NOW + timedelta(seconds=start),
            role="feed",
            headers={"content-type": "application/feed+json"},
            request=Request("GET", url),
        )
        with store.write() as connection:
            kept.keep(connection, page, source="many", visit_id=1)


def peak() -> int:
    """The most memory that this process ever took, in megabytes."""
    # Not getrusage: its peak survives exec, and would be that of the test that started us (proc_pid_status(5)).
    return int(re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())[1]) // 1024  # type: ignore[index]


def main(count: int) -> None:
    store = open_store(f"sqlite:///{tempfile.mkdtemp()}/store.sqlite")
    upgrade(store)
    fill(store, count)
    peaks: list[int] = []
    done = reparse(store, "many", now=NOW + timedelta(hours=1), dry=False, progress=lambda _: peaks.append(peak()))
    store.close()
    counts = {"pages": done.pages, "notices": done.notices, "new": done.new}
    print(json.dumps({**counts, "rejected": done.rejected[:3], "at_first": peaks[9], "peak": peaks[-1]}))


if __name__ == "__main__":
    main(int(sys.argv[1]))
