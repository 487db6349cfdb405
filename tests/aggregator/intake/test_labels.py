"""Labels of the CPV in the place of codes: found whole, in any case, or named."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.intake.labels import coded


@pytest.mark.parametrize(
    "label", ["Servizi sociali", "SERVIZI SOCIALI", " servizi  sociali.", "Servizi sociali;"], ids=repr
)
def test_a_label_becomes_its_code_however_it_is_written(label: str) -> None:
    warnings: list[str] = []
    assert coded([f"cpv-label:{label}"], warnings) == ("cpv:85320000",)
    assert warnings == []


def test_other_codes_stay_and_each_is_said_once_in_its_place() -> None:
    given = ["nuts:ITH5", "cpv-label:Servizi sociali", "cpv:85320000", "cpv:90910000"]
    assert coded(given, []) == ("nuts:ITH5", "cpv:85320000", "cpv:90910000")


def test_a_label_in_no_table_is_left_out_and_named() -> None:
    warnings: list[str] = []
    assert coded(["cpv-label:Servizi di fantasia"], warnings) == ()
    assert warnings == ["unknown CPV label: Servizi di fantasia"]


@given(st.text(min_size=1, max_size=60))
def test_no_label_makes_a_code_that_is_none(label: str) -> None:
    assert all(code[4:].isdigit() and len(code) == 12 for code in coded([f"cpv-label:{label}"], []))
