"""Pages as they come, and as they should not: what is read of a proposal is its own, and never that of a related card."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors import een_lombardia
from connectors.base.contract import Gone, Notice, ParseError, Record, Skipped
from tests.connectors.een_lombardia.conftest import LIVE, TODAY, page_of
from tests.portals.een_lombardia import LombardiaPortal, card, detail, document
from tests.portals.een_lombardia_content import Proposal

ONE = Proposal(
    number=2101,
    reference="TRLT20260811007",
    type="TR",
    title="Società di ingegneria lituana cerca una compostiera chiusa",
    abstract="<p>Per gli scarti delle mense.</p>",
    expires=date(2027, 8, 19),
)
OTHERS = LombardiaPortal(proposals=6, today=TODAY).listed()


def shown(one: Proposal = ONE, *, related: str = "") -> str:
    return document(one.title, detail(one, today=TODAY, related=related))


def read(html: str, **more: object) -> Notice:
    page = page_of(html, url=f"{LIVE}/2101/x", role="detail", **more)
    (record,) = een_lombardia.split(page)
    notice = een_lombardia.read(record, page)
    assert isinstance(notice, Notice)
    return notice


def test_related_cards_with_references_of_their_own_are_never_read() -> None:
    notice = read(shown(related="".join(map(card, OTHERS))))
    assert (notice.source_id, notice.origin_country, notice.kind) == ("TRLT20260811007", "LT", "technology_request")
    told = notice.model_dump_json()
    assert not [one.reference for one in OTHERS if one.reference and one.reference in told]


def test_without_its_own_reference_a_page_is_refused_though_related_cards_have_some() -> None:
    nameless = shown(related="".join(map(card, OTHERS))).replace(">TRLT20260811007<", "><")
    with pytest.raises(ParseError, match="reference: is missing"):
        read(nameless)


@pytest.mark.parametrize("badge", ["• in 346 days", "• in 1 day", "• scaduto il 3 marzo 2026", "31/12/2030", ""])
def test_a_badge_beside_the_day_changes_nothing(badge: str) -> None:
    html = shown().replace("• in 269 days", badge)
    assert read(html).deadlines[0].on == date(2027, 8, 19)


@pytest.mark.parametrize(
    ("written", "days"),
    [
        ("1° gennaio 2027", [date(2027, 1, 1)]),
        ("29 febbraio 2027", []),
        ("in corso", []),
        ("19 agosto", []),
        ("1 marzo 2027 - 2 marzo 2027", []),
    ],
)
def test_a_day_is_read_in_italian_and_one_that_is_none_is_left_out(written: str, days: list[date]) -> None:
    notice = read(shown().replace("19 agosto 2027", written))
    assert [deadline.on for deadline in notice.deadlines] == days
    assert notice.extra["een_lombardia"]["expires"] == written


def test_the_reference_decides_the_type_and_a_class_that_differs_is_noted() -> None:
    notice = read(shown().replace("collaborations-type-2", "collaborations-type-5"))
    assert (notice.kind, notice.extra["een_lombardia"]["shown_as"]) == ("technology_request", "RDR")


def test_a_research_profile_ends_with_the_day_for_interest() -> None:
    research = replace(ONE, reference="RDRPL20260811007", type="RDR")
    assert [(d.kind, d.on) for d in read(shown(research)).deadlines] == [("eoi", ONE.expires)]


def test_persons_and_addresses_are_cut_from_title_and_abstract() -> None:
    named = replace(ONE, abstract="<p>Contatto: dott.ssa Ada Verdi, ada.verdi@example.org, tel. 035 1234567.</p>")
    told = read(shown(named)).model_dump_json()
    assert not [word for word in ("Ada Verdi", "ada.verdi", "1234567") if word in told]


def test_a_long_abstract_is_kept_whole_beside_its_summary() -> None:
    long = replace(ONE, abstract=f"<p>{'Parole che dicono molto. ' * 60}</p><script>alert(1)</script>")
    notice = read(shown(long))
    assert len(notice.summary or "") <= 500 < len(notice.body or "")
    assert "script" not in (notice.body or "")


def test_the_page_of_another_proposal_than_was_asked_for_is_refused() -> None:
    with pytest.raises(ParseError, match="its card says BOIT20260101001"):
        read(shown(), of="BOIT20260101001")


def test_a_page_that_is_gone_is_of_the_proposal_that_was_asked_for() -> None:
    page = page_of("", role="detail", status=404, of="TRLT20260811007")
    (record,) = een_lombardia.split(page)
    assert een_lombardia.read(record, page) == Gone("TRLT20260811007")
    kept = replace(page, of=None)
    assert isinstance(een_lombardia.read(record, kept), Skipped)


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("ID: TRLT20260811007", "ID: TRLT2026", "is no reference"),
        ('href="/en/collab', 'href="https://elsewhere.example.org/en/collab', "another host"),
        ("href=", "data-href=", "has no href"),
    ],
)
def test_a_card_that_cannot_be_used_is_refused_alone(old: str, new: str, why: str) -> None:
    page = page_of(document("Proposte", card(ONE).replace(old, new) + card(OTHERS[0])))
    bad, good = een_lombardia.split(page)
    with pytest.raises(ParseError, match=why):
        een_lombardia.read(bad, page)
    een_lombardia.read(good, page)


def test_a_card_without_title_is_named_by_its_reference() -> None:
    assert een_lombardia.identify(Record("card 1", {"reference": "trlt20260811007"})) == "TRLT20260811007"
    assert een_lombardia.identify(Record("card 1", {"reference": "x"})) is None


def test_a_page_cut_in_two_says_less_and_never_something_else() -> None:
    whole = shown(related="".join(map(card, OTHERS)))
    for end in range(0, len(whole), 200):
        try:
            assert read(whole[:end]).source_id == "TRLT20260811007"
        except ParseError:
            continue


@given(st.text(max_size=300))
def test_whatever_stands_in_the_place_of_a_page_is_read_or_refused(text: str) -> None:
    for html in (text, shown().replace("TRLT20260811007", text), shown().replace("19 agosto 2027", text)):
        for role in ("listing", "detail"):
            page = page_of(html, role=role)
            try:
                for record in een_lombardia.split(page):
                    een_lombardia.read(record, page)
            except (ParseError, ValueError):
                continue
