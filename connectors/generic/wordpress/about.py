"""What the reader of WordPress sites says of itself, and what an admin enters to point it at one."""

from typing import Annotated

from pydantic import Field

from connectors.base.contract import About, Rights, Url
from connectors.generic.columns import Word
from connectors.generic.given import ZONE, Given
from connectors.generic.selecting import Selector

ABOUT = About(
    name="wordpress",
    title="WordPress (REST)",
    home="https://developer.wordpress.org/rest-api/",
    rights=Rights(),
    rhythm_minutes=12 * 60,
    pace_seconds=2.0,
    robots=False,  # an interface that the site offers to programs
    sweep_days=7,
    languages="it, en;q=0.8",
    zone=ZONE,
    caveats=(
        "2026-11-25: written from one recorded list of posts without its headers; paging and errors are as documented",
        "2026-11-25: the events of The Events Calendar are written from its documentation, no answer of it was recorded",
        "Most sites have no field for the deadline: it is found in the text by rule.",
    ),
)

_Slug = Annotated[str, Field(pattern=r"^[a-z0-9_-]{1,60}$")]


class Params(Given):
    """One WordPress site, what to ask it for, and what is true of all that stands there."""

    url: Url = Field(
        title="Address of the site",
        description="Its front page, not that of the interface: /wp-json/ is put behind it.",
        examples=["https://www.lazioinnova.it"],
        max_length=1000,
    )
    post_type: _Slug = Field(
        "posts",
        title="Type of content",
        description="As the interface calls it: posts, or a type of the site's own such as bandi, bando, avvisi-e-bandi."
        " The site lists its types at /wp-json/wp/v2/types.",
        examples=["bandi"],
    )
    categories: tuple[Annotated[int, Field(ge=1)], ...] = Field(
        (),
        title="Categories",
        description="Numbers of categories, of which one suffices. Empty: all.",
        examples=[[321]],
    )
    search: str = Field("", title="Words", description="Only items that hold these words.", max_length=100)
    events: bool = Field(
        False,
        title="Events",
        description="Read the events to come of The Events Calendar instead of posts.",
    )
    plain_permalinks: bool = Field(
        False, title="Plain permalinks", description="The site has no /wp-json/: ask at /?rest_route=… instead."
    )
    follow_details: bool = Field(
        False,
        title="Read the pages behind",
        description="Where the interface gives titles and addresses alone: read each item's own page too.",
    )
    content_selector: Selector | None = Field(
        None,
        title="Text of the page",
        description="With the pages behind: CSS selector of the text. Left empty: the usual places of WordPress themes.",
        examples=[".entry-content"],
    )
    eligibility_terms: tuple[_Slug, ...] = Field(
        ("destinatari", "beneficiari"),
        title="Taxonomies of addressees",
        description="Terms such as destinatari-piccole-imprese say who may apply.",
    )
    keyword_terms: tuple[_Slug, ...] = Field(
        ("category", "tag", "tematiche", "tipologie", "settori", "argomenti"),
        title="Taxonomies of subjects",
        description="Their name is left out of the keyword: tematiche-ricerca becomes ricerca.",
    )
    deadline_field: Word | None = Field(
        None,
        title="Field of the deadline",
        description="Where the site has one: its place in an item, such as acf.data_scadenza. Day before month.",
        examples=["acf.data_scadenza"],
    )
    opens_field: Word | None = Field(
        None, title="Field of the opening", description="The same for the first day.", examples=["acf.data_apertura"]
    )
    per_page: int = Field(50, ge=1, le=100, title="Items a page", description="WordPress gives no more than 100.")
    max_pages: int = Field(
        40, ge=1, le=500, title="Most pages", description="A visit stops here, and says that it is incomplete."
    )
