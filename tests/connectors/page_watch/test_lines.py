"""Which lines of a page count: filters, noise, pages without text, patterns of admins, names of persons."""

import contextlib
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from connectors.base.contract import Notice, Page, ParseError
from connectors.generic import page_watch
from connectors.generic.page_watch import state
from connectors.generic.page_watch.snapshot import snapshot

NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)


def page(body: str | bytes, content_type: str = "text/html; charset=utf-8", **params: Any) -> Page:
    data = body.encode() if isinstance(body, str) else body
    chosen = page_watch.Params(url="https://www.example.org/avvisi", **params)
    return Page(url=chosen.url, body=data, fetched_at=NOW, headers={"content-type": content_type}, params=chosen)


def lines(given: Page) -> list[str]:
    assert isinstance(given.params, page_watch.Params)
    return [shown for shown, _ in snapshot(given, given.params).lines]


def test_only_what_is_included_counts_and_what_is_subtracted_does_not() -> None:
    html = "<main><div class=a><p>uno <b>due</b></p><p class=x>tre</p></div><p>quattro</p></main>"
    assert lines(page(html, include_selectors=["div.a"], subtract_selectors=[".x"])) == ["uno due"]


def test_a_filter_that_matches_nothing_is_an_error_and_no_change() -> None:
    with pytest.raises(ParseError, match=r"include_selectors: \.calls matches nothing"):
        list(page_watch.split(page("<main><p>Testo</p></main>", include_selectors=[".calls"])))


@pytest.mark.parametrize(
    "html", ["<main></main>", "<body><script>x()</script></body>", "<p>© 2026</p>", "<nav>Home</nav>"]
)
def test_a_page_without_text_is_an_error_and_no_change(html: str) -> None:
    with pytest.raises(ParseError, match="text: is not there"):
        list(page_watch.split(page(html)))


def test_a_file_and_a_feed_are_told_apart_from_a_page() -> None:
    with pytest.raises(ParseError, match="is a file"):
        list(page_watch.split(page(b"%PDF-1.7 \0\0")))
    with pytest.raises(ParseError, match="connector `feed`"):
        list(page_watch.split(page('<?xml version="1.0"?><rss version="2.0"></rss>')))


def test_json_is_compared_by_its_values_and_not_by_their_order() -> None:
    one, other = page('{"b": 1, "a": ["x"]}'), page('{"a": ["x"], "b": 1}')
    assert lines(one) == lines(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ultimo aggiornamento: 21/11/2026", "Ultimo aggiornamento: 23/11/2026"),
        ("Avviso pubblicato. Visite: 1.204", "Avviso pubblicato. Visite: 1.305"),
        ("© 2026 Ente", "© 2027 Ente"),
        ("Copyright 2019-2026 Ente", "Copyright 2019-2027 Ente"),
        ("Notizia, 3 giorni fa", "Notizia, 4 giorni fa"),
        ("Last updated on 3 May 2026", "Last updated on 4 May 2026"),
        ("Laatst gewijzigd: 1 juli 2026", "Laatst gewijzigd: 2 juli 2026"),
        ("Sessione 0123456789abcdef0123", "Sessione fedcba98765432100123"),
    ],
)
def test_noise_is_the_same_line(one: str, other: str) -> None:
    forms = [
        [form for _, form in snapshot(p, page_watch.Params(url=p.url)).lines]
        for p in (page(f"<p>x {one}</p>"), page(f"<p>x {other}</p>"))
    ]
    assert forms[0] == forms[1]


def test_a_date_that_means_something_is_no_noise() -> None:
    assert lines(page("<p>Scadenza: 21/11/2026</p>")) != lines(page("<p>Scadenza: 23/11/2026</p>"))


def test_P7_a_pattern_of_an_admin_ends_in_half_a_second() -> None:
    with pytest.raises(ParseError, match="takes longer"):
        list(page_watch.split(page(f"<p>{'x' * 900}!</p>", ignore_patterns=[r"(?:x+x+)+y"])))


@pytest.mark.parametrize(
    "params",
    [
        {"ignore_patterns": ["("]},
        {"ignore_patterns": ["x" * 201]},
        {"include_selectors": ["main["]},
        {"include_selectors": ["//main"]},
        {"include_selectors": ["a b c d e f g h"]},
    ],
)
def test_P7_only_css_and_short_patterns_are_taken(params: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        page_watch.Params(url="https://www.example.org/", **params)


def test_names_and_addresses_of_persons_are_cut() -> None:
    told = {"url": "https://www.example.org/", "title": "Avvisi", "lang": "it", "digest": "0" * 12, "removed": 0}
    body = json.dumps(
        {**told, "added": ["Responsabile: dott. Ugo Prova, tel. 051 1234567, ugo.prova@example.org"], "added_in_all": 1}
    )
    given = Page(
        url="https://www.example.org/#0",
        body=body.encode(),
        fetched_at=NOW,
        role="change",
        params=page_watch.Params(url="https://www.example.org/"),
    )
    (record,) = page_watch.split(given)
    notice = page_watch.read(record, given)
    assert isinstance(notice, Notice)
    assert not any(word in notice.model_dump_json() for word in ("Prova", "1234567", "ugo"))


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=2_000))
def test_whatever_comes_is_read_or_refused(body: bytes) -> None:
    with contextlib.suppress(ParseError):
        assert list(page_watch.split(page(body))) == []


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(min_size=1, max_size=20), max_size=30), st.lists(st.text(min_size=1, max_size=20), max_size=30))
def test_a_cursor_says_of_every_line_of_the_last_look_that_it_is_there(first: list[str], then: list[str]) -> None:
    cursor = state.after(state.known(state.after(None, first)), then)
    held = state.known(cursor) or {}
    assert all(held[state.mark(line)] == 0 for line in then)
    assert {state.mark(line) for line in first} <= held.keys()
