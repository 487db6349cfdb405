"""Cards, totals, pages and filters of the list; and what is no list at all."""

from datetime import timedelta
from html import escape
from typing import Any

import pytest

from connectors import een
from connectors.base.contract import ParseError, Seen
from connectors.een.listing import facets_of, number_of, read_listing
from tests.connectors.een.conftest import LIVE, TODAY, page_of
from tests.portals.een import PATH, EenPortal
from tests.portals.een_markup import Look, card, listing, pagination

ONE = EenPortal(profiles=60, seed=7, today=TODAY).listed()[0]
TWO = EenPortal(profiles=60, seed=7, today=TODAY).listed()[1]


def html(
    *,
    look: Look | None = None,
    age: str = "2 days ago",
    summary: str = "A short text.",
    total: int = 2,
    pages: str = "",
    wall: bool = False,
) -> str:
    look = look or Look()
    cards = [] if wall else [card(each, age=age, summary=summary, look=look) for each in (ONE, TWO)]
    return listing(cards, total=total, facets=[], pages=pages)


def cards(text: str, **page: Any) -> list[Seen]:
    made = page_of(text, **page)
    read = [een.read(record, made) for record in een.split(made)]
    return [each for each in read if isinstance(each, Seen)]


@pytest.mark.parametrize("look", [Look(), Look(title="h2"), Look(metas="div"), Look(title="h2", metas="div")])
def test_a_card_is_read_in_every_markup_that_is_known(look: Look) -> None:
    assert [(each.source_id, each.url) for each in cards(html(look=look))] == [
        (ONE.reference, f"{LIVE}/{ONE.slug}"),
        (TWO.reference, f"{LIVE}/{TWO.slug}"),
    ]
    assert [each["country"] for each in read_listing(page_of(html(look=look))).cards] == [ONE.country, TWO.country]
    assert [each["type"] for each in read_listing(page_of(html(look=look))).cards] == [ONE.label, TWO.label]


def test_an_older_page_s_link_of_its_own_is_taken_for_the_title() -> None:
    old = (
        html().replace('"ecl-content-block__title"', '"title"').replace('"ecl-link"', '"ecl-link ecl-link--standalone"')
    )
    assert len(cards(old)) == 2


def test_how_long_ago_it_was_published_does_not_make_a_card_another() -> None:
    today = [each.fingerprint for each in cards(html(age="2 days ago"))]
    assert [each.fingerprint for each in cards(html(age="3 weeks ago"))] == today
    assert [each.fingerprint for each in cards(html(age="today"))] == today


@pytest.mark.parametrize("what", ["summary", "type", "title", "country"])
def test_everything_else_on_a_card_makes_it_another(what: str) -> None:
    before = cards(html())[0].fingerprint
    old = {"summary": "A short text.", "type": ONE.label, "title": ONE.title, "country": ONE.country}[what]
    assert cards(html().replace(f">{escape(old)}<", ">Different<"))[0].fingerprint != before


def test_a_card_is_another_again_after_two_weeks_so_that_its_page_is_read_again() -> None:
    at = page_of("").fetched_at
    days = {cards(html(), fetched_at=at + timedelta(days=day))[0].fingerprint for day in range(15)}
    assert len(days) == 2


@pytest.mark.parametrize("words", ["2 days ago", "a month ago", "Yesterday", "today", "just now", "12.11.2026"])
def test_an_age_is_never_taken_for_a_country(words: str) -> None:
    text = html(age=words)
    assert [each["country"] for each in read_listing(page_of(text)).cards] == [ONE.country, TWO.country]
    assert "country" not in read_listing(page_of(text.replace(ONE.country, ""))).cards[0]


def test_a_card_that_lacks_something_is_refused_alone() -> None:
    made = page_of(html().replace(ONE.reference, "soon"))
    read: list[object] = []
    for record in een.split(made):
        try:
            read.append(een.read(record, made))
        except ParseError as error:
            read.append(error.why)
    assert read[0] == "has no reference"
    assert isinstance(read[1], Seen)


@pytest.mark.parametrize(
    "href", ["https://elsewhere.example.org/x", "javascript:alert(1)", "https://een.ec.europa.eu.example.org/"]
)
def test_an_address_that_leads_away_from_the_site_is_refused(href: str) -> None:
    made = page_of(html().replace(f"{PATH}/{ONE.slug}", href))
    with pytest.raises(ParseError, match="no usable"):
        een.read(next(een.split(made)), made)


