"""A member, and the people who read its letters, as values.

The one thing to know: an address is one mailbox and nothing else, and carries on what basis we may write to it.
"""

import re
import unicodedata
from datetime import date
from typing import Annotated, Literal, Self, TypeAlias

from pydantic import Field, field_validator, model_validator

from aggregator.matching.profile import Country, Language, Profile
from connectors.base.contract import Shape

MemberType: TypeAlias = Literal["cooperative", "consortium", "office", "project"]
Basis: TypeAlias = Literal["consent", "contract", "legal_obligation", "public_task", "legitimate_interest"]
LegalForm: TypeAlias = Literal[
    "social_a",
    "social_b",
    "social_ab",
    "social_consortium",
    "worker",
    "agricultural",
    "consumer",
    "community",
    "cooperative",
    "consortium",
    "association",
    "foundation",
    "company",
    "public_body",
]

# The part of RFC 5321 that mail servers use: a dot-atom and a host name. Quoted local parts, comments, lists and
# display names stay outside on purpose.
_MAILBOX = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]{0,61}[A-Za-z0-9]"
)


class Recipient(Shape):
    """Somebody who reads the letter. `basis` is one of GDPR Art. 6(1); `informed_by` says who told the person, `on` when."""

    email: str
    basis: Basis | None = None
    informed_by: Annotated[str, Field(max_length=200)] | None = None
    on: date | None = None

    @field_validator("email")
    @classmethod
    def _one_mailbox(cls, value: str) -> str:
        local = value.rpartition("@")[0]
        if not _MAILBOX.fullmatch(value) or len(local) > 64 or len(value) > 254:
            raise ValueError(f"{value!r} is not one mail address, for example office@example.org")
        return value


class Legal(Shape):
    """Legal form and what follows from it. `disadvantaged_share` is in per cent of the workers; `region` is NUTS."""

    form: LegalForm | None = None
    disadvantaged_share: Annotated[int, Field(ge=0, le=100)] | None = None
    region: Annotated[str, Field(pattern=r"^[A-Z]{2}[A-Z0-9]{0,3}$")] | None = None

    @property
    def social(self) -> bool:
        return self.form is not None and self.form.startswith("social_")


class Member(Shape):
    """A cooperative, consortium, office or project that we serve."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]*$", max_length=80)]
    name: Annotated[str, Field(min_length=1, max_length=200)]
    type: MemberType = "cooperative"
    legal: Legal = Legal()
    country: Country = "IT"
    language: Literal["it", "en"] = "it"
    reads: tuple[Language, ...] = ()
    recipients: tuple[Recipient, ...] = ()
    profiles: tuple[Profile, ...] = ()

    @model_validator(mode="after")
    def _distinct(self) -> Self:
        ids = [self.profile_id(profile) for profile in self.profiles]
        if len(set(ids)) < len(ids):
            raise ValueError("profiles: two profiles have the same name")
        addresses = [recipient.email.lower() for recipient in self.recipients]
        if len(set(addresses)) < len(addresses):
            raise ValueError("recipients: an address is given twice")
        return self

    def profile_id(self, profile: Profile) -> str:
        """The identity of a profile in the store."""
        return f"{self.id}/{slug(profile.name)}"

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages its people read, the letter's first."""
        return tuple(dict.fromkeys((self.language, *self.reads)))


def slug(name: str) -> str:
    """Make an id of a name: lower case ASCII letters and digits with hyphens, at most 80; `x` where nothing is left."""
    plain = unicodedata.normalize("NFKD", name.casefold()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:80].strip("-") or "x"
