"""What the Murmurations index is, and what an admin may set.

The one thing to know: the index is one host, the profiles stand on any; each of those is a stranger.
"""

from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

from connectors.base.contract import About, Expect, Rights, Url

LIVE = "https://index.murmurations.network/v2"
Schema: TypeAlias = Literal["organizations_schema-v1.0.0", "offers_wants_schema-v0.1.0"]
ORGANISATIONS: Schema = "organizations_schema-v1.0.0"
OFFERS: Schema = "offers_wants_schema-v0.1.0"

ABOUT = About(
    name="murmurations",
    title="Murmurations, an open index of organisations, offers and wants",
    home="https://murmurations.network/",
    hosts=("*",),
    rights=Rights(
        show="summary",
        audience="public",
        attribution="Murmurations",
        basis="not known: each profile is its owner's, published for any index to read; no licence stands in it",
    ),
    rhythm_minutes=24 * 60,
    sweep_days=7,
    keep_days=30,
    expect=Expect(at_most=20_000),
    caveats=(
        "2026-11-25: unproven: written from the published interface and schemas; no live answer was ever seen",
        "2026-11-25: unproven: how many offers and wants there are; few are expected",
    ),
)


class Params(BaseModel):
    """What to ask the index for. Without countries and tags: everything, which it refuses beyond 10,000 results."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    schemas: tuple[Schema, ...] = Field(
        (ORGANISATIONS, OFFERS),
        min_length=1,
        title="Sorts of profile",
        description="organizations_schema-v1.0.0: organisations, for the directory. offers_wants_schema-v0.1.0: offers and wants.",
    )
    countries: tuple[Annotated[str, Field(pattern=r"^[A-Z]{2}$")], ...] = Field(
        (),
        max_length=30,
        title="Countries",
        description="Where the organisation is, or the thing offered: ISO codes of two letters. Empty: everywhere.",
        examples=[["IT", "SI"]],
    )
    tags: tuple[Annotated[str, Field(min_length=2, max_length=100, pattern=r"^[^,]+$")], ...] = Field(
        (),
        max_length=20,
        title="Tags",
        description="Words that describe the profile; similar ones are found too.",
        examples=[["coop", "cooperative"]],
    )
    tags_filter: Literal["or", "and"] = Field(
        "or", title="Any tag or every tag", description="or: one of the tags is enough. and: all must be there."
    )
    tags_exact: bool = Field(False, title="Tags as written", description="Similar words are not found then.")
    most_pages: int = Field(
        20,
        ge=1,
        le=20,
        title="Most pages of the list",
        description="For each sort and country so many pages, 500 profiles each, and then the visit is incomplete.",
    )
    endpoint: Url = Field(LIVE, title="Address of the index", description="The live index, or a simulator of it.")
