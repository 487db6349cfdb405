"""What ANAC's platform of legal publication is, and what an admin may set.

The one thing to know: it is every act of every Italian buyer, some four thousand a working day, of which about three in a
hundred are open calls. It is read in windows, newest first, and never to its end.
"""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from connectors.base.contract import About, Expect, Rights, Url

LIVE = "https://pubblicitalegale.anticorruzione.it/api/v0/avvisi"
SITE = "https://pubblicitalegale.anticorruzione.it"
ZONE = "Europe/Rome"
Nature = Literal["Servizi", "Forniture", "Lavori"]

ABOUT = About(
    name="anac_pvl",
    title="ANAC, Pubblicità a Valore Legale",
    home=f"{SITE}/",
    hosts=("pubblicitalegale.anticorruzione.it",),
    rights=Rights(
        show="full",
        audience="public",
        attribution="ANAC, Pubblicità a Valore Legale",
        basis="acts of public bodies that the law orders to be published (Art. 27 and 85 of Legislative Decree 36/2023)",
    ),
    rhythm_minutes=24 * 60,
    pace_seconds=1.0,
    robots=False,
    languages="it",
    zone=ZONE,
    expect=Expect(at_most=20_000, with_deadline=0.9, fresh_days=7),
    caveats=(
        "2026-11-25: eleven records were recorded (2026-06-08), the envelope around them was not",
        "2026-11-25: nobody has read the live interface with this connector yet; it is the one that the platform's own page uses",
        "2026-11-25: terms written as UTC are taken for the clock of Rome: inferred from eleven records, and the earlier reading",
        "2026-11-25: a correction is a record of its own and is not read; the call that it corrects keeps its first term",
    ),
    confirmed_live=None,
)


class Params(BaseModel):
    """What to read of ANAC's platform: calls that were open when they were published."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    natures: tuple[Nature, ...] = Field(
        default=(),
        title="Nature of the contract",
        description="Servizi, Forniture, Lavori: only calls with a lot of this nature. Empty: all.",
        examples=[["Servizi", "Forniture"]],
    )
    days: int = Field(
        default=2,
        ge=1,
        le=30,
        title="Days to look back at first",
        description="The first visit reads the publications of so many days, every later one those since the last.",
    )
    page_size: int = Field(
        default=100,
        ge=10,
        le=200,
        title="Notices a page",
        description="How many are asked for at once. One weighs 3 to 10 kB.",
    )
    max_pages: int = Field(
        default=200,
        ge=1,
        le=1_000,
        title="Most pages a visit",
        description="A visit stops here and says that it is incomplete. A working day is about 40 pages.",
    )
    endpoint: Url = Field(
        default=LIVE,
        title="Address of the interface",
        description="The live interface, or a simulator of it.",
    )
