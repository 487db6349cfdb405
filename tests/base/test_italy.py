"""Italian places by name: every region, every province, and nothing for what is neither."""

import pytest

from connectors.base.italy import nuts_of, whole_country
from tests.portals.incentivi_content import REGIONS


def test_the_regions_of_the_catalogue_are_the_twenty_one_of_the_nomenclature() -> None:
    codes = {code for name in REGIONS for code in nuts_of(name)}
    assert len(codes) == 21
    assert whole_country(codes)
    assert not whole_country(codes - {"nuts:ITH2"})


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("Milano", ("nuts:ITC4C",)),
        ("SIRACUSA", ("nuts:ITG19",)),
        ("Grosseto", ("nuts:ITI1A",)),
        ("L’Aquila", ("nuts:ITF11",)),
        ("Forli-Cesena", ("nuts:ITH58",)),
        ("Bolzano", ("nuts:ITH10",)),
        ("Provincia Autonoma di Bolzano", ("nuts:ITH1",)),
        ("Valle d'Aosta/Vallée d'Aoste", ("nuts:ITC2",)),
        ("Italia", ()),
        ("", ()),
        ("/", ()),
    ],
)
def test_a_place_has_the_code_of_its_name(name: str, codes: tuple[str, ...]) -> None:
    assert nuts_of(name) == codes
