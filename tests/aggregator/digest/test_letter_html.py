"""What must hold of any letter as HTML and text: it loads nothing, hides nothing, and can be read by everybody."""

import re
from pathlib import Path

import pytest

from aggregator.digest.choose import Chosen
from aggregator.digest.letter import TEMPLATES, inlined
from connectors.base.contract import Title
from tests.aggregator.digest.rendered import LANGUAGES, Page, letter
from tests.aggregator.digest.sample import SECTOR, digest, tender


@pytest.mark.parametrize("language", LANGUAGES)
def test_M1_the_text_part_holds_every_item_and_every_link_of_the_html(language: str, tmp_path: Path) -> None:
    rendered = letter(tmp_path, language=language)
    links = {a["href"] or "" for a in Page(rendered.html).all("a")}
    assert len(links) > 16
    assert [link for link in links if link not in rendered.text] == []


def test_M7_the_html_is_one_column_with_headings_a_title_and_a_language(tmp_path: Path) -> None:
    page = Page(letter(tmp_path).html)
    assert page.all("html")[0]["lang"] == "it"
    assert '<meta charset="utf-8">' in letter(tmp_path).html[:1024]
    assert len(page.all("title")) == len(page.all("h1")) == 1
    assert len(page.all("h2")) == 4
    assert len(page.all("h3")) == 8
    assert "max-width: 620px" in letter(tmp_path).html
    tables = page.all("table")
    # Tables are either for the layout and say so, or for facts and have row headings.
    layout = [t for t in tables if t.get("role") == "presentation"]
    assert len(layout) == 2
    assert page.all("th")
    assert all(th["scope"] == "row" for th in page.all("th"))


def test_M7_a_title_in_another_language_is_marked_as_such(tmp_path: Path) -> None:
    marked = {a["lang"] for a in Page(letter(tmp_path).html).all("span", "h3") if a.get("lang")}
    assert marked == {"fr", "sv", "de", "en"}


def test_M7_no_text_is_smaller_than_sixteen_pixels(tmp_path: Path) -> None:
    sizes = [int(px) for px in re.findall(r"font-size:\s*(\d+)px", letter(tmp_path).html)]
    assert sizes
    assert min(sizes) >= 16


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def colours(css: str) -> dict[str, dict[str, str]]:
    """The colours each class is given: {".badge": {"color": "#...", "background-color": "#..."}}."""
    found: dict[str, dict[str, str]] = {}
    for selectors, body in re.findall(r"([^{}@]+)\{([^{}]*)\}", css):
        given = dict(re.findall(r"(?<![-\w])(color|background-color):\s*(#[0-9a-f]{6})", body))
        for selector in selectors.split(","):
            found.setdefault(selector.strip(), {}).update(given)
    return found


@pytest.mark.parametrize("dark", [False, True])
def test_M7_M8_text_stands_out_from_its_ground_in_light_and_dark(dark: bool) -> None:
    bright, _, night = (TEMPLATES / "letter.css").read_text().partition("@media (prefers-color-scheme: dark) {")
    bright = bright.partition("@media")[0]
    seen = colours(bright)
    if dark:
        for selector, given in colours(night).items():
            seen.setdefault(selector, {}).update(given)
    ground = seen[".item"]["background-color"]
    page = seen[".page"]["background-color"]
    text = seen[".page"]["color"]
    pairs = [(text, ground), (text, page), (text, seen[".change"]["background-color"])]
    pairs += [(text, seen[".why"]["background-color"])]
    pairs += [(seen[s]["color"], ground) for s in (".eyebrow", ".title", ".quiet", ".label", ".facts th", ".source")]
    pairs += [
        (seen[s]["color"], page) for s in (".office", ".dateline", ".note", ".wide", ".plain", ".foot", "h2.closing")
    ]
    pairs += [(seen[s]["color"], seen[s]["background-color"]) for s in (".badge", ".badge.urgent", ".button")]
    pairs += [(seen[".why-head"]["color"], seen[".why"]["background-color"])]
    assert [pair for pair in pairs if contrast(*pair) < 4.5] == []


def test_M8_dark_mode_and_small_screens_survive_the_inlining(tmp_path: Path) -> None:
    html = letter(tmp_path).html
    assert '<meta name="color-scheme" content="light dark">' in html
    assert "@media (prefers-color-scheme: dark)" in html
    assert "@media (max-width: 480px)" in html
    # An inlined style wins over a class, unless the rule is marked.
    rules = html.partition("prefers-color-scheme: dark")[2].partition("</style>")[0]
    declarations = re.findall(r"[\w-]+:\s*#[^;}]*", rules)
    assert len(declarations) >= 20
    assert all("!important" in declaration for declaration in declarations)


def test_M9_a_stylesheet_that_a_text_names_is_not_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret.css"
    secret.write_text("h3 { color: #123456 }")
    html = inlined(f'<html><head><link rel="stylesheet" href="{secret.as_uri()}"></head><body><h3>x</h3></body></html>')
    assert "#123456" not in html


@pytest.mark.parametrize("language", LANGUAGES)
def test_M10_a_full_letter_stays_under_ninety_kilobytes(language: str, tmp_path: Path) -> None:
    long = tuple(
        Chosen(
            item=tender(n, titles={"fr": Title(text="Nettoyage des écoles " * 20)}),
            section="new",
            reasons=(SECTOR,) * 3,
        )
        for n in range(20)
    )
    rendered = letter(tmp_path, digest(language, items=long), language)
    assert len(Page(rendered.html).all("h3")) == 20
    assert len(rendered.html.encode()) <= 90_000


def test_M11_the_letter_loads_nothing_and_runs_nothing(tmp_path: Path) -> None:
    html = letter(tmp_path).html
    page = Page(html)
    assert page.all("img", "script", "link", "iframe", "form", "input", "video", "object", "svg") == []
    assert [a for _, a in page.tags if {"src", "srcset", "background", "poster"} & set(a)] == []
    assert "url(" not in html
    assert "@import" not in html
    assert "@font-face" not in html


def test_M12_links_go_to_the_board_and_to_the_source_directly(tmp_path: Path) -> None:
    links = [a["href"] or "" for a in Page(letter(tmp_path).html).all("a")]
    assert "https://board.example.org/opportunities/101" in links
    # The page in the reader's language, where the source offers one.
    assert "https://platform.example.org/it/notice/101" in links
    assert {link.split("/")[2] for link in links} == {"board.example.org", "platform.example.org"}


@pytest.mark.parametrize("hostile", ["<img src=x onerror=1>", '"><script>alert(1)</script>', "{{ 7*7 }}"])
def test_M13_a_hostile_title_is_text_and_nothing_else(hostile: str, tmp_path: Path) -> None:
    item = tender(1, titles={"it": Title(text=hostile)}, organisation={"name": hostile})
    given = digest(items=(Chosen(item=item, section="new"),), member_name=hostile)
    page = Page(letter(tmp_path, given).html)
    assert page.all("img", "script") == []
    assert hostile in page.text
    assert hostile in letter(tmp_path, given).text
