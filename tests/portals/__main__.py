"""All simulators in one process, for `worldwidewe run --demo`: prints one line of JSON and serves until its input ends.

The line names the sources that read them (as config/sources.toml would) and a file with sample members.
"""

import argparse
import json
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from tests.portals.feeds import FeedPortal
from tests.portals.ted import TedPortal

MEMBERS = Path(__file__).with_name("members.yml")
_TRADES = {
    "cleaning": ("TED · pulizie, verde, rifiuti", ["77", "909", "905"]),
    "food": ("TED · alimentare e ristorazione", ["15", "555", "03"]),
    "people": ("TED · sociale, sanità, formazione", ["80", "85"]),
    "digital": ("TED · digitale e comunicazione", ["48", "72", "79"]),
}


def sources(ted: str, feeds: str) -> list[dict[str, Any]]:
    """The sources that read these simulators."""
    search = {"endpoint": f"{ted}/v3/notices/search", "not_buyer_countries": ["IT"]}
    rows: list[dict[str, Any]] = [
        {"name": f"ted-{name}", "connector": "ted", "title": title, "params": {**search, "cpv": cpv}}
        for name, (title, cpv) in _TRADES.items()
    ]
    rows.append(
        {
            "name": "ted-reserved",
            "connector": "ted",
            "title": "TED · appalti riservati",
            "params": {"endpoint": f"{ted}/v3/notices/search", "reserved": True},
        }
    )
    for name, title, path, lang, origin in (
        ("bandi-della-valle", "Bandi della valle", "/rss.xml", "it", "IT"),
        ("partner-news", "Partner news", "/atom.xml", "en", "IE"),
        ("appels-du-fleuve", "Appels du fleuve", "/feed.json", "fr", "FR"),
    ):
        params = {"url": f"{feeds}{path}", "lang": lang, "origin_country": origin}
        rows.append({"name": name, "connector": "feed", "title": title, "params": params})
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--notices", type=int, default=3000, help="how many notices the tender platform holds")
    parser.add_argument("--today", type=date.fromisoformat, default=datetime.now(UTC).date())
    given = parser.parse_args()
    with TedPortal(notices=given.notices, today=given.today) as ted, FeedPortal(today=given.today) as feeds:
        print(json.dumps({"sources": sources(ted.url, feeds.url), "members": str(MEMBERS)}), flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
