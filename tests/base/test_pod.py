"""References of the Partnering Opportunities Database, which the network and its mirrors share."""

from datetime import date

import pytest

from connectors.base.pod import KINDS, PODReference, pod_reference


@pytest.mark.parametrize(
    ("text", "type", "country", "created"),
    [
        ("RDRDE20260728021", "RDR", "DE", date(2026, 7, 28)),
        ("BOIT20240903021", "BO", "IT", date(2024, 9, 3)),
        ("BRUK20260918021", "BR", "GB", date(2026, 9, 18)),
        ("TRGR20261030011", "TR", "GR", date(2026, 10, 30)),
        ("TREL20261030011", "TR", "GR", date(2026, 10, 30)),
        ("TOXK202601011234", "TO", "XK", date(2026, 1, 1)),
    ],
)
def test_a_reference_tells_its_type_country_and_day(text: str, type: str, country: str, created: date) -> None:
    read = pod_reference(text)
    assert read is not None
    assert (read.type, read.country, read.created) == (type, country, created)


def test_a_search_for_research_partners_is_not_read_as_a_country_of_its_letters() -> None:
    read = pod_reference("RDRDE20260728021")
    assert read == PODReference("RDRDE20260728021", "RDR", "DE", date(2026, 7, 28), "021")
    assert read.kind == "rd_partner_search"


def test_case_and_space_around_do_not_matter_and_the_key_is_in_capitals() -> None:
    read = pod_reference(" bolt20261005005\n")
    assert read is not None
    assert (read.text, read.key, read.number) == ("BOLT20261005005", "een:BOLT20261005005", "005")


def test_what_is_odd_about_a_reference_leaves_it_an_identity() -> None:
    odd = pod_reference("BOZZ20261345001")
    assert odd is not None
    assert (odd.text, odd.country, odd.created) == ("BOZZ20261345001", None, None)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Business Offer",
        "RDDE20260728021",
        "BOIT2024090302",
        "XOIT20240903021",
        "BOIT20240903021 and more",
        "ID: BOIT20240903021",
        "BOI20240903021",
        "BOſT20240903021",  # a letter that is a capital S to Unicode
        "BOIT٢٠٢٤٠٩٠٣021",
    ],
)
def test_what_is_no_reference_is_none(text: str) -> None:
    assert pod_reference(text) is None


def test_every_type_has_a_kind_of_its_own() -> None:
    assert len(set(KINDS.values())) == len(KINDS) == 5
