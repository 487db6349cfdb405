"""What the reader of Socrata portals says of itself, and what an admin enters to point it at a data set."""

from typing import Self

from pydantic import Field, model_validator

from connectors.base.contract import About, Key, Notice, Rights, Url
from connectors.generic.columns import Table
from connectors.generic.given import ZONE
from connectors.generic.licence import rights_under

ABOUT = About(
    name="socrata",
    title="Open data (Socrata)",
    home="https://dev.socrata.com/docs/queries/",
    rights=Rights(),
    robots=False,  # an interface that the portal offers to programs
    sweep_days=None,  # rows leave the question by their age, so one that is no longer among them is not withdrawn
    zone=ZONE,
    keys=(
        Key(
            param="app_token",
            title="Application token",
            where="https://dev.socrata.com/docs/app-tokens.html",
            how="Free, after signing up at the portal itself. Without one the portal answers too, more slowly when it is busy.",
            optional=True,
        ),
    ),
    caveats=(
        "2026-11-25: written from one recorded list of rows; paging, count and errors are as documented",
        "2026-11-25: no column of Lombardia's tenders is known to mean open: rows whose deadline has passed are not asked for",
    ),
)


class Params(Table):
    """One data set of a Socrata portal, and which of its columns is what."""

    url: Url = Field(
        title="Address of the portal",
        description="Its front page.",
        examples=["https://dati.lombardia.it"],
        max_length=500,
    )
    dataset: str = Field(
        pattern=r"^[a-z0-9]{4}-[a-z0-9]{4}$",
        title="Data set",
        description="Its number of twice four signs, as it stands in its address.",
        examples=["k6cb-4hbm"],
    )
    where: str = Field(
        "",
        title="Condition",
        description="Only rows for which this holds, in SoQL.",
        examples=["procedura_gara != 'Affidamento diretto'"],
        max_length=500,
    )
    days: int = Field(
        30,
        ge=0,
        le=3_650,
        title="Days back",
        description="Rows whose deadline or publication lies further back are not asked for. 0: all rows.",
    )
    order: str = Field(
        "",
        title="Order",
        description="Columns by which the rows are asked for; of rows with one identity the first counts. :id comes behind.",
        examples=["codice_bando DESC, n_lotto"],
        max_length=200,
    )
    app_token: str = Field(
        "",
        title="Name of the application token",
        description="The name under which the vault keeps it; left empty: without one.",
        max_length=100,
    )
    rows: int = Field(500, ge=1, le=1_000, title="Rows a page", description="How many are asked for at once.")
    max_pages: int = Field(
        40, ge=1, le=500, title="Most pages", description="A visit stops here, and says that it is incomplete."
    )
    licence: str = Field(
        "",
        title="Licence",
        description="As the portal states it for this data set. Under an open one (CC0, CC BY, IODL) the whole text is shown.",
        examples=["CC0 1.0"],
        max_length=40,
    )

    @model_validator(mode="after")
    def _an_identity(self) -> Self:
        if not self.columns.title:
            raise ValueError('columns must say which column is the title: columns={"title": "…"}')
        if self.days and not (self.columns.deadline or self.columns.published):
            raise ValueError("days needs a column for the deadline or the publication; 0 asks for all rows")
        return self

    @property
    def page(self) -> str:
        """The page of the data set that a person opens."""
        return f"{self.url.rstrip('/')}/d/{self.dataset}"


def rights(notice: Notice, params: Params) -> Rights:
    """What the licence of the data set allows."""
    return rights_under(params.licence, params.organisation)
