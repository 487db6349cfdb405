"""What the reader of lists on web pages says of itself, and what an admin enters to point it at one.

The one thing to know: a list is a window on the newest unless an admin says that it shows all that is open (`complete`);
only then can an item be missing.
"""

from typing import Self

from pydantic import Field, model_validator

from connectors.base.contract import About, Expect, Rights, Url
from connectors.generic.given import ZONE, Given
from connectors.generic.selecting import Pattern, Selector

SWEEP_DAYS = 7
CLOSED = (
    r"(?i)\b(?:chius|scadut|conclus|terminat|annullat|revocat|closed|expired|ended|cancell?ed|clôtur|clos\b|fermé"
    r"|geschlossen|abgelaufen|beendet|cerrad|finalizad|gesloten|verlopen)"
)

ABOUT = About(
    name="html_list",
    title="List on web pages (CSS selectors)",
    home="https://www.w3.org/TR/selectors-4/",
    rights=Rights(),
    rhythm_minutes=24 * 60,
    pace_seconds=2.0,
    languages="it, en;q=0.8",
    zone=ZONE,
    expect=Expect(markup=True),
    caveats=(
        "Pages are made for people: when a site changes its markup, the visit says so and the old data stay.",
        "A list shows the newest; what has left it is not closed, unless the source says `complete`.",
        "A list that a script builds in the browser cannot be read: there is no browser here.",
    ),
)


class Params(Given):
    """One list on web pages: where it stands, which parts of it are what, and what is true of all its items."""

    list_urls: tuple[Url, ...] = Field(
        title="Addresses of the list",
        description="One or more. {page} in an address stands for the number of the page.",
        examples=[["https://www.example.org/bandi?page={page}"]],
        min_length=1,
        max_length=10,
    )
    first_page: int = Field(1, ge=0, le=1, title="First page", description="The number of the first page: 0 or 1.")
    max_pages: int = Field(
        3, ge=1, le=200, title="Most pages", description="How many pages of each address a visit reads at most."
    )
    next_selector: Selector | None = Field(
        None,
        title="Link to the next page",
        description="Where addresses carry no {page}: CSS selector of the link to the next page.",
        examples=["a[rel=next]"],
    )
    item_selector: Selector | None = Field(
        None,
        title="Item",
        description="CSS selector of one entry of the list, the box or its link. Left empty: every link whose address"
        " fits the pattern is an item.",
        examples=["article.card"],
    )
    link_selector: Selector | None = Field(
        None, title="Link", description="Within an item, the link to its page. Left empty: its first link that fits."
    )
    title_selector: Selector | None = Field(
        None, title="Title", description="Within an item. Left empty: a heading in the link, the words of the link."
    )
    date_selector: Selector | None = Field(
        None,
        title="Day of publication",
        description="Within an item: a <time>, or words with one date in them. Of an event it is the day it is held.",
    )
    date_line: bool = Field(
        False,
        title="A date alone is the publication",
        description="A line of an item that is a date and nothing else is taken for the day of its publication.",
    )
    deadline_selector: Selector | None = Field(
        None, title="Deadline", description="Within an item, or on its page: a <time>, or words with a date in them."
    )
    summary_selector: Selector | None = Field(None, title="Summary", description="Within an item: its teaser.")
    category_selector: Selector | None = Field(
        None, title="Categories", description="Within an item: its themes; each becomes a keyword."
    )
    state_selector: Selector | None = Field(
        None, title="State", description="Within an item, or on its page: the badge that says open or closed."
    )
    closed_pattern: Pattern = Field(
        CLOSED, title="Words of a closed state", description="Regular expression for the badge of what is over."
    )
    url_pattern: Pattern | None = Field(
        None,
        title="Pattern of addresses",
        description="Regular expression: only items whose address it finds are kept.",
        examples=["/bandi/[^/?]+$"],
    )
    id_pattern: Pattern | None = Field(
        None,
        title="Pattern of the identity",
        description="Regular expression whose group is the identity within the address. Left empty: the whole address.",
        examples=[r"idAtto=(\d+)"],
    )
    empty_selector: Selector | None = Field(
        None,
        title="Sign of an empty list",
        description="An element that is there only when the list is empty. Without it a list without items is an error.",
    )
    total_selector: Selector | None = Field(
        None, title="Number of items", description="The element that says how many items there are: 54 results."
    )
    follow_details: bool = Field(
        False, title="Read each item's own page", description="One more request for each new or changed item."
    )
    content_selector: Selector | None = Field(
        None, title="Text of an item's page", description="Left empty: main, article, or what is left without menus."
    )
    cleanup_selectors: tuple[Selector, ...] = Field(
        (), title="Not text", description="Parts of an item's page that are left out of its text.", max_length=20
    )
    doc_selector: Selector | None = Field(
        None,
        title="Documents",
        description="Links on an item's page that lead to documents, if not known by their name.",
    )
    complete: bool = Field(
        False,
        title="Shows everything open",
        description="The list shows all that is open, to its last page: then what two full readings miss is withdrawn.",
    )

    @model_validator(mode="after")
    def _says_what_an_item_is(self) -> Self:
        if self.item_selector is None and self.url_pattern is None:
            raise ValueError("enter an item_selector or a url_pattern: one of them says what an item is")
        return self
