"""What stands in the place of a page is recognised by few and sure cues, and sound pages never are."""

from pathlib import Path

import pytest

from connectors.base.walls import challenged, instead_of_data, instead_of_page

PASSWORD = "<form><label>Password<input name='p' type = \"password\"></label></form>"
LINKS = "<a href='/x'>call</a>" * 30


@pytest.mark.parametrize(
    ("html", "came"),
    [
        ("<title>Just a moment...</title>", "a wall against robots"),
        ("<title>Attention Required! | Cloudflare</title>", "a wall against robots"),
        ("<title>Portal</title><script>window._cf_chl_opt={cvId:'3'}</script>", "a wall against robots"),
        ("<script src='https://geo.captcha-delivery.com/captcha/?x'></script>", "a wall against robots"),
        ("<title>Making sure you&#39;re not a bot!</title>", "a wall against robots"),
        ("Request unsuccessful. Incapsula incident ID: 7", "a wall against robots"),
        ("<meta http-equiv=refresh content='0;/.well-known/sgcaptcha/?r=%2F'>", "a wall against robots"),
        (f"<title>Accedi | Comune di Esempio</title>{PASSWORD}", "a login page"),
        (f"<title>\n Portal – Sign in\n</title>{PASSWORD}", "a login page"),
        (f"<title>EU Login</title>{PASSWORD}", "a login page"),
        ("<title>EU Login</title><form><input name=username></form>", "a login page"),
        (f"<title>Anmelden</title>{PASSWORD}{LINKS}", "a login page"),
        (f"<title>S&#39;identifier - Portail</title>{PASSWORD}", "a login page"),
        (f"<title>Iniciar sesión</title>{PASSWORD}", "a login page"),
        ("<title>Sito in manutenzione</title>", "a notice of maintenance"),
        ("<title>Manutenzione</title>", "a notice of maintenance"),
        ("<title>Wartungsarbeiten | Portal</title>", "a notice of maintenance"),
        ("<title>503 Service Temporarily Unavailable</title>", "a notice of maintenance"),
        ("<title>Portail – en maintenance</title>", "a notice of maintenance"),
        ("<title>Before you continue to Portal</title>", "a wall of cookies"),
        ("<title>Prima di continuare</title>", "a wall of cookies"),
    ],
)
def test_F5_what_stands_in_the_place_of_a_page_is_named(html: str, came: str) -> None:
    whole = f"<!DOCTYPE html><html><head>{html}</head></html>"

    assert instead_of_page(whole) == came
    assert instead_of_data(whole) == came


@pytest.mark.parametrize(
    "html",
    [
        f"<title>Calls for proposals</title>{PASSWORD}{LINKS}",
        "<title>Manutenzione strade comunali | Bandi di gara</title>",
        "<title>Maintenance of lifts – Tender 12/2026</title>",
        f"<title>Manutenzione</title>{LINKS}",
        "<title>Login system for a library: call for tenders</title>",
        f"<title>Fornitura di un sistema di login</title>{PASSWORD}",
        f"<title>EU Login</title>{LINKS}",
        "<title>Bando: servizi di autenticazione e captcha</title><p>captcha, login, cookie, challenge</p>",
        "<title>Un momento di festa – Comune</title>",
        "<title>Calls</title><script src='/cdn-cgi/challenge-platform/scripts/jsd/main.js'></script>",
        "<title>Contact</title><script src='https://challenges.cloudflare.com/turnstile/v0/api.js'></script>",
        "<title>Calls</title><script src='/_Incapsula_Resource?x=1'></script>",
        "<title></title>",
        "",
    ],
)
def test_F5_a_sound_page_that_holds_such_words_is_not_taken_for_a_wall(html: str) -> None:
    assert instead_of_page(html) is None


def test_F5_a_web_page_in_the_place_of_data_is_named_as_such_and_data_never_is() -> None:
    assert instead_of_data("\ufeff\n<!DOCTYPE HTML><body>x") == "a web page"
    assert instead_of_data(f"<html>{PASSWORD}") == "a login page"
    for data in ('{"html": "<html><title>Login</title>"}', "<rss><item>login</item></rss>", "<feed/>", "", "x"):
        assert instead_of_data(data) is None


@pytest.mark.parametrize(
    ("headers", "wall"),
    [
        ({"cf-mitigated": "challenge"}, True),
        ({"cf-mitigated": " Challenge "}, True),
        ({"x-amzn-waf-action": "captcha"}, True),
        ({"cf-mitigated": "block"}, False),
        ({"server": "cloudflare", "cf-ray": "1"}, False),
        ({}, False),
    ],
)
def test_F5_a_wall_that_says_so_in_its_headers_is_believed(headers: dict[str, str], wall: bool) -> None:
    assert challenged(headers) is wall


def test_F5_of_our_golden_pages_only_those_that_are_meant_as_walls_are_taken_for_one() -> None:
    pages = [path for path in (Path(__file__).parents[1] / "golden").rglob("*") if path.suffix in (".html", ".htm")]

    walls = {path.name for path in pages if instead_of_page(path.read_text("utf-8"))}

    assert len(pages) > 5
    assert walls <= {"maintenance.html", "login.html"}, "the pages that are meant as walls"
