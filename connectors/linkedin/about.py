"""What LinkedIn lets a program read, and what an admin may set.

The one thing to know: only posts of pages that we administer; no interface searches LinkedIn or reads anybody else's posts.
"""

from datetime import date
from typing import Annotated, TypeAlias

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from connectors.base.contract import About, Expect, Key, Kind, Rights, Url
from connectors.base.guard import for_keys

LIVE, LOGIN = "https://api.linkedin.com/rest", "https://www.linkedin.com/oauth/v2"
VERSION = "202607"
KeyUrl: TypeAlias = Annotated[Url, AfterValidator(for_keys)]
CONNECT = "connect with: worldwidewe linkedin connect"


def ends_about(version: str) -> date:
    """When a version (YYYYMM) is expected to be switched off: in the middle of its month a year later, as others were."""
    return date(int(version[:4]) + 1, int(version[4:]), 15)


ABOUT = About(
    name="linkedin",
    title="LinkedIn, posts of our own pages",
    home="https://www.linkedin.com/",
    hosts=("api.linkedin.com", "www.linkedin.com"),
    rights=Rights(
        show="link",
        audience="members",
        attribution="LinkedIn",
        drop_text_at=30,
        basis="LinkedIn API Terms: content may be shown to the users of the application only; the link is what is shown",
    ),
    rhythm_minutes=24 * 60,
    sweep_days=7,
    robots=False,
    keep_days=14,
    keys=(
        Key(
            param="key",
            title="Connection to LinkedIn",
            where="https://www.linkedin.com/developers/apps",
            how="not typed in: the command worldwidewe linkedin connect makes it, and keeps it here",
        ),
    ),
    needs="An app that LinkedIn has approved for the Community Management API, and a person who administers the page and "
    "connects the app: once, and again when its tokens end.",
    expect=Expect(at_most=10_000),
    caveats=(
        f"2026-11-25: version {VERSION} of the interface is asked for unless another is set; by the rule of the versions "
        f"before it ends about {ends_about(VERSION):%Y-%m-%d}, and LinkedIn then answers 426",
        "2026-11-25: one post was recorded in 2023; no list of posts was ever seen, its paging is known from clients",
        "2026-11-25: nobody has connected a live page with this connector yet",
    ),
)


class Params(BaseModel):
    """One page, and how LinkedIn is asked for its posts."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    page_id: Annotated[str, Field(pattern=r"^(?:urn:li:(?:organization|organizationBrand):)?\d{1,15}$|^$")] = Field(
        "",
        title="Number of the page",
        description="worldwidewe linkedin connect lists the pages that you administer. A showcase page is written "
        "urn:li:organizationBrand:12345.",
        examples=["5515715"],
    )
    organisation: str = Field(
        "",
        max_length=200,
        title="Name of the page",
        description="Posts do not tell it. Shown as who publishes; never a person.",
        examples=["Federation of Cooperatives"],
    )
    kind: Kind = Field(
        "news", title="Kind of all posts", description="What the posts of this page are: news, unless set."
    )
    version: Annotated[str, Field(pattern=r"^20[2-9]\d(?:0[1-9]|1[0-2])$")] = Field(
        VERSION,
        title="Version of the interface",
        description="YYYYMM. Each lives about a year; when LinkedIn answers 426, set one that is three to six months old.",
        examples=["202607"],
    )
    key: str = Field(
        "linkedin",
        min_length=1,
        max_length=100,
        title="Name of the connection",
        description="Under this name the vault keeps the tokens. Pages that one person administers may share it.",
    )
    most_pages: int = Field(
        40,
        ge=1,
        le=200,
        title="Most pages of the list",
        description="A visit reads so many pages, 50 posts each, and then says that it is incomplete.",
    )
    endpoint: KeyUrl = Field(LIVE, title="Address of the interface", description="The live one, or a simulator of it.")
    login: KeyUrl = Field(LOGIN, title="Address of the login", description="Where tokens are given out and renewed.")

    @property
    def author(self) -> str | None:
        """The page as LinkedIn names it, a URN; None while no number is set."""
        if not self.page_id or self.page_id.startswith("urn:"):
            return self.page_id or None
        return f"urn:li:organization:{self.page_id}"

    @property
    def version_ends(self) -> date:
        return ends_about(self.version)
