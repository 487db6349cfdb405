"""The board in its languages: every text of the source is in the catalogue, and the reader's choice holds."""

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from aggregator.store.session import Store
from config.settings import Settings
from web.app import create_app

WEB = Path(__file__).parents[2] / "web"
CATALOGUES = sorted((WEB / "translations").glob("*.po"))


def texts_of_the_source() -> set[object]:
    found = extract_from_dir(
        WEB,
        [("*.py", "python"), ("templates/**.html", "jinja2")],
        keywords={"gettext": None, "_": None, "ngettext": (1, 2)},
    )
    return {message for _, _, message, _, _ in found}


def held(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, abort_invalid=True)


def test_the_catalogues_are_those_of_the_default_languages() -> None:
    assert {path.stem for path in CATALOGUES} | {"en"} == {"it", "en"}


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.stem)
def test_no_text_is_missing_empty_uncertain_or_unused(path: Path) -> None:
    entries = {message.id: message for message in held(path) if message.id}
    known = {tuple(id) if isinstance(id, list | tuple) else id for id in entries}
    assert texts_of_the_source() - known == set()
    assert known - texts_of_the_source() == set()
    assert not [m.id for m in entries.values() if m.fuzzy]
    assert not [m.id for m in entries.values() if not all(m.string if isinstance(m.string, tuple) else (m.string,))]


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.stem)
def test_a_translation_keeps_the_values_and_the_markup_of_its_text(path: Path) -> None:
    def kept(text: str) -> set[str]:
        return set(re.findall(r"%\(\w+\)[sd]|</?\w+>", text))

    for message in held(path):
        source = message.id if isinstance(message.id, str) else message.id[-1]
        forms = [message.string] if isinstance(message.string, str) else message.string or []
        for said in forms if source else []:
            assert kept(said) <= kept(source), source
            # "The last day" may be said without its number, nothing else without its value.
            assert kept(source) - kept(said) <= {"%(num)d"}, source


def language_of(answer: str) -> str:
    html = BeautifulSoup(answer, "html.parser").html
    assert html is not None
    return str(html["lang"])


def test_the_address_then_the_cookie_then_the_browser_choose_the_language(board: Flask) -> None:
    client = board.test_client()
    german_then_english = {"Accept-Language": "de,en;q=0.8,it;q=0.2"}
    assert language_of(client.get("/").text) == "it"
    assert language_of(client.get("/", headers=german_then_english).text) == "en"
    assert language_of(client.get("/?lang=it", headers=german_then_english).text) == "it"
    assert language_of(client.get("/", headers=german_then_english).text) == "it"
    assert language_of(client.get("/?lang=xx", headers=german_then_english).text) == "it"


def test_the_choice_is_remembered_also_when_the_address_is_tidied(client: FlaskClient) -> None:
    answer = client.get("/opportunities?q=&lang=en", follow_redirects=True)
    assert answer.request.full_path.rstrip("?") == "/opportunities"
    assert language_of(answer.text) == "en"


def test_the_first_language_of_the_settings_is_the_default(settings: Settings, store: Store) -> None:
    english = create_app(settings.model_copy(update={"languages": ("en", "it")}), store).test_client()
    unknown = create_app(settings.model_copy(update={"languages": ("xx",)}), store).test_client()
    assert language_of(english.get("/").text) == "en"
    assert language_of(unknown.get("/").text) == "en"


def test_each_page_leads_to_itself_in_the_other_language_filters_kept(client: FlaskClient) -> None:
    page = BeautifulSoup(client.get("/opportunities?kind=tender&country=FR").text, "html.parser")
    other = page.select_one("nav.langs a[hreflang=en]")
    assert other is not None
    assert other["href"] == "/opportunities?kind=tender&country=FR&lang=en"
    assert {link["hreflang"] for link in page.select("link[rel=alternate]")} == {"it", "en"}
    english = BeautifulSoup(client.get(str(other["href"])).text, "html.parser")
    assert [pill.get_text() for pill in english.select(".pills .f")] == ["Kind", "Country"]


def test_numbers_and_dates_are_written_as_the_reader_writes_them(client: FlaskClient) -> None:
    path = "/opportunities/1"
    assert "1.250.000\xa0€" in client.get(path + "?lang=it").text
    assert "€1,250,000" in client.get(path + "?lang=en").text
    assert "martedì 24 novembre 2026, 17:00" in client.get(path + "?lang=it").text


@pytest.mark.parametrize("path", ["/", "/opportunities", "/opportunities/1", "/sources", "/about", "/nowhere"])
def test_no_english_is_left_on_an_italian_page(client: FlaskClient, path: str) -> None:
    words = re.findall(r"[A-Za-z]+", BeautifulSoup(client.get(path).text, "html.parser").get_text(" "))
    assert not {"the", "and", "of", "with", "not", "ago", "days", "Show", "Search", "Deadline"} & set(words) - {
        # The names of sources and the one English title among the samples.
        *("and", "of", "with")
    }
