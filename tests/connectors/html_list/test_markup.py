"""What is read of the markup of strangers: identity, titles, days, states, and three ways of finding nothing."""

from dataclasses import replace

import pytest

from connectors.base.contract import Gone, Notice, Page, ParseError, Seen, Skipped
from tests.connectors.html_list.conftest import notices, only, page_of, readings, title


def card(inside: str) -> str:
    return f"<html lang=it><body><main><article>{inside}</article></main></body></html>"


LINKED = '<a href="/it/bandi/42">Bando botteghe</a>'


def test_a_selector_that_matches_nothing_is_said() -> None:
    with pytest.raises(ParseError, match=r"item_selector: \.card matches nothing: changed markup$"):
        readings(page_of(card(LINKED), item_selector=".card"))


def test_items_without_links_are_said() -> None:
    with pytest.raises(ParseError, match="link_selector: none of 1 items has a link"):
        readings(page_of(card("Bando")))


@pytest.mark.parametrize("href", ["#", "#top", "javascript:void(0)", "mailto:bandi@example.org", "tel:051", ""])
def test_what_leads_to_no_page_is_no_link(href: str) -> None:
    with pytest.raises(ParseError, match="link_selector"):
        readings(page_of(card(f'<a href="{href}">Bando</a>')))


def test_a_pattern_that_removes_all_is_said() -> None:
    with pytest.raises(ParseError, match="url_pattern: removes all of 1 items: /gare/"):
        readings(page_of(card(LINKED), item_selector="article", url_pattern="/gare/"))


def test_a_page_that_a_script_builds_is_named() -> None:
    with pytest.raises(ParseError, match="put together by a script"):
        readings(page_of('<html><body><div id="root"></div><script src=a.js></script></body></html>'))


def test_an_empty_list_is_believed_only_where_its_sign_is_there() -> None:
    assert readings(page_of("<main><p class=none>Nessun bando</p></main>", empty_selector=".none")) == []


def test_items_without_a_link_are_left_out_beside_those_that_have_one() -> None:
    html = f"<article>Bando senza pagina</article><article>{LINKED}</article>"
    assert [type(reading) for reading in readings(page_of(html))] == [Skipped, Notice]


@pytest.mark.parametrize(
    ("href", "url"),
    [
        ("/it/bandi/42#modulo", "https://www.example.org/it/bandi/42"),
        ("bandi/42;jsessionid=0A1B2C?lang=it", "https://www.example.org/it/bandi/42?lang=it"),
        ("/it/bandi/42?PHPSESSID=abc&id=7", "https://www.example.org/it/bandi/42?id=7"),
        ("/it/bandi/42?utm_source=x&fbclid=y", "https://www.example.org/it/bandi/42"),
        ("//www.example.org:443/it/bandi/42", "https://www.example.org/it/bandi/42"),
        (" /it/bandi/\n42 ", "https://www.example.org/it/bandi/42"),
        ("/it/bandi/perché no", "https://www.example.org/it/bandi/perch%C3%A9%20no"),
    ],
)
def test_an_address_is_canonical(href: str, url: str) -> None:
    notice = only(page_of(card(f'<a href="{href}">Bando botteghe</a>')))
    assert (notice.url, notice.source_id, notice.same_as) == (url, url, (f"url:{url}",))


def test_relative_links_stand_against_the_base() -> None:
    html = f'<html><head><base href="/portale/"></head><body>{card("<a href=bandi/42>Bando</a>")}</body></html>'
    assert only(page_of(html)).url == "https://www.example.org/portale/bandi/42"


def test_the_identity_is_the_group_of_the_pattern() -> None:
    html = card('<a href="/dettaglio?idAtto=815&vista=2">Bando</a>')
    assert only(page_of(html, id_pattern=r"idAtto=(\d+)")).source_id == "815"


