"""What TED is, and what an admin may set.

The one thing to know: the search is anonymous; an identifying User-Agent is the only thing that it wants of us.
"""

import re
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from connectors.base.contract import About, Expect, Rights, Url
from connectors.ted.places import COUNTRIES

LIVE = "https://api.ted.europa.eu/v3/notices/search"
ZONE = "Europe/Brussels"

ABOUT = About(
    name="ted",
    title="TED, Tenders Electronic Daily",
    home="https://ted.europa.eu/",
    hosts=("api.ted.europa.eu", "ted.europa.eu"),
    rights=Rights(
        show="full",
        audience="public",
        attribution="TED, © European Union, CC BY 4.0",
        basis="Commission Decision 2011/833/EU on reuse; legal notice of ted.europa.eu: CC BY 4.0, source acknowledged",
    ),
    rhythm_minutes=24 * 60,
    pace_seconds=1.0,
    robots=False,
    sweep_days=7,
    zone=ZONE,
    expect=Expect(at_most=200_000),
    caveats=(
        "2026-11-23: written from recordings and documents; nobody has read the live search with this connector yet",
        "2026-11-23: no recorded answer carries a reserved lot; the field and its codes are those of the eForms lists",
        "2022-03-01: more than 666 requests a minute lock an address out for 5 minutes (notice of ted.europa.eu)",
        "2026-07-01: an invalid iteration token is answered with status 500, not with the documented error",
    ),
    confirmed_live=None,
)


def _country(value: str) -> str:
    code = value.strip().upper()
    if code not in COUNTRIES:
        raise ValueError(f"{value!r} is not a two-letter code of a country whose buyers publish on TED")
    return code


def _condition(value: str) -> str:
    if "sort by" in value.lower():
        raise ValueError("must not sort: the newest notices are asked for first already")
    # It is put in brackets: one that closed them would cut loose the conditions beside it.
    depth = 0
    for sign in re.sub(r'"[^"]*"', "", value):
        depth += {"(": 1, ")": -1}.get(sign, 0)
        if depth < 0 or sign == '"':
            break
    else:
        if depth == 0:
            return value.strip()
    raise ValueError("has a bracket or a quotation mark without its other half")


Country = Annotated[str, AfterValidator(_country)]
CPVPrefix = Annotated[str, Field(pattern=r"^\d{2,8}$")]


class Params(BaseModel):
    """What to ask TED for. Everything left empty: every open call and prior notice in Europe."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    cpv: tuple[CPVPrefix, ...] = Field(
        default=(),
        title="CPV prefixes",
        description="Trades, as the first 2 to 8 digits of a CPV code: 85 is health and social work. Empty: every trade.",
        examples=[["85", "9091"]],
        max_length=60,
    )
    buyer_countries: tuple[Country, ...] = Field(
        default=(),
        title="Only buyers in",
        description="Two-letter country codes. Empty: every country.",
        examples=[["FR", "DE"]],
    )
    not_buyer_countries: tuple[Country, ...] = Field(
        default=(),
        title="No buyers in",
        description="Two-letter country codes to leave out, as a rule one's own.",
        examples=[["IT"]],
    )
    reserved: bool = Field(
        default=False,
        title="Only reserved contracts",
        description="Only notices with a lot reserved to sheltered workshops (Art. 20 of Directive 2014/24/EU) "
        "or to organisations with a public service mission (Art. 77).",
    )
    days: int = Field(
        default=3,
        ge=1,
        le=60,
        title="Days to look back",
        description="How many days of publications an ordinary visit asks for. A sweep asks for everything active.",
    )
    query: Annotated[str, AfterValidator(_condition)] = Field(
        default="",
        max_length=2_000,
        title="More conditions",
        description="A part of a TED expert query that must also hold, for example: notice-type=cn-social",
    )
    page_size: int = Field(
        default=150,
        ge=1,
        le=250,
        title="Notices a page",
        description="How many notices are asked for at once; the platform gives 250 at most. One weighs 10 to 20 kB.",
    )
    max_notices: int = Field(
        default=20_000,
        ge=1,
        le=200_000,
        title="Most notices a visit",
        description="A visit stops here and says that it is incomplete.",
    )
    endpoint: Url = Field(
        default=LIVE,
        title="Address of the search",
        description="The live search, or a simulator of it.",
    )
