"""The traps that mails set: charsets, headers, packings, parts."""

import base64
import quopri

import pytest

from connectors.generic.mailbox.mime import Unreadable, read_mail
from tests.connectors.mailbox.mails import CALLS, both, mail
from tests.connectors.mailbox.reading import notices, reason


def _with(header: str, value: str, body: bytes = b"x") -> bytes:
    return f"From: a@b.example\r\n{header}: {value}\r\n\r\n".encode("utf-8", "surrogateescape") + body


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("=?NONE?B?VEVTVA=?=", "TEST"),
        ("=?utf-8?b?" + base64.b64encode("Perché".encode()[:6]).decode() + "?=\r\n =?utf-8?b?qQ==?=", "Perché"),
        ("=?utf-8?q?Perch=C3?=\r\n =?utf-8?q?=A9?= no", "Perché no"),
        ("Perché così", "Perché così"),
        ("folded over\r\n two lines", "folded over two lines"),
        ("=?x-mac-cyrillic?q?abc?=", "abc"),
        ("=?utf-8?b?%%%?=", ""),
    ],
)
def test_a_subject_is_read_whatever_was_done_to_it(value: str, read: str) -> None:
    assert read_mail(_with("Subject", value)).first("subject") == read


def test_raw_eight_bit_in_another_charset_is_windows_1252() -> None:
    assert read_mail(b"From: a@b.example\r\nSubject: Citt\xe0\r\n\r\nx").first("subject") == "Città"


@pytest.mark.parametrize(
    ("charset", "packed", "text"),
    [
        ("ks_c_5601-1987", "스티해".encode("euc_kr"), "스티해"),
        ("x-mac-cyrillic", b"abc", "abc"),
        ("NONE", "Città".encode(), "Città"),
        ("", "Città".encode("cp1252"), "Città"),
        ("utf-8", "Città \x00".encode(), "Città"),
        ("us-ascii", b"a\xe0", "a\ufffd"),
    ],
)
def test_a_text_is_read_in_whatever_charset_it_claims(charset: str, packed: bytes, text: str) -> None:
    claim = f"text/plain; charset={charset}" if charset else "text/plain"
    assert read_mail(_with("Content-Type", claim, packed)).texts[0].strip() == text


@pytest.mark.parametrize("coding", ["7-bit", "8bit;", "", "text/html", "nonsense"])
def test_an_unknown_packing_is_none(coding: str) -> None:
    assert read_mail(_with("Content-Transfer-Encoding", coding, b"width=device")).texts == ("width=device",)


def test_what_is_packed_is_unpacked_once() -> None:
    body = quopri.encodestring(b"width=device-width &v=beta")
    assert (
        read_mail(_with("Content-Transfer-Encoding", "quoted-printable", body)).texts[0] == "width=device-width &v=beta"
    )


def test_flowing_lines_are_joined() -> None:
    flowed = read_mail(
        _with("Content-Type", "text/plain; format=flowed; delsp=yes", b"https://a.example/ \r\nb\r\n\r\nc")
    )
    assert flowed.texts[0] == "https://a.example/b\n\nc"


def test_the_text_inside_a_forwarded_mail_is_read_and_its_forwarder_vouches() -> None:
    inside = f"From: x@evil.example\r\nSubject: s\r\n\r\nCall\r\n{CALLS}/5\r\n"
    raw = mail(body=inside).replace(b"text/plain; charset=utf-8", b"message/rfc822", 1)
    assert [notice.source_id for notice in notices(raw)] == [f"{CALLS}/5"]


def test_a_multipart_without_parts_and_a_boundary_inside_another_do_not_crash() -> None:
    empty = _with("Content-Type", "multipart/mixed; boundary=never")
    assert read_mail(empty).texts in ((), ("x",))
    nested = (
        b"From: a@b.example\r\nContent-Type: multipart/mixed; boundary=e\r\n\r\n--e\r\nContent-Type:"
        b" multipart/alternative; boundary=e1\r\n\r\n--e1\r\nContent-Type: text/plain\r\n\r\none\r\n--e1--\r\n--e\r\n"
        b"Content-Type: text/plain\r\n\r\ntwo\r\n--e--\r\n"
    )
    assert [text.strip() for text in read_mail(nested).texts] == ["one", "two"]


def test_more_levels_than_a_mail_has_are_refused_before_they_are_read() -> None:
    with pytest.raises(Unreadable):
        read_mail(b"X: boundary=1\r\n" * 100)


@pytest.mark.parametrize(
    "date", ["", "yesterday", "Sun, 99 Nov 2026 08:00:00 +0100", "Sun, 22 Nov 3609 08:00:00 +0000"]
)
def test_a_mail_from_a_file_without_a_date_that_can_be_read_is_refused(date: str) -> None:
    assert reason(mail(date=date)).startswith("date: ")


@pytest.mark.parametrize("zone", ["-0000", "", "+0000 (\udce9)"])
def test_a_date_without_a_zone_is_in_utc(zone: str) -> None:
    raw = mail(date="DATE").replace(b"DATE", f"Sun, 22 Nov 2026 08:00:00 {zone}".encode("utf-8", "surrogateescape"))
    (notice,) = notices(raw)
    assert str(notice.published_at) == "2026-11-22 08:00:00+00:00"


def test_a_plain_part_that_only_points_to_the_browser_does_not_hide_the_page() -> None:
    raw = both(
        "View in browser https://calls.example.org/",
        f'<p><a href="{CALLS}/1">One</a></p><p><a href="{CALLS}/2">Two</a></p>',
    )
    assert [notice.titles["und"].text for notice in notices(raw)] == ["One", "Two"]


def test_P7_a_pattern_that_takes_for_ever_refuses_the_mail_and_not_the_visit() -> None:
    body = f"x\nhttps://calls.example.org/{'a' * 1500}!\n"
    assert reason(mail(body=body), item_url_pattern=r"(a|aa)+$(?<!x)b").startswith("item_url_pattern: takes too long")
