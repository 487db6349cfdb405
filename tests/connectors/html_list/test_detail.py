"""An item's own page: its text and days, what search engines are told, and pages that are none."""

from typing import Any

import pytest

from connectors.base.contract import Gone, Notice, ParseError
from tests.connectors.html_list.conftest import only, page_of, readings, title

URL = "https://www.example.org/it/bandi/42"
COOKIES = "<div class='cookie-bar'><p>Questo sito usa cookie tecnici e di profilazione di terze parti.</p></div>"


def detail(html: str | bytes, **params: Any) -> Notice:
    return only(page_of(html, url=URL, role="detail", of=URL, **params))


def test_menus_forms_and_consent_are_not_the_text() -> None:
    html = f"""<html lang=it><body>{COOKIES}<header><nav>Home</nav></header><main><nav class=breadcrumb>Home / Bandi</nav>
    <h1>Bando botteghe</h1><p>Contributi fino a 5.000 euro a chi apre una bottega.</p><form><label>Cerca</label></form>
    <div class=share-buttons>Condividi</div></main><footer>Piazza Prova 1</footer></body></html>"""
    notice = detail(html)
    assert title(notice) == "Bando botteghe"
    assert notice.body == "<p>Contributi fino a 5.000 euro a chi apre una bottega.</p>"


def test_a_page_that_holds_only_a_consent_notice_is_refused() -> None:
    with pytest.raises(ParseError, match="content_selector: leads to no text"):
        detail(f"<html><body><h1>Bando</h1>{COOKIES}</body></html>")


def test_what_search_engines_are_told_stands_in_for_what_the_page_lacks() -> None:
    html = """<html><head><meta property="og:title" content="Bando botteghe | Ente"><meta property="og:description"
    content="Contributi a chi apre una bottega."><meta property="article:published_time" content="2026-11-20T09:00:00+01:00">
    </head><body><main></main></body></html>"""
    notice = detail(html)
    assert (title(notice), notice.summary) == ("Bando botteghe", "Contributi a chi apre una bottega.")
    assert str(notice.published_at) == "2026-11-20 09:00:00+01:00"


def test_schema_org_gives_days_of_a_vacancy_and_of_an_event() -> None:
    html = """<html><head><script type="application/ld+json">{"@graph": [{"@type": "%s", "datePosted": "2026-11-02",
    "validThrough": "2026-12-31", "startDate": "2027-02-03T10:00:00+01:00"}]}</script></head><body><main><h1>Titolo</h1>
    <p>Un testo abbastanza lungo per essere letto.</p></main></body></html>"""
    vacancy, event = (
        detail(html % "JobPosting"),
        detail(html.replace('"validThrough": "2026-12-31",', "") % "BusinessEvent"),
    )
    assert (vacancy.kind, str(vacancy.published_at), str(vacancy.deadlines[0].on)) == (
        "vacancy",
        "2026-11-02",
        "2026-12-31",
    )
    assert (event.kind, str(event.deadlines[0].on), event.deadlines[0].at, event.deadlines[0].kind) == (
        "event",
        "2027-02-03",
        "10:00",
        "event",
    )


def test_broken_schema_org_harms_nothing() -> None:
    html = """<script type="application/ld+json">{"@type": </script><main><h1>Bando</h1><p>Un testo che basta a sé.</p></main>"""
    assert title(detail(html)) == "Bando"


@pytest.mark.parametrize("status", [404, 410])
def test_a_page_that_is_gone_says_so(status: int) -> None:
    assert readings(page_of("", url=URL, role="detail", of=URL, status=status)) == [Gone(URL)]


@pytest.mark.parametrize(
    "html",
    [
        "<title>404 - Pagina non trovata</title><main><p>La pagina richiesta non esiste più.</p></main>",
        "<title>Ente</title><main><h1>Page not found</h1><p>Try the search, or go back home.</p></main>",
        "<title>Pagina niet gevonden | Regio</title><main><p>Deze pagina bestaat niet meer.</p></main>",
    ],
)
def test_a_friendly_200_that_says_that_there_is_nothing_is_gone(html: str) -> None:
    assert readings(page_of(html, url=URL, role="detail", of=URL)) == [Gone(URL)]


def test_a_call_that_speaks_of_things_not_found_is_not_gone() -> None:
    html = "<title>Bando 404 idee</title><main><h1>Bando 404 idee</h1><p>Per chi non ha trovato uno spazio.</p></main>"
    assert title(detail(html)) == "Bando 404 idee"


def test_a_badge_on_the_page_says_that_it_is_over() -> None:
    html = "<main><b class=s>Bando chiuso</b><h1>Bando</h1><p>Un testo abbastanza lungo per essere letto.</p></main>"
    assert readings(page_of(html, url=URL, role="detail", of=URL, state_selector=".s")) == [Gone(URL)]


def test_a_content_selector_that_matches_nothing_is_said() -> None:
    with pytest.raises(ParseError, match=r"content_selector: \.body matches nothing"):
        detail("<main><h1>Bando</h1></main>", content_selector=".body")


def test_documents_are_those_that_are_pointed_at_and_those_that_their_names_tell() -> None:
    html = """<main><h1>Bando</h1><p>Testo del bando con i suoi allegati.</p><a class=d href="/dl?id=7">Domanda</a>
    <a href="/f/avviso.pdf">Avviso</a></main>"""
    notice = detail(html, doc_selector="a.d", cleanup_selectors=["a.x"])
    assert [(link.url, link.title) for link in notice.documents] == [
        ("https://www.example.org/dl?id=7", "Domanda"),
        ("https://www.example.org/f/avviso.pdf", "Avviso"),
    ]


def test_names_numbers_and_addresses_of_persons_are_cut() -> None:
    html = """<main><h1>Bando</h1><p>Responsabile del procedimento: dott.ssa Ada Prova, tel. 051 1234567,
    ada.prova@example.org</p></main>"""
    written = detail(html).model_dump_json()
    assert not any(word in written for word in ("Prova", "1234567", "ada.prova"))


def test_F11_a_wrong_charset_is_read_by_the_order_of_the_house() -> None:
    html = "<main><h1>Perché no: bando per attività</h1><p>Un testo con città, università e caffè.</p></main>".encode(
        "cp1252"
    )
    assert title(detail(html)) == "Perché no: bando per attività"
