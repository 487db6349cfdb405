"""What the feed connector says of itself, and what an admin enters to point it at a feed."""

from typing import Annotated
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from connectors.base.codes import zone_of
from connectors.base.contract import About, CountryCode, Kind, LanguageCode, Rights, Url


def _known_zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError("must be a time zone such as Europe/Rome")
    return name


ABOUT = About(
    name="feed",
    title="Feed (RSS, Atom, JSON Feed)",
    home="https://www.rssboard.org/rss-specification",
    rights=Rights(),
    rhythm_minutes=360,
    sweep_days=None,
    zone="Europe/Rome",
    caveats=(
        "A feed shows only the newest items: what has left it is not closed.",
        "Deadlines, amounts and the kind are found in the text by rule; a feed has no fields for them.",
    ),
)


class Params(BaseModel):
    """One feed, and what is true of all its items."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    url: Url = Field(
        title="Address of the feed",
        description="The feed itself, not the page that links to it.",
        examples=["https://www.example.org/feed.xml"],
        max_length=2048,
    )
    kind: Kind | None = Field(
        None,
        title="Kind of all items",
        description="Left empty, words of title and categories decide (bando, gara, evento, call, tender); else news.",
        examples=["grant_call"],
    )
    countries: tuple[CountryCode, ...] = Field(
        (),
        title="Countries",
        description="Where the work or the partner is, for every item: ISO codes of two letters, * for anywhere.",
        examples=[["IT"]],
    )
    origin_country: CountryCode | None = Field(
        None,
        title="Country of the publisher",
        description="ISO code of two letters. US also means that numeric dates begin with the month.",
        examples=["IT"],
    )
    lang: LanguageCode | None = Field(
        None,
        title="Language of the items",
        description="Set it where the feed states a wrong one or none: it decides how dates in the text are read.",
        examples=["it"],
    )
    zone: Annotated[str, AfterValidator(_known_zone)] | None = Field(
        None,
        title="Time zone",
        description="Where a day without a time zone ends. Left empty: the zone of the publisher's country where it has"
        " only one, else Europe/Rome.",
        examples=["Europe/Rome"],
    )
    organisation: str | None = Field(
        None,
        title="Publisher",
        description="The body that stands behind every item; never a person.",
        examples=["Camera di Commercio"],
        max_length=200,
    )
    programme: str | None = Field(
        None,
        title="Programme",
        description="The funding programme that every item belongs to, if there is one.",
        examples=["Erasmus+"],
        max_length=200,
    )

    @property
    def clock(self) -> str:
        """The zone in which this feed's days end, as an IANA name."""
        return self.zone or (zone_of(self.origin_country) if self.origin_country else None) or ABOUT.zone
