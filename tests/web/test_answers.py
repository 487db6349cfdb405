"""What every answer carries, whatever it is: headers, validators, and pages for what goes wrong."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from aggregator.store.session import Store
from config.settings import Settings
from tests.web import seed
from tests.web.test_letters_page import keep
from web.app import create_app

# One address for each rule of the board; a rule that is not here fails the test below.
EXAMPLES = {
    "/": "/",
    "/opportunities": "/opportunities",
    "/opportunities/<int:id>": "/opportunities/1",
    "/sources": "/sources",
    "/about": "/about",
    "/health": "/health",
    "/requests/feed.json": "/requests/feed.json",
    "/requests/murmurations.json": "/requests/murmurations.json",
    "/requests/<id>": "/requests/2026-aaaaa",
    "/requests/<id>/murmurations.json": "/requests/2026-aaaaa/murmurations.json",
    "/letters": "/letters",
    "/letters/<name>": "/letters/one.eml",
    "/letters/<name>/html": "/letters/one.eml/html",
    "/static/<path:filename>": "/static/board.css",
}
WRONG = ("/nowhere", "/opportunities/4711", "/static/nothing.css", "/static/../app.py", "/letters/none.eml")


@pytest.fixture
def everything(settings: Settings, store: Store) -> FlaskClient:
    """The demo, so that no route is missing."""
    seed.fill(store)
    keep(settings.home, "one.eml")
    return create_app(settings.model_copy(update={"demo": True}), store).test_client()


def test_W6_every_answer_of_every_route_carries_the_strict_headers(everything: FlaskClient) -> None:
    rules = {rule.rule for rule in everything.application.url_map.iter_rules()}
    assert rules == set(EXAMPLES)
    for path in (*EXAMPLES.values(), *WRONG, "/opportunities?q="):
        for method in ("GET", "HEAD", "POST", "OPTIONS"):
            answer = everything.open(path, method=method, buffered=True)
            policy = answer.headers["Content-Security-Policy"]
            assert "default-src 'none'" in policy, (method, path)
            assert "base-uri 'none'" in policy
            assert "script-src" not in policy
            assert "frame-ancestors 'none'" in policy or path == "/letters/one.eml/html"
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert answer.headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
            assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
            assert "camera=()" in answer.headers["Permissions-Policy"]
            assert not re.search(r"\d", answer.headers["Server"])
            assert answer.headers["Cache-Control"]


def test_W6_transport_security_is_asked_for_when_the_board_is_served_over_tls(settings: Settings, store: Store) -> None:
    over_tls = settings.model_copy(update={"public_url": "https://board.example.org"})
    plain = create_app(settings, store).test_client().get("/about")
    tls = create_app(over_tls, store).test_client().get("/about?lang=en")
    assert "Strict-Transport-Security" not in plain.headers
    assert tls.headers["Strict-Transport-Security"].startswith("max-age=")
    assert "Secure" in tls.headers["Set-Cookie"]


def test_W6_no_page_holds_a_script_a_style_attribute_or_a_foreign_resource(everything: FlaskClient) -> None:
    for path in EXAMPLES.values():
        if path.endswith((".css", "/html", "/health", ".json")):
            continue
        html = everything.get(path).text
        assert not re.search(r"<script|\son\w+=|\sstyle=|<img", html), path
        loaded = re.findall(r"<(?:link rel=\"(?:icon|stylesheet)\"[^>]*href|iframe[^>]*src)=\"([^\"]+)\"", html)
        assert loaded
        assert all(address.startswith("/") for address in loaded), path


def test_W14_an_error_shows_a_number_to_quote_and_nothing_of_the_inside(board: Flask, store: Store) -> None:
    board.config["BOARD_STORE"] = replace(store, engine=sa.create_engine("sqlite:////nowhere/at/all.sqlite"))
    answer = board.test_client().get("/opportunities")
    assert answer.status_code == 500
    assert re.search(r"il numero [0-9a-f]{8}\.", answer.text)
    for inside in ("Traceback", "sqlite", "sqlalchemy", "nowhere", ".py"):
        assert inside not in answer.text
    assert answer.headers["Cache-Control"] == "no-store"


def test_W14_what_does_not_exist_and_what_may_not_be_done_look_like_the_board(client: FlaskClient) -> None:
    for path, method, code in (("/nowhere", "GET", 404), ("/opportunities", "POST", 405), ("/letters", "GET", 404)):
        answer = client.open(path, method=method)
        assert answer.status_code == code
        assert re.search(r"il numero [0-9a-f]{8}\.", answer.text)
        assert '<link rel="stylesheet"' in answer.text


def test_W14_debug_is_off_whatever_the_environment_says(
    settings: Settings, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FLASK_DEBUG", "1")
    assert create_app(settings, store).debug is False


def test_B18_a_page_that_did_not_change_is_answered_with_304(client: FlaskClient, store: Store) -> None:
    for path in ("/", "/opportunities?country=FR", "/opportunities/1", "/sources", "/about"):
        first = client.get(path)
        again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b""), path
        assert again.headers["Content-Security-Policy"]
    tag = client.get("/opportunities/1").headers["ETag"]
    first_sample = seed.samples()[0]
    seed.put(store, first_sample.model_copy(update={"announced": True}))
    assert client.get("/opportunities/1", headers={"If-None-Match": tag}).status_code == 200


def test_B18_each_kind_of_answer_may_be_kept_as_long_as_it_holds(client: FlaskClient) -> None:
    page = client.get("/")
    assert page.headers["Cache-Control"] == "no-cache"
    assert {"Cookie", "Accept-Language"} <= set(page.vary)
    named = re.search(r'href="(/static/board\.css\?v=[0-9a-f]+)"', page.text)
    assert named
    assert "immutable" in client.get(named[1], buffered=True).headers["Cache-Control"]
    assert "immutable" not in client.get("/static/board.css", buffered=True).headers["Cache-Control"]
    assert client.get("/health").headers["Cache-Control"] == "no-store"


def test_the_host_header_is_not_believed(client: FlaskClient) -> None:
    answer = client.get("/about", headers={"Host": "evil.example.net"})
    assert "evil.example.net" not in answer.text
    assert '<link rel="canonical" href="http://board.example.org/about">' in answer.text


def test_a_style_sheet_for_paper_is_part_of_the_one_style_sheet() -> None:
    css = (Path(__file__).parents[2] / "web" / "static" / "board.css").read_text()
    assert "@media print" in css
    assert "prefers-color-scheme: dark" in css
    assert "forced-colors: active" in css
    assert "url(" not in css
    assert "@import" not in css
