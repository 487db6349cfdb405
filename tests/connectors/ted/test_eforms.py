"""A notice in XML says the same as its record in the search, and cannot do harm."""

from pathlib import Path

import pytest

from connectors import ted
from connectors.base.contract import Notice, ParseError, Reservation
from tests.connectors.ted.records import page

XML = (Path(__file__).parents[2] / "golden" / "ted" / "social_call_two_lots.xml").read_text(encoding="utf-8")
ADDRESS = "https://ted.europa.eu/en/notice/412777-2026/xml"


def read(xml: str | bytes, url: str = ADDRESS) -> Notice:
    body = xml.encode() if isinstance(xml, str) else xml
    whole = page(body, url=url, content_type="application/xml")
    [record] = ted.split(whole)
    notice = ted.read(record, whole)
    assert isinstance(notice, Notice)
    return notice


def test_lots_keep_their_own_reservation_and_deadline_and_a_group_is_no_lot() -> None:
    notice = read(XML)
    assert notice.reserved == (Reservation(type="res-pub-ser", lots=("LOT-0001",)),)
    assert [(str(due.on), due.at, due.zone, due.label) for due in notice.deadlines] == [
        ("2026-12-21", "11:00", "Europe/Berlin", "LOT-0001"),
        ("2027-01-11", "11:00", "Europe/Berlin", "LOT-0002"),
    ]
    assert notice.budget is not None
    assert str(notice.budget.total) == "575500.50"
    assert notice.extra["ted"]["lots"] == 2


def test_the_buyer_is_the_one_referred_to_and_no_person_is_kept() -> None:
    notice = read(XML)
    assert notice.organisation is not None
    assert (notice.organisation.name, notice.origin_country) == ("Landkreis Oberwaldstein", "DE")
    assert "Beispiel" not in notice.model_dump_json()
    assert "@" not in notice.model_dump_json()


def test_the_number_comes_from_the_notice_else_from_its_address_else_it_has_none_yet() -> None:
    assert read(XML, url="https://ted.europa.eu/en/notice/1-2020/xml").source_id == "412777-2026"
    unnumbered = XML.replace("NoticePublicationID", "OtherID")
    assert read(unnumbered).source_id == "412777-2026"
    draft = read(unnumbered, url="https://ted.europa.eu/en/notice/preview/xml")
    assert draft.source_id == "2f0f6a8e-7a5e-4f6a-9a51-5a0d6a1f6c02-01"
    assert draft.same_as == ()


def test_namespace_prefixes_are_nobodys_business() -> None:
    assert read(XML.replace("cbc:", "b:").replace("xmlns:cbc", "xmlns:b")) == read(XML)


BOMB = '<!DOCTYPE ContractNotice [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY x SYSTEM "file:///etc/hostname">]>'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1"])
def test_a_document_type_is_refused_in_any_encoding(encoding: str) -> None:
    declared = XML.replace('encoding="UTF-8"', f'encoding="{encoding}"')
    assert read(declared.encode(encoding)).source_id == "412777-2026"
    armed = declared.replace("<ContractNotice", BOMB + "<ContractNotice", 1).replace("Landkreis", "&b;&x;", 1)
    with pytest.raises(ParseError, match="document type is refused"):
        read(armed.encode(encoding))


@pytest.mark.parametrize("xml", ["<html><body>Not found</body></html>", "<ContractNotice/>", XML[:900], "<", "< >"])
def test_another_document_is_refused(xml: str) -> None:
    with pytest.raises(ParseError):
        read(xml)


def test_an_award_in_xml_is_left_out_by_name() -> None:
    award = XML.replace('listName="competition">cn-social', 'listName="result">can-social').replace(
        "ContractNotice", "ContractAwardNotice"
    )
    whole = page(award.encode(), url=ADDRESS, content_type="application/xml")
    [record] = ted.split(whole)
    assert ted.read(record, whole).reason == "award notice"  # type: ignore[union-attr]
