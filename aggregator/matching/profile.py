"""A profile: what one member looks for, as said by the member; the shapes are in docs/members.md.

The one thing to know: every value of a vocabulary is checked when a profile is written, and no longer when it is read
back, so that a sector that is retired later does not lock the member out.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Annotated, Literal, Self, TypeAlias

from pydantic import AfterValidator, Field, ValidationInfo, field_validator, model_validator

from aggregator.matching import allowed
from connectors.base.contract import Kind, Shape

STORED = {"stored": True}
"""The validation context of what was checked before it was stored."""


def checked(check: Callable[[str], str]) -> AfterValidator:
    """Check a value as it is written, and take it as it is when it comes from the store."""

    def unless_stored(value: str, info: ValidationInfo) -> str:
        return value if info.context == STORED else check(value)

    return AfterValidator(unless_stored)


SectorID: TypeAlias = Annotated[str, checked(allowed.sector)]
Code: TypeAlias = Annotated[str, checked(allowed.code)]
Country: TypeAlias = Annotated[str, checked(allowed.country)]
Language: TypeAlias = Annotated[str, checked(allowed.language)]
Role: TypeAlias = Literal["lead", "partner"]
Words: TypeAlias = tuple[Annotated[str, Field(min_length=1, max_length=80)], ...]


class Range(Shape):
    """Bounds of money in one currency; an open end is left out."""

    min: Annotated[Decimal, Field(ge=0)] | None = None
    max: Annotated[Decimal, Field(ge=0)] | None = None
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] = "EUR"

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.min is not None and self.max is not None and self.min > self.max:
            raise ValueError(f"min {self.min} is more than max {self.max}")
        return self


class Profile(Shape):
    """What a member looks for. An empty list asks for nothing in particular and excludes nothing.

    `countries` empty: everywhere abroad and EU-wide; the member's own country counts when `home` says so or the list
    names it. `all` and `none` decide, `any` and `text` are evidence beside sectors and codes. `programmes` are followed
    besides the rest. `us_only` asks for what only entities of the United States may apply to, for whoever has a partner
    there. `least_days`: whole days that must be left before the deadline, by kind of opportunity.
    """

    name: Annotated[str, Field(min_length=1, max_length=80)] = "Main"
    kinds: tuple[Kind, ...] = ()
    sectors: tuple[SectorID, ...] = ()
    codes: tuple[Code, ...] = ()
    countries: tuple[Country, ...] = ()
    home: bool = False
    text: Annotated[str, Field(max_length=4_000)] = ""
    any: Words = ()
    all: Words = ()
    none: Words = ()
    budget: Range | None = None
    bid_languages: tuple[Language, ...] = ()
    least_days: dict[Kind, Annotated[int, Field(ge=0, le=365)]] = Field(default_factory=dict)
    reserved_only: bool = False
    us_only: bool = False
    programmes: tuple[Annotated[str, Field(min_length=1, max_length=40)], ...] = ()
    roles: tuple[Role, ...] = ()

    @field_validator("kinds", "sectors", "codes", "countries", "bid_languages", "programmes", "roles")
    @classmethod
    def _each_once(cls, values: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(values))

    @property
    def open(self) -> bool:
        """True when nothing was ticked or written that an item could resemble: kind and country are all it asks."""
        return not (self.sectors or self.codes or self.programmes or self.any or self.text.strip())
