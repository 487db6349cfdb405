"""What every connector owes, found by itself: a new module is held to this without being named here."""

import json
from pathlib import Path

import pytest
from pydantic import BaseModel

import connectors
from connectors.base.contract import About

DOCS = Path(__file__).parents[2] / "docs" / "platforms"
CASSETTES = Path(__file__).parents[1] / "cassettes"

each = pytest.mark.parametrize("name", connectors.names())


@each
def test_a_connector_describes_itself(name: str) -> None:
    about = connectors.load(name).ABOUT
    assert isinstance(about, About)
    assert about.name == name
    assert about.title
    assert about.home.startswith("https://")
    assert about.pace_seconds >= 1
    assert about.rhythm_minutes >= 15
    assert about.rights.basis


@each
def test_every_parameter_tells_an_admin_what_it_is(name: str) -> None:
    model = connectors.load(name).Params
    assert issubclass(model, BaseModel)
    for key, field in model.model_fields.items():
        assert field.title, f"{name}.{key} has no title"
        assert field.description, f"{name}.{key} has no description"


@each
def test_the_parameters_make_a_form(name: str) -> None:
    schema = connectors.load(name).Params.model_json_schema()
    assert json.loads(json.dumps(schema))["properties"]


@each
def test_a_page_tells_maintainers_and_admins_about_the_platform(name: str) -> None:
    page = (DOCS / f"{name}.md").read_text(encoding="utf-8")
    assert "confirmed live" in page.lower()


@each
def test_a_cassette_with_live_addresses_exists(name: str) -> None:
    assert (CASSETTES / f"{name}.yaml").exists()


@each
def test_what_is_optional_is_a_function(name: str) -> None:
    assert callable(getattr(connectors.module(name), "audit", print))


def test_an_unknown_connector_names_those_there_are() -> None:
    from connectors.base.contract import ParamError

    with pytest.raises(ParamError, match=r"there is no connector 'facebook'; there are: .*feed.*ted"):
        connectors.load("facebook")
