"""Texts that were made to be slow or large: what reads them takes time and memory in step with their length."""

import subprocess
import sys
import textwrap
import time
import unicodedata
from collections.abc import Callable

import nh3
import pytest

from connectors.base.dates import deadlines_in
from connectors.base.days import days_in
from connectors.base.people import without_people
from connectors.base.text import clean_html, clean_line, http_url, plain, visible

SLOW = {
    "boxes": "x" + "<div>" * 30_000,
    "lists": "x" + "<ul><li>" * 20_000,
    "stresses": "<em>" * 20_000 + "x",
    "stresses in paragraphs": "<p>" + "".join(f"<b a={n}>" for n in range(5_000)) + "</p>" + "<p>x</p>" * 5_000,
    "attributes": "x<p " + " ".join(f"a{n}=1" for n in range(60_000)) + ">",
    "references": "x" + "&" * 900_000,
    "references by name": "x" + "&amp;" * 90_000,
    "comments": "x" + "<!--x>" * 90_000,
    "signs": "x" + "<" * 900_000,
    "tags": "<i>x</i>" * 100_000,
    "accents": "x" + "e\u0301\u0316" * 100_000 + "e" + "\u0301\u0316" * 100_000,
    "nothing": "x" + "<p><br>&nbsp;</p>" * 50_000,
}


@pytest.mark.parametrize("read", [plain, clean_html, clean_line])
@pytest.mark.parametrize("name", SLOW)
def test_P13_a_fragment_that_was_made_to_be_slow_is_read_soon(name: str, read: Callable[[str], str]) -> None:
    begun = time.thread_time()

    text = read(SLOW[name])

    assert "x" in text
    assert time.thread_time() - begun < 6


def test_P13_a_few_kilobytes_of_formatting_do_not_become_hundreds_of_megabytes() -> None:
    """Read as it stands, this fragment of 90 kB becomes 25 million elements."""
    program = textwrap.dedent(
        """
        import resource
        from connectors.base.text import clean_html, plain
        from tests.base.test_text_hostile import SLOW
        resource.setrlimit(resource.RLIMIT_AS, (400 * 2**20, 400 * 2**20))
        print(len(plain(SLOW["stresses in paragraphs"])), "<" in clean_html(SLOW["stresses in paragraphs"]))
        """
    )

    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)

    assert ran.stdout.split() == ["9999", "True"], ran.stderr


def test_P8_what_was_calmed_is_as_clean_as_what_was_not() -> None:
    evil = "<script>alert(1)</script><a href='javascript:alert(1)' onclick=x>y</a><img src=x onerror=alert(1)>"
    long = evil + "<p class=a>word <b>bold</b> <a href='https://example.org/?a=1&amp;b=2' title=x>link</a></p>" * 300

    read = clean_html(long)

    assert (
        nh3.clean(
            read, tags={"p", "strong", "a"}, attributes={"a": {"href"}}, link_rel="noopener noreferrer nofollow ugc"
        )
        == read
    )
    assert read.count("<strong>bold</strong>") == 300
    assert read.count('href="https://example.org/?a=1&amp;b=2"') == 300
    assert "alert" not in read + plain(long) + clean_line(long)
    assert plain(long).startswith("y word bold link word")


def test_P8_a_long_fragment_says_the_same_as_its_parts() -> None:
    part = "<h2>Call &amp; more</h2><ul><li>one<li>two</ul><table><tr><td>a<td>b</table>1 < 2 &copy; x</p>y"

    long = " ".join([part] * 60)

    assert plain(long) == " ".join([plain(part)] * 60)
    assert clean_html(long).count("<li>one</li><li>two</li>") == 60


def test_F25_a_pile_of_accents_is_cut_to_what_a_letter_can_carry() -> None:
    pile = "e" + "\u0301" * 5000

    assert len(visible(pile)) == 30
    assert visible("perche\u0301") == "perché"
    assert visible("क्षि") == unicodedata.normalize("NFC", "क्षि")
    assert visible("a\u0301" * 5000) == "á" * 5000


def test_F25_what_is_far_too_long_for_an_address_is_none() -> None:
    assert http_url("https://example.org/" + "a" * 20_000_000) is None


@pytest.mark.parametrize(
    ("read", "unit"),
    [
        (without_people, "06 "),
        (without_people, "+39 333 1234567 "),
        (without_people, "RUP: Pia Neri "),
        (without_people, "a@b.example "),
        (lambda text: days_in(text, lang="it"), "12 marzo "),
        (lambda text: days_in(text, lang="it"), "01/02/2026 "),
        (lambda text: deadlines_in(text, lang="it", zone="Europe/Rome", today=None), "entro il 12 marzo 2027 "),
    ],
)
def test_P13_prose_is_searched_in_time_in_step_with_its_length(read: Callable[[str], object], unit: str) -> None:
    """Four times the length takes about four times the time; where all is looked at again, it takes sixteen."""

    def seconds(length: int) -> float:
        text = unit * (length // len(unit))
        begun = time.thread_time()
        read(text)
        return time.thread_time() - begun

    seconds(1_000)
    short, long = (min(seconds(length) for _ in range(3)) for length in (20_000, 80_000))
    assert long < 10 * max(short, 0.01)
