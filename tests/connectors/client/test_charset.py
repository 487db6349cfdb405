"""From bytes to text: byte order mark, HTTP, declaration inside, strict UTF-8, windows-1252 with a flag."""

import codecs

import pytest

from connectors.base.body import decode_text, doubt

TEXT = "Perché l’Università cerca € 10"


@pytest.mark.parametrize(
    ("body", "content_type", "text"),
    [
        (codecs.BOM_UTF8 + TEXT.encode(), "text/html; charset=iso-8859-1", TEXT),
        (codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"), "text/html; charset=utf-8", TEXT),
        (codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), "", TEXT),
        (codecs.BOM_UTF32_LE + TEXT.encode("utf-32-le"), "", TEXT),
        (TEXT.encode("utf-16-le"), "text/plain; charset=UTF-16", TEXT),
    ],
)
def test_P12_a_byte_order_mark_comes_before_everything(body: bytes, content_type: str, text: str) -> None:
    assert decode_text(body, content_type) == (text, False)


@pytest.mark.parametrize(
    ("charset", "label"),
    [
        ("utf-8", "UTF-8"),
        ("utf-8", "utf8"),
        ("utf-8", '"utf-8"'),
        ("cp1252", "iso-8859-1"),
        ("cp1252", "latin1"),
        ("cp1252", "us-ascii"),
        ("cp1252", "windows-1252"),
        ("iso8859-15", "ISO-8859-15"),
    ],
)
def test_P12_the_http_label_is_read_as_a_browser_reads_it(charset: str, label: str) -> None:
    text = TEXT if charset != "iso8859-15" else "Perché l'Università cerca € 10"

    assert decode_text(text.encode(charset), f"text/html; charset={label}; x=y") == (text, False)


def test_P12_the_http_label_comes_before_the_declaration_inside() -> None:
    body = '<?xml version="1.0" encoding="windows-1251"?><a>città</a>'.encode()

    assert decode_text(body, "application/xml;charset=utf-8")[0].endswith("<a>città</a>")


@pytest.mark.parametrize(
    "head",
    [
        '<?xml version="1.0" encoding="iso-8859-2"?>',
        "\r\n\n<?xml version='1.0' encoding='ISO-8859-2' standalone='yes'?>",
        '<html><head><meta charset="iso-8859-2">',
        "<meta charset=iso-8859-2 />",
        '<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-2">',
    ],
)
def test_P12_a_declaration_inside_is_read(head: str) -> None:
    assert decode_text((head + "Łódź").encode("iso-8859-2"), "text/html")[0] == head + "Łódź"


def test_P12_a_declaration_is_looked_for_in_the_first_two_kilobytes_only() -> None:
    near = b" " * 1500 + b'<meta charset="iso-8859-2">' + "Łódź".encode("iso-8859-2")
    far = b" " * 2100 + b'<meta charset="iso-8859-2">' + "Łódź".encode("iso-8859-2")

    assert decode_text(near)[0].endswith("Łódź")
    assert not decode_text(far)[0].endswith("Łódź")


def test_P12_a_label_that_does_not_fit_the_bytes_is_passed_over() -> None:
    said = '<?xml version="1.0" encoding="utf-8"?><a>città – €</a>'

    assert decode_text(said.encode("cp1252"), "text/xml; charset=utf-8") == (said, True)


@pytest.mark.parametrize(
    "label", ["utf-7", "unknown-8bit", "rot13", "base64", "zlib", "punycode", "idna", "x" * 500, "\u00e8"]
)
def test_P12_an_unknown_or_dangerous_label_is_passed_over(label: str) -> None:
    smuggled = "+ADw-script+AD4-alert(1)+ADw-/script+AD4-"

    assert decode_text(smuggled.encode(), f"text/html; charset={label}") == (smuggled, False)
    assert decode_text(f'<meta charset="{label}">{smuggled}'.encode())[0].endswith(smuggled)


@pytest.mark.parametrize("content_type", ["", "text/xml; charset=utf-16", "text/xml; charset=utf-16be"])
def test_P12_a_declared_utf_16_that_is_none_is_passed_over(content_type: str) -> None:
    said = '<?xml version="1.0" encoding="utf-16"?><a>città</a>'

    assert decode_text(said.encode(), content_type) == (said, False)


def test_P12_without_a_label_strict_utf_8_comes_before_windows_1252() -> None:
    assert decode_text(TEXT.encode()) == (TEXT, False)
    assert decode_text(TEXT.encode("cp1252")) == (TEXT, True)


def test_P12_bytes_that_no_charset_holds_are_still_read() -> None:
    text, guessed = decode_text(b"a\x81\x8d\xff\xfe b")

    assert guessed
    assert text.startswith("a\ufffd")


@pytest.mark.parametrize("label", ["windows-1252", "ISO-8859-1", "us-ascii"])
def test_P12_utf_8_under_a_western_label_is_read_as_what_it_is_and_flagged(label: str) -> None:
    said = f'<?xml version="1.0" encoding="{label}"?><a>Café à 10 €</a>'

    assert decode_text(said.encode()) == (said, True)
    assert decode_text(said.encode("cp1252")) == (said, False)
    assert decode_text("Café".encode(), f"text/html; charset={label}") == ("Café", True)


def test_P12_one_broken_sign_does_not_spoil_a_long_text() -> None:
    assert decode_text("Università, perché, così, è, già".encode() + b"\xe2\x80") == (
        "Università, perché, così, è, già\ufffd",
        True,
    )


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Perché l’Università cerca € 10".encode().decode("cp1252") * 3, "in the wrong charset"),
        ("perchÃ© cosÃ¬ piÃ¹", "in the wrong charset"),
        ("nÂ° 5, Â«giàÂ», 10Â°", "in the wrong charset"),
        ("a\ufffd" * 10, "cannot be read"),
        ("x" * 199 + "\ufffd" * 2, "cannot be read"),
    ],
)
def test_P12_a_text_whose_letters_were_read_wrongly_is_doubted(text: str, why: str) -> None:
    assert why in str(doubt(text))


@pytest.mark.parametrize(
    "text",
    [
        TEXT * 50,
        "PREGÃO ELETRÔNICO, AÇÃO, Âmbito, São",
        "x" * 500 + "\ufffd",
        "one perchÃ© in a long text",
        "",
        "plain",
    ],
)
def test_P12_a_sound_text_is_not_doubted(text: str) -> None:
    assert doubt(text) is None


def test_P12_a_guessed_charset_is_told() -> None:
    assert "declared wrongly or not at all" in str(doubt("perché", guessed=True))


def test_P12_an_empty_body_is_an_empty_text() -> None:
    assert decode_text(b"", "text/html; charset=utf-8") == ("", False)
