"""A profile's page: its fields in every markup, and the notice that they make."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from connectors import een
from connectors.base.contract import Gone, Notice, ParseError, Skipped
from connectors.base.text import plain
from tests.connectors.een.conftest import LIVE, TODAY, page_of
from tests.portals.een import EenPortal, sections
from tests.portals.een_content import Profile
from tests.portals.een_markup import STYLES, ListStyle, Look, detail


@pytest.fixture(scope="module")
def searches() -> list[Profile]:
    return [one for one in EenPortal(profiles=200, seed=7, today=TODAY).listed() if one.type == "RDR"]


@pytest.fixture
def one(searches: list[Profile]) -> Profile:
    return replace(
        searches[0], goals=("Goal 13: Climate Action",), groups=("Textiles", "Energy-Intensive Industries - Materials")
    )


def read(html: str, **more: Any) -> Notice:
    page = page_of(html, role="detail", **{"url": f"{LIVE}/a-profile"} | more)
    (record,) = een.split(page)
    notice = een.read(record, page)
    assert isinstance(notice, Notice)
    return notice


def page(one: Profile, *, look: Look | None = None, **changed: Any) -> str:
    """The page of a profile; a field that `changed` names by its label gets that value, or goes with None."""
    names = {label.replace("_", " "): value for label, value in changed.items()}
    kept = [
        (heading, [(label, names.get(label, value)) for label, value in fields if names.get(label, value) is not None])
        for heading, fields in sections(one)
    ]
    return detail(one.title, kept, look=look or Look())


def country(name: str | None) -> dict[str, Any]:
    return {"Company's Country": name}


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("horizontal", [True, False])
def test_the_same_profile_is_read_from_every_markup(one: Profile, style: ListStyle, horizontal: bool) -> None:
    notice = read(page(one, look=Look(lists=style, horizontal=horizontal)))
    assert notice == read(page(one))
    assert notice.codes == (
        *(f"een-tech:{line.split(' - ')[0]}" for line in one.technology),
        *(f"een-market:{line.split(' - ')[0]}" for line in one.market),
        "sdg:13",
    )


def test_every_kind_of_profile_says_what_its_page_says() -> None:
    for each in EenPortal(profiles=120, seed=3, today=TODAY).listed():
        notice = read(page(each))
        assert notice.source_id == each.reference
        assert notice.titles["en"].text == each.title
        assert notice.summary == each.summary
        assert notice.published_at == each.published
        assert notice.same_as == (f"een:{each.reference}",)
        assert notice.organisation is None
        assert notice.contact
        assert notice.contact.url == f"{LIVE}/a-profile/partnership-contact"
        assert notice.lang == "en"
        assert notice.countries == ("*",) or len(notice.countries) == len(each.targets)
        body = plain(notice.body or "")
        assert all(text in body for text in (*each.description, each.advantages, each.role) if text)
        assert "not_understood" not in notice.extra["een"]
        assert "unknown_fields" not in notice.extra["een"]


def test_a_list_is_never_cut_at_its_commas(one: Profile) -> None:
    notice = read(
        page(
            one,
            Technology_keywords=[
                "10003004 - Recycling, Recovery",
                "01003012 - Imaging, Image Processing, Pattern Recognition",
            ],
        )
    )
    assert "een-tech:10003004" in notice.codes
    assert "een-tech:01003012" in notice.codes
    assert notice.keywords[:2] == ("Recycling, Recovery", "Imaging, Image Processing, Pattern Recognition")


def test_what_stands_around_a_list_in_a_summary_is_kept(one: Profile) -> None:
    raw = "<p>Partners are sought:</p><ul><li>growers</li><li>mills</li></ul><p>All may write.</p>"
    notice = read(page(one).replace(f">{one.summary}<", f">{raw}<"))
    assert notice.summary == "Partners are sought: growers mills All may write."


def test_codes_keep_their_zeros_and_their_tree_and_may_be_short_or_long(one: Profile) -> None:
    keywords = ["08001004 - Food Processing", "004005004 - Liquid biomass", "11002 - Education and Training"]
    notice = read(
        page(one, Technology_keywords=keywords, Market_keywords=["08001004 - Fibre-reinforced (plastic) composites"])
    )
    assert notice.codes[:4] == ("een-tech:08001004", "een-tech:004005004", "een-tech:11002", "een-market:08001004")


def test_a_keyword_without_a_code_stays_a_word_and_is_noted(one: Profile) -> None:
    notice = read(page(one, Market_keywords=["Cheese"]))
    assert "Cheese" in notice.keywords
    assert not [code for code in notice.codes if code.startswith("een-market")]
    assert notice.extra["een"]["not_understood"] == ["Market keywords: Cheese"]


def test_terms_that_share_a_definition_share_its_value(one: Profile) -> None:
    shared = page(one).replace(
        '<dt class="ecl-description-list__term">Profile Type</dt>',
        '<dt class="ecl-description-list__term">Company&#8217;s country:</dt><dt>Profile Type</dt>',
    )
    assert read(shared).extra["een"]["type"] == "Research & Development Request"
    assert read(shared.replace(f">{one.country}<", ">Poland<")).extra["een"]["not_understood"] == [
        "Company's Country: Research & Development Request"
    ]


def test_of_a_label_that_comes_twice_the_first_counts(one: Profile) -> None:
    notice = read(page(one, Targeted_Countries=["Norway", "Iceland"], Targeted_countries=["Poland"]))
    assert notice.countries == ("NO", "IS")


def test_headings_and_lists_within_a_description_are_no_fields(one: Profile) -> None:
    inner = "<h2>POD Reference</h2><dl><dt>POD Reference</dt><dd>BOIT20200101001</dd></dl>"
    notice = read(page(one).replace(f"<p>{one.description[0]}</p>", inner))
    assert notice.source_id == one.reference
    assert "<p>BOIT20200101001</p>" in (notice.body or "")


def test_a_card_of_another_profile_on_the_page_is_not_read(one: Profile) -> None:
    other = '<article class="ecl-card"><dl><dt>POD Reference</dt><dd>BOIT20200101001</dd></dl></article>'
    assert (
        read(page(one).replace('<div class="ecl-container"><h2', f'<div class="ecl-container">{other}<h2')).source_id
        == one.reference
    )


def test_all_countries_is_anywhere_and_an_unknown_name_is_kept_as_it_is(one: Profile) -> None:
    assert read(page(one, Targeted_Countries=["All countries"])).countries == ("*",)
    notice = read(page(one, Targeted_Countries=["Türkiye", "Czechia", "United Kingdom", "Atlantis"]))
    assert notice.countries == ("TR", "CZ", "GB")
    assert notice.extra["een"]["not_understood"] == ["Targeted Countries: Atlantis"]


def test_the_country_is_the_company_s_and_comes_from_the_reference_only_where_the_page_has_none(one: Profile) -> None:
    moved = replace(one, reference="RDRUK20261001001")
    assert read(page(moved, **country("Türkiye"))).origin_country == "TR"
    assert read(page(moved, **country(None))).origin_country == "GB"
    odd = read(page(moved, **country("Atlantis")))
    assert odd.origin_country is None
    assert odd.extra["een"]["not_understood"] == ["Company's Country: Atlantis"]


def test_sizes_are_written_alike_in_codes_and_as_they_came_in_the_text(one: Profile) -> None:
    notice = read(page(one, Type_and_Size_of_Partner=["SME 50 - 249", "SME 11-49", "SME <=10", "R&D Institution"]))
    assert notice.eligibility
    assert notice.eligibility.codes == ("een:SME 50-249", "een:SME 11-49", "een:SME <=10", "een:R&D Institution")
    assert "SME 50 - 249" in (notice.eligibility.text or "")
    assert notice.eligibility.verdict is None


def test_a_call_that_is_only_an_address_becomes_a_link_and_is_said_once(one: Profile) -> None:
    link = "https://calls.example.org/2027"
    notice = read(page(one, Call_title_and_identifier=link, Web_link_to_the_call=link))
    assert [each.url for each in notice.links] == [link]
    assert "call" not in notice.extra["een"]
    named = read(page(one, Call_title_and_identifier="Call 11"))
    assert named.extra["een"]["call"] == "Call 11"


def test_a_page_without_its_description_is_thin_and_stays(one: Profile) -> None:
    notice = read(page(one, Full_Description=None))
    assert notice.summary == one.summary
    assert notice.extra["een"]["thin"] == ["Full Description"]
    assert "thin" not in read(page(one)).extra["een"]


def test_a_page_without_its_summary_shows_the_beginning_of_its_description(one: Profile) -> None:
    long = tuple(f"Sentence number {number} of the description." for number in range(40))
    notice = read(page(one, Short_Summary=None, Full_Description=long))
    assert (notice.summary or "").startswith("Sentence number 0 of the description. Sentence number 1")
    assert len(notice.summary or "") <= 500
    assert "Sentence number 39" in (notice.body or "")
    assert notice.extra["een"]["thin"] == ["Short Summary"]


def test_a_label_that_nobody_has_seen_is_told(one: Profile) -> None:
    assert read(page(one).replace(">IPR status<", ">Patent status<")).extra["een"]["unknown_fields"] == [
        "Patent status"
    ]


def test_persons_and_live_markup_are_cut(one: Profile) -> None:
    planted = (
        "Contact person: Mr John Merrow, tel. +44 20 7946 0018, john.merrow@example.org",
        "<script>alert(1)</script>",
    )
    raw = page(one).replace(f"<p>{one.description[0]}</p>", f'<p onclick="x()">{"".join(planted)}</p>')
    notice = read(raw.replace(f">{one.summary}<", f">{planted[0]}. Partners are sought.<"))
    said = notice.model_dump_json()
    assert not [word for word in ("Merrow", "7946", "@", "alert(", "onclick") if word in said]


def test_a_page_without_reference_or_without_any_text_is_refused(one: Profile) -> None:
    with pytest.raises(ParseError, match="POD Reference: is missing"):
        read(page(one, POD_Reference=None))
    with pytest.raises(ParseError, match="Short Summary: is missing, and so is Full Description"):
        read(page(one, Short_Summary=None, Full_Description=None))


def test_the_page_of_another_profile_is_not_taken_for_the_one_that_was_asked_for(one: Profile) -> None:
    with pytest.raises(ParseError, match="its card says BOIT20240903021"):
        read(page(one), of="BOIT20240903021")
    assert read(page(one), of=one.reference).source_id == one.reference


@pytest.mark.parametrize(
    "html", ["", "<html><body><h1>Log in</h1></body></html>", "<main><dl><dt>Hours</dt></dl></main>"]
)
def test_F5_what_is_no_profile_is_refused(html: str) -> None:
    with pytest.raises(ParseError, match="not a profile"):
        read(html)


def test_a_page_that_is_gone_says_so_of_the_reference_that_was_asked_for() -> None:
    gone = page_of("<h1>Page not found</h1>", role="detail", status=404, of="BOIT20240903021")
    assert [een.read(record, gone) for record in een.split(gone)] == [Gone("BOIT20240903021")]
    kept = page_of("<h1>Page not found</h1>", role="detail", status=410)
    assert [type(een.read(record, kept)) for record in een.split(kept)] == [Skipped]


def test_the_address_is_the_page_s_own_without_its_query(one: Profile) -> None:
    assert read(page(one), url=f"{LIVE}/a-profile?utm_source=x&f=1").url == f"{LIVE}/a-profile"


def test_the_date_of_publication_is_the_first_day_of_validity(one: Profile) -> None:
    notice = read(page(one, Term_of_Validity="19 August 2026 - 19 August 2027"))
    assert notice.published_at == date(2026, 8, 19)
    assert notice.extra["een"]["validity"] == {"from": "2026-08-19", "to": "2027-08-19"}
    assert notice.opens_at is None
