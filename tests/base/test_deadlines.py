"""Deadlines that a running text names: deadlines.py."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.base.contract import Deadline
from connectors.base.dates import deadlines_in, event_days_in, impossible_days, opening_in

TODAY = date(2026, 11, 23)
LEAP = "31/02/2027"


def found(text: str, lang: str | None = "it", published: date | None = None) -> list[str]:
    deadlines = deadlines_in(text, lang=lang, zone="Europe/Rome", today=TODAY, published=published)
    return [" ".join(part for part in (str(d.on or d.certainty), d.at, _other(d)) if part) for d in deadlines]


def _other(deadline: Deadline) -> str:
    zone = deadline.zone if deadline.zone not in (None, "Europe/Rome") else ""
    kind = deadline.kind if deadline.kind != "submission" else ""
    return " ".join(part for part in (zone, kind) if part)


@pytest.mark.parametrize(
    ("lang", "text", "expected"),
    [
        ("it", "Il bando scade il 31/12/2026.", "2026-12-31"),
        ("it", "Domande entro e non oltre le ore 12:00 del 30 giugno 2027", "2027-06-30 12:00"),
        ("it", "entro le ore 12.00 del giorno 30 giugno 2027, pena esclusione", "2027-06-30 12:00"),
        ("it", "Scadenza: 1.2.27", "2027-02-01"),
        ("it", "Termine ultimo per le offerte: 15 marzo 2027, ore 13", "2027-03-15 13:00"),
        ("it", "Candidature fino al 1° aprile 2027 alle 23.59", "2027-04-01 23:59"),
        ("it", "Sarà possibile candidarsi fino alle 17.00 (ora italiana) del 30 giugno 2027", "2027-06-30 17:00"),
        ("it", "Candidature entro le ore 12.00 a.m. del 27 gennaio 2027", "2027-01-27 12:00"),
        ("it", "Domande entro mezzogiorno del 5 maggio 2027", "2027-05-05 12:00"),
        ("it", "Lo sportello chiude il 24/12/2026 alle ore 24:00", "2026-12-24"),
        ("it", "Le domande si presentano dal 1 marzo al 30 aprile 2027", "2027-04-30"),
        ("it", "Iscrizioni entro il 12 gennaio 2027", "2027-01-12 registration"),
        ("it", "Manifestazione d'interesse entro il 10 gennaio 2027", "2027-01-10 eoi"),
        ("en", "Deadline: 15 January 2027 at 17:00 (Brussels time)", "2027-01-15 17:00 Europe/Brussels"),
        ("en", "Apply by January 15, 2027, 5 pm", "2027-01-15 17:00"),
        ("en", "Closing date 05/06/2027", "2027-06-05"),
        ("en-US", "Closing date 05/06/2027", "2027-05-06"),
        ("en", "Proposals are due no later than noon on 3 May 2027", "2027-05-03 12:00"),
        ("fr", "Date limite de candidature : 12 mars 2027 à 12h00", "2027-03-12 12:00"),
        ("fr", "Dossiers à déposer jusqu'au 1er avril 2027", "2027-04-01"),
        ("fr", "avant le 30 juin 2027, 16 h", "2027-06-30 16:00"),
        ("de", "Bewerbungsschluss: 31.3.2027, 12 Uhr", "2027-03-31 12:00"),
        ("de", "Anträge bis zum 2. Mai 2027", "2027-05-02"),
        ("es", "El plazo finaliza el 3 de mayo de 2027 a las 14:00", "2027-05-03 14:00"),
        (None, "Deadline / Scadenza: 31/01/2027", "2027-01-31"),
        ("it", "giorni alla scadenza: 12", "2026-12-05"),
        ("en", "Closes in 10 days", "2026-12-03"),
        ("fr", "Il reste 8 jours", "2026-12-01"),
    ],
)
def test_F15_a_deadline_in_prose_is_read(lang: str | None, text: str, expected: str) -> None:
    assert found(text, lang) == [expected]


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("it", "Pubblicato il 01/12/2026"),
        ("it", "La fiera si svolge dal 1 al 3 marzo 2027"),
        ("it", "Il progetto deve concludersi entro il 31/12/2028"),
        ("it", "Delibera n. 12 del 3 marzo 2027"),
        ("en", "The project runs until 30 June 2028"),
        ("en", "Founded on 3 May 1999, posted 4 May 2026"),
        ("fr", "Publié le 3 mai 2027"),
        ("it", "Offerta valida"),
    ],
)
def test_another_date_is_no_deadline(lang: str, text: str) -> None:
    assert found(text, lang) == []


@pytest.mark.parametrize(
    ("lang", "text", "expected"),
    [
        ("it", "Contributi alle imprese costituite entro il 31/12/2025", []),
        ("it", "Rimborso di spese sostenute fino al 30/06/2026. Domande a sportello.", []),
        ("it", "Spese sostenute dal 1/1/2026 al 30/06/2026. Domande a sportello.", []),
        ("it", "Progetti ammessi se avviati entro il 31/12/2025; domande fino ad esaurimento fondi", ["until_funds"]),
        ("it", "Imprese iscritte al registro: domande entro il 31/01/2027", ["2027-01-31"]),
        ("it", "Contributi per le spese scolastiche: scadenza 31/01/2027", ["2027-01-31"]),
        ("it", "Domande di contributo per spese di affitto entro il 31/01/2027", ["2027-01-31"]),
        ("it", "Possono partecipare i residenti entro il 31/01/2027", ["2027-01-31"]),
        ("it", "Iscritti all'albo entro le ore 12:00 del 31/01/2027", ["2027-01-31 12:00"]),
        ("en", "Companies registered before 1 January 2026 may apply", []),
        ("en", "Candidates born before 1 January 2000 may apply", []),
        ("en", "Companies incorporated in Italy may apply by 5 May 2027", ["2027-05-05"]),
        ("fr", "Entreprises créées avant le 1er janvier 2026", []),
        ("en", "Deadline for questions: 1 December 2026", []),
        (
            "it",
            "Termine per la richiesta di chiarimenti: 5/12/2026. Termine ricezione offerte: 20/12/2026 ore 9.30",
            ["2026-12-20 09:30"],
        ),
    ],
)
def test_F15_a_date_of_eligibility_or_of_questions_is_no_deadline(lang: str, text: str, expected: list[str]) -> None:
    assert found(text, lang) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Scadenza 15/01/2027 importo 12.50 euro", "2027-01-15"),
        ("Scadenza: 15/01/2027 - lotto 1.30", "2027-01-15"),
        ("Scadenza: 15/01/2027, 12.30 CET", "2027-01-15 12:30 Europe/Brussels"),
        ("Offerte entro le 12.30 del 15/01/2027", "2027-01-15 12:30"),
        ("Scadenza: 15/01/2027, 12:30", "2027-01-15 12:30"),
    ],
)
def test_a_number_with_a_point_is_an_hour_only_where_a_word_says_so(text: str, expected: str) -> None:
    assert found(text) == [expected]


@pytest.mark.parametrize(
    ("stamp", "expected"),
    [
        ("2027-01-15T17:00:00Z", "2027-01-15 17:00 UTC"),
        ("2027-01-15T17:00:00-05:00", "2027-01-15 22:00 UTC"),
        ("2027-01-15T22:00:00.000-0500", "2027-01-16 03:00 UTC"),
        ("2027-01-15T17:00", "2027-01-15 17:00"),
    ],
)
def test_the_instant_of_a_machine_stays_the_same_instant(stamp: str, expected: str) -> None:
    assert found(f"Deadline: {stamp}", "en") == [expected]


@pytest.mark.parametrize(
    ("text", "opening", "expected"),
    [
        (
            "Presentazione: dalle ore 10:00 del 12/01/2027 alle ore 16:00 del 12/02/2027",
            date(2027, 1, 12),
            "2027-02-12 16:00",
        ),
        ("bando aperto dal 1 dicembre 2026 al 31 gennaio 2027", date(2026, 12, 1), "2027-01-31"),
        (
            "Le domande possono essere inviate dalle ore 12:00 del 12/01/2027 ed entro le ore 17:00 del 12/02/2027",
            date(2027, 1, 12),
            "2027-02-12 17:00",
        ),
        ("Domande dalle 9.00 del 12/01/2027 alle 16.00 del 12/02/2027", date(2027, 1, 12), "2027-02-12 16:00"),
        ("Sul portale dalle ore 12:00 del 12/01/2027 e fino alle ore 16:00 del 12/02/2027", None, "2027-02-12 16:00"),
        ("Domande dal 12/01/2027 ore 10:00 al 12/02/2027 ore 16:00", date(2027, 1, 12), "2027-02-12 16:00"),
    ],
)
def test_F15_a_period_of_application_gives_its_two_ends(text: str, opening: date | None, expected: str) -> None:
    assert opening_in(text, lang="it", today=TODAY) == opening
    assert found(text) == [expected]


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("it", "scade il 20/11/2026. Con decreto la scadenza è stata prorogata dal 20/11/2026 al 20/01/2027"),
        ("en", "Deadline: 15 December 2026, extended from 15 December 2026 to 20 January 2027"),
        ("en", "The deadline has been extended from 15 December 2026 to 20 January 2027"),
    ],
)
def test_F15_an_extension_from_one_day_to_another_leaves_the_later_one(lang: str, text: str) -> None:
    assert found(text, lang) == ["2027-01-20"]


def test_without_a_day_to_count_from_neither_days_left_nor_a_day_without_a_year_is_read() -> None:
    for text in ("Mancano 12 giorni", "Domande entro il 15 gennaio"):
        assert deadlines_in(text, lang="it", zone="Europe/Rome", today=None) == ()


@pytest.mark.parametrize(
    "text",
    [
        "Scadenza 30/06/2027, prorogata al 31/07/2027",
        "Il termine è prorogato al 31 luglio 2027. Prima scadeva il 30/06/2027.",
        "La scadenza, prima fissata al 30 giugno 2027, è prorogata al 31 luglio 2027",
    ],
)
def test_F15_of_an_extended_deadline_the_later_day_stands(text: str) -> None:
    assert found(text) == ["2027-07-31"]


@pytest.mark.parametrize(
    ("lang", "text", "expected"),
    [
        ("it", "Domande fino ad esaurimento fondi", ["until_funds"]),
        ("it", "Fino a esaurimento delle risorse e comunque non oltre il 31/12/2027", ["2027-12-31", "until_funds"]),
        ("it", "Lo sportello è sempre aperto", ["continuous"]),
        ("en", "Open until all funds have been committed", ["until_funds"]),
        ("en", "Accepted on a rolling basis", ["continuous"]),
        ("fr", "jusqu'à épuisement des crédits", ["until_funds"]),
        ("fr", "Dossiers reçus au fil de l'eau", ["continuous"]),
        ("it", "Nessuna data è indicata", []),
    ],
)
def test_F15_until_funds_and_always_open_and_not_stated_are_three_things(
    lang: str, text: str, expected: list[str]
) -> None:
    assert found(text, lang) == expected


def test_F15_a_day_that_does_not_exist_gives_no_deadline_and_is_named() -> None:
    assert found(f"scade il {LEAP}") == []
    assert impossible_days(f"scade il {LEAP}", lang="it") == (LEAP,)
    assert found("scade il 12/31/2026") == []
    assert impossible_days("scade il 12/31/2026", lang="it") == ("12/31/2026",)


def test_a_day_without_a_year_counts_from_the_publication() -> None:
    assert found("until 15 November", "en", published=date(2026, 9, 1)) == ["2026-11-15"]
    assert found("entro il 15 gennaio", published=date(2026, 11, 2)) == ["2027-01-15"]


def test_two_windows_are_two_deadlines_and_a_repetition_is_one() -> None:
    assert found("Domande entro il 31/01/2027 e il 30/06/2027") == ["2027-01-31", "2027-06-30"]
    assert found("Scade il 31/01/2027. Scadenza: 31 gennaio 2027 ore 12:00") == ["2027-01-31 12:00"]


def test_a_deadline_carries_the_zone_of_the_source_and_no_invented_hour() -> None:
    (deadline,) = deadlines_in("scade il 31/12/2026", lang="it", zone="Europe/Rome", today=TODAY)
    assert (deadline.at, deadline.zone, deadline.certainty) == (None, "Europe/Rome", "stated")


def test_a_stated_period_tells_its_opening() -> None:
    assert opening_in("Le domande si presentano dal 1 marzo al 30 aprile 2027", lang="it", today=TODAY) == date(
        2027, 3, 1
    )
    assert opening_in("La fiera si svolge dal 1 al 3 marzo 2027", lang="it", today=TODAY) is None


def test_an_event_ends_with_its_last_day() -> None:
    held = event_days_in(
        "La fiera si terrà dal 12 al 14 maggio 2027 a Parma", lang="it", zone="Europe/Rome", reference=TODAY
    )
    assert [(d.on, d.kind) for d in held] == [(date(2027, 5, 14), "event")]


@given(day=st.dates(TODAY, date(2035, 1, 1)), hour=st.integers(0, 23), minute=st.integers(0, 59))
def test_every_italian_day_and_hour_is_read_back(day: date, hour: int, minute: int) -> None:
    assert found(f"entro le ore {hour}:{minute:02} del {day:%d/%m/%Y}") == [f"{day} {hour:02}:{minute:02}"]


WORDS = ["scade", "il", "31/02/2027", "entro", "ore 12", "dal", "al", "3 maggio", "prorogata", "e", ",", "."]


@given(st.text(max_size=120) | st.lists(st.sampled_from(WORDS), max_size=20).map(" ".join))
def test_no_text_can_make_the_reader_fail(text: str) -> None:
    for lang in ("it", "en", None):
        deadlines_in(text, lang=lang, zone="Europe/Rome", today=TODAY)
        event_days_in(text, lang=lang, zone="Europe/Rome", reference=TODAY)
        opening_in(text, lang=lang, today=TODAY)
