"""Single values as agencies write them: mailboxes of offices and of persons, amounts, addresses without a scheme."""

from decimal import Decimal

import pytest

from connectors.base.contract import Contact
from tests.connectors.grants_gov.records import notice


@pytest.mark.parametrize(
    "box",
    [
        "grants.robin.marlowe@example.org",
        "info.rmarlowe@example.org",
        "project.manager.marlowe@example.org",
        "grants-marlowe@example.org",
        "info+marlowe@example.org",
        "grants_office_marlowe@example.org",
        "robin.marlowe@example.org",
    ],
)
def test_a_person_behind_the_word_of_an_office_is_left_out(box: str) -> None:
    told = notice(part={"agencyContactEmail": box, "agencyDetails": None})
    assert told.contact == Contact(url=told.url)
    assert "marlowe" not in told.model_dump_json()


@pytest.mark.parametrize(
    "box", ["grants@example.org", "grants.office@example.org", "Grants-Info@example.org", "grants2@example.org"]
)
def test_an_office_of_several_words_is_still_an_office(box: str) -> None:
    contact = notice(part={"agencyContactEmail": box}).contact
    assert contact is not None
    assert contact.text == box


@pytest.mark.parametrize(
    ("written", "dollars"),
    [
        ("750000", 750_000),
        (750_000, 750_000),
        (750_000.0, 750_000),
        ("750000.0", 750_000),
        ("$1,000,000", 1_000_000),
        ("$1,000,000.00", 1_000_000),
        (0.0, None),
        ("$0", None),
        ("none", None),
        (True, None),
    ],
)
def test_an_amount_is_read_however_it_is_written(written: object, dollars: int | None) -> None:
    told = notice(part={"awardCeiling": written, "estimatedFunding": written})
    assert (told.grant.max if told.grant else None) == (told.budget.total if told.budget else None)
    assert (told.budget.total if told.budget else None) == (None if dollars is None else Decimal(dollars))


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("www.example.gov/calls?id=1", "https://www.example.gov/calls?id=1"),
        ("example.gov/calls", "https://example.gov/calls"),
        ("http://example.gov/calls", "http://example.gov/calls"),
        ("www.example.org", "https://www.example.org"),
    ],
)
def test_an_address_without_its_scheme_is_one_all_the_same(written: str, address: str) -> None:
    documents = notice(part={"fundingDescLinkUrl": written, "fundingDescLinkDesc": "See"}).documents
    assert [document.url.rstrip("/") for document in documents] == [address]


@pytest.mark.parametrize("written", ["See the page", "robin@example.gov", "javascript:alert(1)", "Section 3.gov", ""])
def test_what_is_no_address_becomes_none(written: str) -> None:
    assert notice(part={"fundingDescLinkUrl": written}).documents == ()
