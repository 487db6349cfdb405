"""What an admin states once about a site, because it is true of all that stands there: kind, country, language, clock.

The one thing to know: a site that is meant for people has no fields for these; what is stated here goes before what rules
find in its words.
"""

from typing import Annotated
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from connectors.base.codes import zone_of
from connectors.base.contract import Code, CountryCode, Kind, LanguageCode

ZONE = "Europe/Rome"


def known_zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError("must be a time zone such as Europe/Rome")
    return name


class Given(BaseModel):
    """The parameters that every generic connector shares; each adds its own."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

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
    zone: Annotated[str, AfterValidator(known_zone)] | None = Field(
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
    regions: tuple[Code, ...] = Field(
        (),
        title="Regions",
        description="Where the work or the partner is, more closely, for every item: NUTS codes.",
        examples=[["nuts:ITH5"]],
    )

    @property
    def clock(self) -> str:
        """The zone in which this site's days end, as an IANA name."""
        return self.zone or (zone_of(self.origin_country) if self.origin_country else None) or ZONE
