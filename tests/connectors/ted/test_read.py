"""What a search record says, and what is made of it."""

from datetime import date
from typing import Any

import pytest

from connectors import ted
from connectors.base.contract import Body, Contact, Link, ParseError, Skipped
from tests.connectors.ted.records import notice, page, read_one, record

ALL = {"fra": "France – Services – Nettoyage des écoles", "deu": "Frankreich – Reinigung – Nettoyage des écoles"}


def test_every_official_title_is_kept_whole_and_the_buyers_own_is_told_apart() -> None:
    one = notice()
    assert {lang: title.text for lang, title in one.titles.items()} == {
        "it": "Francia – Servizi di pulizia – Nettoyage des écoles",
        "fr": "France – Services de nettoyage – Nettoyage des écoles",
        "en": "France – Cleaning services – Nettoyage des écoles",
    }
    assert {title.origin for title in one.titles.values()} == {"source"}
    assert (one.extra["ted"]["own_title"], one.extra["ted"]["own_title_lang"]) == ("Nettoyage des écoles", "fr")


def test_without_a_title_of_the_procedure_the_own_one_is_the_tail_with_its_dashes() -> None:
    one = notice(
        title_proc=None,
        notice_title={"fra": "France – Fromages – Fromages – lot 2", "eng": "France – Cheese – Fromages – lot 2"},
    )
    assert (one.extra["ted"]["own_title"], one.extra["ted"]["own_title_lang"]) == ("Fromages – lot 2", "fr")
    untold = notice(
        title_proc=None, links=None, buyer_country=["BEL"], notice_title=ALL | {"nld": "Frankrijk – Reiniging"}
    )
    assert untold.extra["ted"]["own_title"] == "Nettoyage des écoles"
    assert "own_title_lang" not in untold.extra["ted"]


@pytest.mark.parametrize(
    ("country", "language"),
    [
        ("ITA", "it"),
        ("FRA", "fr"),
        ("AUT", "de"),
        ("CYP", "el"),
        ("GBR", "en"),
        ("BEL", None),
        ("CHE", None),
        ("TUR", None),
    ],
)
def test_without_any_other_word_the_language_is_the_one_of_the_buyers_country(
    country: str, language: str | None
) -> None:
    given = dict.fromkeys(("bul", "deu", "ell", "eng", "fra", "ita", "nld"), f"Land – Ware – Pulizia {country}")
    one = notice(title_proc=None, links=None, buyer_country=[country], notice_title=given)
    assert next(iter(one.titles)) == (language or "bg")
    assert (one.extra["ted"]["own_title"], one.lang) == (f"Pulizia {country}", None)
    assert one.extra["ted"].get("own_title_lang") == language
    assert len(one.titles) == 7


def test_an_empty_title_is_none_in_that_language() -> None:
    assert set(notice(title_proc=None, notice_title={"ita": [], "fra": "France – Nettoyage"}).titles) == {"fr"}


def test_titles_are_unescaped_and_hold_no_persons() -> None:
    one = notice(
        notice_title={"ita": "Italia – Servizi – Affidamento all&amp;#8217;ente, RUP Mario Bianchi, tel. 051 1234567"}
    )
    assert one.titles["it"].text == "Italia – Servizi – Affidamento all’ente, RUP […], tel. […]"


def test_the_page_opens_in_the_languages_of_our_readers() -> None:
    one = notice()
    assert one.url == "https://ted.europa.eu/en/notice/-/detail/412345-2026"
    assert one.links == (
        Link(url="https://ted.europa.eu/it/notice/-/detail/412345-2026", lang="it"),
        Link(url="https://ted.europa.eu/fr/notice/-/detail/412345-2026", lang="fr"),
    )


def test_identity_codes_places_and_buyer() -> None:
    one = notice(place_of_performance=["FRK24", "FRA", "EL303", "UKI", "LUX", "FRK24", "anyw-eea", "ITC"])
    assert one.source_id == "412345-2026"
    assert one.same_as == ("ted:412345-2026",)
    assert one.published_at == date(2026, 11, 16)
    assert one.codes == ("cpv:90910000", "cpv:90911300")
    assert one.countries == ("FR", "GR", "GB", "LU", "IT")
    assert one.regions == ("nuts:FRK24", "nuts:EL303", "nuts:UKI", "nuts:ITC")
    assert one.origin_country == "FR"
    assert one.organisation == Body(name="Commune de Val-de-Brenne", country="FR")
    assert one.extra["ted"]["procedure_id"] == "5d4e8a52-9c7b-4a52-8a2f-3b6f0f1f7d11"


