"""What the reader of CKAN portals says of itself, and what an admin enters to point it at a table."""

from typing import Self

from pydantic import Field, model_validator

from connectors.base.contract import About, Notice, Rights, Url
from connectors.generic.columns import Table
from connectors.generic.given import ZONE
from connectors.generic.licence import rights_under

ABOUT = About(
    name="ckan",
    title="Open data (CKAN)",
    home="https://docs.ckan.org/en/latest/api/",
    hosts=("*",),  # a data set names its files wherever they lie: a spreadsheet in a cloud, for instance
    rights=Rights(),
    robots=False,  # an interface that the portal offers to programs
    sweep_days=1,
    languages="it, en;q=0.8",
    zone=ZONE,
    caveats=(
        "2026-11-25: written from two recorded tables without their answers' envelopes; the interface is as documented",
        "Only what the table says is known: most have no column that tells whether a call is still open.",
    ),
)


class Params(Table):
    """One table of a CKAN portal, and which of its columns is what."""

    url: Url = Field(
        title="Address",
        description="The page of the data set (…/dataset/NAME): its newest file is read. Or the file itself: a CSV, or a dump"
        " of the data store as JSON.",
        examples=["https://dati.trentino.it/dataset/calendario-degli-avvisi-e-degli-inviti-a-partecipare-bandi-feasr"],
        max_length=1000,
    )
    resource: str = Field(
        "",
        pattern=r"^[A-Za-z0-9-]{0,60}$",
        title="Resource",
        description="The number of a resource that lies in the data store: its rows are asked for page by page. For tables of"
        " more than some thousand rows.",
    )
    format: str = Field("CSV", pattern=r"^[A-Za-z]{1,10}$", title="Format", description="Of the files of the data set.")
    rows: int = Field(500, ge=1, le=1_000, title="Rows a page", description="Of the data store.")
    max_pages: int = Field(
        40, ge=1, le=500, title="Most pages", description="A visit stops here, and says that it is incomplete."
    )
    licence: str = Field(
        "",
        title="Licence",
        description="As the portal states it for this data set. Under an open one (CC0, CC BY, IODL) the whole text is shown.",
        examples=["CC BY 4.0"],
        max_length=40,
    )

    @model_validator(mode="after")
    def _a_title(self) -> Self:
        if not self.columns.title:
            raise ValueError('columns must say which column is the title: columns={"title": "…"}')
        return self


def rights(notice: Notice, params: Params) -> Rights:
    """What the licence of the data set allows."""
    return rights_under(params.licence, params.organisation)
