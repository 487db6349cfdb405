"""What incentivi.gov.it is, and what an admin may set.

The one thing to know: it answers connections from Italy and its neighbours; from a data centre elsewhere the connection is
never accepted, which looks like an outage and is none (docs/platforms/incentivi.md).
"""

from pydantic import BaseModel, ConfigDict, Field

from connectors.base.contract import About, Expect, Rights, Url

LIVE = "https://www.incentivi.gov.it/solr/coredrupal/select"
SITE = "https://www.incentivi.gov.it"
ZONE = "Europe/Rome"

ABOUT = About(
    name="incentivi",
    title="incentivi.gov.it, incentives for companies in Italy",
    home=f"{SITE}/",
    hosts=("www.incentivi.gov.it",),
    rights=Rights(
        show="full",
        audience="public",
        attribution="incentivi.gov.it, Ministero delle Imprese e del Made in Italy (IODL 2.0)",
        basis="Italian Open Data Licence 2.0, source acknowledged",
    ),
    rhythm_minutes=24 * 60,
    pace_seconds=2.0,
    robots=True,
    sweep_days=1,
    languages="it",
    zone=ZONE,
    expect=Expect(at_least=10, at_most=20_000, with_deadline=0.5),
    caveats=(
        "2026-11-25: thirteen records were recorded (2026-06-04), the envelope around them was not",
        "2026-11-25: how many come at once (rows) and from which (start) follow Solr; nobody has turned its pages yet",
        "2026-11-25: connections from outside Europe, and from large data centres, are not accepted: seen by another client",
    ),
    confirmed_live=None,
)


class Params(BaseModel):
    """What to ask for: the whole catalogue, every time."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    rows: int = Field(
        default=200,
        ge=10,
        le=400,
        title="Incentives a page",
        description="How many are asked for at once. One weighs about 15 kB.",
    )
    max_records: int = Field(
        default=10_000,
        ge=100,
        le=50_000,
        title="Most incentives a visit",
        description="A visit stops here and says that it is incomplete. The catalogue holds some thousands.",
    )
    endpoint: Url = Field(
        default=LIVE,
        title="Address of the catalogue",
        description="The live catalogue, or a simulator of it.",
    )
