"""The pages under docs/ say what the program does: settings, commands, formats, and links that lead somewhere."""

import json
import re
import shlex
from collections.abc import Iterator
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, get_args

import click
import pytest

from aggregator.intake.health import VisitClass
from aggregator.intake.reading import Rejected
from aggregator.intake.result import Result
from aggregator.intake.sources import STARTER
from aggregator.store.history import WORTH_TELLING
from aggregator.store.noted import Noted
from aggregator.store.opportunity import Change, Opportunity, Status
from config.settings import Settings, load
from connectors.base.contract import Certainty, Deadline, DeadlineKind, Kind, Money, Notice, Organisation, Shape
from web.cli import cli
from web.commands.export import _KEYS, change_told, document

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
SHAPES: dict[str, type[Shape]] = {
    "Notice": Notice,
    "Organisation": Organisation,
    "Deadline": Deadline,
    "Money": Money,
}


def page(name: str) -> str:
    return (DOCS / f"{name}.md").read_text(encoding="utf-8")


# settings.md


def settings_told() -> dict[str, tuple[str, str]]:
    rows = re.findall(r"^\| `WORLDWIDEWE_(\w+)` \| (.+?) \| (.+) \|$", page("settings"), re.MULTILINE)
    return {name.lower(): (default, meaning) for name, default, meaning in rows}


def default_told(value: Any) -> str:
    if value is None or value == ():
        return "—"
    if isinstance(value, bool | tuple):
        return f"`{json.dumps(value)}`"
    return f"`{value}`"


def test_every_setting_is_on_the_page_and_every_one_on_the_page_exists() -> None:
    assert sorted(settings_told()) == sorted(Settings.model_fields)


@pytest.mark.parametrize("name", Settings.model_fields)
def test_the_page_tells_a_settings_default_and_meaning(name: str) -> None:
    default, meaning = settings_told()[name]
    assert default == default_told(Settings.model_fields[name].default)
    assert len(meaning) > 10


