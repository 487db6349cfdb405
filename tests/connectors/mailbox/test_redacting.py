"""What of a mail is kept: nothing of who got it, nothing that opens anything."""

import time
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.generic.mailbox.links import joined, scrubbed, unwrapped, without_tokens
from connectors.generic.mailbox.redacting import redacted
from tests.connectors.mailbox.mails import CALLS, READER, TOKEN, both, mail
from tests.connectors.mailbox.reading import notices, read

FOOTERS = [
    "This email was intended for Maria Bianchi (Export manager at Coop Esempio)",
    "Questa email è stata inviata a Maria Bianchi",
    "Diese E-Mail ist für Maria Bianchi bestimmt",
    "Cet e-mail est destiné à Maria Bianchi",
    "Este correo electrónico se envió a Maria Bianchi",
    "----------------------------------------\nMaria Bianchi, Export manager",
]


@pytest.mark.parametrize("footer", FOOTERS)
def test_a_footer_that_speaks_of_the_reader_goes_in_every_language(footer: str) -> None:
    text = f"Call\n{CALLS}/1\n\n{footer}\nExport manager\nhttps://calls.example.org/calls/99\n"
    html = (
        f'<p><a href="{CALLS}/2">Another call</a></p><p>{footer.replace("Maria Bianchi", "<b>Maria Bianchi</b>")}</p>'
    )
    kept = redacted(both(text, html)).decode().lower()
    assert "another call" in kept
    for word in ("maria", "bianchi", "calls/99", "at coop esempio"):
        assert word not in kept


def test_the_reader_is_cut_from_headers_greetings_links_and_pages() -> None:
    body = (
        f"Gentile Maria,\nCall 1 for Maria Bianchi (Head of export)\n{CALLS}/1?m={READER.replace('@', '%40')}&page=2\n"
    )
    kept = redacted(mail(body=body, subject="Maria: your calls", more=[f"Delivered-To: {READER}"])).decode()
    assert "Call 1 for" in kept
    assert "page=2" in kept
    for word in ("aria", "ianchi", "coop-esempio.example>", "Head of export"):
        assert word not in kept
    assert "out.example.org" not in kept  # the way it travelled


def test_names_phones_and_addresses_of_others_are_cut_too() -> None:
    kept = redacted(mail(body="Referente: Dott. Carlo Neri, tel. 051 555 0199, carlo.neri@example.org\n")).decode()
    assert "Neri" not in kept
    assert "555" not in kept
    assert "carlo" not in kept


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        (f"{CALLS}/1?utm_source=x&id=7&token={TOKEN}", f"{CALLS}/1?id=7"),
        (
            f"{CALLS}/1?otpToken=a&midToken=b&midSig=c&eid=d&loid=e&lipi=f&trkEmail=g&savedSearchAuthToken=h",
            f"{CALLS}/1",
        ),
        (f"https://go.example.org/r?url={CALLS}%2F7%3Ftoken%3Dx&who=me", f"{CALLS}/7"),
        (
            "https://nam02.safelinks.protection.outlook.com/?url=https%3A%2F%2Fa.example%2Fx&data=me%40b.example",
            "https://a.example/x",
        ),
        (
            "https://x.us1.list-manage.com/track/click?u=aa&id=bb&e=cc",
            "https://x.us1.list-manage.com/track/click?u=aa&id=bb",
        ),
        (
            "https://www.linkedin.com/comm/jobs/view/4500000001/?otpToken=x",
            "https://www.linkedin.com/jobs/view/4500000001/",
        ),
        (
            "https://it.linkedin.com/jobs/view/export-manager-at-x-4500000001?a=b",
            "https://www.linkedin.com/jobs/view/4500000001/",
        ),
        ("https://www.linkedin.com/comm/feed/?otpToken=x#y", "https://www.linkedin.com/feed/"),
        (f"https://mail.example.org/c/{TOKEN}{TOKEN}/x", "https://mail.example.org/c//x"),
        ("https://example.org/unsubscribe?u=1", None),
        ("https://example.org/disiscriviti/8", None),
        ("javascript:alert(1)", None),
        ("mailto:a@b.example", None),
    ],
)
def test_a_link_is_kept_without_what_says_who_clicks(raw: str, kept: str | None) -> None:
    assert scrubbed(raw) == kept
    if kept is not None:
        assert scrubbed(kept) == kept


def test_a_redirector_around_a_redirector_ends() -> None:
    url = "https://a.example/x"
    for _ in range(10):
        url = f"https://r.example/?url={quote(url, safe='')}"
    assert unwrapped(url).startswith("https://")


JOB = "https://www.linkedin.com/comm/jobs/view/123456"


