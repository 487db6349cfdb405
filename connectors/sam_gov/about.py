"""What SAM.gov is, and what an admin may set.

The one thing to know: a key without a role may ask ten times a day, descriptions included, and ends after ninety days.
"""

from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from connectors.base.contract import About, CountryCode, Expect, Key, Rights, Url
from connectors.base.guard import for_keys

LIVE = "https://api.sam.gov/opportunities/v2"
FILE = (
    "https://sam.gov/api/prod/fileextractservices/v1/api/download/Contract%20Opportunities/datagov/"
    "ContractOpportunitiesFullCSV.csv?privacy=Public"
)
ZONE = "America/New_York"
LONGEST_SPAN = 364
"""Days between the two dates of a question; the platform says "one year", and a leap year has refused 365."""

ABOUT = About(
    name="sam_gov",
    title="SAM.gov",
    home="https://sam.gov/",
    # The two last are where the file of all active opportunities lies, when sam.gov sends us on to it.
    hosts=("api.sam.gov", "sam.gov", "falextracts.s3.amazonaws.com", "s3.amazonaws.com"),
    rights=Rights(
        show="full",
        audience="public",
        attribution="SAM.gov, U.S. General Services Administration",
        basis="work of the United States government, public domain (17 U.S.C. 105)",
    ),
    rhythm_minutes=24 * 60,
    robots=False,
    zone=ZONE,
    keys=(
        Key(
            param="key",
            title="SAM.gov public API key",
            where="https://sam.gov/profile/details",
            how="sign in to SAM.gov (an account is free), open Account Details, ask for a public API key and copy it",
            days=90,
        ),
    ),
    # No floor: which notices a source keeps depends on its filter; what collapses is judged by its own past.
    expect=Expect(at_most=20_000),
    caveats=(
        "2026-11-25: written from a recorded search of 2025 and the documentation; nobody has read the live interface yet",
        "2026-11-25: unproven: the form of a description, of the 429 answer, and every column of the file",
        "2026-11-25: an amended notice comes under a new id; the old one stays on the board until its deadline",
    ),
    confirmed_live=None,
)


SafeUrl = Annotated[Url, AfterValidator(for_keys)]
Word = Annotated[str, Field(min_length=2, max_length=80)]


class Params(BaseModel):
    """What to read of SAM.gov. Without a filter: every tender that is not reserved to companies of the United States."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    mode: Literal["api", "bulk"] = Field(
        default="api",
        title="Way in",
        description="api: the search, with a key. bulk: the daily file of all active opportunities, some 200 MB, without "
        "one; unproven.",
    )
    key: str = Field(
        default="sam-gov",
        max_length=80,
        title="Name of the key",
        description="The name under which the vault keeps the key of SAM.gov: worldwidewe keys set NAME. The way bulk "
        "needs none.",
    )
    types: tuple[Literal["o", "k", "p", "r", "i", "s", "a", "u", "g"], ...] = Field(
        default=("o", "k", "p", "r", "i", "s"),
        min_length=1,
        title="Types of notices",
        description="o solicitation, k combined synopsis and solicitation, p presolicitation, r sources sought, i intent to "
        "bundle, s special notice; a awards, u justifications and g sales of surplus are no opportunities.",
    )
    countries: tuple[CountryCode, ...] = Field(
        default=(),
        max_length=250,
        title="Places",
        description="Keep what is to be done in one of these countries, or is bought by an office there. Together with words: "
        "one of the two suffices. Empty: no filter by place.",
        examples=[["IT", "DE"]],
    )
    words: tuple[Word, ...] = Field(
        default=(),
        max_length=60,
        title="Words",
        description="Keep what has one of these in its title, as a whole word or its beginning. With places: one of the two "
        "suffices. Empty: no filter by words.",
        examples=[["catering", "laundry"]],
    )
    set_asides: bool = Field(
        default=False,
        title="Reserved notices too",
        description="Keep what is set aside for small or veteran-owned companies of the United States; marked as such.",
    )
    days: int = Field(
        default=30,
        ge=1,
        le=LONGEST_SPAN,
        title="First days",
        description="How many days back the first reading goes; later ones begin three days before the last.",
    )
    limit: int = Field(
        default=1_000,
        ge=1,
        le=1_000,
        title="Records a page",
        description="How many notices one call asks for. A call is what is counted, so as many as the platform allows.",
    )
    calls_a_day: int = Field(
        default=8,
        ge=1,
        le=10_000,
        title="Calls a day",
        description="Never more than this, over all sources that share the key: an account without a role has 10 (some were "
        "stopped at 8), one with a role 1,000.",
    )
    descriptions: bool = Field(
        default=True,
        title="Descriptions",
        description="Spend calls that are left on the descriptions of what passes the filter: one call each.",
    )
    endpoint: SafeUrl = Field(
        default=LIVE,
        title="Address of the interface",
        description="The address before /search: the live interface, or a simulator of it.",
    )
    file: SafeUrl = Field(
        default=FILE,
        title="Address of the file",
        description="Where the CSV of all active opportunities is, for the way bulk.",
    )

    @model_validator(mode="before")
    @classmethod
    def _the_file_needs_no_key(cls, given: Any) -> Any:
        # So that nobody is told to get a key that is not used.
        return {**given, "key": ""} if isinstance(given, dict) and given.get("mode") == "bulk" else given

    @model_validator(mode="after")
    def _the_search_needs_a_key(self) -> Self:
        if self.mode == "api" and not self.key:
            raise ValueError("the way api needs the name of a key: key=sam-gov")
        return self
