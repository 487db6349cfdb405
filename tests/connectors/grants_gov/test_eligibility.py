"""Who may apply: a table of codes and wordings, each with the verdict that a careful person would give.

The one thing to know: the wordings are made up after the kinds that agencies use; negations are the trap.
"""

import time
from pathlib import Path

import pytest
import yaml

from connectors.grants_gov.eligibility import Verdict, verdict
from tests.connectors.grants_gov.records import notice

GOVERNMENTS = ("00", "01", "02", "04", "05", "07", "08", "11")
NEARLY_ALL = (*GOVERNMENTS, "06", "12", "13", "20", "22", "23", "25")


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        ((), "not_stated"),
        (("99",), "open"),
        (("99", "12"), "open"),
        (GOVERNMENTS, "us_only"),
        (("00",), "us_only"),
        (("12",), "us_only"),
        (("23",), "us_only"),
        (("12", "23"), "us_only"),
        (("25",), "not_stated"),
        (("13",), "not_stated"),
        (("22",), "not_stated"),
        (("12", "13"), "not_stated"),
        (("22", "23"), "not_stated"),
        (NEARLY_ALL, "not_stated"),
        (("21",), "restricted"),
        (("20",), "restricted"),
        (("06", "20"), "restricted"),
        (("06", "12", "20"), "restricted"),
        (("77",), "not_stated"),
    ],
    ids=str,
)
def test_without_words_the_codes_decide(codes: tuple[str, ...], expected: Verdict) -> None:
    assert verdict(codes, "") == expected


# What must come out of each group of the table, whatever the codes of applicants are; `silent` leaves it to the codes.
WHATEVER = (("99",), ("12",), ("25",), ("00",), NEARLY_ALL)
EXPECTED: dict[str, dict[tuple[str, ...], Verdict]] = {
    "open": dict.fromkeys(WHATEVER, "open"),
    "us_only": dict.fromkeys(WHATEVER, "us_only"),
    "restricted": dict.fromkeys(WHATEVER, "restricted"),
    "not_stated": dict.fromkeys(WHATEVER, "not_stated"),
    "silent": {("99",): "open", ("25",): "not_stated", ("00",): "us_only", ("21",): "restricted"},
}
WORDINGS: dict[str, list[str]] = yaml.safe_load(Path(__file__).with_name("wordings.yml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("group", "text"), [(group, text) for group, texts in WORDINGS.items() for text in texts])
def test_a_wording_is_read_as_a_careful_person_would(group: str, text: str) -> None:
    assert {codes: verdict(codes, text) for codes in EXPECTED[group]} == EXPECTED[group]


def test_the_table_is_long_and_holds_no_wording_twice() -> None:
    texts = [text for group in WORDINGS.values() for text in group]
    assert WORDINGS.keys() == EXPECTED.keys()
    assert len(texts) == len(set(texts)) > 350


@pytest.mark.parametrize("group", ["open", "us_only"])
def test_a_wording_in_capitals_is_never_read_as_the_opposite(group: str) -> None:
    opposite = {"open": "us_only", "us_only": "open"}[group]
    for text in WORDINGS[group]:
        assert verdict(("25",), text.upper()) != opposite, text


def test_an_invitation_and_a_refusal_in_one_text_are_never_weighed_against_each_other() -> None:
    for invited in WORDINGS["open"]:
        for refused in ("Foreign organizations may not apply.", "Applicants must be located in the United States."):
            for text in (f"{invited.rstrip('. ')}. {refused}", f"{refused} {invited}"):
                assert verdict(("99",), text) != "open", text


def test_a_list_in_markup_is_read_line_by_line() -> None:
    eligible = "<p>Who may apply:</p><ul><li>State agencies</li><li>Foreign cooperatives</li><li>Individuals</li></ul>"
    refused = "<p>The following are not eligible:</p><ul><li>Individuals</li><li>Foreign cooperatives</li></ul>"
    for text, expected in ((eligible, "open"), (refused, "us_only")):
        read = notice(part={"applicantEligibilityDesc": text}).eligibility
        assert read is not None
        assert read.verdict == expected
        assert "•" not in (read.text or "")


def test_a_hostile_text_is_judged_in_no_time() -> None:
    began = time.monotonic()
    for words in (
        "foreign ",
        "foreign (((((",
        "entity must be located ",
        "US ",
        "non-US non-US ",
        "domestic public, private ",
        "applicants only limited to ",
        "must be located in the rural areas, ",
        "foreign entities, including ",
        "Are foreign organizations eligible? No. ",
        "other than those on ",
        "nothing ",
    ):
        verdict(("25",), words * 50_000)
    assert time.monotonic() - began < 5
