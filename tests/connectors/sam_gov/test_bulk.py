"""The file of all active opportunities, which nobody has seen: rows cut as bytes, a filter before anything is kept."""

import csv
import io
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors import sam_gov
from connectors.base.client import Client
from connectors.base.contract import Notice, Page, ParseError, Skipped
from connectors.sam_gov import bulk
from tests.connectors.visit import ListLog, SimpleVisit
from tests.portals.server import Answer, Call, Portal

HEADING = (
    "NoticeId,Title,Sol#,Department/Ind.Agency,Sub-Tier,Office,PostedDate,Type,BaseType,SetASideCode,SetASide,"
    "ResponseDeadLine,NaicsCode,ClassificationCode,PopCity,PopCountry,Active,AwardNumber,AwardDate,Award$,"
    "PrimaryContactFullname,PrimaryContactEmail,State,CountryCode,AdditionalInfoLink,Link,Description"
)
NAMES = HEADING.split(",")


def row(number: int = 1, **changed: str) -> list[str]:
    said = {
        "NoticeId": f"{number:032x}",
        "Title": f"S--Laundry no. {number}",
        "Sol#": f"SIM{number}",
        "Department/Ind.Agency": "DEPT OF EXAMPLES",
        "Office": "CONTRACTING OFFICE",
        "PostedDate": "2026-11-20 08:00:12.345-05",
        "Type": "Solicitation",
        "ResponseDeadLine": "2026-12-14T14:00:00-05:00",
        "NaicsCode": "812332",
        "ClassificationCode": "S209",
        "PopCity": "Vicenza",
        "PopCountry": "ITA",
        "Active": "Yes",
        "PrimaryContactFullname": "Robin Marlowe",
        "State": "OH",
        "CountryCode": "USA",
        "Link": f"https://sam.gov/opp/{number:032x}/view",
        "Description": 'Clean "linen",\nfolded.',
    } | changed
    return [said.get(name, "") for name in NAMES]


def csv_of(*rows: list[str], charset: str = "utf-8") -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode(charset)


class FileServer(Portal):
    """Any server with one file; of SAM.gov's own nothing is known."""

    def __init__(self, body: bytes) -> None:
        super().__init__()
        self.body = body

    def answer(self, call: Call) -> Answer:
        return Answer(200, self.body, {"content-type": "text/csv"})


def visit_to(server: FileServer, client: Client, **params: Any) -> SimpleVisit:
    chosen = sam_gov.Params(mode="bulk", file=f"{server.url}/file.csv", **params)
    return SimpleVisit(http=client, params=chosen)


def page(body: bytes, **params: Any) -> Page:
    chosen = sam_gov.Params(mode="bulk", **params)
    at = datetime(2026, 11, 23, 9, tzinfo=UTC)
    return Page(url="https://sam.gov/file.csv", body=body, fetched_at=at, role=bulk.ROLE, params=chosen)


def readings(given: Page) -> Iterator[Any]:
    for record in sam_gov.split(given):
        try:
            yield sam_gov.read(record, given)
        except ParseError as error:
            yield error


def test_a_row_says_what_a_record_of_the_search_says_and_its_text_too() -> None:
    (said,) = readings(page(csv_of(NAMES, row(7))))
    assert isinstance(said, Notice)
    assert (said.source_id, said.titles["en"].text, said.countries) == (f"{7:032x}", "Laundry no. 7", ("IT",))
    assert (said.body, said.lang) == ('Clean "linen",\nfolded.', "en")
    assert said.deadlines[0].at == "14:00"
    assert said.organisation is not None
    assert said.organisation.name == "DEPT OF EXAMPLES · CONTRACTING OFFICE"
    assert said.published_at is not None
    assert "Marlowe" not in said.model_dump_json()


def test_rows_in_two_charsets_lie_side_by_side() -> None:
    body = csv_of(NAMES, row(1, Title="Caffè – espresso")) + csv_of(row(2, Title="Caffè – lungo"), charset="cp1252")
    first, second = readings(page(body))
    assert first.titles["en"].text == "Caffè – espresso"
    assert second.titles["en"].text == "Caffè – lungo"


def test_a_byte_order_mark_and_capital_letters_in_the_heading_are_nothing_new() -> None:
    (said,) = readings(page(b"\xef\xbb\xbf" + csv_of([name.upper() for name in NAMES], row())))
    assert isinstance(said, Notice)


def test_a_row_of_another_length_is_refused_alone() -> None:
    body = csv_of(NAMES, row(1), row(2)[:-3], row(3))
    first, second, third = readings(page(body))
    assert isinstance(first, Notice)
    assert isinstance(second, ParseError)
    assert isinstance(third, Notice)


def test_a_field_beyond_what_a_reader_of_csv_takes_is_refused_alone() -> None:
    body = csv_of(NAMES, row(1), row(2, Description="x" * 200_000), row(3))
    kinds = [type(said) for said in readings(page(body))]
    assert kinds == [Notice, ParseError, Notice]


