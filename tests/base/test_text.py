"""What strangers write comes out harmless: text.py."""

import re

import nh3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.base.text import clean_html, clean_line, http_url, plain, shorten, visible

MARKUP = st.lists(
    st.sampled_from(
        [
            "<p>",
            "</p>",
            "<a href='",
            "http://x.example/",
            "javascript:",
            "'>",
            "</a>",
            "<script>",
            "<img src=x onerror=alert(1)>",
            "<table><tr><td>",
            "&lt;b&gt;",
            "\u0338",
            "\u202e",
            "&#x338;",
            " onmouseover=alert(1) ",
            "caffè",
            "<",
            ">",
            '"',
            "&",
            "\0",
        ]
    ),
    max_size=25,
).map("".join)


def test_P8_a_title_with_an_image_that_runs_code_becomes_plain_text() -> None:
    assert clean_line("Bando &lt;img src=x onerror=alert(1)&gt; casa") == "Bando casa"


def test_P8_a_script_in_a_title_is_gone_with_its_content() -> None:
    assert clean_line("Gara <script>alert(1)</script>pulizie") == "Gara pulizie"


def test_P8_only_our_own_tags_are_left_of_an_html_text() -> None:
    hostile = (
        '<div style="x" class="y" onclick="z()"><h1>Casa</h1><img src="http://t.example/1.gif"><b>subito</b>'
        '<iframe src="//e.example">x</iframe><svg onload=a()></svg><a href="/bando.pdf" target="_blank">qui</a></div>'
    )
    assert clean_html(hostile, "https://www.example.org/it/") == (
        "<h3>Casa</h3><strong>subito</strong>"
        '<a href="https://www.example.org/bando.pdf" rel="noopener noreferrer nofollow ugc">qui</a>'
    )


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        " java\nscript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "mailto:a@example.org",
        "file:///etc/passwd",
        "http://a@b.example/",
        "https://b.example\\@c.example/",
        "//",
        "http://",
        "http:///x",
        "https://<b>/",
        "\u202ejavascript:1",
    ],
)
def test_P8_an_address_that_is_not_http_is_none(address: str) -> None:
    assert http_url(address) is None


def test_a_relative_link_becomes_absolute_and_loses_fragment_and_tracking() -> None:
    assert (
        http_url("../b?id=7&utm_source=x&fbclid=1#top", "https://www.example.org/a/c/")
        == "https://www.example.org/a/b?id=7"
    )


def test_a_relative_link_without_a_base_loses_its_address() -> None:
    assert clean_html('<a href="x.pdf">il bando</a>') == '<a rel="noopener noreferrer nofollow ugc">il bando</a>'


def test_an_address_broken_over_two_lines_is_joined_and_its_blanks_encoded() -> None:
    assert http_url("\n https://www.example.org/il\n  bando 1.pdf ") == "https://www.example.org/ilbando%201.pdf"


def test_F25_a_host_in_foreign_letters_is_shown_as_it_really_is() -> None:
    assert http_url("https://exаmple.org/") == "https://xn--exmple-4nf.org/"  # a Cyrillic letter


def test_F25_direction_and_zero_width_signs_and_nul_are_removed() -> None:
    assert visible("ban\u202edo\u200b\0 2026\ufeff") == "bando 2026"


def test_a_title_that_was_escaped_twice_is_read() -> None:
    assert clean_line("Acqua &amp;amp; sale &#8211; 3&amp;#176; bando") == "Acqua & sale – 3° bando"


def test_words_of_neighbouring_blocks_do_not_run_together() -> None:
    assert plain("<p>uno</p><div>due<br>tre</div><ul><li>quattro<li>cinque</ul>") == "uno due tre quattro cinque"
    assert plain(clean_html("<div>uno</div><div>due</div>")) == "uno due"


def test_a_composed_sign_cannot_open_a_tag_that_the_cleaner_closed() -> None:
    cleaned = clean_html("<p>&#x338; onmouseover=alert(1) x=</p>")
    assert cleaned == "<p> onmouseover=alert(1) x=</p>"
    assert "≯" not in visible(cleaned)


def test_a_text_is_cut_between_words() -> None:
    assert shorten("uno due tre quattro", 12) == "uno due tre…"
    assert shorten("precipitevolissimevolmente", 10) == "precipite…"
    assert shorten("corto", 10) == "corto"


@given(MARKUP)
def test_cleaned_html_is_already_clean(html: str) -> None:
    cleaned = clean_html(html, "https://www.example.org/")
    again = nh3.clean(cleaned, link_rel=None, attributes={"a": {"href", "rel"}}, url_schemes={"http", "https"})
    assert visible(again) == visible(cleaned)
    assert not re.search(r"<(?!/?(?:p|br|ul|ol|li|strong|em|a|h[345]|table|thead|tbody|tr|th|td)[ >])", cleaned)


@given(st.text(max_size=200) | MARKUP, st.integers(1, 60))
def test_a_shortened_text_fits_and_is_a_beginning(text: str, limit: int) -> None:
    short = shorten(text, limit)
    assert len(short) <= limit
    assert text.startswith(short.removesuffix("…"))


@given(st.text(max_size=80) | MARKUP)
def test_an_address_is_none_or_stays_the_same_when_read_again(raw: str) -> None:
    url = http_url(raw, "https://www.example.org/a")
    assert url is None or (url.startswith(("http://", "https://")) and http_url(url) == url)


@given(st.text(max_size=200) | MARKUP)
def test_plain_text_is_one_line_without_invisible_signs(html: str) -> None:
    assert plain(html) == " ".join(visible(plain(html)).split())
