"""The message as bytes: what a mail server and a mailbox make of it."""

import re
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from aggregator.digest.letter import Letter, render
from aggregator.digest.message import MessageError, harmless, identity, message
from tests.aggregator.digest.sample import NOW, digest, settings

HEADERS = [
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "List-Id",
    "Auto-Submitted",
    "Precedence",
    "Reply-To",
    "List-Unsubscribe",
    "MIME-Version",
    "Content-Type",
    "Content-Language",
]
PLAIN = Letter("2 nuove · Pulizie a Lione", "Testo\n", "<p>Testo</p>")


def raw(tmp_path: Path, letter: Letter = PLAIN, recipient: str = "anna@example.org", **given: object) -> bytes:
    return message(
        letter,
        recipient,
        message_id="<abc123@mail.example.org>",
        language="it",
        made_at=NOW,
        settings=settings(tmp_path, **given),
    )


def read(data: bytes) -> EmailMessage:
    mail = message_from_bytes(data, policy=policy.default)
    assert isinstance(mail, EmailMessage)
    return mail


def test_M1_text_comes_first_then_html_both_in_utf8(tmp_path: Path) -> None:
    letter = render(digest(), settings=settings(tmp_path), language="it")
    parts = list(read(raw(tmp_path, letter)).iter_parts())
    assert [p.get_content_type() for p in parts] == ["text/plain", "text/html"]
    assert [p.get_content_charset() for p in parts] == ["utf-8", "utf-8"]
    assert [p.get_content().replace("\r\n", "\n") for p in parts] == [letter.text, letter.html]


def test_M2_one_fixed_sender_one_recipient_and_a_mailbox_that_is_read(tmp_path: Path) -> None:
    mail = read(raw(tmp_path))
    assert mail["From"] == "Federazione Esempio <letters@mail.example.org>"
    assert mail["To"] == "anna@example.org"
    assert mail["Reply-To"] == "office@example.org"
    assert mail["Cc"] is None
    assert mail["Bcc"] is None


@pytest.mark.parametrize(
    "address",
    ["a@example.org, b@example.org", "a@example.org\r\nBcc: b@example.org", "Anna <a@example.org>", "anna", ""],
)
def test_M2_anything_but_one_mailbox_is_refused(address: str, tmp_path: Path) -> None:
    with pytest.raises(MessageError, match="not one mailbox"):
        raw(tmp_path, recipient=address)


def test_M3_the_headers_of_a_list_letter_are_there(tmp_path: Path) -> None:
    mail = read(raw(tmp_path))
    assert list(mail) == HEADERS
    assert mail["Date"] == "Mon, 23 Nov 2026 08:00:00 +0100"
    assert mail["List-Id"] == "<digest.mail.example.org>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Precedence"] == "bulk"
    assert mail["Content-Language"] == "it"


def test_without_a_mailbox_to_answer_to_nothing_pretends_to_be_one(tmp_path: Path) -> None:
    mail = read(raw(tmp_path, mail_reply_to=None))
    assert mail["Reply-To"] is None
    assert mail["List-Unsubscribe"] is None


def test_M4_a_long_unsubscribe_address_stays_in_one_readable_line(tmp_path: Path) -> None:
    long = f"{'segreteria.' * 5}it@{'federazione.' * 8}example.org"
    lines = raw(tmp_path, mail_reply_to=long).split(b"\r\n")
    assert f"List-Unsubscribe: <mailto:{long}?subject=unsubscribe>".encode() in lines


@pytest.mark.parametrize(
    "title",
    [
        "=?utf-8?q?Hello=0D=0ABcc=3A_x=40example=2Eorg?=",
        "=?utf-8?q?=0A=0Abody?=",
        "=?utf-8?b?SGVsbG8NCkJjYzogeEBleGFtcGxlLm9yZw==?=",
        "Hello\r\nBcc: x@example.org",
        "Hello\u2028Bcc: x@example.org",
        "a\u202ebc\x00\x07",
        "= ?= =??= =?=?",
    ],
)
def test_M5_a_hostile_title_in_the_subject_stays_a_subject(title: str, tmp_path: Path) -> None:
    data = raw(tmp_path, Letter(f"1 nuova · {title}", "t\n", "<p>t</p>"), office=f"Ufficio {title}")
    mail = read(data)
    assert list(mail) == HEADERS
    head = data.partition(b"\r\n\r\n")[0]
    assert [line for line in head.split(b"\r\n") if line.lower().startswith(b"bcc")] == []
    assert mail["Subject"].startswith("1 nuova · ")
    assert not re.search(r"[\x00-\x1f\u202e\u2028]", mail["Subject"])


def test_M5_an_honest_title_comes_through_unharmed(tmp_path: Path) -> None:
    subject = "3 nuove · Łódź: usługi sprzątania – ещё 12 % = ? (A&B)"
    assert read(raw(tmp_path, Letter(subject, "t\n", "t")))["Subject"] == subject
    assert harmless(subject) == subject


def test_M10_no_line_is_longer_than_mail_servers_take(tmp_path: Path) -> None:
    data = raw(tmp_path, Letter("s", "x" * 5000 + "\n", f"<p>{'è' * 5000}</p>"))
    assert max(map(len, data.split(b"\r\n"))) <= 998
    assert b"\n" not in data.replace(b"\r\n", b"")


def test_the_same_letter_is_the_same_bytes(tmp_path: Path) -> None:
    assert raw(tmp_path) == raw(tmp_path)


def test_X3_the_message_id_says_the_same_letter_for_ever_and_tells_nothing_without_the_key() -> None:
    given = {
        "member": "m",
        "period": "2026-W48",
        "kind": "weekly",
        "recipient": "a@example.org",
        "domain": "example.org",
    }
    first = identity(b"k" * 32, **given)
    assert first == identity(b"k" * 32, **given | {"recipient": "A@example.org"})
    assert re.fullmatch(r"<[0-9a-f]{40}@example\.org>", first)
    others = {identity(b"k" * 32, **given | {name: "other"}) for name in ("member", "period", "kind", "recipient")} | {
        identity(b"x" * 32, **given)
    }
    assert len(others | {first}) == 6