@pytest.mark.parametrize(
    "written",
    [
        f"{JOB}?trk=abc\n&otpToken=S3CRET&midSig=S3CRET",
        f"{JOB}?trk=abc&otpTok\nen=S3CRET",
        f"{JOB.replace('https://www.', 'HTTPS://WWW.')}?otpToken=S3CRET",
        f"{JOB.removeprefix('https://')}?otpToken=S3CRET",
        f"View job{JOB}?midToken=S3CRET",
        f'"{JOB}?a="&otpToken=S3CRET',
        "https://calls.example.org/confirm;token=S3CRET/1",
        "https%3A%2F%2Fwww.linkedin.com%2Fjobs%3FotpToken%3DS3CRET",
        "https://r.example.org/c?url=www.linkedin.com%2Fjobs%3FotpToken%3DS3CRET",
        "ftp://x.example/?eid=S3CRET",
    ],
)
def test_a_token_is_cut_wherever_and_however_it_is_written(written: str) -> None:
    kinds = {"text/plain": f"A call\n{written}\n", "text/html": f"<p>A call {written}</p><img alt='{written}'>"}
    for kind, body in kinds.items():
        kept = redacted(mail(body=body, kind=kind, subject=f"Call {written.replace(chr(10), '')}")).decode()
        assert "A call" in kept
        assert "S3CRET" not in kept


@pytest.mark.parametrize("part", ["https://", "https://x\n", "https://x\na=b\n", "%3Ftoken", "trk", "a-", "=token="])
def test_a_text_that_was_made_to_be_slow_is_read_soon(part: str) -> None:
    text = (part * 250_000)[:1_000_000]
    begun = time.monotonic()
    without_tokens(joined(text))
    assert time.monotonic() - begun < 10


def test_words_that_only_look_like_tokens_stay() -> None:
    said = "The budget=50000 of the author: see https://calls.example.org/calls?id=7&sort=new\nDeadline = 5 May\n"
    assert said.strip() in redacted(mail(body=said)).decode()


def test_an_attribute_holds_nothing_but_the_name_that_a_designer_gave_it() -> None:
    page = '<div class="font-bold u-8812S3" data-test-id="job-card">x <b data-test-id="S3">y</b></div>'
    kept = redacted(mail(body=page, kind="text/html")).decode()
    assert 'class="font-bold"' in kept
    assert 'data-test-id="job-card"' in kept
    assert "S3" not in kept


def test_what_a_stranger_writes_in_our_own_headers_is_redacted_too() -> None:
    kept = redacted(mail(more=[f"X-WorldWideWe-Attached: 5; a/b; anna.neri@private.example {READER}"])).decode()
    assert "5; a/b" in kept
    assert "anna.neri" not in kept


def test_attachments_are_named_and_never_kept() -> None:
    parts = "--e\nContent-Type: text/plain\n\nCall\n{}/1\n--e\nContent-Type: application/pdf; name=bando.pdf\n{}--e--\n"
    coded = "Content-Disposition: attachment; filename=bando.pdf\nContent-Transfer-Encoding: base64\n\nJVBERi0xLjQ=\n"
    raw = mail(body=parts.format(CALLS, coded)).replace(b"text/plain; charset=utf-8", b"multipart/mixed; boundary=e", 1)
    assert b"JVBERi" not in redacted(raw)
    (notice,) = notices(raw)
    assert notice.extra["mailbox"]["attachments_left_out"] == 1
    (notice,) = notices(raw, attachments="name")
    assert notice.extra["mailbox"]["attachments"] == ["8; application/pdf; bando.pdf"]


@pytest.mark.parametrize(
    ("kind", "why"),
    [
        ("application/ms-tnef; name=winmail.dat", "winmail.dat (TNEF)"),
        ("application/pkcs7-mime; smime-type=enveloped-data", "encrypted (S/MIME)"),
        ("application/pkcs7-mime; smime-type=signed-data", "signed so that its text is inside"),
    ],
)
def test_what_is_sealed_is_set_aside_and_not_kept(kind: str, why: str) -> None:
    raw = mail(body="c2VjcmV0IHNlY3JldA==\n").replace(b"text/plain; charset=utf-8", kind.encode(), 1)
    (found,) = read(raw)
    assert why in found.reason
    assert b"c2VjcmV0" not in redacted(raw)


@given(st.binary(max_size=2_000))
@settings(max_examples=150, deadline=None)
def test_whatever_comes_is_redacted_without_raising_and_twice_is_once(noise: bytes) -> None:
    for raw in (noise, mail().replace(b"Call 1", noise, 1), mail(more=["X: " + noise.decode("latin-1")])):
        once = redacted(raw)
        assert redacted(once) == redacted(redacted(once))
        for bad in read(raw):
            assert bad is not None


def test_the_usual_mail_twice_redacted_is_the_same_to_the_byte() -> None:
    text = f"Gentile Maria,\nCall\n<{CALLS}/1?token={TOKEN}>\n{FOOTERS[1]}\n"
    html = f'<html lang="it"><p>A &amp; B &lt;x&gt; <a href="{CALLS}/2?a=1&amp;b=2">Call</a></p></html>'
    once = redacted(both(text, html))
    assert redacted(once) == once


def test_a_mail_of_five_megabytes_of_tags_or_levels_is_refused_in_time() -> None:
    for body in (
        "x " * 600_000,
        "https://x.example/1 " * 45_000,
        "<div>" * 400_000,
        "<a href='https://x.example/1'>" * 100_000,
        "&" * 3_000_000,
    ):
        for found in read(mail(body=body, kind="text/html")):
            assert found is not None
    deep = b"".join(b"Content-Type: message/rfc822\r\n\r\n" for _ in range(3_000))
    (found,) = read(mail(body="").replace(b"Content-Type: text/plain; charset=utf-8\r\n", deep, 1))
    assert "more parts inside each other" in found.reason
