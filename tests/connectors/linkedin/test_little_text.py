"""Little text becomes plain words: escapes, hashtags, mentions; and nothing that strangers write takes long."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.linkedin.little_text import first_sentence, plain_of

RESERVED = "\\|{}@[]()<>#*_~"


@pytest.mark.parametrize(
    ("little", "text", "tags"),
    [
        ("Bando \\(scade il 15\\) \\#coop", "Bando (scade il 15) #coop", ()),
        (
            "Vieni #fiera e {hashtag|\\#|economia sociale}",
            "Vieni #fiera e #economia sociale",
            ("fiera", "economia sociale"),
        ),
        ("{hashtag|#|Technology} due volte #Technology", "#Technology due volte #Technology", ("Technology",)),
        ("Con @[Consorzio \\[Nord\\]](urn:li:organization:7)", "Con Consorzio [Nord]", ()),
        ("Ne parla @[Fiorella Bassani](urn:li:person:AbC)", "Ne parla […]", ()),
        ("Ne parla @[Fiorella Bassani](urn:li:somethingNew:1)", "Ne parla […]", ()),
        ("C#sharp e a@[b", "C#sharp e a@[b", ()),
        ("una barra \\\\ e \\n resta", "una barra \\ e \\n resta", ()),
    ],
)
def test_elements_and_escapes_become_what_they_mean(little: str, text: str, tags: tuple[str, ...]) -> None:
    plain = plain_of(little)
    assert (plain.text, plain.hashtags) == (text, tags)


@given(st.text(max_size=300))
def test_what_was_escaped_reads_back_as_it_was(text: str) -> None:
    escaped = "".join(f"\\{sign}" if sign in RESERVED else sign for sign in text)
    plain = plain_of(escaped)
    assert plain.text == text.strip()
    assert plain.hashtags == ()


@pytest.mark.parametrize("sign", ["@[", "{hashtag|#|", "\\", "@[a](urn:li:x:", "#", "{hashtag|\\#|a\\", "@[\\"])
def test_no_text_takes_long(sign: str) -> None:
    began = time.monotonic()
    plain_of(sign * 200_000)
    assert time.monotonic() - began < 1


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Un bando nuovo. Scade presto.", "Un bando nuovo."),
        ("Primo rigo\nSecondo", "Primo rigo"),
        ("\n\nDopo il vuoto! Altro", "Dopo il vuoto!"),
        ("Secondo l'art. 5 del decreto si può. Ecco", "Secondo l'art. 5 del decreto si può."),
        ("", ""),
    ],
)
def test_the_first_sentence_or_line_makes_the_title(text: str, sentence: str) -> None:
    assert first_sentence(text) == sentence
