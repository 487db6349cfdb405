"""Dutch: the words that make a day a deadline, in the sentences of funds and calls."""

from datetime import date

import pytest

from connectors.base.dates import deadlines_in, event_days_in, opening_in

TODAY = date(2026, 11, 1)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("De eerstvolgende sluitingsdatum is dus 1 juli 2022.", "2022-07-01"),
        ("Aanvragen kan uiterlijk 31 maart.", "2027-03-31"),
        ("Aanmelden kan vóór 15 december 2026 om 12.00 uur", "2026-12-15 12:00 registration"),
        ("Indienen kan tot en met 5 mei 2027", "2027-05-05"),
        ("Indienen tot 12.00 uur op vrijdag 5 mei 2027", "2027-05-05 12:00"),
        ("Dien uw voorstel in voor 1 april 2027, 17.00 uur", "2027-04-01 17:00"),
        ("Inschrijven van 1 maart tot en met 30 april 2027", "2027-04-30"),
        ("De deadline is verlengd tot 1 juni 2027", "2027-06-01"),
        ("Deadline: 3 juni 2027 17:00 uur", "2027-06-03 17:00"),
        ("Sluiting t/m 12-08-2027", "2027-08-12"),
        ("Uiterste indieningsdatum: 1 mei 2027", "2027-05-01"),
        ("De uiterste inleverdatum is 1 mei 2027", "2027-05-01"),
        ("De indieningstermijn eindigt op 28 maart 2027 om 02:30 uur", "2027-03-28 02:30"),
        ("Aanvragen tot het budget op is", "until_funds"),
        ("De regeling is doorlopend open", "continuous"),
        ("Er is plaats voor 30 deelnemers, start 3 mei 2027", ""),
        ("Het project is op 1 mei 2027 afgerond", ""),
        ("Open vanaf 3 mei 2027", ""),
        ("namelijk uiterlijk iedere eerste dag van het kwartaal", ""),
    ],
)
@pytest.mark.parametrize("lang", ["nl", "nl-NL"])
def test_a_dutch_deadline_is_found(text: str, expected: str, lang: str) -> None:
    found = deadlines_in(text, lang=lang, zone="Europe/Amsterdam", today=TODAY)
    said = [
        " ".join(filter(None, (str(d.on or d.certainty), d.at, d.kind if d.kind != "submission" else "")))
        for d in found
    ]
    assert ", ".join(said) == expected


def test_a_dutch_period_opens_and_an_event_is_held() -> None:
    assert opening_in("Inschrijven van 1 maart tot en met 30 april 2027", lang="nl", today=TODAY) == date(2027, 3, 1)
    (held,) = event_days_in("De bijeenkomst vindt plaats op 3 maart 2027", lang="nl", zone="UTC", reference=TODAY)
    assert held.on == date(2027, 3, 3)


def test_dutch_words_count_in_dutch_alone_where_the_language_is_known() -> None:
    assert (
        deadlines_in(
            "A stand per 3 May 2027, vanaf 4 May 2027, uiterlijk 5 May 2027", lang="en", zone="UTC", today=TODAY
        )
        == ()
    )
