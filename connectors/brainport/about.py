"""What the sites of the Brainport family are, which part of them a source reads, and what an admin may set."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

from connectors.base.contract import About, Expect, Kind, Rights, Url
from connectors.generic import html_list, page_watch
from connectors.generic.selecting import Selector

Section: TypeAlias = Literal[
    "news", "challenges", "industries", "agenda", "smart_district", "fund", "support", "vacancies"
]
REGION = "nuts:NL414"
ZONE = "Europe/Amsterdam"

ABOUT = About(
    name="brainport",
    title="Brainport Eindhoven",
    home="https://brainporteindhoven.com/",
    hosts=(
        "brainporteindhoven.com",
        "brainportindustries.com",
        "brainportsmartdistrict.nl",
        "metropoolregioeindhoven.nl",
    ),
    rights=Rights(show="summary", attribution="Brainport Eindhoven", basis="not known: no terms of use were found"),
    rhythm_minutes=24 * 60,
    pace_seconds=2.0,
    languages="en, nl;q=0.8",
    zone=ZONE,
    recorded=False,
    expect=Expect(at_most=3_000, markup=True),
    caveats=(
        "2026-11-25: unproven: no page of these sites was ever seen with its markup; items are found by their addresses",
        "2026-11-25: the vacancies were read by another program until August 2026; their form here follows its code",
        "2026-11-25: since May 2026 the certificate chain of brainporteindhoven.com was broken; it is never overlooked",
        "2026-11-25: that the regional fund closes on the first day of each quarter was announced in 2022; unproven since",
    ),
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a section stands: its address, and for a list the form of its items' addresses. `how`: which reader it takes."""

    url: str
    how: Literal["list", "page", "watch", "vacancies"]
    kind: Kind | None = None
    items: str = ""
    organisation: str = "Brainport Development"


_SITE, _INDUSTRIES = "https://brainporteindhoven.com", "https://www.brainportindustries.com/nl/nieuws-en-agenda/"
PLACES: dict[Section, Place] = {
    "news": Place(f"{_SITE}/int/news", "list", None, r"/(?:int|en|nl)/(news/[^/?]+)"),
    "challenges": Place(
        f"{_SITE}/int/techxperience/challenges/", "list", "rd_partner_search", r"/(techxperience/challenges/[^/?]+)"
    ),
    "industries": Place(_INDUSTRIES, "list", None, r"/nieuws-en-agenda/(nieuws/[^/?]+)", "Brainport Industries"),
    "agenda": Place(_INDUSTRIES, "list", "event", r"/nieuws-en-agenda/(agenda/[^/?]+)", "Brainport Industries"),
    "smart_district": Place(
        "https://brainportsmartdistrict.nl/en/business-challenge-regulations/",
        "page",
        "rd_partner_search",
        organisation="Brainport Smart District",
    ),
    "fund": Place(
        "https://metropoolregioeindhoven.nl/subsidies/stimuleringsfonds",
        "page",
        "grant_call",
        organisation="Metropoolregio Eindhoven",
    ),
    "support": Place(f"{_SITE}/the-gate", "watch"),
    "vacancies": Place(
        f"{_SITE}/en/discover-brainport/work/current-tech-it-vacancies-in-brainport-eindhoven", "vacancies", "vacancy"
    ),
}


class Params(BaseModel):
    """Which part of the Brainport sites to read, and what somebody has learnt of its markup."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    section: Section = Field(
        "news",
        title="Part",
        description="news, challenges (companies look for solvers), industries (news of the suppliers), agenda (their"
        " events), smart_district (a test district's standing call), fund (the region's incentive fund), support (the page"
        " of the help desk, watched for changes), vacancies.",
    )
    start_url: Url | None = Field(
        None,
        title="Another address",
        description="Where the part stands now, if it has moved. An address under /nl/ is read as Dutch.",
        examples=["https://brainporteindhoven.com/nl/news"],
    )
    opportunities_only: bool = Field(
        True,
        title="Opportunities only",
        description="Of news, only what speaks of calls, subsidies, partners, deadlines.",
    )
    item_selector: Selector | None = Field(
        None, title="Item", description="CSS selector of an entry. Empty: by address."
    )
    date_selector: Selector | None = Field(
        None, title="Day", description="Within an entry. Empty: a date alone on a line."
    )
    content_selector: Selector | None = Field(
        None, title="Text", description="Of an entry's own page. Empty: its main part."
    )
    fund_by_quarter: bool = Field(
        True,
        title="The fund closes by the quarter",
        description="The four next closing days are computed: the first day of each quarter. Switch it off if the rule ends.",
    )
    most_pages: int = Field(
        120,
        ge=1,
        le=200,
        title="Most pages of vacancies",
        description="Of 15 vacancies each; some 90 were there in 2026.",
    )
    share: bool = Field(
        False,
        title="Changes for members too",
        description="What changes on the help desk's page is for the office alone.",
    )

    @property
    def place(self) -> Place:
        return PLACES[self.section]

    @property
    def address(self) -> str:
        return self.start_url or self.place.url

    @property
    def lang(self) -> str:
        """The language of the pages, by their address: the tree under /nl is Dutch, and so is the fund."""
        return "nl" if "/nl/" in f"{self.address}/" or self.section == "fund" else "en"

    def as_list(self) -> html_list.Params:
        """This part in the terms of the reader of lists; of a single page only how its text is found counts."""
        form = self.place.items or ".*"
        return html_list.Params(
            list_urls=(self.address,),
            item_selector=self.item_selector,
            url_pattern=form,
            id_pattern=self.place.items or r"^https?://[^/]+(/[^?]*)",
            date_selector=self.date_selector,
            date_line=True,
            content_selector=self.content_selector,
            follow_details=True,
            kind=self.place.kind,
            countries=("NL",),
            regions=(REGION,),
            origin_country="NL",
            lang=self.lang,
            zone=ZONE,
            organisation=self.place.organisation,
        )

    def as_watch(self) -> page_watch.Params:
        """This part in the terms of the watcher of pages."""
        return page_watch.Params(
            url=self.address,
            countries=("NL",),
            regions=(REGION,),
            origin_country="NL",
            lang=self.lang,
            zone=ZONE,
            organisation=self.place.organisation,
            share=self.share,
        )
