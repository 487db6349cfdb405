"""What Grants.gov is, and what an admin may set.

The one thing to know: no code says "cooperative" or "from abroad"; who may apply is a verdict that we draw from the codes
and the text of each opportunity (eligibility.py), so a source is cut by codes that leave the door open, not by a promise.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from connectors.base.contract import About, Expect, Rights, Url

LIVE = "https://api.grants.gov/v1/api"
ZONE = "America/New_York"

ABOUT = About(
    name="grants_gov",
    title="Grants.gov",
    home="https://www.grants.gov/",
    hosts=("api.grants.gov",),
    rights=Rights(
        show="full",
        audience="public",
        attribution="Grants.gov, U.S. Department of Health and Human Services",
        basis="work of the United States government, public domain (17 U.S.C. 105)",
    ),
    rhythm_minutes=12 * 60,
    pace_seconds=1.0,
    robots=False,
    sweep_days=1,
    zone=ZONE,
    # No floor: a source of one programme lists nothing for most of the year; a list that collapses is judged by its own
    # past.
    expect=Expect(at_most=60_000),
    caveats=(
        "2026-11-25: written from recordings and documents; nobody has read the live interface with this connector yet",
        "2026-11-25: no recorded answer is an error, the detail of a forecast, or of an id that does not exist",
        "2026-11-25: names of fields differ between the documentation and the live answers; both are read",
        "2026-11-25: the filter by assistance listing is sent under its documented and its echoed name",
        "2026-11-25: maintenance at weekends is common, it is said; an outage is never taken for an empty list",
    ),
    confirmed_live=None,
)

Applicant = Annotated[str, Field(pattern=r"^\d\d$")]
Category = Annotated[str, Field(pattern=r"^[A-Z]{1,3}$")]
Agency = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9-]{0,60}$")]


class Params(BaseModel):
    """What to ask Grants.gov for. Everything left empty: every opportunity that is open or forecast."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    keyword: str = Field(
        default="",
        max_length=200,
        title="Words",
        description="Free text that the opportunity must contain. Empty: every opportunity.",
        examples=["cooperative development"],
    )
    eligibilities: tuple[Applicant, ...] = Field(
        default=(),
        max_length=20,
        title="Who may apply",
        description="Codes of applicants, of which one suffices: 99 anybody, 25 others (see the text), 13 nonprofits without "
        "the status 501(c)(3), 22 for-profit organisations, 21 individuals; 12 and 23 mean entities of the United States.",
        examples=[["99", "25", "13", "22"]],
    )
    agencies: tuple[Agency, ...] = Field(
        default=(),
        max_length=60,
        title="Agencies",
        description="Codes of agencies, USDA or DOS-ITA for example. The code of a department stands for all below it.",
        examples=[["USDA", "DOS"]],
    )
    categories: tuple[Category, ...] = Field(
        default=(),
        max_length=30,
        title="Fields of activity",
        description="Codes of funding categories: AG agriculture, FN food and nutrition, CD community development, HL health.",
        examples=[["AG", "FN", "CD"]],
    )
    instruments: tuple[Literal["G", "CA", "PC", "O"], ...] = Field(
        default=(),
        title="Instruments",
        description="G grant, CA cooperative agreement (a grant in whose work the agency takes part; nothing to do with "
        "cooperatives), PC procurement contract, O other. Empty: all.",
    )
    aln: str = Field(
        default="",
        pattern=r"^(\d\d\.[0-9A-Z]{2,3})?$",
        title="Assistance listing",
        description="The number of one programme (formerly CFDA): 10.771 are the Rural Cooperative Development Grants.",
        examples=["10.771"],
    )
    statuses: tuple[Literal["forecasted", "posted", "closed", "archived"], ...] = Field(
        default=("forecasted", "posted"),
        min_length=1,
        title="Status",
        description="forecasted (announced, not yet open), posted (open), closed, archived.",
    )
    rows: int = Field(
        default=100,
        ge=1,
        le=1_000,
        title="Hits a page",
        description="How many hits are asked for at once. The whole list is 1,000 to 3,000 hits.",
    )
    max_hits: int = Field(
        default=10_000,
        ge=1,
        le=100_000,
        title="Most hits a visit",
        description="A visit lists no more than this, and says that it is incomplete.",
    )
    endpoint: Url = Field(
        default=LIVE,
        title="Address of the interface",
        description="The address before /search2 and /fetchOpportunity: the live interface, or a simulator of it.",
    )
