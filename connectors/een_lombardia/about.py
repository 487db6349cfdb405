"""What the mirror of Open Innovation Lombardia is, and what an admin may set.

The one thing to know: it is a selection of the network's profiles, put into Italian. Its references are the network's, so
what both tell is one opportunity; this one adds the Italian title and the page in Italian.
"""

from pydantic import BaseModel, ConfigDict, Field

from connectors.base.contract import About, Expect, Rights, Url

LIVE = "https://www.openinnovation.regione.lombardia.it/en/collaborations/collaboration-proposals"
ZONE = "Europe/Rome"

ABOUT = About(
    name="een_lombardia",
    title="Open Innovation Lombardia, collaboration proposals of the Enterprise Europe Network",
    home="https://www.openinnovation.regione.lombardia.it/",
    hosts=("www.openinnovation.regione.lombardia.it",),
    rights=Rights(
        show="summary",
        audience="public",
        attribution="Open Innovation, Regione Lombardia · Enterprise Europe Network",
        drop_text_at="close",
        basis="not confirmed: public pages of a regional authority, with texts of companies that came through the network",
    ),
    rhythm_minutes=24 * 60,
    pace_seconds=2.0,
    robots=True,
    sweep_days=1,
    languages="it",
    zone=ZONE,
    expect=Expect(at_least=20, at_most=5_000, markup=True),
    caveats=(
        "2026-11-25: one detail page was recorded (2026-09-07); a page of the list never was, its cards are read like the "
        "related cards of that page",
        "2026-11-25: nobody has read the live pages with this connector yet",
        "2026-11-25: that the expiry of a research profile is its day for expressions of interest is inferred",
        "2026-11-25: classes 3 and 4 are presumed to be business offers and requests; the reference decides",
    ),
    confirmed_live=None,
)


class Params(BaseModel):
    """What to read of Open Innovation Lombardia: every proposal that is listed."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    most_pages: int = Field(
        default=100,
        ge=1,
        le=500,
        title="Most pages of the list",
        description="A visit reads so many pages of the list and then says that it is incomplete. About 390 proposals are "
        "listed in all.",
    )
    endpoint: Url = Field(
        default=LIVE,
        title="Address of the list",
        description="The live list, or a simulator of it. The English pages carry the same Italian texts, and are those "
        "whose markup was seen.",
    )
