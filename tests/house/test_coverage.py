"""docs/coverage.md and docs/platforms say of every connector and every starter source what the program itself says."""

import re
import tomllib
from pathlib import Path

import pytest
import structlog

import connectors
from aggregator.intake.sources import STARTER
from web.cli import main

DOCS = Path(__file__).parents[2] / "docs"
PLATFORMS = DOCS / "platforms"
COVERAGE = (DOCS / "coverage.md").read_text(encoding="utf-8")
STARTERS = tomllib.loads(STARTER.read_text(encoding="utf-8"))["source"]

each = pytest.mark.parametrize("name", connectors.names())


def page(name: str) -> str:
    return " ".join((PLATFORMS / f"{name}.md").read_text(encoding="utf-8").split())


@each
def test_every_connector_stands_on_the_map_with_its_page(name: str) -> None:
    assert f"(platforms/{name}.md)" in COVERAGE


def test_every_page_of_a_platform_is_on_the_map_and_every_link_of_the_map_leads_somewhere() -> None:
    linked = set(re.findall(r"\(platforms/([\w-]+)\.md\)", COVERAGE))
    assert linked == {path.stem for path in PLATFORMS.glob("*.md")}


def test_every_starter_source_is_on_the_map_and_every_one_on_the_map_exists() -> None:
    named = set(re.findall(r"`([a-z0-9][a-z0-9-]+)`", COVERAGE.partition("## What we do not read")[0]))
    families = {name for name in named if name.endswith("-")}
    starters = {row["name"] for row in STARTERS}
    assert {name for name in starters if not name.startswith(tuple(families) or ("\0",))} <= named
    assert named - families <= starters | set(connectors.names())


@each
def test_a_page_says_whether_the_platform_was_ever_met(name: str) -> None:
    confirmed = connectors.load(name).ABOUT.confirmed_live
    assert f"confirmed live: {confirmed.isoformat() if confirmed else 'never'}" in page(name).lower()


@each
def test_a_page_names_the_key_where_to_get_it_and_the_command_that_keeps_it(name: str) -> None:
    # What is true of every mailbox stands on the page of mailboxes, and the page of the platform leads there.
    told = page(name) + (page("mailbox") if "(mailbox.md" in page(name) else "")
    for key in connectors.load(name).ABOUT.keys:
        assert key.where.rstrip("/") in told
        assert re.search(r"worldwidewe (?:keys set|linkedin connect)", told)


@each
def test_a_page_says_what_is_unproven_where_nothing_was_ever_seen(name: str) -> None:
    if not connectors.load(name).ABOUT.recorded:
        assert "unproven" in page(name).lower()


@pytest.mark.parametrize("row", STARTERS, ids=lambda row: str(row["name"]))
def test_a_starter_source_can_be_read_and_one_whose_platform_nobody_ever_saw_is_off(row: dict[str, object]) -> None:
    about = connectors.load(str(row["connector"])).ABOUT
    if not about.recorded or any(not key.optional for key in about.keys):
        assert row.get("enabled") is False


def test_the_list_of_sources_shows_every_starter(capsys: pytest.CaptureFixture[str]) -> None:
    main(["sources", "list"])
    structlog.reset_defaults()  # a command logs to the standard error of its test, which ends with it
    said = capsys.readouterr().out
    assert [row["name"] for row in STARTERS if str(row["name"]) not in said] == []
