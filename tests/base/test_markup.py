"""Markup is calmed: what is left means the same, is whole and closed in order, and never costs more than its length."""

import time

import pytest
from bs4 import BeautifulSoup
from hypothesis import example, given, settings
from hypothesis import strategies as st

from connectors.base.markup import Excess, Most, calm, weigh

MOST = Most(tags=1000, attributes=1000, depth=20)


@pytest.mark.parametrize(
    ("written", "calmed"),
    [
        ("<p class='a b' id=c>x</p>", '<p class="a b" id="c">x</p>'),
        ("<P><B>x</P>y", "<p><b>x</b></p>y"),
        ("<ul><li>a<li>b</ul>", "<ul><li>a</li><li>b</li></ul>"),
        ("<table><tr><td>a<td>b<tr><td>c</table>", "<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>"),
        ("a<br/>b<img src=x>", 'a<br>b<img src="x">'),
        ("<div/>x", "<div></div>x"),
        ("<a href=http://x/>y</a>", '<a href="http://x/">y</a>'),
        ("<a href=it's>y</a>", '<a href="it\'s">y</a>'),
        ('<a title="1 > 0">y</a>', '<a title="1 > 0">y</a>'),
        ("<a title='\"'>y</a>", '<a title="&quot;">y</a>'),
        ("<input disabled>", '<input disabled="">'),
        ("a<!-- <b> -->b<!-->c<!--->d", "abcd"),
        ("a<!-- never ends <b>x</b>", "a"),
        ("<!doctype html><?php x ?>a<![CDATA[b]]>", "a"),
        ("1 < 2 > 0", "1 &lt; 2 > 0"),
        ("x</i></div>y", "xy"),
        ("a</p>b</br>c", "a<br>b<br>c"),
        ("<script>if (a<b) '</p>'</script>x", "<script>if (a<b) '</p>'</script>x"),
        ("<script>a</SCRIPT >x", "<script>a</script>x"),
        ("x<b", "x&lt;b"),
        ("x<b title='>'", "x<b title=\"'\">'</b>"),
        ("&amp; &copy &", "&amp; &copy &"),
    ],
)
def test_P13_what_is_calmed_means_the_same(written: str, calmed: str) -> None:
    assert calm(written, MOST) == calmed
    assert calm(calmed, MOST) == calmed


def test_P13_what_stands_too_deep_loses_its_tag_and_keeps_its_text() -> None:
    deep = "".join(f"<div>{n} " for n in range(40)) + "</div>" * 40 + "<p>after</p>"

    calmed = calm(deep, MOST)

    assert calmed.count("<div>") == calmed.count("</div>") == 20
    assert BeautifulSoup(calmed, "html.parser").get_text().split() == [*map(str, range(40)), "after"]
    assert BeautifulSoup(calmed, "html.parser").find("p", recursive=False) is not None


def test_P13_more_tags_or_attributes_than_are_read_are_refused() -> None:
    with pytest.raises(Excess, match="more than 1000 tags"):
        calm("<i>" * 1001, MOST)
    with pytest.raises(Excess, match="more than 1000 attributes"):
        calm("<p a=1 b=2 c=3>" * 334, MOST)
    assert calm("<p " + " ".join(f"a{n}" for n in range(5000)) + ">x", MOST).count("=") == 200


def test_P13_only_the_attributes_that_are_kept_stay_and_dropped_tags_keep_their_text() -> None:
    most = Most(tags=9, attributes=9, depth=9, keep=lambda tag, name: name == "href", drop=frozenset(("font",)))

    assert calm("<a href=x onclick=y><font size=1>z</font></a>", most) == '<a href="x">z</a>'


@pytest.mark.parametrize(
    "unit",
    [
        "<!--",
        "<!--x>",
        "<![",
        "<!a ",
        "<?",
        "</",
        "</a ",
        "<a ",
        "<a b='",
        "<a b='>'",
        "<a b=\"'",
        "<",
        "<script>",
        "&",
    ],
)
def test_P13_every_page_is_read_in_time_in_step_with_its_length(unit: str) -> None:
    """Ten times the length takes about ten times the time; where each sign is looked at again, it takes a hundred."""
    most = Most(tags=10**9, attributes=10**9, depth=60)

    def seconds(length: int) -> float:
        text = unit * (length // len(unit)) + '"x'
        begun = time.thread_time()
        calm(text, most)
        return time.thread_time() - begun

    short, long = (min(seconds(length) for _ in range(2)) for length in (100_000, 1_000_000))
    assert long < 40 * max(short, 0.005)


@settings(max_examples=400, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["<", ">", "/", "<!--", "-->", "<p>", "</p>", "<li>", "<b a='", '"', "=", " ", "x", "<script>", "</script>"]
        ),
        max_size=30,
    ).map("".join)
)
@example("<p<b>")
@example("<a =<b>=>")
def test_P13_whatever_is_calmed_stays_as_it_is_when_it_is_calmed_again(text: str) -> None:
    calmed = calm(text, MOST)

    assert calm(calmed, MOST) == calmed
    BeautifulSoup(calmed, "html.parser")


@pytest.mark.parametrize(
    "xml",
    [
        "<a>" * 30,
        "<a/>" * 1001,
        "<a b='1' c='2'/>" * 501,
        "<r>" + "< " * 11 + "</r>",
        "<r>x" + "<a " * 11,
        "<r><b " + "<a " * 11 + "></r>",
    ],
)
def test_P13_a_feed_is_weighed_before_it_is_read(xml: str) -> None:
    most = Most(tags=1000, attributes=1000, depth=20, loose=10)

    with pytest.raises(Excess):
        weigh(xml, most)
    hidden = f"<r><![CDATA[{xml}]]><!--{xml}--></r>"
    weigh(hidden, most)
    weigh("<r><a b='1'>1 < 2</a><![CDATA[ cut off", most)
