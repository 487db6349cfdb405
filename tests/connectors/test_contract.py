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
def test_a_cassette_with_live_addresses_exists_where_an_answer_was_ever_seen(name: str) -> None:
    about = connectors.load(name).ABOUT
    assert (CASSETTES / f"{name}.yaml").exists() == (about.recorded and about.reads == "web")


@each
def test_a_connector_that_needs_a_key_says_in_which_parameter_its_name_stands(name: str) -> None:
    module = connectors.load(name)
    for key in module.ABOUT.keys:
        assert key.param in module.Params.model_fields
        assert key.where.startswith("https://")
        assert key.how


@each
def test_a_platform_of_which_nothing_was_ever_seen_says_so(name: str) -> None:
    about = connectors.load(name).ABOUT
    if not about.recorded:
        assert about.confirmed_live is None
        assert any("unproven" in caveat.lower() for caveat in about.caveats)


@each
def test_what_is_optional_is_a_function(name: str) -> None:
    for optional in ("audit", "identify", "rights", "sweep_days"):
        assert callable(getattr(connectors.module(name), optional, print))


def test_an_unknown_connector_names_those_there_are() -> None:
    from connectors.base.contract import ParamError

    with pytest.raises(ParamError, match=r"there is no connector 'facebook'; there are: .*feed.*ted"):
        connectors.load("facebook")