@pytest.mark.parametrize("body", [b"", b"a,b,c\n1,2,3\n", b"<html><body>Please sign in</body></html>", b"\0\0\0"])
def test_what_is_no_such_file_is_refused_whole(body: bytes, loopback_client: Client) -> None:
    with FileServer(body) as server, pytest.raises(ParseError, match="heading") as caught:
        list(sam_gov.fetch(visit_to(server, loopback_client)))
    assert caught.value.suspicious == body.startswith(b"<")


def test_what_the_filter_leaves_out_is_not_even_kept(loopback_client: Client) -> None:
    rows = [
        row(1),
        row(2, PopCountry="USA"),
        row(3, SetASideCode="SBA"),
        row(4, Type="Award Notice"),
        row(5, Active="No"),
    ]
    with FileServer(csv_of(NAMES, *rows)) as server:
        visit = visit_to(server, loopback_client, countries=("IT",))
        (kept,) = sam_gov.fetch(visit)
    assert [said.source_id for said in readings(kept.with_params(visit.params))] == [f"{1:032x}"]
    assert b"SIM2" not in kept.body
    assert [line.facts for line in visit.log.lines] == [{"rows": 5, "kept": 1}]


def test_pages_hold_a_thousand_rows_and_have_an_address_each(loopback_client: Client) -> None:
    with FileServer(csv_of(NAMES, *(row(number) for number in range(1, 2_502)))) as server:
        visit = visit_to(server, loopback_client)
        pages = list(sam_gov.fetch(visit))
        found = [notice for notice in visit.run(sam_gov) if isinstance(notice, Notice)]
    assert [len(list(sam_gov.split(one))) for one in pages] == [1_000, 1_000, 501]
    assert len({one.url for one in pages}) == 3
    assert len({notice.source_id for notice in found}) == 2_501


def test_a_quotation_mark_that_is_missing_costs_few_rows_and_not_the_file() -> None:
    bad = csv_of(row(2)).replace(b'""linen""', b'""linen"')
    many = [row(number, Description="x" * 2_000) for number in range(3, 1_500)]
    log = ListLog()
    cut = list(bulk.cut(io.BytesIO(csv_of(row(1)) + bad + csv_of(*many)), log.warning))
    assert "a row of the file is longer than any notice, it is dropped" in log.warnings()
    begun = {one[:32] for one in cut}
    assert f"{1:032x}".encode() in begun
    assert f"{1_499:032x}".encode() in begun
    assert len(begun) > 900


def test_a_file_without_an_end_of_line_is_cut_all_the_same() -> None:
    log = ListLog()
    assert list(bulk.cut(io.BytesIO(b'"' + b"x" * 5_000_000), log.warning)) == []
    assert list(bulk.cut(io.BytesIO(b"a,b"), log.warning)) == [b"a,b"]
    assert log.warnings()


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20), min_size=1, max_size=5))
def test_rows_come_out_as_a_writer_of_csv_wrote_them(texts: list[str]) -> None:
    rows = [row(number, Description=text) for number, text in enumerate(texts, 1)]
    cut = list(bulk.cut(io.BytesIO(csv_of(*rows)), ListLog().warning))
    assert b"".join(cut) == csv_of(*rows)
    names = [name.lower() for name in NAMES]
    assert [bulk.as_record(names, one)["description"] for one in cut] == [
        "" if text.strip().lower() == "null" else text.strip() for text in texts
    ]


@given(st.binary(max_size=300))
def test_any_bytes_at_all_end_in_records_or_a_refusal(body: bytes) -> None:
    for said in readings(page(csv_of(NAMES) + body)):
        assert isinstance(said, Notice | Skipped | ParseError)


_READ_IT = """
import sys
from connectors import sam_gov
from connectors.base.client import Client
from tests.connectors.memory import DictMemory
from tests.connectors.visit import LOOPBACK, SimpleVisit

client = Client(about=sam_gov.ABOUT, memory=DictMemory(), user_agent="worldwidewe/0 (+https://example.org/)",
                egress=LOOPBACK, extra_hosts=("127.0.0.1",), obey_robots=False)
params = sam_gov.Params(mode="bulk", file=sys.argv[1], countries=("IT",))
visit = SimpleVisit(http=client, params=params)
def most():  # not ru_maxrss, which a child begins with what its parent had (proc(5), VmHWM)
    return next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM"))

before = most()
count = 0
for page in sam_gov.fetch(visit):
    given = page.with_params(params)
    count += sum(1 for record in sam_gov.split(given) if sam_gov.read(record, given).source_id)
print(count, most() - before, most())
"""


def test_sixty_megabytes_cost_a_fraction_of_that_in_memory() -> None:
    long = "Clean linen, folded. " * 150
    block = csv_of(
        *(row(number, Description=long, PopCountry="ITA" if number % 20 == 0 else "USA") for number in range(2_000))
    )
    whole = csv_of(NAMES) + block * 10
    assert len(whole) > 60_000_000
    with FileServer(whole) as server:
        done = subprocess.run(
            [sys.executable, "-c", _READ_IT, f"{server.url}/file.csv"],
            capture_output=True,
            text=True,
            timeout=120,
            check=True,
        )
    count, grown, peak = map(int, done.stdout.split())
    assert count == 1_000
    assert grown < 60_000, "kilobytes that reading has cost"
    assert peak < 200_000, "kilobytes of the whole process"
