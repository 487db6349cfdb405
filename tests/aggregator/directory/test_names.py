"""What an organisation is recognised by."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.directory.names import host_of, name_key, site_of


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Latteria Montana Soc. Coop.", "LATTERIA MONTANA società cooperativa"),
        ("Latteria Montana S.c.a r.l.", "Latteria Montana scarl"),
        ("Società Cooperativa Sociale Il Ponte", "Il Ponte soc. coop. sociale"),
        ("Valley Co-operative Ltd.", "Valley Cooperative Limited"),
        ("The Valley Co-operative Group", "Valley Cooperative Group"),
        ("Unión de Lecheras (UDL) R.L.", "Union de Lecheras"),
        ("National Union of Dairies (NUD)", "National Union of Dairies"),
        ("Crédit des Vallées S.C.R.L.", "Credit des Vallees"),
    ],
)
def test_one_name_is_written_in_many_ways(one: str, other: str) -> None:
    assert name_key(one) is not None
    assert name_key(one) == name_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Cooperative College", "College"),
        ("Alfa (Milano) soc. coop.", "Alfa (Roma) soc. coop."),
        ("Unione Agricola", "Unione Artigiana"),
        ("Co-operative Bank", "Bank Cooperative of the North"),
    ],
)
def test_different_names_stay_different(one: str, other: str) -> None:
    assert name_key(one) != name_key(other)


@pytest.mark.parametrize("name", ["Coop", "Società Cooperativa", "S.c.a r.l.", "…", "", "AB", "(COOP)"])
def test_a_name_of_which_only_the_legal_form_is_left_is_no_key(name: str) -> None:
    assert name_key(name) is None


def test_a_website_is_one_however_it_is_written() -> None:
    written = (
        "https://www.Latteria.Example/",
        "http://latteria.example",
        "latteria.example",
        "https://latteria.example./",
    )
    assert {site_of(one) for one in written} == {"latteria.example"}
    assert site_of("https://latteria.example/it/chi-siamo/") == "latteria.example/it/chi-siamo"


@pytest.mark.parametrize(
    "address",
    [
        "https://www.facebook.com/latteria",
        "https://m.facebook.com/latteria",
        "https://it-it.facebook.com/latteria",
        "https://www.linkedin.com/company/latteria",
        "https://sites.google.com/view/latteria",
        "https://wordpress.com/latteria",
    ],
)
def test_the_host_of_a_platform_is_nobodys_own(address: str) -> None:
    assert host_of(site_of(address)) is None


def test_a_host_that_a_platform_lends_is_somebodys_own() -> None:
    assert host_of(site_of("https://latteria.wordpress.com/about")) == "latteria.wordpress.com"
    assert host_of(site_of("https://notfacebook.com")) == "notfacebook.com"


@given(st.text(max_size=400))
def test_whatever_a_stranger_calls_itself_is_cut_to_a_key_or_to_none(text: str) -> None:
    key = name_key(text)
    assert key is None or (key == key.strip() and any(len(word) > 2 for word in key.split()))
    site = site_of(text)
    assert site is None or "//" not in site.partition("/")[0]
