"""The simulator's markup against the facts of the Commission's component library, and these against its templates.

The one thing to know: the templates are not part of this project; WORLDWIDEWE_ECL names a folder that holds the npm
packages of the version that tests/portals/ecl.yml names.
"""

import os
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from tests.connectors.een.conftest import TODAY
from tests.portals import ecl
from tests.portals.een import PATH, EenPortal
from tests.portals.een_markup import Look
from tests.portals.server import Call

FOLDER = os.environ.get("WORLDWIDEWE_ECL", "")
with_templates = pytest.mark.skipif(
    not FOLDER, reason="the templates of the component library are not beside this checkout (WORLDWIDEWE_ECL)"
)


def pages() -> dict[str, BeautifulSoup]:
    portal = EenPortal(profiles=60, seed=7, today=TODAY)
    portal.look = Look()
    first = portal.listed()[0]
    called = {
        "listing": Call("GET", PATH, {"page": "1"}, _AGENT),
        "detail": Call("GET", f"{PATH}/{first.slug}", {}, _AGENT),
    }
    return {place: BeautifulSoup(portal.answer(call).body, "html.parser") for place, call in called.items()}


_AGENT = {"user-agent": "worldwidewe/test"}
PAGES = pages()


@pytest.mark.parametrize(
    ("place", "selector"), [(place, selector) for place in PAGES for _, selector in ecl.selectors(place)]
)
def test_the_simulator_marks_up_as_the_library_does(place: str, selector: str) -> None:
    assert PAGES[place].select_one(selector), selector


@pytest.mark.parametrize("place", sorted(PAGES))
def test_the_simulator_uses_no_class_that_nobody_has_vouched_for(place: str) -> None:
    vouched = " ".join(selector for _, selector in ecl.selectors("listing", "detail", "other"))
    known = {part.split("[")[0] for word in vouched.split() for part in word.split(".")[1:]}
    known |= set(ecl.facts()["composed"]) | set(ecl.facts()["not_here"])
    used = {name for tag in PAGES[place].find_all(class_=True) for name in tag["class"] if name.startswith("ecl-")}
    assert used - known == set()


def test_the_title_of_a_card_is_marked_for_the_library_s_script() -> None:
    assert PAGES["listing"].select_one("div.ecl-content-block__title > a[data-ecl-title-link]")


@pytest.fixture(scope="module")
def templates() -> ecl.Templates:
    return ecl.Templates(Path(FOLDER))


@with_templates
def test_the_folder_holds_the_version_that_the_facts_name(templates: ecl.Templates) -> None:
    wanted = {name: ecl.facts()["version"] for name in ecl.facts()["components"]}
    assert {name: templates.versions.get(name) for name in wanted} == wanted


@with_templates
@pytest.mark.parametrize(("component", "selector"), list(ecl.selectors("listing", "detail", "other")))
def test_a_fact_is_one_of_the_template(templates: ecl.Templates, component: str, selector: str) -> None:
    assert templates.flat(component).select_one(selector), f"{selector} is not in the template of {component}"


@with_templates
def test_the_words_of_the_parameters_are_those_of_the_templates(templates: ecl.Templates) -> None:
    said = [(name, word) for name, told in ecl.facts()["components"].items() for word in told.get("says", ())]
    said += [(name, word) for name, word in ecl.facts()["composed"].values()]
    assert [(name, word) for name, word in said if word not in templates.source(name)] == []


@with_templates
def test_what_the_templates_lack_is_still_missing_there(templates: ecl.Templates) -> None:
    sources = "\n".join(templates.source(name) for name in ecl.facts()["components"])
    missing = [name for name in ecl.facts()["not_here"] if name.startswith(("ecl-pagination", "ecl-page"))]
    assert missing
    assert [name for name in missing if name in sources] == []
