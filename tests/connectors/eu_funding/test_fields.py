"""What the portal says and nobody reads is named, so that a silent change of it is heard."""

import re
from pathlib import Path

import connectors.eu_funding
from connectors import eu_funding
from connectors.base.contract import Record
from connectors.eu_funding import fields
from connectors.eu_funding.question import Question
from tests.connectors.eu_funding.rows import cascade, page, topic
from tests.portals.eu_funding import EUFundingPortal


def test_a_key_that_nobody_knows_is_named_where_it_stands() -> None:
    row = topic(newKey="1") | {"alsoNew": True}
    assert list(eu_funding.audit(Record("results[0]", {"row": row}))) == ["alsoNew", "metadata.newKey"]
    whole = cascade(newKey="1")
    beside = {**whole.pop("metadata"), **whole}
    assert list(eu_funding.audit(Record("results[0]", {"row": beside}))) == ["newKey"]


def test_every_key_of_the_simulator_is_known(portal: EUFundingPortal) -> None:
    rows = [row for index in ("SEDIA", "SEDIA_PERSON") for row in portal._index(index)]
    whole = page(*rows, asked=Question(demands=()))
    assert {name for record in eu_funding.split(whole) for name in eu_funding.audit(record)} == set()


def test_what_is_said_to_be_left_out_is_read_nowhere_and_what_is_said_to_be_read_is() -> None:
    folder = Path(connectors.eu_funding.__file__).parent
    code = "".join(path.read_text(encoding="utf-8") for path in folder.glob("*.py") if path.name != "fields.py")
    named = set(re.findall(r"[\"']([\w-]+)[\"']", code))
    assert fields._LEFT_OUT & named == set()
    assert fields._READ - named == set()
