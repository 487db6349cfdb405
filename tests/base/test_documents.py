"""Documents of strangers: JSON, XML and HTML are read within limits, or refused with a ParseError and nothing else."""

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from structlog.testing import capture_logs

from connectors.base import documents
from connectors.base.contract import Page, ParseError
from connectors.base.documents import html_of, json_of, object_of, xml_of

LOGIN = b"<!doctype html><html><title>Sign in</title><form><input type=password></form></html>"


def page(body: bytes | str, content_type: str = "") -> Page:
    told = {"content-type": content_type} if content_type else {}
    sent = body if isinstance(body, bytes) else body.encode()
    return Page(
        url="https://portal.example.org/x", body=sent, fetched_at=datetime(2026, 11, 23, tzinfo=UTC), headers=told
    )


def refused(read: Callable[[Page], object], body: bytes | str, content_type: str = "") -> ParseError:
    with pytest.raises(ParseError) as caught:
        read(page(body, content_type))
    assert caught.value.url == "https://portal.example.org/x"
    assert len(str(caught.value)) < 400
    return caught.value


@pytest.mark.parametrize(
    ("body", "value"),
    [
        ('{"a": [1, 2.5, null, "è"]}', {"a": [1, 2.5, None, "è"]}),
        (b'\xef\xbb\xbf{"a": 1}', {"a": 1}),
        ('{"a": 1}'.encode("utf-16"), {"a": 1}),
        ('{"a": 1, "a": 2}', {"a": 2}),
        ("[" * 90 + "]" * 90, json.loads("[" * 90 + "]" * 90)),
        ("12345678901234567890", 12345678901234567890),
        ("-1e-400", 0.0),
    ],
)
def test_P6_honest_json_is_read(body: bytes | str, value: Any) -> None:
    assert json_of(page(body)) == value


@pytest.mark.parametrize(
    "body",
    [
        "[" * 101 + "]" * 101,
        '{"a":' * 200 + "1" + "}" * 200,
        "[" * 100_000,
        '{"a":' * 100_000,
        "[" + "[]," * 126_000 + "0]",
        '["' + "\U0001f600" + "x" * 4_100_000 + '"]',
        '["' + "x" * 8_000_000 + '"]',
        "9" * 5000,
        "-" + "9" * 101,
        "0." + "1" * 200,
        "1e999999",
        "-1e999999",
        "[NaN]",
        "[Infinity]",
        "[-Infinity]",
        '{"a": 1',
        '[1, 2, "x',
        '{"a": 1} {"b": 2}',
        '{"a": 1}<!-- served in 3 ms -->',
        "",
        "\0",
        b'{"a": "\xe8"}',
    ],
)
def test_P6_json_beyond_reason_or_damaged_is_refused_whole(body: bytes | str) -> None:
    refused(json_of, body)


def test_P6_a_document_that_is_due_as_an_object_is_one() -> None:
    assert object_of(page('{"a": 1}')) == {"a": 1}
    assert "no object: list" in refused(object_of, "[1]").why


DOCTYPES = [
    "<!DOCTYPE r>",
    '<!DOCTYPE r SYSTEM "http://169.254.169.254/x.dtd">',
    '<!DOCTYPE r [<!ENTITY a "b">]>',
    '<!DOCTYPE r [<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;]>',
    '<!DOCTYPE r [<!ATTLIST r a CDATA "b">]>',
]


@pytest.mark.parametrize("doctype", DOCTYPES)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le", "utf-32", "cp1252", "iso8859-15"])
def test_P6_a_document_type_is_refused_in_every_encoding(doctype: str, encoding: str) -> None:
    declared = f'<?xml version="1.0" encoding="{encoding}"?>{doctype}<r>x</r>'

    refused(xml_of, declared.encode(encoding), f"text/xml; charset={encoding}")
    refused(xml_of, f"{doctype}<r>x</r>".encode(encoding), f"text/xml; charset={encoding}")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-be", "cp1252", "iso8859-2", "koi8-r"])
def test_P6_xml_is_read_in_every_encoding_that_text_is_read_in(encoding: str) -> None:
    word = "слово" if encoding == "koi8-r" else "é"
    declared = f'<?xml version="1.0" encoding="{encoding}"?><r a="1">{word}</r>'

    root = xml_of(page(declared.encode(encoding), f"text/xml; charset={encoding}"))

    assert (root.tag, root.get("a"), root.text) == ("r", "1", word)


def test_P6_what_http_says_of_the_encoding_stands_over_what_the_document_says() -> None:
    body = '<?xml version="1.0" encoding="utf-16"?><r>perché</r>'

    assert xml_of(page(body.encode("cp1252"), "text/xml; charset=windows-1252")).text == "perché"