def test_where_no_place_is_stated_the_buyers_country_stands() -> None:
    assert notice(place_of_performance=None).countries == ("FR",)


def test_check_digits_of_old_cpv_codes_are_cut_and_other_codes_left_out() -> None:
    assert notice(classification_cpv=["72000000-5", "72000000", "software"]).codes == ("cpv:72000000",)


def test_a_long_description_is_summarised_and_kept_whole_without_markup_and_persons() -> None:
    text = (
        "<b>Objet</b> du marché.\nContact: Jeanne Martin, jeanne.martin@example.org &amp; suite.\n"
        + "Prestation. " * 80
    )
    one = notice(description_proc={"fra": text, "eng": "Short"})
    assert one.lang == "fr"
    assert one.summary is not None
    assert len(one.summary) <= 500
    assert one.summary.endswith("…")
    assert one.body is not None
    assert one.body.startswith("<p>Objet du marché.</p><p>Contact: […]")
    assert "Martin" not in one.body + one.summary
    assert "@" not in one.body
    short = notice(description_proc={"fra": "Nettoyage de six écoles."})
    assert (short.summary, short.body, short.lang) == ("Nettoyage de six écoles.", None, "fr")


def test_languages_of_the_offer_documents_and_the_door_for_tenders() -> None:
    one = notice(
        submission_language=["FRA", "ENG", "FRA"],
        document_url_lot=[
            "https://marches.example.org/d/1",
            "ftp://old.example.org/x",
            "https://marches.example.org/d/1",
        ],
        submission_url_lot=["mailto:someone@example.org", "https://marches.example.org/depot"],
    )
    assert one.offer_languages == ("fr", "en")
    assert one.documents == (Link(url="https://marches.example.org/d/1"),)
    assert one.contact == Contact(url="https://marches.example.org/depot")


@pytest.mark.parametrize(
    ("form", "kind", "reason"),
    [
        ("result", "can-standard", "award notice"),
        ("dir-awa-pre", "veat", "direct award"),
        ("cont-modif", "can-modif", "contract modification"),
        ("completion", "compl", "contract completion"),
        ("bri", "brin-ecs", "business registration"),
        (None, "can-social", "award notice"),
    ],
)
def test_what_is_no_call_is_left_out_by_name_even_with_a_deadline(form: str | None, kind: str, reason: str) -> None:
    assert read_one(record(form_type=form, notice_type=kind)) == Skipped(reason)


def test_where_nobody_asked_what_it_is_a_deadline_decides() -> None:
    unasked: dict[str, Any] = {"form_type": None, "notice_type": None}
    assert notice(**unasked).source_id == "412345-2026"
    nothing_due = record(**unasked, deadline_receipt_tender_date_lot=None, deadline_receipt_tender_time_lot=None)
    assert read_one(nothing_due) == Skipped("not a call")


@pytest.mark.parametrize("form", ["planning", "consultation"])
def test_what_only_announces_carries_its_stage_as_a_code(form: str) -> None:
    one = notice(form_type=form, deadline_receipt_tender_date_lot=None, deadline_receipt_tender_time_lot=None)
    assert one.codes[-1] == f"stage:{form}"
    assert one.deadlines == ()


@pytest.mark.parametrize(
    "changes",
    [
        {"form_type": "something-new"},
        {"publication_number": "no number"},
        {"publication_number": None},
        {"notice_title": None, "title_proc": None},
        {"deadline_receipt_tender_date_lot": ["18/12/2026"]},
        {"deadline_receipt_tender_time_lot": ["25:00:00+01:00"]},
        {"notice_title": ["a list"]},
        {"notice_title": {"ita": []}, "title_proc": None},
        {"buyer_name": {"fra": {"name": "Commune"}}},
    ],
    ids=str,
)
def test_a_record_that_cannot_be_right_is_refused_alone_and_located(changes: dict[str, Any]) -> None:
    with pytest.raises(ParseError) as caught:
        read_one(record(**changes))
    assert caught.value.where == "notices[0]"


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"notices": {}}', b"<html></html>", b"\xff\xfe"])
def test_a_page_that_is_no_answer_of_ted_is_refused(body: bytes) -> None:
    with pytest.raises(ParseError):
        list(ted.split(page(body)))
