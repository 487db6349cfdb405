"""CECOP, the European confederation of cooperatives in industry and services: news and publications, from its lists by theme.

The one thing to know: nobody has seen the markup, only copies of its texts; so entries are found by the form of their
addresses (/works/<slug>), and their day by being alone on a line. Facts and ways out: docs/platforms/cecop.md.
"""

from collections.abc import Iterator

from pydantic import BaseModel, ConfigDict, Field

from connectors.base.contract import About, Expect, Gone, Notice, Page, Record, Rights, Seen, Skipped, Url, Visit
from connectors.generic import html_list
from connectors.generic.html_list.reading import identify
from connectors.generic.html_list.walk import walk
from connectors.generic.selecting import Selector

__all__ = ["ABOUT", "Params", "fetch", "identify", "read", "split"]

ABOUT = About(
    name="cecop",
    title="CECOP: cooperatives in industry and services",
    home="https://www.cecop.coop/",
    hosts=("cecop.coop",),
    rights=Rights(show="summary", attribution="CECOP", basis="not known: a public web site without a stated licence"),
    rhythm_minutes=7 * 24 * 60,
    pace_seconds=5.0,
    languages="en",
    zone="Europe/Brussels",
    recorded=False,
    expect=Expect(at_most=200, markup=True),
    caveats=(
        "2026-11-25: unproven: no page was ever seen with its markup, only copies of texts of 2019 to 2021",
        "2026-11-25: the site may have been rebuilt since; then addresses of the form /works/<slug> are not there any more",
    ),
)


class Params(BaseModel):
    """Which list of CECOP to read."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    theme: str = Field(
        "0",
        title="Theme",
        description="The last part of the list's address: 0 for all themes, growth for one of them.",
        pattern=r"^[A-Za-z0-9%&_+-]{1,80}$",
    )
    most_pages: int = Field(3, ge=1, le=20, title="Most pages", description="How many pages of the list are read.")
    item_selector: Selector | None = Field(
        None,
        title="Item",
        description="CSS selector of an entry, once somebody has seen the markup. Empty: by address.",
    )
    endpoint: Url = Field(
        "https://www.cecop.coop/works2",
        title="Address of the lists",
        description="The live site, or another in its place.",
    )


def fetch(visit: Visit) -> Iterator[Page]:
    """Ask for the first pages of the list, then for entries that are new."""
    yield from walk(visit, list_of(visit.params))


def split(page: Page) -> Iterator[Record]:
    """Cut a list into its entries, or take an entry's own page. Raises ParseError."""
    yield from html_list.split(_as_list(page))


def read(record: Record, page: Page) -> Notice | Seen | Gone | Skipped:
    """Read an entry of the list, or its own page: its slug is its identity, under whatever theme or host it stands."""
    return html_list.read(record, _as_list(page), name=ABOUT.name)


def list_of(params: Params) -> html_list.Params:
    """The list of CECOP in the terms of the reader of lists."""
    return html_list.Params(
        list_urls=(f"{params.endpoint}/{params.theme}?page={{page}}",),
        max_pages=params.most_pages,
        item_selector=params.item_selector,
        url_pattern=r"/works/[^/?]+/?$",
        id_pattern=r"/works/([^/?]+)/?$",
        date_line=True,
        follow_details=True,
        countries=(),
        origin_country="BE",
        lang="en",
        zone=ABOUT.zone,
        organisation="CECOP",
    )


def _as_list(page: Page) -> Page:
    return page.with_params(list_of(page.params if isinstance(page.params, Params) else Params()))
