"""Codes of countries and languages: codes.py."""

import pytest

from connectors.base.codes import country, language, zone_of


@pytest.mark.parametrize(
    ("code", "iso"),
    [
        ("ITA", "IT"),
        ("it", "IT"),
        ("380", "IT"),
        ("EL", "GR"),
        ("GRC", "GR"),
        ("UK", "GB"),
        ("GBR", "GB"),
        ("1A0", "XK"),
        (" fra ", "FR"),
    ],
)
def test_a_country_is_given_in_two_letters(code: str, iso: str) -> None:
    assert country(code) == iso


@pytest.mark.parametrize("code", ["", "EU", "EUR", "ZZ", "XXX", "001", "Italia", "SUN", "YUG", "ZZZ"])
def test_what_is_no_single_country_of_today_is_none(code: str) -> None:
    assert country(code) is None


@pytest.mark.parametrize(
    ("code", "iso"),
    [
        ("ITA", "it"),
        ("fra", "fr"),
        ("fre", "fr"),
        ("ger", "de"),
        ("ell", "el"),
        ("en-GB", "en"),
        ("pt_BR", "pt"),
        ("iw", "he"),
        ("gle", "ga"),
    ],
)
def test_a_language_is_given_in_two_letters(code: str, iso: str) -> None:
    assert language(code) == iso


@pytest.mark.parametrize("code", ["", "mul", "und", "zxx", "qq", "italiano", "x"])
def test_what_is_no_language_is_none(code: str) -> None:
    assert language(code) is None


def test_every_member_state_is_known_by_three_letters() -> None:
    members = (
        "AUT BEL BGR HRV CYP CZE DNK EST FIN FRA DEU GRC HUN IRL ITA LVA LTU LUX MLT NLD POL PRT ROU SVK SVN ESP SWE"
    )
    two = [country(code) for code in members.split()]
    assert None not in two
    assert len(set(two)) == 27


def test_a_country_with_one_time_zone_tells_it_and_the_others_do_not() -> None:
    assert [zone_of(code) for code in ("IE", "FR", "SN", "US", "ES", "XX")] == [
        "Europe/Dublin",
        "Europe/Paris",
        "Africa/Dakar",
        None,
        None,
        None,
    ]
