"""What the International Trade Administration offers, and what an admin may set.

The one thing to know: events are there, leads perhaps no more; both are written for exporters of the United States.
"""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from connectors.base.contract import About, Expect, Key, Rights, Url
from connectors.base.guard import for_keys

LIVE = "https://data.trade.gov"
PATHS = {"events": "/events/v1/search", "leads": "/trade_leads/v1/search"}
NOTICE = (
    "This product uses the International Trade Administration's Data API but is not endorsed or certified by the "
    "International Trade Administration."
)
"""What the terms of the platform want to be shown, word for word."""

ABOUT = About(
    name="trade_gov",
    title="International Trade Administration (trade.gov)",
    home="https://www.trade.gov/",
    hosts=("data.trade.gov",),
    rights=Rights(
        show="summary",
        audience="public",
        attribution=NOTICE,
        basis="terms of the ITA Data Services Platform (redistribution with the notice; what is altered may not be credited); "
        "leads of Canada and of the United Kingdom under their Open Government Licences",
    ),
    rhythm_minutes=12 * 60,
    robots=False,
    keys=(
        Key(
            param="key",
            title="Subscription key of the ITA Data Services Platform",
            where="https://developer.trade.gov/",
            how="sign up with a mail address (free), subscribe to the product that holds the interface, and copy the primary "
            "key of the subscription",
        ),
    ),
    expect=Expect(at_most=10_000),
    caveats=(
        "2026-11-25: unproven: no answer of data.trade.gov was ever seen; written from answers of the service before it",
        "2026-11-25: unproven: the path of the events is one of two that clients name, and leads may be gone",
    ),
    confirmed_live=None,
)


class Params(BaseModel):
    """What to read: trade events, or the leads for as long as they are there."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    interface: Literal["events", "leads"] = Field(
        default="events",
        title="Interface",
        description="events: fairs, missions and webinars. leads: tenders abroad that American missions have gathered; "
        "perhaps taken off the platform.",
    )
    key: str = Field(
        default="trade-gov",
        min_length=1,
        max_length=100,
        title="Name of the key",
        description="The name under which the vault keeps the subscription key: worldwidewe keys set NAME.",
    )
    countries: tuple[Annotated[str, Field(pattern=r"^[A-Z]{2}$")], ...] = Field(
        default=(),
        max_length=250,
        title="Countries",
        description="Where the event takes place or the lead comes from: ISO codes of two letters. Empty: everywhere.",
        examples=[["IT", "FR"]],
    )
    words: str = Field(
        default="",
        max_length=200,
        title="Words",
        description="Free text that must be in the entry. Empty: everything.",
    )
    days: int = Field(
        default=90,
        ge=1,
        le=730,
        title="Days of leads",
        description="How many days back leads are asked for. Events are asked for from today on.",
    )
    size: int = Field(
        default=50,
        ge=1,
        le=100,
        title="Records a page",
        description="How many records are asked for at once; clients of the platform use 50.",
    )
    max_records: int = Field(
        default=5_000,
        ge=1,
        le=50_000,
        title="Most records a visit",
        description="A visit lists no more than this, and says that it is incomplete.",
    )
    path: str = Field(
        default="",
        pattern=r"^(/[A-Za-z0-9/_.-]{1,100})?$",
        title="Path",
        description="Where the interface is, if not at /events/v1/search or /trade_leads/v1/search; another one that clients "
        "name is /trade_events/v1/search.",
    )
    endpoint: Annotated[Url, AfterValidator(for_keys)] = Field(
        default=LIVE,
        title="Address of the platform",
        description="The address before the path: the live platform, or a simulator of it.",
    )
