"""The first five simulated platforms at once, and the sources that read them: for the demo and for the test of the whole way.

The one thing to know: some tenders of the EU portal are published on TED too, under numbers that the TED simulator has, so
the same thing is told by two platforms.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from tests.portals.een import PATH as EEN_PATH
from tests.portals.een import EenPortal
from tests.portals.eu_funding import PATH as EU_PATH
from tests.portals.eu_funding import EUFundingPortal
from tests.portals.feeds import FeedPortal
from tests.portals.grants_gov import GrantsGovPortal
from tests.portals.server import Portal
from tests.portals.ted import PATH as TED_PATH
from tests.portals.ted import TedPortal

MEMBERS = Path(__file__).with_name("members.yml")
REQUESTS = Path(__file__).with_name("requests.yml")
_TRADES = {
    "cleaning": ("TED · pulizie, verde, rifiuti", ["77", "909", "905"]),
    "food": ("TED · alimentare e ristorazione", ["15", "555", "03"]),
    "people": ("TED · sociale, sanità, formazione", ["80", "85"]),
    "digital": ("TED · digitale e comunicazione", ["48", "72", "79"]),
}
_FEEDS = (
    ("bandi-della-valle", "Bandi della valle", "/rss.xml", "it", "IT"),
    ("partner-news", "Partner news", "/atom.xml", "en", "IE"),
    ("appels-du-fleuve", "Appels du fleuve", "/feed.json", "fr", "FR"),
)
_ON_BOTH = 6


@dataclass(frozen=True, slots=True)
class Platforms:
    """Five running platforms."""

    ted: TedPortal
    eu_funding: EUFundingPortal
    grants_gov: GrantsGovPortal
    een: EenPortal
    feeds: FeedPortal
    on_both: tuple[str, ...]
    """Numbers of tenders on TED that other platforms tell of too."""

    @property
    def all(self) -> tuple[Portal, ...]:
        return (self.ted, self.eu_funding, self.grants_gov, self.een, self.feeds)

    def sources(self) -> list[dict[str, Any]]:
        """The sources that read these simulators, as config/sources.toml would name them."""
        search = {"endpoint": f"{self.ted.url}{TED_PATH}", "not_buyer_countries": ["IT"]}
        rows = [_row(f"ted-{name}", "ted", title, {**search, "cpv": cpv}) for name, (title, cpv) in _TRADES.items()]
        reserved = {"endpoint": f"{self.ted.url}{TED_PATH}", "reserved": True}
        rows.append(_row("ted-reserved", "ted", "TED · appalti riservati", reserved))
        for name, title, path, lang, origin in _FEEDS:
            params = {"url": f"{self.feeds.url}{path}", "lang": lang, "origin_country": origin}
            rows.append(_row(name, "feed", title, params))
        portal = {"endpoint": f"{self.eu_funding.url}{EU_PATH}"}
        calls = {**portal, "types": ["grant", "external_action", "cascade"]}
        rows.append(_row("eu-calls", "eu_funding", "UE · bandi e finanziamenti a cascata", calls))
        rows.append(_row("eu-tenders", "eu_funding", "UE · gare delle istituzioni", {**portal, "types": ["tender"]}))
        rows.append(_row("grants-gov", "grants_gov", "Grants.gov", {"endpoint": self.grants_gov.endpoint}))
        rows.append(_row("een", "een", "Enterprise Europe Network", {"endpoint": f"{self.een.url}{EEN_PATH}"}))
        return rows


def _row(name: str, connector: str, title: str, params: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "connector": connector, "title": title, "params": params}


@contextmanager
def running(*, today: date, notices: int = 3_000) -> Iterator[Platforms]:
    """Run all five; `notices` is the size of the largest, the tender platform."""
    with TedPortal(notices=notices, today=today) as ted:
        on_both = [ted.notice(index).number for index in range(notices - _ON_BOTH, notices)]
        with (
            EUFundingPortal(today=today, ted_numbers=on_both) as eu_funding,
            GrantsGovPortal(today=today) as grants_gov,
            EenPortal(today=today) as een,
            FeedPortal(today=today) as feeds,
        ):
            yield Platforms(ted, eu_funding, grants_gov, een, feeds, tuple(on_both))
