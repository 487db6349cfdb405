"""What a folder of files is to us, and what an admin says about the files in it.

The one thing to know: nobody but the office knows where such a file comes from, so it is shown to members, and to
everybody only where the office writes down why it may be (docs/formats.md, rights).
"""

from typing import Literal, Self, TypeAlias

from pydantic import Field, model_validator

from connectors.base.contract import About, Notice, Rights, Url
from connectors.generic.columns import Table
from connectors.generic.given import ZONE

Shape: TypeAlias = Literal["notices", "coopspace", "organisations", "sse", "linkedin_connections"]
Format: TypeAlias = Literal["auto", "csv", "json", "xlsx"]

ABOUT = About(
    name="file_drop",
    title="Files that the office lays in a folder (CSV, JSON, XLSX)",
    home="https://www.rfc-editor.org/rfc/rfc4180",
    rights=Rights(show="summary", audience="members", attribution="", basis="not known"),
    reads="files",
    rhythm_minutes=60,
    sweep_days=0,
    zone=ZONE,
    keep_days=14,  # such files may hold more of people than is read of them
    needs="a file, laid into the folder of the source: worldwidewe sources drop NAME FILE",
    caveats=(
        "Nothing in a file says how old it is: the office takes away what is no longer true.",
        "2026-11-25: Coopspace itself was never seen; its columns follow what its owners wrote about it and are unproven.",
    ),
)


class Params(Table):
    """One folder of files of one shape, and what is true of everything in them."""

    shape: Shape = Field(
        "notices",
        title="What the files hold",
        description="notices: one opportunity a row. coopspace: posts with the columns of docs/platforms/coopspace.md."
        " organisations: a list of organisations. sse: the CSV of the cooperative maps. linkedin_connections: the"
        " Connections.csv of a person who agreed to it; only the organisations are read.",
    )
    format: Format = Field(
        "auto",
        title="Format",
        description="auto: the content decides, whatever the name says.",
    )
    sheet: str | None = Field(
        None,
        title="Sheet",
        description="Name of the sheet of a workbook; left empty, the first that is shown.",
        max_length=100,
    )
    page: Url | None = Field(
        None,
        title="Page for rows without an address",
        description="What a reader opens where a row names no address of its own: the page of the list, or of the office.",
        examples=["https://www.example.org/requests"],
        max_length=2048,
    )
    complete: bool = Field(
        True,
        title="The folder holds everything",
        description="What stands in no file any more is taken for withdrawn, after two visits. Switch it off where every"
        " file brings only what is new.",
    )
    audience: Literal["office", "members", "public"] = Field(
        "members",
        title="Who may see it",
        description="office, members or public; public needs a basis.",
    )
    basis: str = Field(
        "",
        title="Basis",
        description="Why it may be shown: a licence, or a written permission with its date.",
        examples=["written permission of the consortium, 2026-11-20"],
        max_length=300,
    )
    attribution: str = Field(
        "", title="Attribution", description="Who is named beside every item that is shown.", max_length=200
    )

    @model_validator(mode="after")
    def _public_needs_a_basis(self) -> Self:
        if self.audience == "public" and self.basis.strip().casefold() in {"", "not known"}:
            raise ValueError("audience public needs a basis: the licence, or the written permission with its date")
        return self


def rights(notice: Notice, params: Params) -> Rights:
    """Under which rights what lies in the folder is shown: as the office says, and never by itself to everybody.

    What members of a network wrote for each other is a link alone, until a basis is written down.
    """
    without: Literal["link", "summary"] = "link" if params.shape == "coopspace" else "summary"
    return Rights(
        show="full" if params.basis else without,
        audience=params.audience,
        attribution=params.attribution or params.organisation or "",
        basis=params.basis or "not known",
    )


def sweep_days(params: Params) -> int | None:
    """Every visit reads the whole folder, so each is a sweep; unless the office says that files only bring what is new."""
    return ABOUT.sweep_days if params.complete else None
