"""What the Enterprise Europe Network's list of partnering opportunities is, and what an admin may set.

The one thing to know: its pages are for people, so robots.txt is obeyed, and its wall may refuse a client that says
honestly what it is. Then the visit is `blocked`, and docs/platforms/een.md says what to do.
"""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from connectors.base.contract import About, Expect, Rights, Url
from connectors.base.pod import PODType

LIVE = "https://een.ec.europa.eu/partnering-opportunities"

ABOUT = About(
    name="een",
    title="Enterprise Europe Network, partnering opportunities",
    home=LIVE,
    hosts=("een.ec.europa.eu",),
    rights=Rights(
        show="summary",
        audience="public",
        attribution="Enterprise Europe Network",
        drop_text_at="close",
        basis="not confirmed: pages of the Commission may be reused with acknowledgement (Decision 2011/833/EU), "
        "but the profiles are texts of companies that came through the network's partners",
    ),
    rhythm_minutes=24 * 60,
    pace_seconds=2.0,
    robots=True,
    sweep_days=7,
    languages="en",
    zone="Europe/Brussels",
    expect=Expect(at_most=20_000, markup=True),
    caveats=(
        "2026-11-25: written from clients' selectors, page texts and the ECL templates; no page's markup was ever recorded",
        "2026-11-25: nobody has read the live pages with this connector yet; they may refuse an honest User-Agent (403)",
        "2026-11-25: which facet means the targeted country (tc) is inferred, and so is newest first as the order",
    ),
    confirmed_live=None,
)

Label = Annotated[str, Field(min_length=2, max_length=80)]


class Params(BaseModel):
    """What to read of the Enterprise Europe Network. Everything left empty: every profile that is listed."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    profile_types: tuple[PODType, ...] = Field(
        default=(),
        title="Types of profile",
        description="BO business offer, BR business request, TO technology offer, TR technology request, RDR partners "
        "for a research project. Empty: every type.",
        examples=[["BR", "RDR"]],
        max_length=5,
    )
    targeted_countries: tuple[Label, ...] = Field(
        default=(),
        title="Targeted countries",
        description="Where partners are sought, in the words of the site's own filter: Italy. Empty: everywhere. "
        "Profiles for all countries may stand under a word of their own there: All countries.",
        examples=[["Italy", "All countries"]],
        max_length=10,
    )
    keyword: str = Field(
        default="",
        max_length=120,
        title="Search words",
        description="What to type into the site's search; a POD reference finds that one profile.",
    )
    most_pages: int = Field(
        default=250,
        ge=1,
        le=1_000,
        title="Most pages of the list",
        description="A visit reads so many pages of the list, about 12 profiles each, and then says that it is incomplete.",
    )
    endpoint: Url = Field(default=LIVE, title="Address of the list", description="The live list, or a simulator of it.")
