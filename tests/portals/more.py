"""The simulators beyond the first five, small ones: for the demo and for the test that ten platforms make one board.

The one thing to know: the Lombardy mirror tells of profiles that the EEN simulator has, and ANAC of tenders that are on TED:
each is one opportunity told twice. What needs a key names it in `keys`, as an admin would set it.
"""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from connectors.linkedin.tokens import new
from tests.portals import linkedin, sam_gov, trade_gov
from tests.portals.anac_pvl import AnacPortal
from tests.portals.ckan import CKANPortal
from tests.portals.een import EenPortal
from tests.portals.een_lombardia import PATH as LOMBARDIA_PATH
from tests.portals.een_lombardia import LombardiaPortal
from tests.portals.incentivi import IncentiviPortal
from tests.portals.linkedin import LinkedInPortal
from tests.portals.murmurations import MurmurationsPortal
from tests.portals.plone import PlonePortal
from tests.portals.sam_gov import SamGovPortal
from tests.portals.server import Portal
from tests.portals.site import SitePortal
from tests.portals.socrata import SocrataPortal
from tests.portals.trade_gov import TradeGovPortal
from tests.portals.wordpress import WordPressPortal

_MIRRORED = 3
"""Every so many of EEN's profiles has an Italian page in the mirror."""


@dataclass(frozen=True, slots=True, kw_only=True)
class More:
    """Twelve running platforms."""

    lombardia: LombardiaPortal
    incentivi: IncentiviPortal
    anac: AnacPortal
    sam: SamGovPortal
    trade: TradeGovPortal
    linkedin: LinkedInPortal
    murmurations: MurmurationsPortal
    site: SitePortal
    wordpress: WordPressPortal
    plone: PlonePortal
    ckan: CKANPortal
    socrata: SocrataPortal
    connection: str

    @property
    def all(self) -> tuple[Portal, ...]:
        own = (self.lombardia, self.incentivi, self.anac, self.sam, self.trade, self.linkedin, self.murmurations)
        return (*own, self.site, self.wordpress, self.plone, self.ckan, self.socrata)

    @property
    def keys(self) -> dict[str, str]:
        """The keys that these platforms take, by the names that the sources give them."""
        return {"sam-gov": sam_gov.KEY, "trade-gov": trade_gov.KEY, "linkedin": self.connection}

    def sources(self) -> list[dict[str, Any]]:
        """The sources that read these simulators, as config/sources.toml would name them."""
        mirror = {"endpoint": f"{self.lombardia.url}{LOMBARDIA_PATH}"}
        page = self.linkedin.params | {
            "organisation": "Federazione della Valle",
            "version": self.linkedin.versions()[6],
        }
        lazio = {"url": self.wordpress.url, "post_type": "bandi", "kind": "grant_call", **_ITALIAN}
        return [
            _row("een-lombardia", "een_lombardia", "Open Innovation Lombardia · EEN in italiano", mirror),
            _row("incentivi", "incentivi", "incentivi.gov.it", {"endpoint": self.incentivi.endpoint}),
            _row("anac-pvl", "anac_pvl", "ANAC · gare in Italia", {"endpoint": self.anac.endpoint}),
            _row(
                "sam-gov",
                "sam_gov",
                "SAM.gov · gare federali USA",
                {"endpoint": self.sam.endpoint, "calls_a_day": 1000},
            ),
            _row("trade-gov-events", "trade_gov", "trade.gov · fiere e missioni", {"endpoint": self.trade.url}),
            _row("linkedin-pagina", "linkedin", "LinkedIn · la nostra pagina", page),
            _row(
                "murmurations",
                "murmurations",
                "Murmurations · Italia",
                {"endpoint": self.murmurations.endpoint, "countries": ["IT"]},
            ),
            _row("alta-costa-bandi", "html_list", "Regione Alta Costa · bandi", _listed(self.site)),
            _row("bandi-del-colle", "wordpress", "Bandi del colle (WordPress)", lazio),
            _row("regione-pianura", "plone", "Regione Pianura (Plone)", {"url": self.plone.url, **_ITALIAN}),
            _row("sviluppo-rurale", "ckan", "Calendario sviluppo rurale (CKAN)", self.ckan.params),
            _row("osservatorio-gare", "socrata", "Osservatorio gare (Socrata)", self.socrata.params),
        ]


_ITALIAN = {"lang": "it", "countries": ["IT"], "origin_country": "IT"}


def _listed(site: SitePortal) -> dict[str, Any]:
    return {
        "list_urls": [f"{site.url}/bandi?pagina={{page}}"],
        "item_selector": "article.scheda",
        "date_selector": "time",
        "state_selector": ".stato",
        "category_selector": ".temi li",
        "summary_selector": ".testo",
        "total_selector": ".totale",
        "max_pages": 20,
        "complete": True,
        "organisation": "Regione Alta Costa",
        **_ITALIAN,
    }


def _row(name: str, connector: str, title: str, params: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "connector": connector, "title": title, "params": params}


@contextmanager
def running_more(*, today: date, een: EenPortal, ted_numbers: Sequence[str] = ()) -> Iterator[More]:
    """Run all twelve beside an EEN simulator that runs already."""
    now = datetime.combine(today, time(6), UTC)
    with ExitStack() as stack:
        enter = stack.enter_context
        pages = enter(LinkedInPortal(posts=24, now=now))
        connection = new(
            pages.tokens(), client_id=linkedin.CLIENT, client_secret=linkedin.SECRET, now=now, url=pages.url
        )
        yield More(
            lombardia=enter(LombardiaPortal(profiles=een.listed()[::_MIRRORED], today=today)),
            incentivi=enter(IncentiviPortal(incentives=120, today=today)),
            anac=enter(AnacPortal(a_day=200, days=4, today=today, ted_numbers=tuple(ted_numbers))),
            sam=enter(SamGovPortal(notices=120, quota=1_000, today=today)),
            trade=enter(TradeGovPortal(events=120, today=today)),
            linkedin=pages,
            murmurations=enter(MurmurationsPortal(organisations=60, offers=12, now=now)),
            site=enter(SitePortal(items=60, today=today)),
            wordpress=enter(WordPressPortal(posts=60, today=today)),
            plone=enter(PlonePortal(calls=60, today=today)),
            ckan=enter(CKANPortal(rows=60, today=today)),
            socrata=enter(SocrataPortal(tenders=60, today=today)),
            connection=connection.text(),
        )