@pytest.mark.parametrize(
    "inside",
    [
        '<h3>Bando botteghe</h3><a href="/b/1">Leggi tutto</a>',
        '<a href="/b/1" title="Bando botteghe">Per saperne di più su <span>Bando botteghe</span></a>',
        '<a href="/b/1" aria-label="Leggi tutto su Bando botteghe">Leggi tutto »</a>',
        '<a href="/b/1">Per saperne di più su Bando botteghe</a>',
        '<a href="/b/1"><h2>Bando botteghe</h2><p>Contributi a chi apre una bottega.</p></a>',
        '<a href="/b/1"><img src=x alt="foto"></a><a href="/b/1">Bando&nbsp;\n botteghe</a>',
        '<a href="/b/1" title="Bando botteghe">Read more</a>',
        '<a href="/b/1" title="Bando botteghe">Lees meer</a>',
        '<a href="/b/1"><img src=x alt="Bando botteghe"></a>',
        '<a href="/b/1">Bando &lt;b&gt;botteghe&lt;/b&gt;</a>',
    ],
)
def test_read_more_is_no_title(inside: str) -> None:
    assert title(only(page_of(card(inside)))) == "Bando botteghe"


def test_a_title_that_an_admin_points_at_goes_before_all() -> None:
    html = card('<h3>Avviso</h3><b class=t>Bando botteghe</b><a href="/b/1">Altro testo</a>')
    assert title(only(page_of(html, title_selector=".t"))) == "Bando botteghe"


def test_the_rest_of_a_card_is_its_text_without_title_and_read_more() -> None:
    html = card('<h3>Bando botteghe</h3><span>Bando</span><p>Scade il 31/12/2026.</p><a href="/b/1">Leggi tutto</a>')
    notice = only(page_of(html))
    assert notice.summary == "Bando Scade il 31/12/2026."
    assert [str(deadline.on) for deadline in notice.deadlines] == ["2026-12-31"]


@pytest.mark.parametrize(
    ("field", "on", "at"),
    [
        ('<time datetime="2026-06-15T21:59:00Z">15/06/2026 - 23:59</time>', "2026-06-15", "23:59"),
        ("Scadenza: 15/06/2026 ore 12:00", "2026-06-15", "12:00"),
        ("15 giugno 2026", "2026-06-15", None),
        ("dal 1 marzo 2026 al 15 giugno 2026", "2026-06-15", None),
        ('<time datetime="2027-01-31">31 gennaio</time>', "2027-01-31", None),
        ('<time datetime="2027-01-31T00:00:00">31 gennaio</time>', "2027-01-31", None),
        ('<time datetime="2027-01-31T00:00:00+01:00">31 gennaio</time>', "2027-01-31", None),
        ('<time datetime="2026-10-25T23:59:00+01:00">nella notte del cambio</time>', "2026-10-25", "23:59"),
        ("<time datetime=\"2027-03-28T02:30:00\">un'ora che non c'è</time>", "2027-03-28", "02:30"),
    ],
)
def test_a_field_of_the_deadline_is_read_on_the_clock_of_the_site(field: str, on: str, at: str | None) -> None:
    html = card(f"{LINKED}<div class=s>{field}</div>")
    (deadline,) = only(page_of(html, deadline_selector=".s", kind="grant_call")).deadlines
    assert (str(deadline.on), deadline.at, deadline.zone, deadline.kind) == (on, at, "Europe/Rome", "submission")


def test_F15_a_deadline_that_is_no_day_is_left_out_and_kept_as_written() -> None:
    notice = only(page_of(card(f"{LINKED}<div class=s>31/02/2026</div>"), deadline_selector=".s"))
    assert notice.deadlines == ()
    assert notice.extra["html_list"]["deadline_as_written"] == "31/02/2026"


def test_until_funds_run_out_is_no_day_and_no_silence() -> None:
    html = card(f"{LINKED}<div class=s>Fino ad esaurimento fondi</div>")
    (deadline,) = only(page_of(html, deadline_selector=".s")).deadlines
    assert (deadline.on, deadline.certainty) == (None, "until_funds")