def test_settings_may_stand_in_a_file_and_the_environment_wins(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("WORLDWIDEWE_HOME", str(tmp_path))
    lines = (
        "WORLDWIDEWE_OFFICE=Federation of the valley",
        'WORLDWIDEWE_LANGUAGES=["en"]',
        "WORLDWIDEWE_BOARD_PORT=8081",
    )
    (tmp_path / "settings.env").write_text("\n".join(lines) + "\n", encoding="utf-8")
    monkeypatch.setenv("WORLDWIDEWE_BOARD_PORT", "8082")
    settings = load()
    assert (settings.office, settings.languages, settings.board_port) == ("Federation of the valley", ("en",), 8082)


# commands.md


def commands(group: click.Group = cli, name: str = "worldwidewe") -> Iterator[tuple[str, click.Command]]:
    """Every command with its full name, groups too."""
    context = click.Context(group)
    for short in group.list_commands(context):
        command = group.get_command(context, short)
        assert command is not None
        yield f"{name} {short}", command
        if isinstance(command, click.Group):
            yield from commands(command, f"{name} {short}")


ALL = dict(commands())
LEAVES = {name: command for name, command in ALL.items() if not isinstance(command, click.Group)}


def sections() -> dict[str, str]:
    """What commands.md says of each command."""
    return dict(
        re.findall(r"^### `(worldwidewe [a-z ]+)`\n(.*?)(?=^##|\Z)", page("commands"), re.MULTILINE | re.DOTALL)
    )


def options(command: click.Command) -> set[str]:
    given = [parameter for parameter in command.params if isinstance(parameter, click.Option)]
    return {flag for option in given for flag in (*option.opts, *option.secondary_opts)}


def example(command: click.Command) -> str:
    assert command.epilog
    head, colon, line = command.epilog.partition("Example: ")
    assert (head, colon) == ("", "Example: ")
    return line


def test_every_command_is_on_the_page_and_every_one_on_the_page_exists() -> None:
    assert sorted(sections()) == sorted(LEAVES)


@pytest.mark.parametrize("name", LEAVES)
def test_the_page_names_the_options_and_the_example_of_a_command(name: str) -> None:
    section = sections()[name]
    told = {
        flag for row in re.findall(r"^- (.+?):", section, re.MULTILINE) for flag in re.findall(r"`(--[\w-]+)`", row)
    }
    assert told == options(LEAVES[name])
    assert f"Example: `{example(LEAVES[name])}`" in section


@pytest.mark.parametrize("name", ALL)
def test_a_command_and_its_options_have_help(name: str) -> None:
    command = ALL[name]
    assert command.help
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help, f"{name} {parameter.name}"


@pytest.mark.parametrize("name", ALL)
def test_the_example_of_a_command_is_a_line_that_parses(
    name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    line = example(ALL[name]).partition(" > ")[0]
    words = [word for word in shlex.split(line) if not word.startswith("WORLDWIDEWE_")]
    assert words[0] == "worldwidewe"
    assert line.removeprefix("WORLDWIDEWE_BOARD_PORT=8080 ").startswith(name)
    starter = STARTER.read_text(encoding="utf-8")
    assert [word for word in words if word.startswith("ted-") and f'name = "{word}"' not in starter] == []
    called: list[str] = []
    for full, leaf in LEAVES.items():
        monkeypatch.setattr(leaf, "callback", lambda full=full, **given: called.append(full))
    monkeypatch.chdir(tmp_path)
    for file in ("saved.xml", "members.yml", "members.csv"):
        Path(file).touch()
    cli.main(words[1:], standalone_mode=False)
    assert len(called) == 1
    assert called[0].startswith(name)


def test_the_overview_lists_what_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    cli.main(["--help"], standalone_mode=False)
    told = re.findall(r"^  ([a-z]+)  ", capsys.readouterr().out.partition("Commands:")[2], re.MULTILINE)
    assert [f"worldwidewe {short}" for short in told] == [name for name in ALL if name.count(" ") == 1]


# formats.md


def examples(shape: str) -> list[dict[str, Any]]:
    found = re.findall(rf"^```json {shape}\n(.*?)^```$", page("formats"), re.MULTILINE | re.DOTALL)
    assert found
    return [json.loads(text) for text in found]


@pytest.mark.parametrize("name", SHAPES)
def test_an_example_is_read_by_the_programs_own_model_and_comes_back_as_it_was(name: str) -> None:
    for told in examples(name):
        assert SHAPES[name].model_validate_json(json.dumps(told)).model_dump(mode="json") == told


@pytest.mark.parametrize("name", SHAPES)
def test_the_examples_show_every_key(name: str) -> None:
    shown = {key for told in examples(name) for key in told}
    assert shown == set(SHAPES[name].model_fields)


def test_the_opportunity_is_what_export_would_print() -> None:
    (told,) = examples("Opportunity")
    stated = {key: value for key, value in told.items() if key not in {"status", "next_deadline", "changes"}}
    read_at = {"fetched_at": "2026-11-23T07:00:00Z"}
    stated |= {"id": int(told["id"]), "notices": [notice | read_at for notice in told["notices"]]}
    item = Opportunity.model_validate_json(json.dumps(stated))
    changes = [Change.model_validate_json(json.dumps(change)) for change in told["changes"]]
    printed = document(item, now=NOW, board="https://board.example.org")
    assert printed | {"changes": [change.model_dump(mode="json") for change in changes]} == told


def test_the_opportunity_shows_every_key_that_export_can_print() -> None:
    (told,) = examples("Opportunity")
    inside = {"zone", "announced", "withdrawn_at", "links", "contact", "published_at", "updated_at", "opens_at"}
    assert set(told) == set(Opportunity.model_fields) - inside | {"status", "next_deadline", "changes"}
    assert list(told) == [*_KEYS, "changes"]


def test_a_line_of_history_is_what_export_would_print_and_the_fields_worth_telling_are_named() -> None:
    (told,) = examples("History")
    change = {key: told[key] for key in ("field", "before", "after", "at", "cause")}
    row = Noted(
        opportunity_id=int(told["opportunity"]),
        source=told["source"],
        visit_id=told["visit"],
        change=Change.model_validate_json(json.dumps(change)),
        noted_of=int(told["noted_of"]),
    )
    assert list(change_told(row).items()) == list(told.items())
    worth = re.findall(r"`(\w+)`", page("formats").partition("| `field` | of it |")[2].split("\n")[2].split("|")[1])
    assert worth == list(WORTH_TELLING)


def test_a_rejected_record_and_a_visit_have_the_keys_of_the_program() -> None:
    (rejected,) = examples("Rejected")
    assert rejected.keys() == {f.name for f in fields(Rejected)} - {"record", "trace"}
    (visit,) = examples("Visit")
    result = Result(kind=visit["class"], **{key: value for key, value in visit.items() if key != "class"})
    assert list(result.line().items()) == list(visit.items())


@pytest.mark.parametrize(
    "values", [Kind, DeadlineKind, Certainty, Status], ids=["kinds", "deadlines", "certainty", "status"]
)
def test_every_word_that_a_key_can_hold_is_on_the_page(values: Any) -> None:
    text = page("formats")
    assert [word for word in get_args(values) if f"`{word}`" not in text] == []


def test_the_classes_of_a_visit_are_those_of_the_program() -> None:
    table = page("formats").partition("| class | means |")[2].partition("\n\n")[0]
    assert sorted(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)) == sorted(get_args(VisitClass))


# every page


@pytest.mark.parametrize("path", sorted([*DOCS.rglob("*.md"), ROOT / "CONTRIBUTING.md"]), ids=lambda p: p.name)
def test_a_link_to_another_page_leads_there(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    targets = [link.partition("#")[0] for link in re.findall(r"\]\(([^)\s]+)\)", text) if "://" not in link]
    assert [target for target in targets if target and not (path.parent / target).exists()] == []


def test_contributing_names_targets_that_exist() -> None:
    made = set(re.findall(r"^([a-z0-9-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    told = set(re.findall(r"`make ([a-z0-9-]+)`", (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")))
    assert told - made == set()
    assert {"run", "test", "check", "bench", "format", "lock", "demo"} <= told