def test_a_card_of_a_type_that_was_not_asked_for_shows_that_the_filter_is_ignored() -> None:
    others = tuple(kind for kind in ("BO", "BR", "TO", "TR", "RDR") if kind != ONE.type)
    made = page_of(html(), params=een.Params(profile_types=others))
    with pytest.raises(ParseError, match="the filter is ignored"):
        een.read(next(een.split(made)), made)


@pytest.mark.parametrize(
    ("heading", "total"),
    [("Partnering opportunities (230)", 230), ("Partnering opportunities (1,204)", 1204), ("Partnering Opportunities ( 1.204 )", 1204),
     ("Partnering opportunities", None)],
)  # fmt: skip
def test_the_total_is_what_the_heading_says(heading: str, total: int | None) -> None:
    text = html().replace("Partnering opportunities (2)", heading)
    assert read_listing(page_of(text)).total == total


@pytest.mark.parametrize("classes", ["ecl-pagination", "pager"])
def test_a_page_says_whether_another_follows_and_whether_it_is_the_last(classes: str) -> None:
    def told(number: int, last: int) -> tuple[int, bool, bool]:
        text = html(pages=pagination(number, last, query={"f[0]": "p:4320"})).replace("ecl-pagination", classes)
        found = read_listing(page_of(text, url=f"{LIVE}?f%5B0%5D=p%3A4320&page={number}" if number else LIVE))
        return found.furthest, found.follows, found.ends

    assert told(0, 19) == (19, True, False)
    assert told(18, 19) == (19, True, False)
    assert told(19, 19) == (18, False, True)
    assert told(0, 0) == (0, False, False)


def test_a_page_without_links_from_page_to_page_is_not_the_last_for_that() -> None:
    for address in (LIVE, f"{LIVE}?page=3"):
        found = read_listing(page_of(html(), url=address))
        assert (found.follows, found.ends) == (False, False)


def test_links_to_pages_of_something_else_say_nothing() -> None:
    others = '<a href="/news?page=7">News</a><a href="http://[?page=8">x</a><a href="?homepage=9">y</a><a href="?page=0,4">z</a>'
    found = read_listing(page_of(html(pages=others), url=f"{LIVE}?page=3"))
    assert (found.furthest, found.follows, found.ends) == (0, False, False)


def test_the_number_of_a_page_stands_in_its_address() -> None:
    assert number_of(page_of("", url=f"{LIVE}?f%5B0%5D=p%3A4355&page=7")) == 7
    assert number_of(page_of("", url=LIVE)) == 0


def test_a_list_that_says_it_is_empty_is_believed() -> None:
    assert read_listing(page_of(html(wall=True, total=0))).cards == ()
    silent = html(wall=True, total=0).replace("Partnering opportunities (0)", "Search")
    assert read_listing(page_of(silent)).cards == ()


def test_F5_a_page_without_cards_that_says_nothing_of_them_is_refused() -> None:
    for text, said in (
        ("<html><body><form>Log in</form></body></html>", "login page, a wall, or changed markup"),
        ("<html><head><title>Just a moment</title></head></html>", "a wall against robots came in its place"),
        ("", "login page, a wall, or changed markup"),
    ):
        with pytest.raises(ParseError, match=said):
            read_listing(page_of(text))


def test_a_first_page_that_announces_profiles_and_shows_none_has_changed() -> None:
    renamed = html(total=230).replace("ecl-card", "ecl6-card")
    with pytest.raises(ParseError, match="230 profiles are announced"):
        read_listing(page_of(renamed))
    # Further on it is an empty page, behind the end of the list.
    assert read_listing(page_of(renamed, url=f"{LIVE}?page=30")).cards == ()


def test_the_filters_are_found_with_their_labels() -> None:
    portal = EenPortal(profiles=60, seed=7, today=TODAY)
    found = facets_of(page_of(listing([], total=0, facets=portal.facets(), pages="")))
    assert set(found) == {"p", "c", "tc"}
    assert found["p"]["Research & Development Request"] == "4355"
    assert found["p"]["Technology request"] == "4320"
    assert found["tc"]["Italy"] == found["tc"]["Italy"].strip()
    assert "All countries" in found["tc"]


def test_a_filter_whose_count_stands_in_its_text_is_found_too() -> None:
    link = '<a href="/x?f%5B0%5D=tc%3A3298">Bosnia and Herzegovina (1,012)</a><a href="/x?f[0]=tc:1">Italy</a><a href="/x?f%5B0%5D=">No</a>'
    broken = '<a href="http://[?f%5B0%5D=tc%3A1">Nowhere</a>'
    assert facets_of(page_of(link + broken)) == {"tc": {"Bosnia and Herzegovina": "3298", "Italy": "1"}}