@pytest.mark.parametrize(
    ("line", "on"),
    [
        ("14 Mar 2019", "2019-03-14"),
        ("Mercoledì 14 marzo 2019", "2019-03-14"),
        ("23 juni 2017", "2017-06-23"),
        ("Scade il 14/03/2019", None),
        ("14/03/2019 e 15/03/2019", None),
        ("Bando 14/03/2019", None),
    ],
)
def test_a_date_alone_on_a_line_is_the_publication_where_an_admin_says_so(line: str, on: str | None) -> None:
    html = card(f"<p>{line}</p>{LINKED}")
    assert str(only(page_of(html, date_line=True)).published_at) == str(on)
    assert only(page_of(html)).published_at is None


def test_the_day_beside_an_event_is_the_day_it_is_held() -> None:
    html = card(f'{LINKED}<time datetime="2027-03-04">4 marzo</time>')
    notice = only(page_of(html, date_selector="time", kind="event"))
    assert notice.published_at is None
    assert [(str(d.on), d.kind) for d in notice.deadlines] == [("2027-03-04", "event")]


def test_what_its_badge_calls_closed_is_gone_beside_others_that_are_open() -> None:
    html = "".join(
        f"<article><i>{state}</i><a href=/b/{at}>Bando {at}</a></article>"
        for at, state in enumerate(["Aperto", "Chiuso", "Scaduto", "In apertura"])
    )
    found = readings(page_of(html, state_selector="i"))
    assert [type(reading) for reading in found] == [Notice, Gone, Gone, Notice]


def closed_page(role: str) -> Page:
    html = "".join(f"<article><i>Chiuso</i><a href=/b/{at}>Bando {at}</a></article>" for at in range(6))
    return replace(page_of(html, state_selector="i"), role=role)


def test_F8_a_badge_that_closes_the_whole_first_page_is_not_believed_and_nothing_closed_comes_in_as_open() -> None:
    with pytest.raises(ParseError, match="all 6 items that they are over") as caught:
        readings(closed_page("listing"))
    assert caught.value.suspicious


def test_old_calls_that_fill_a_later_page_are_over() -> None:
    assert {type(reading) for reading in readings(closed_page("more"))} == {Gone}


LIST = """<html lang=nl><body><header><nav><a href="/int/news/archive">Archive</a></nav></header>
<aside><a href="/int/news/two">Two</a></aside>
<main><div class=x><div><a href="/int/news/one"><img alt=""></a><h2><a href="/int/news/one">One is news</a></h2><p>23 June 2026</p></div>
<div><span>24 June 2026</span><a href="/int/news/two">Two is news</a><p>More of it.</p><a href="/int/news/two">Read more</a></div>
<a href="/int/about">About</a></div></main><footer><a href="/int/news/rss">RSS</a></footer></body></html>"""


def test_without_a_selector_every_link_that_fits_is_an_item_once() -> None:
    found = notices(
        page_of(LIST, url="https://www.example.org/int/news", url_pattern="/int/news/", date_line=True, lang="en")
    )
    assert [(notice.url.rsplit("/", 1)[1], title(notice), str(notice.published_at)) for notice in found] == [
        ("two", "Two is news", "2026-06-24"),
        ("one", "One is news", "2026-06-23"),
    ]
    assert found[0].body == "<p>More of it.</p>"


def test_without_a_selector_links_that_do_not_fit_are_counted() -> None:
    with pytest.raises(ParseError, match="url_pattern: removes all of 6 links"):
        readings(page_of(LIST, url_pattern="/calls/"))


def test_a_card_leads_to_its_page_only_at_the_hosts_of_the_list() -> None:
    html = f"<article>{LINKED}</article><article><a href='https://elsewhere.example/x'>Altrove</a></article>"
    assert [type(reading) for reading in readings(page_of(html, follow_details=True))] == [Seen, Notice]


def test_an_item_twice_on_a_page_is_one() -> None:
    assert len(readings(page_of(f"<article>{LINKED}</article>" * 2))) == 1
