"""Which column of a table holds what: the parameters that every source of rows shares (open-data portals, spreadsheets).

The one thing to know: nothing is guessed. The order of day and month and the decimal sign are set once for a source; a
column that is called like its field ("title", "deadline", …) needs no mapping.

How a connector uses it: its `Params` inherit `Table`; `split` raises ParseError for what `missing` names and yields one
record for each of `rows.identified(rows, params)`; `read` hands the record's `Row` to `rows.notice_of_row`. A row is a
mapping from column names to cells: text, numbers, lists, or {"url": …}.
"""

from collections.abc import Iterable
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from connectors.base.contract import DeadlineKind
from connectors.base.days import fold
from connectors.base.text import visible
from connectors.generic.given import Given

_LINE = 200


def _names(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


Word: TypeAlias = Annotated[str, Field(min_length=1, max_length=_LINE)]
Names: TypeAlias = Annotated[tuple[Word, ...], BeforeValidator(_names)]


class Columns(BaseModel):
    """Which columns hold which field, by the names in the head of the table: one name, or several in a list.

    All that are named count for `id` (together they are the identity), `summary`, `html`, `cpv`, `keywords`,
    `eligibility` and `extra` (kept as they are); of the others the first that is filled.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    id: Names = ()
    title: Names = ()
    summary: Names = ()
    html: Names = ()
    url: Names = ()
    published: Names = ()
    updated: Names = ()
    opens: Names = ()
    deadline: Names = ()
    state: Names = ()
    country: Names = ()
    region: Names = ()
    budget: Names = ()
    grant: Names = ()
    organisation: Names = ()
    programme: Names = ()
    cpv: Names = ()
    keywords: Names = ()
    language: Names = ()
    eligibility: Names = ()
    extra: Names = ()


class Table(Given):
    """The parameters that every source of rows shares."""

    columns: Columns = Field(
        Columns(),
        title="Columns",
        description='Which column holds what, as JSON: {"title": "INTERVENTO", "deadline": "DATA CHIUSURA"}. Fields: '
        + ", ".join(Columns.model_fields)
        + ". A column that is called like its field needs no mention.",
    )
    dates: Literal["dmy", "mdy"] = Field(
        "dmy", title="Order of dates", description="dmy: day first (31/12/2026); mdy: month first. It is never guessed."
    )
    decimal: Literal["", ",", "."] = Field(
        "",
        title="Decimal sign",
        description="Of bare numbers, where software wrote them. Left empty: the rules for amounts in texts.",
    )
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] | None = Field(
        None, title="Currency", description="Of amounts that name none.", examples=["EUR"]
    )
    deadline_kind: DeadlineKind = Field(
        "submission",
        title="What the deadline is for",
        description="submission, stage, eoi, registration, validity or event.",
    )
    skip: tuple[Word, ...] = Field(
        (), title="States that are left out", description="Rows whose state is one of these words are left out."
    )
    closed: tuple[Word, ...] = Field(
        (),
        title="States that mean closed",
        description="Such a row keeps no later day than that of the visit as its end.",
    )
    own_pages: bool = Field(
        False,
        title="Every row has a page of its own",
        description="Then another source that leads to the same page tells of the same thing.",
    )


def missing(names: Iterable[str], table: Table) -> tuple[str, ...]:
    """The columns that the mapping names and the head of the table does not."""
    there = {key(name) for name in names}
    wanted = (name for of in Columns.model_fields for name in getattr(table.columns, of))
    return tuple(dict.fromkeys(name for name in wanted if key(name) not in there))


def key(name: str) -> str:
    """The form in which names of columns and words of states are compared: without case, accents and extra blanks."""
    return " ".join(fold(visible(name)).split())