@pytest.mark.parametrize(
    "body",
    [
        "<a>" * 101 + "</a>" * 101,
        "<a>" * 100_000,
        "<r>" + "<a/>" * 150_001 + "</r>",
        "<r " + " ".join(f"a{n}='1'" for n in range(150_001)) + "/>",
        "<r>&undeclared;</r>",
        "<r>a\0b</r>",
        "<r><a></r>",
        "<r>cut o",
        "no xml",
        "",
    ],
)
def test_P6_xml_beyond_reason_or_damaged_is_refused_whole(body: str) -> None:
    refused(xml_of, body)


@pytest.mark.parametrize(
    "inside",
    [
        "<div>" * 30_000 + "x" + "</div>" * 30_000,
        "<p " + " ".join(f"a{n}=1" for n in range(400_000)) + ">x",
        "x" + "<!--x>" * 90_000,
        "x" + "<a href='" * 90_000,
        "x" + "<![" * 90_000,
        "x" + "</" * 90_000,
        "<table><tr><td>" * 15_000 + "x",
        "<ul><li>" * 20_000 + "x",
        "x" + "&" * 190_000,
    ],
    ids=["boxes", "attributes", "comments", "links", "sections", "ends", "tables", "lists", "references"],
)
def test_P13_a_page_that_was_made_to_be_slow_is_read_soon(inside: str) -> None:
    """Parsed as it stands, each of these takes minutes, or hundreds of megabytes."""
    begun = time.thread_time()

    read = html_of(page(f"<html><body>{inside}</body></html>"))

    assert "x" in read.get_text()
    assert read.select("body li a, div div em") == []
    assert time.thread_time() - begun < 10


@pytest.mark.parametrize(
    "body", ["<i>" * 60_000, "<" * 200_000, "&" * 300_000, "x" * 5_000_001, "<p a=1 b=2 c=3>" * 34_000]
)
def test_P13_a_page_with_more_in_it_than_people_read_is_refused(body: str) -> None:
    refused(html_of, body)


def test_P13_a_page_as_people_write_them_is_read_as_it_stands() -> None:
    read = html_of(
        page(
            "<!DOCTYPE html><html><head><title>Calls</title><!--[if IE]><p>old<![endif]--></head><body><ul><li>one"
            '<li class="a b">two <a href="/x?a=1&amp;b=2" title="1 > 0">&egrave;</a></ul>'
            '<script type="application/ld+json">{"a": "<b>"}</script></body></html>'
        )
    )

    assert [item.get_text(strip=True) for item in read.find_all("li")] == ["one", "twoè"]
    link = read.select_one("li.b > a")
    assert link is not None
    assert (link["href"], link["title"]) == ("/x?a=1&b=2", "1 > 0")
    script = read.find("script")
    assert script is not None
    assert json.loads(str(script.string)) == {"a": "<b>"}
    assert "old" not in read.get_text()


@pytest.mark.parametrize(
    ("read", "body", "came"),
    [
        (json_of, LOGIN, "is not JSON: a login page came in its place"),
        (json_of, b"\xef\xbb\xbf\n<html><body>x</body></html>", "is not JSON: a web page came in its place"),
        (json_of, b"<html><form><input type='password'></form>", "is not JSON: a login page came in its place"),
        (xml_of, LOGIN, "is not XML that we read: a login page came in its place"),
        (xml_of, b"<html><p>x<br></html>", "is not XML that we read: a web page came in its place"),
        (html_of, LOGIN, "is not the page: a login page came in its place"),
    ],
)
def test_F5_the_error_says_what_came_in_the_place_of_a_document(
    read: Callable[[Page], object], body: bytes, came: str
) -> None:
    error = refused(read, body)

    assert error.why == came
    assert error.suspicious


def test_F5_a_damaged_document_is_not_called_another_page() -> None:
    assert not refused(json_of, b'{"html": "<html>').suspicious
    assert not refused(xml_of, b"<r><html>").suspicious


def test_F12_a_document_that_is_cut_off_anywhere_is_never_read_in_part() -> None:
    whole, xml = b'{"notices": [{"id": 1}, {"id": 2}]}', b"<r><n id='1'/><n id='2'>x</n></r>"

    for end in range(len(whole)):
        refused(json_of, whole[:end])
    for end in range(len(xml)):
        refused(xml_of, xml[:end])


def test_P12_a_page_that_is_decoded_doubtfully_is_told_in_the_log() -> None:
    with capture_logs() as lines:
        html_of(page("<p>perché</p>".encode("cp1252")))
        html_of(page("<p>perché</p>"))

    assert [(line["event"], line["why"]) for line in lines] == [
        ("text of doubtful quality", "its charset is declared wrongly or not at all")
    ]


def test_P13_the_limits_lie_far_above_the_pages_of_our_sources() -> None:
    """A listing has a thousand tags, an answer of a search twenty thousand values."""
    assert documents.MOST_TAGS >= 20 * 1_200
    assert documents.MOST_VALUES >= 10 * 22_000
    assert documents.WIDEST >= 4 * 4_000_000
