"""The vocabulary: every table is whole in five languages, and every code leads where a person would look for it."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import connectors
from aggregator import taxonomy
from aggregator.taxonomy import LANGUAGES
from config import tables

SECTORS = {sector.id: sector for sector in taxonomy.sectors()}
KINDS = (
    "business_offer business_request technology_offer technology_request rd_partner_search partner_search grant_call "
    "cascade_funding tender incentive event vacancy news"
)


def ids(*codes: str, programme: str | None = None) -> set[str]:
    return {sector.id for sector in taxonomy.sectors_of(codes, programme)}


def test_there_are_36_sectors_each_with_names_and_words_in_five_languages() -> None:
    assert len(SECTORS) == len(taxonomy.sectors()) == 36
    for sector in SECTORS.values():
        assert set(sector.labels) == set(sector.keywords) == set(LANGUAGES)
        assert all(len(sector.keywords[lang]) >= 10 for lang in ("it", "en")), sector.id
        assert all(len(sector.keywords[lang]) >= 6 for lang in LANGUAGES), sector.id


def test_no_two_sectors_share_a_name_or_a_whole_keyword() -> None:
    for lang in LANGUAGES:
        names = [sector.labels[lang] for sector in SECTORS.values()]
        words = [word.casefold() for sector in SECTORS.values() for word in sector.keywords[lang]]
        assert len(names) == len(set(names))
        assert len(words) == len(set(words))


def test_the_thirteen_kinds_have_a_name_a_plural_and_a_meaning_in_five_languages() -> None:
    assert sorted(tables.kind_definitions()) == sorted(KINDS.split())
    for kind in KINDS.split():
        for lang in LANGUAGES:
            assert taxonomy.kind_label(kind, lang)
            assert taxonomy.kind_label(kind, lang, plural=True)
            assert taxonomy.kind_meaning(kind, lang).endswith(".")
    assert taxonomy.kind_label("tender", "it") == "Gara d'appalto"
    assert taxonomy.kind_label("grant_call", "de", plural=True) == "Förderaufrufe"


def test_every_cpv_division_group_and_class_reaches_a_sector() -> None:
    assert [code for code in tables.cpv_labels() if not ids(f"cpv:{code.ljust(8, '0')}")] == []


def test_every_cpv_prefix_of_a_sector_is_a_real_code_and_changes_something() -> None:
    holders: dict[str, set[str]] = {}
    for sector in SECTORS.values():
        for prefix in sector.cpv:
            holders.setdefault(prefix, set()).add(sector.id)
    for prefix, own in holders.items():
        parent = next((holders[prefix[:end]] for end in range(len(prefix) - 1, 1, -1) if prefix[:end] in holders), None)
        assert own != parent, f"{prefix} says what its parent says"
        if len(prefix) <= 4:
            assert prefix in tables.cpv_labels()


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("cpv:90911200-8", {"facility_cleaning"}),
        ("cpv:85311100", {"social_care"}),
        ("cpv:85312110", {"social_care", "childcare_youth"}),
        ("cpv:90511000", {"waste_circular"}),
        ("cpv:55524000", {"catering"}),
        ("cpv:45233140", {"construction"}),
        ("cpv:45231300", {"construction", "water_utilities"}),
        ("cpv:79411000", {"business_services"}),
        ("cpv:63510000", {"tourism"}),
        ("cpv:30213100", {"ict_digital"}),
        ("cpv:90000000", {"waste_circular", "facility_cleaning"}),
        ("nace:10.51", {"livestock_dairy", "food_processing"}),
        ("nace:62.01", {"ict_digital"}),
        ("naics:541511", {"ict_digital"}),
        ("naics:561730", {"forestry_land"}),
        ("een-tech:10003004", {"waste_circular"}),
        ("een-tech:10002013", {"environment_climate"}),
        ("een-market:08004002", {"waste_circular"}),
        ("grants-category:ed", {"education_training"}),
        ("programme:43251589", {"democracy_social_economy"}),
    ],
)
def test_the_longest_prefix_of_a_code_decides(code: str, expected: set[str]) -> None:
    assert ids(code) == expected


@pytest.mark.parametrize(
    "code",
    ["cpv:", "cpv:00000000", "cpv:abc", "nuts:ITH5", "sdg:13", "programme:none", "naics:99", "grants-category:O"],
)
def test_a_code_that_no_table_knows_leads_nowhere(code: str) -> None:
    assert ids(code) == set()


def test_a_sector_comes_once_with_the_first_code_that_led_there() -> None:
    found = taxonomy.sectors_of(["cpv:90911200", "cpv:90919000", "cpv:55510000"])
    assert [(s.id, s.because) for s in found] == [("facility_cleaning", "cpv:90911200"), ("catering", "cpv:55510000")]


@pytest.mark.parametrize("programme", ["CREA", "CREATIVEEU", "crea", "43251814", "CREA-CULT-2027-COOP"])
def test_a_programme_is_known_by_every_code_its_platforms_write(programme: str) -> None:
    found = taxonomy.sectors_of([], programme)
    assert [(s.id, s.because) for s in found] == [("culture_creative", "programme:CREA")]


def test_a_programme_that_funds_every_trade_names_no_trade_but_its_own() -> None:
    assert ids(programme="HORIZON-CL6-2027-FARM2FORK-01-1") == {"research_innovation"}


@pytest.mark.parametrize("code", ["10.51", "10.51.20", "C10.51", " 10.51 "])
def test_an_ateco_activity_is_read_by_its_number_and_not_by_its_letter(code: str) -> None:
    assert set(taxonomy.ateco_to_sectors(code)) == {"livestock_dairy", "food_processing"}


def test_every_division_of_nace_that_exists_reaches_a_sector() -> None:
    never_given = {4, 34, 40, 44, 48, 54, 57, 67, 76, 83, 89, 92}
    silent = {n for n in range(1, 100) if not taxonomy.ateco_to_sectors(f"{n:02}")}
    assert silent == never_given


def test_a_cpv_code_has_a_label_of_its_own_or_of_its_nearest_parent() -> None:
    assert taxonomy.cpv_label("cpv:90910000-9", "it") == "Servizi di pulizia"
    assert taxonomy.cpv_label("90911200", "en") == taxonomy.cpv_label("90911000", "en")
    assert taxonomy.cpv_label("30213100", "de") == taxonomy.cpv_label("30210000", "de")
    assert taxonomy.cpv_label("99999999", "it") is None
    assert taxonomy.cpv_label("no code", "it") is None


# The first code pays for reading the tables.
@settings(deadline=None)
@given(st.text(max_size=20))
def test_no_text_given_as_a_code_breaks_the_vocabulary(text: str) -> None:
    for scheme in ("", "cpv:", "nace:", "een-tech:", "programme:"):
        assert ids(scheme + text) <= set(SECTORS)
    label = taxonomy.cpv_label(text, "it")
    assert label is None or label


def test_countries_and_languages_are_named_in_the_readers_language() -> None:
    assert taxonomy.country_label("FR", "it") == "Francia"
    assert taxonomy.country_label("XK", "de") == "Kosovo"
    assert taxonomy.country_label("*", "fr") == "Partout"
    assert taxonomy.language_label("de", "es") == "alemán"
    assert taxonomy.country_label("QQ", "it") == "QQ"
    assert taxonomy.sector_label("gone_sector", "it") == "gone_sector"


def test_a_language_without_tables_reads_english() -> None:
    assert taxonomy.country_label("FR", "pt") == "France"
    assert taxonomy.sector_label("energy", "pl") == "Energy and energy communities"


def starters() -> list[dict[str, Any]]:
    path: Path = tables.FOLDER / "sources.toml"
    rows: list[dict[str, Any]] = tomllib.loads(path.read_text(encoding="utf-8"))["source"]
    return rows


def test_every_starter_source_is_accepted_by_its_connector() -> None:
    rows = starters()
    assert len({row["name"] for row in rows}) == len(rows)
    for row in rows:
        assert set(row) <= {"name", "title", "connector", "enabled", "rhythm_minutes", "note", "params"}
        params = connectors.load(row["connector"]).Params.model_validate(row["params"])
        assert params.model_dump(exclude_unset=True).keys() == row["params"].keys()


def test_every_starter_feed_says_that_it_is_unconfirmed() -> None:
    feeds = [row for row in starters() if row["connector"] == "feed"]
    assert feeds
    assert all(row["note"].startswith(("unconfirmed", "unproven")) for row in feeds)
    assert all(row.get("enabled") is False for row in feeds if row["note"].startswith("unproven"))


def test_the_starter_tenders_cover_every_sector() -> None:
    asked = [code for row in starters() for code in row["params"].get("cpv", [])]
    silent = {
        sector.id
        for sector in SECTORS.values()
        if not any(own.startswith(code) or code.startswith(own) for own in sector.cpv for code in asked)
    }
    assert silent == set()


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Citizens, Equality, Rights and Values Programme (CERV)", "CERV"),
        ("EU External Action - Prospect (RELEX-PROSPECT)", "RELEX"),
        ("Horizon 2020 Framework Programme (H2020 - 2014-2020)", "H2020"),
        ("Erasmus+", "Erasmus+"),
        ("Rural Cooperative Development Grants", "Rural Cooperative Development Grants"),
    ],
)
def test_a_programme_has_the_short_name_that_its_long_one_gives(name: str, short: str) -> None:
    assert taxonomy.programme_short(name) == short


def test_the_portals_numbers_of_programmes_have_names_and_others_have_none() -> None:
    assert taxonomy.programme_label("43353764") == "Erasmus+"
    assert taxonomy.programme_label("99999999") is None
