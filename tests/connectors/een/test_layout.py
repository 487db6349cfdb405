"""What stands where on a profile's page: its heading, its sections, terms without a definition, blocks about others."""

from datetime import date

import pytest

from connectors import een
from connectors.base.contract import ParseError
from connectors.base.documents import read_html
from tests.connectors.een.conftest import LIVE, TODAY, page_of
from tests.connectors.een.test_profile import page, read
from tests.portals.een import EenPortal
from tests.portals.een_content import Profile

TERM, DEFINITION = "ecl-description-list__term", "ecl-description-list__definition"


@pytest.fixture(scope="module")
def one() -> Profile:
    found = EenPortal(profiles=200, seed=7, today=TODAY).listed()
    return next(each for each in found if each.type == "RDR" and each.ipr_notes is None)


def without_definition(html: str, label: str) -> str:
    soup = read_html(html, LIVE)
    term = next(each for each in soup.find_all("dt") if each.get_text() == label)
    definition = term.find_next_sibling("dd")
    assert definition is not None
    definition.decompose()
    return str(soup)


def told(html: str) -> list[tuple[str, date | None]]:
    return [(each.kind, each.on) for each in read(html).deadlines]


def test_a_day_without_a_definition_does_not_take_the_next_one_s(one: Profile) -> None:
    assert one.call
    assert told(without_definition(page(one), "Deadline for EoI")) == [("submission", one.call.closes)]
    weeks = without_definition(page(one), "Deadline of the call")
    assert told(weeks) == [("eoi", one.call.eoi)]
    assert "not_understood" not in read(weeks).extra["een"]


def test_nothing_else_takes_the_definition_of_a_day(one: Profile) -> None:
    bare = without_definition(page(one), "Coordinator required")
    assert "coordinator" not in read(bare).extra["een"]
    assert told(bare) == told(page(one))


def related(*, heading: str, reference: str) -> str:
    fields = {"POD Reference": reference, "IPR notes": "Notes of another company", "Deadline for EoI": "1 Dec 2026"}
    entries = "".join(
        f'<dt class="{TERM}">{label}</dt><dd class="{DEFINITION}">{text}</dd>' for label, text in fields.items()
    )
    return f"<section>{heading}<div><dl>{entries}</dl></div></section><p>Share this page</p>"


@pytest.mark.parametrize(
    ("heading", "reference"),
    [
        ("<h2>You may also like</h2>", "BOLT20261005005"),
        ("<h2>You may also like</h2>", ""),
        ("<h2>Summary</h2>", "BOLT20261005005"),
        ("", "BOLT20261005005"),
    ],
)
def test_a_block_about_another_profile_lends_nothing(one: Profile, heading: str, reference: str) -> None:
    bare = page(one, Deadline_for_EoI=None)
    notice = read(bare.replace("<p>Share this page</p>", related(heading=heading, reference=reference)))
    assert (notice.source_id, notice.deadlines) == (one.reference, read(bare).deadlines)
    assert "another company" not in (notice.body or "")


def test_labels_under_a_heading_that_nobody_has_seen_are_told_and_not_read(one: Profile) -> None:
    more = f'<h2>More</h2><dl><dt class="{TERM}">IPR notes</dt><dd class="{DEFINITION}">Of whom?</dd></dl>'
    made = page_of(page(one).replace("<p>Share this page</p>", more), url=f"{LIVE}/a-profile", role="detail")
    (record,) = een.split(made)
    assert list(een.audit(record)) == ["More: IPR notes"]
    notice = read(made.body.decode())
    assert "Of whom?" not in (notice.body or "")
    assert notice.extra["een"]["unknown_fields"] == ["More: IPR notes"]


def test_a_page_whose_headings_were_all_renamed_is_read_by_its_labels(one: Profile) -> None:
    html = page(one)
    for heading in ("Summary", "General information", "Partner Sought", "Call details", "Dissemination"):
        html = html.replace(f">{heading}</h2>", f">The {heading}</h2>")
    assert read(html) == read(page(one))


def test_a_card_and_a_gone_page_have_no_labels_to_tell() -> None:
    gone = page_of("", role="detail", status=404)
    assert [label for record in een.split(gone) for label in een.audit(record)] == []


@pytest.mark.parametrize("place", ["main", "div", "header"])
def test_the_title_is_never_the_name_of_the_site(one: Profile, place: str) -> None:
    html = page(one).replace('<h1 class="ecl-page-header__title">', "<h1>").replace('"ecl-page-header"', '"banner"')
    html = html.replace("<nav aria", "<h1>Enterprise Europe Network</h1><nav aria")
    if place == "main":
        html = html.replace(f"<span>{one.title}</span>", "Enterprise Europe Network")
        html = html.replace('<main id="main-content">', f"<main><h1>{one.title}</h1>")
    if place == "header":
        html = html.replace('<div class="banner">', '<header class="ecl-page-header">')
    assert read(html).titles["en"].text == one.title


def test_F5_a_page_whose_only_heading_is_the_site_s_is_refused(one: Profile) -> None:
    html = (
        page(one)
        .replace('<h1 class="ecl-page-header__title"', "<p")
        .replace("<nav aria", "<h1>Enterprise Europe Network</h1><nav aria")
    )
    with pytest.raises(ParseError, match="h1: is not there"):
        read(html)
