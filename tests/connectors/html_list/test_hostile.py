"""Patterns of admins and pages of strangers: everything ends, within seconds, and no live markup comes through."""

import contextlib
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from connectors.base.contract import ParamError, ParseError
from connectors.generic import html_list
from tests.connectors.html_list.conftest import only, page_of, readings
from tests.connectors.html_list.test_markup import LINKED, card


def test_P7_a_pattern_of_an_admin_ends_in_half_a_second() -> None:
    slow = time.monotonic()
    with pytest.raises(ParseError, match="takes longer"):
        readings(page_of(card(f'<a href="/{"x" * 900}!">Bando</a>'), url_pattern=r"(?:x+x+)+y"))
    assert time.monotonic() - slow < 3


@pytest.mark.parametrize(
    "params",
    [
        {"item_selector": "//article"},
        {"item_selector": "article["},
        {"item_selector": "a " * 8},
        {"item_selector": "li~li"},
        {"item_selector": "a, b c d e f g h"},
        {"item_selector": "x" * 201},
        {"url_pattern": "(?P<"},
        {"url_pattern": "x" * 201},
        {"first_page": 2, "item_selector": "a"},
        {"list_urls": ["file:///etc/passwd"], "item_selector": "a"},
        {},
    ],
)
def test_P7_only_css_and_short_patterns_are_taken(params: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        html_list.Params(**{"list_urls": ["https://www.example.org/"], **params})


def test_without_its_parameters_nothing_says_what_an_item_is() -> None:
    page = page_of(card(LINKED))
    with pytest.raises(ParamError, match="list_urls"):
        list(html_list.split(type(page)(url=page.url, body=page.body, fetched_at=page.fetched_at)))


def test_no_live_markup_comes_through() -> None:
    html = card(
        '<a href="/b/1">&lt;script&gt;x()&lt;/script&gt;Bando</a><p onclick=x()><img src=x onerror=x()>Testo</p>'
    )
    written = only(page_of(html)).model_dump_json()
    assert not any(sign in written for sign in ("<script", "onerror", "onclick", "<img"))


@pytest.mark.parametrize(
    "html",
    [
        "<article>" * 30_000 + LINKED,
        "<article><a href=/b/1>x</a>" * 9_000,
        "<ul>" + "<li><a href=/b/1>x</a></li>" * 12_000 + "</ul>",
        "<div>" * 190 + "".join(f"<a href=/b/{at}>Bando {at}</a>" for at in range(5_000)),
    ],
)
@pytest.mark.parametrize("chosen", [{"item_selector": "article, li:nth-child(2)"}, {"url_pattern": "/b/"}])
def test_F13_a_hostile_page_costs_seconds_and_ends(html: str, chosen: dict[str, Any]) -> None:
    start = time.monotonic()
    with contextlib.suppress(ParseError):
        readings(page_of(html, date_line=True, **chosen))
    assert time.monotonic() - start < 20


def test_F13_more_items_than_a_page_has_are_refused_and_never_cut() -> None:
    with pytest.raises(ParseError, match="finds 2001 items"):
        readings(page_of("".join(f"<article><a href=/b/{at}>Bando</a></article>" for at in range(2_001))))


@settings(max_examples=80, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [*"<>&\"'=/", "article", "<article>", "<a href=", "/b/1", ">", "</a>", "<h2>", "Bando", "31/02/2026"]
        ),
        max_size=60,
    )
)
def test_whatever_comes_is_read_or_refused(parts: list[str]) -> None:
    for chosen in ({"item_selector": "article"}, {"url_pattern": "/b/"}):
        with contextlib.suppress(ParseError):
            assert all(reading for reading in readings(page_of("".join(parts), date_line=True, **chosen)))
