"""Who may apply: a table of codes and wordings, each with the verdict that a careful person would give.

The one thing to know: the wordings are made up after the kinds that agencies use; negations are the trap.
"""

import time

import pytest

from connectors.grants_gov.eligibility import Verdict, verdict

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


@pytest.mark.parametrize(
    "text",
    [
        "Foreign organizations are eligible to apply.",
        "Non-domestic (non-U.S.) Entities (Foreign Organizations) are eligible to apply. Non-domestic (non-U.S.) components "
        "of U.S. Organizations are eligible to apply.",
        "Other eligible applicants: faith-based organizations; non-domestic (non-U.S.) entities (foreign organizations); "
        "regional organizations.",
        "Open to U.S. and foreign nonprofit organizations.",
        "Applications are invited from international organizations and local associations.",
        "Both domestic and foreign entities may apply.",
        "Eligibility is not limited to U.S. organizations; foreign institutions may also apply.",
        "Eligibility is limited to U.S. and foreign non-profit organizations.",
        "Any entity may apply, including non-U.S. cooperatives and associations.",
        "Nongovernmental organizations based outside the United States may submit proposals.",
        "Foreign public or private organizations can apply. Foreign governments are not eligible.",
        "Foreign for-profit firms are eligible. Foreign entities of concern are not eligible.",
        "Applicants may be: • U.S. universities • Foreign universities • Overseas non-profit organizations",
        "All nonprofits, including foreign organizations, may apply, but individuals are not eligible.",
        "All nonprofits are eligible, including foreign organizations, individuals may not apply.",
        "The applicant may be from any country, and overseas cooperatives are encouraged to apply.",
    ],
)
def test_words_that_invite_from_abroad_open_the_door_whatever_the_codes(text: str) -> None:
    assert verdict(("12",), text) == "open"
    assert verdict(("25",), text) == "open"


@pytest.mark.parametrize(
    "text",
    [
        "Non-domestic (non-U.S.) Entities (Foreign Organizations) are not eligible to apply. Non-domestic (non-U.S.) "
        "components of U.S. Organizations are not eligible to apply. Foreign components are allowed.",
        "Non-domestic (non-U.S.) Entities (Foreign Organizations) are not eligible to apply. Non-domestic (non-U.S.) "
        "components of U.S. Organizations are eligible to apply. Foreign components, as defined in the policy, are allowed.",
        "Foreign entities are not eligible.",
        "Foreign entities are ineligible for this award.",
        "Foreign organizations may not apply.",
        "Foreign and international organizations are excluded from applying.",
        "No foreign organizations will be considered.",
        "Any nonprofit may apply except foreign entities.",
        "Any nonprofit is eligible, except foreign organizations.",
        "Eligible applicants do not include foreign organizations.",
        "Foreign nonprofits, including overseas NGOs, are not eligible.",
        "A sole source award; foreign organizations may not apply.",
        "Foreign institutions may participate only as subrecipients.",
        "This program is open to domestic public or private entities.",
        "Eligible applicants include domestic non-profit and for-profit organizations.",
        "U.S. only.",
        "Eligibility is restricted to U.S. Institutions of Higher Education, national laboratories and user facilities.",
        "Only U.S. organizations may apply.",
        "Applicants must be U.S.-based organizations.",
        "The prime recipient must be incorporated (or otherwise formed) under the laws of a State or territory of the United "
        "States.",
        "Applicant organizations must be headquartered in the United States.",
        "Cooperatives and associations located in the United States or its territories may apply.",
        "Applicants must be United States citizens or permanent residents.",
    ],
)
def test_words_that_shut_out_from_abroad_outweigh_even_the_code_for_anybody(text: str) -> None:
    assert verdict(("99",), text) == "us_only"
    assert verdict(NEARLY_ALL, text) == "us_only"


@pytest.mark.parametrize(
    "text",
    [
        "Eligible recipients must be a participating partner of the Blue Ridge Cooperative Ecosystem Studies Unit (CESU).",
        "Award by invitation only.",
        "This is a single source award to the existing recipient.",
        "This is a notice of intent to fund the incumbent; it is not open for competition.",
        "Limited to institutions of higher education.",
        "Foreign non-profit organizations are eligible. Foreign for-profit firms are not eligible.",
        "Only current recipients may apply.",
    ],
)
def test_words_that_name_the_few_who_may_apply_restrict_it(text: str) -> None:
    assert verdict(("25",), text) == "restricted"


@pytest.mark.parametrize(
    "text",
    [
        "See the full announcement for the requirements.",
        "Foreign components, as defined in the policy, are allowed.",
        "Non-domestic components of U.S. organizations are eligible to apply.",
        "Proposals on foreign policy and international students are welcome.",
        "Programs on domestic violence are eligible.",
        "Foreign entities of concern are not eligible.",
        "Foreign governments are not eligible to apply.",
        "Local organizations with experience in rural areas may apply.",
        "Budgets must be in U.S. dollars.",
        "Eligibility is not limited to U.S. organizations.",
        "Individuals are not eligible to apply.",
        "If a foreign organization applies, it must give its registration.",
        "If foreign organizations are eligible under the statute, they must register.",
        "The applicant must collaborate with foreign universities.",
        "Cooperatives and mutual associations of producers may apply.",
    ],
)
def test_words_about_something_else_leave_it_to_the_codes(text: str) -> None:
    assert verdict(("25",), text) == "not_stated"
    assert verdict(("99",), text) == "open"
    assert verdict(("00",), text) == "us_only"


def test_a_hostile_text_is_judged_in_no_time() -> None:
    began = time.monotonic()
    for words in (
        "foreign ",
        "foreign (((((",
        "entity must be located ",
        "US ",
        "non-US non-US ",
        "domestic public, private ",
    ):
        verdict(("25",), words * 50_000)
    assert time.monotonic() - began < 5
