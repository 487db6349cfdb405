"""A notice becomes an opportunity: clean words, known codes, sectors, languages, rights, and a hash that holds still."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from aggregator.intake.language import language_of
from aggregator.intake.normalise import SUMMARY, normalise
from aggregator.store.opportunity import ShownBy, instants, next_deadline, status
from aggregator.store.put import Draft
from connectors.base.contract import (
    About,
    Body,
    Deadline,
    Notice,
    Rights,
    Title,
)

NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
RIGHTS = Rights(show="full", attribution="© Example", drop_text_at="close", basis="CC BY 4.0")
ABOUT = About(name="example", title="Example", home="https://www.example.org", rights=RIGHTS, zone="Europe/Brussels")
ITALIAN = "Il comune cerca un gestore per il servizio di pulizia delle scuole e della biblioteca, con clausola sociale."
FRENCH = "La commune recherche un prestataire pour le nettoyage des écoles et de la bibliothèque municipale."


def notice(**changes: Any) -> Notice:
    values: dict[str, Any] = {
        "source_id": "1-2026",
        "url": "https://www.example.org/1",
        "titles": {"fr": Title(text="Nettoyage des écoles")},
        "kind": "tender",
        "summary": FRENCH,
        "lang": "fr",
    }
    return Notice(**(values | changes))


def draft(**changes: Any) -> Draft:
    return normalise(notice(**changes), source="example", about=ABOUT, fetched_at=NOW, rights=RIGHTS)


def test_an_opportunity_carries_what_its_notice_says_and_where_it_was_said() -> None:
    made = draft(
        codes=["cpv:90911000", "cpv:90911000", "cpv:55524000"],
        countries=["FR"],
        organisation=Body(name="Commune de Exempleville", country="FR"),
        deadlines=[Deadline(on=date(2027, 1, 12), at="12:00", zone="Europe/Paris")],
    )
    item = made.opportunity
    assert (item.id, item.kind, item.url, item.lang) == (0, "tender", "https://www.example.org/1", "fr")
    assert item.codes == ("cpv:90911000", "cpv:55524000")
    assert [(s.id, s.because) for s in item.sectors] == [
        ("facility_cleaning", "cpv:90911000"),
        ("catering", "cpv:55524000"),
    ]
    assert [(n.source, n.source_id, n.fetched_at) for n in item.notices] == [("example", "1-2026", NOW)]
    assert item.first_seen == item.changed_at == NOW
    assert item.rights == ShownBy(show="full", attribution="© Example", drop_text_at="close", basis="CC BY 4.0")
    assert instants(item.deadlines, item.zone) == [datetime(2027, 1, 12, 11, 0, tzinfo=UTC)]
    assert made.warnings == ()


def test_a_day_without_a_zone_ends_in_the_zone_of_the_platform() -> None:
    item = draft(deadlines=[Deadline(on=date(2027, 1, 12))]).opportunity
    found = next_deadline(item, NOW)
    assert found is not None
    assert found[1] == datetime(2027, 1, 12, 22, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    ("codes", "expected"), [(["stage:planning"], True), (["stage:consultation"], True), ([], False)]
)
def test_a_planned_or_consulted_tender_is_announced(codes: list[str], expected: bool) -> None:
    item = draft(codes=codes, deadlines=[Deadline(on=date(2027, 1, 12))]).opportunity
    assert item.announced is expected
    assert status(item, NOW) == ("forthcoming" if expected else "open")


def test_F14_a_publication_in_the_future_is_set_to_the_moment_of_reading_and_told() -> None:
    made = draft(published_at=NOW + timedelta(days=3))
    assert made.opportunity.published_at == NOW
    assert made.warnings == ("published_at lies in the future: 2026-11-26T07:00:00+00:00",)
    day = draft(published_at=date(2026, 12, 1))
    assert day.opportunity.published_at == date(2026, 11, 23)
    assert day.warnings == ("published_at lies in the future: 2026-12-01",)
    assert draft(published_at=date(2026, 11, 23)).warnings == ()


def test_F14_the_hash_of_a_notice_from_the_future_does_not_follow_our_clock() -> None:
    early = notice(published_at=NOW + timedelta(days=30))
    first = normalise(early, source="example", about=ABOUT, fetched_at=NOW, rights=RIGHTS)
    later = normalise(early, source="example", about=ABOUT, fetched_at=NOW + timedelta(days=1), rights=RIGHTS)
    assert first.hash == later.hash
    assert first.opportunity.published_at != later.opportunity.published_at


@pytest.mark.parametrize("filler", [date(1, 1, 1), date(1970, 1, 1), date(2100, 1, 1), date(9999, 12, 31)])
def test_a_filler_date_is_left_out_and_told(filler: date) -> None:
    made = draft(published_at=filler, deadlines=[Deadline(on=filler), Deadline(on=date(2027, 1, 12))])
    assert made.opportunity.published_at is None
    assert [d.on for d in made.opportunity.deadlines] == [date(2027, 1, 12)]
    assert len(made.warnings) == 2
    assert status(made.opportunity, NOW) == "open"


def test_a_time_zone_that_does_not_exist_is_told_and_the_platforms_holds() -> None:
    made = draft(
        deadlines=[Deadline(on=date(2027, 1, 12), zone="Mars/Olympus"), Deadline(on=date(2027, 2, 1), zone="../x")]
    )
    assert [d.zone for d in made.opportunity.deadlines] == [None, None]
    assert made.warnings == ("unknown time zone: Mars/Olympus", "unknown time zone: ../x")
    assert status(made.opportunity, NOW) == "open"


def test_countries_are_iso_and_an_unknown_code_is_told_raw_and_never_guessed() -> None:
    made = draft(
        countries=["EL", "UK", "GR", "QQ", "*"], origin_country="QQ", organisation=Body(name="X", country="EL")
    )
    assert made.opportunity.countries == ("GR", "GB", "*")
    assert made.opportunity.origin_country is None
    assert made.opportunity.organisation == Body(name="X", country="GR")
    assert made.warnings == ("unknown country code: QQ",)


def test_languages_are_two_letters_and_an_unknown_code_is_told() -> None:
    made = draft(offer_languages=["fra", "fr", "qqq"], lang="ita", titles={"deu": Title(text="Reinigung der Schulen")})
    assert made.opportunity.offer_languages == ("fr",)
    assert made.opportunity.lang == "it"
    assert list(made.opportunity.titles) == ["de"]
    assert made.warnings == ("unknown language code: qqq",)


def test_a_text_without_a_stated_language_is_told_and_its_short_title_with_it() -> None:
    made = draft(lang=None, summary=ITALIAN, titles={"und": Title(text="Gara 12/2026")})
    assert made.opportunity.lang == "it"
    assert list(made.opportunity.titles) == ["it"]


def test_a_title_that_is_surely_of_another_language_than_its_text_keeps_its_own() -> None:
    made = draft(lang=None, summary=ITALIAN, titles={"und": Title(text="Nettoyage des écoles et de la bibliothèque")})
    assert (made.opportunity.lang, list(made.opportunity.titles)) == ("it", ["fr"])


def test_a_title_that_nothing_decides_stays_undetermined() -> None:
    made = draft(lang=None, summary=None, titles={"und": Title(text="MIRAGE 2027")})
    assert (made.opportunity.lang, list(made.opportunity.titles)) == (None, ["und"])


def test_a_detected_language_never_replaces_an_official_title() -> None:
    titles = {"it": Title(text="Pulizia delle scuole"), "und": Title(text=ITALIAN)}
    assert draft(titles=titles).opportunity.titles == titles


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (ITALIAN, "it"),
        (FRENCH, "fr"),
        ("GRUNDREINIGUNG DER STÄDTISCHEN KINDERTAGESSTÄTTEN UND SCHULEN", "de"),
        ("Servicio de comedor en los centros educativos del municipio", "es"),
        ("Pulizie", None),
        ("0123456789 0123456789", None),
        ("", None),
    ],
)
def test_a_language_is_told_only_when_it_is_sure(text: str, expected: str | None) -> None:
    assert language_of(text) == expected


def test_a_long_summary_is_cut_at_a_word_and_stays_whole_for_the_search() -> None:
    made = draft(summary="parola " * 200 + "ultimissima")
    assert made.opportunity.summary is not None
    assert len(made.opportunity.summary) <= SUMMARY
    assert made.opportunity.summary.endswith("parola…")
    assert "ultimissima" in made.text


def test_a_body_without_a_summary_gives_one_to_what_members_see_and_not_to_what_the_source_said() -> None:
    made = draft(summary=None, body=f"<p>{FRENCH}</p>")
    assert made.opportunity.summary == FRENCH
    assert made.notice.summary is None


def test_the_search_reads_titles_words_body_publisher_and_the_trade_in_italian_and_english() -> None:
    made = draft(
        titles={"fr": Title(text="Entretien des locaux"), "it": Title(text="Manutenzione dei locali")},
        body="<p>Vitrerie</p>",
        keywords=["propreté"],
        organisation=Body(name="Commune de Exempleville"),
        codes=["cpv:90910000"],
    )
    assert made.title_text == "Entretien des locaux\nManutenzione dei locali"
    for word in ("Vitrerie", "propreté", "Exempleville", "Servizi di pulizia", "Cleaning services"):
        assert word in made.text


def test_a_trade_that_an_official_title_names_already_is_not_repeated() -> None:
    made = draft(titles={"it": Title(text="Francia – Servizi di pulizia – Nettoyage")}, codes=["cpv:90910000"])
    assert "Servizi di pulizia" not in made.text
    assert "Cleaning services" in made.text


def test_the_hash_is_short_versioned_and_the_same_for_the_same_words() -> None:
    one, other = draft(keywords=["a", "b"]), draft(keywords=["a", "b"])
    assert one.hash == other.hash
    assert (len(one.hash), one.hash[0]) == (33, "1")
    assert int(one.hash[1:], 16) >= 0


@pytest.mark.parametrize(
    "change",
    [
        {"summary": "Another text of the same tender"},
        {"deadlines": [Deadline(on=date(2027, 1, 13))]},
        {"titles": {"fr": Title(text="Nettoyage des écoles", origin="machine")}},
        {"extra": {"a": 1}},
    ],
)
def test_the_hash_follows_every_change_of_the_source(change: dict[str, Any]) -> None:
    assert draft(**change).hash != draft().hash


def test_a_key_that_is_missing_and_one_that_is_empty_hash_alike() -> None:
    assert draft(keywords=[], contact=None, extra={}).hash == draft().hash
    assert draft(extra={"a": 1, "b": 2}).hash == draft(extra={"b": 2, "a": 1}).hash


def test_cleaning_what_is_clean_changes_nothing() -> None:
    once = draft(summary="<p>Two &amp; three</p>", body="<div>Four<br>five</div>", countries=["EL"])
    twice = normalise(once.notice, source="example", about=ABOUT, fetched_at=NOW, rights=RIGHTS)
    assert twice.hash == once.hash
