"""What the reader of Plone sites says of itself, and what an admin enters to point it at one."""

from pydantic import Field

from connectors.base.contract import About, Rights, Url
from connectors.generic.columns import Word
from connectors.generic.given import ZONE, Given

ABOUT = About(
    name="plone",
    title="Plone (plone.restapi)",
    home="https://6.docs.plone.org/plone.restapi/docs/source/",
    rights=Rights(),
    robots=False,  # an interface that the site offers to programs
    sweep_days=7,
    languages="it, en;q=0.8",
    zone=ZONE,
    caveats=(
        "2026-11-25: written from one recorded list of Emilia-Romagna without its envelope; paging is as documented",
        "2026-11-25: that the other sites of Emilia-Romagna have the same type of content is inferred, nobody has asked them",
        "2026-11-25: the texts of recent sites lie in blocks, of which only the plain text is read",
    ),
)


class Params(Given):
    """One Plone site, which of its contents to read, and what is true of all of them."""

    url: Url = Field(
        title="Address of the site",
        description="The site, or one folder of it to search below.",
        examples=["https://politicheterritoriali.regione.emilia-romagna.it"],
        max_length=1000,
    )
    portal_type: str = Field(
        "Bando", title="Type of content", description="As Plone calls it: Bando, News Item, Event.", max_length=60
    )
    api: str = Field(
        "++api++",
        pattern=r"^(\+\+api\+\+)?$",
        title="Traverser",
        description="Sites with a Volto front answer below ++api++; for a classic site leave it empty.",
    )
    page_size: int = Field(50, ge=1, le=200, title="Items a page", description="How many are asked for at once.")
    max_pages: int = Field(
        40, ge=1, le=500, title="Most pages", description="A visit stops here, and says that it is incomplete."
    )
    closed: tuple[Word, ...] = Field(
        ("closed", "inProgress"),
        title="States that mean closed",
        description="Codes of bando_state in which nobody can apply any more; inProgress is the examination.",
    )
