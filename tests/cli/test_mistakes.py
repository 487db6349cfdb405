"""A user's mistake is one line on standard error: what is wrong and what to do, and never a traceback."""

import sqlite3
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Command

BAD_COMMAND_LINES = [
    (["frobnicate"], "No such command 'frobnicate'"),
    (["pull", "--frob"], "No such option '--frob'"),
    (["sources", "add"], "Missing argument 'NAME'"),
    (["sources", "set", "ted-digital"], "nothing to change was given"),
    (["sources", "add", "x", "feed", "url=https://example.org/a", "--every", "1"], "'--every'"),
    (["export", "--format", "xml"], "'xml' is not one of 'jsonl', 'csv'"),
    (["export", "--now", "tomorrow"], "'tomorrow' is not a moment; write it as 2026-11-23T08:00+01:00"),
    (["parse", "feed", "missing.xml"], "'missing.xml' does not exist"),
    (["members", "import", "missing.yml"], "'missing.yml' does not exist"),
]
UNKNOWN = [
    (["pull", "nowhere"], "source: there is no source 'nowhere'; see: worldwidewe sources list"),
    (["pull", "ted-digitl"], "there is no source 'ted-digitl'; did you mean ted-digital"),
    (["reparse", "nowhere"], "source: there is no source 'nowhere'"),
    (["sources", "show", "nowhere"], "source: there is no source 'nowhere'"),
    (["sources", "set", "nowhere", "days=3"], "source: there is no source 'nowhere'"),
    (["sources", "remove", "nowhere"], "source: there is no source 'nowhere'"),
    (["sources", "test", "nowhere"], "source: there is no source 'nowhere'"),
    (["members", "show", "nobody"], "member: there is no member 'nobody'; see: worldwidewe members list"),
    (["digest", "preview", "nobody"], "member: there is no member 'nobody'"),
]
BAD_PARAMETERS = [
    (
        ["sources", "add", "x", "facebook"],
        "there is no connector 'facebook'; there are: anac_pvl, brainport, ",
    ),
    (["sources", "add", "x", "feed"], "url: Field required"),
    (["sources", "add", "x", "feed", "url=ftp://example.org/"], "url: Value error, must be an absolute http"),
    (
        ["sources", "add", "x", "feed", "adress=https://example.org/"],
        "adress: feed has no such parameter; it has: url,",
    ),
    (["sources", "add", "x", "feed", "https://example.org/rss"], "write it as PARAMETER=VALUE"),
    (["sources", "add", "X y", "feed", "url=https://example.org/"], "name: 'X y': use small letters"),
    (["sources", "add", "x", "ted", 'cpv=["85"'], "cpv: begins like JSON and is none"),
    (["sources", "add", "x", "ted", "cpv=health"], "cpv.0: String should match pattern"),
    (["sources", "add", "ted-digital", "ted"], "there is a source 'ted-digital' already; change it with"),
    (["sources", "set", "ted-digital", "days=900"], "days: Input should be less than or equal to 60"),
]


@pytest.mark.parametrize(
    ("arguments", "said"), BAD_COMMAND_LINES, ids=lambda v: " ".join(v) if isinstance(v, list) else ""
)
def test_a_command_line_that_makes_no_sense_ends_with_2_and_points_to_its_help(
    worldwidewe: Command, arguments: list[str], said: str
) -> None:
    done = worldwidewe(*arguments)
    assert done.code == 2
    assert done.out == ""
    assert done.complaint.startswith("worldwidewe: ")
    assert said in done.complaint
    assert done.complaint.endswith(" --help")


@pytest.mark.parametrize(
    ("arguments", "said"), UNKNOWN + BAD_PARAMETERS, ids=lambda v: " ".join(v) if isinstance(v, list) else ""
)
def test_what_does_not_exist_or_cannot_be_is_one_line(worldwidewe: Command, arguments: list[str], said: str) -> None:
    worldwidewe("sources", "list")
    done = worldwidewe(*arguments)
    assert done.code == 1
    assert done.out == ""
    assert done.complaint.startswith("worldwidewe: ")
    assert said in done.complaint


@pytest.mark.parametrize(
    ("setting", "value", "said"),
    [
        ("DATABASE", "not an address", "WORLDWIDEWE_DATABASE: Could not parse"),
        ("DATABASE", "oracle7://somewhere/x", "WORLDWIDEWE_DATABASE: Can't load plugin"),
        ("DATABASE", "postgresql://127.0.0.1:1/nothing", "store: connection failed"),
        ("DATABASE", "sqlite:////proc/nothing/store.sqlite", "/proc/nothing: no such file or directory"),
        ("BOARD_PORT", "eighty", "WORLDWIDEWE_BOARD_PORT: 'eighty': Input should be a valid integer"),
        ("LANGUAGES", "it", 'a list is written as ["it", "en"]'),
        ("ZONE", "Rome", "WORLDWIDEWE_ZONE: 'Rome' is not a time zone such as Europe/Rome"),
        ("MAILER", "pigeon", "WORLDWIDEWE_MAILER: 'pigeon': Input should be 'maildir' or 'smtp'"),
    ],
)
def test_a_wrong_setting_is_named(
    worldwidewe: Command, monkeypatch: pytest.MonkeyPatch, setting: str, value: str, said: str
) -> None:
    monkeypatch.setenv(f"WORLDWIDEWE_{setting}", value)
    done = worldwidewe("doctor")
    assert (done.code, done.out) == (1, "")
    assert said in done.complaint


def test_a_password_in_a_database_address_is_not_repeated(
    worldwidewe: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORLDWIDEWE_DATABASE", "postgresql://office:hushhush@127.0.0.1:1/board")
    done = worldwidewe("members", "list")
    assert done.code == 1
    assert "hushhush" not in done.err


def test_postgresql_without_its_driver_says_what_to_install(
    worldwidewe: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    monkeypatch.setenv("WORLDWIDEWE_DATABASE", "postgresql://127.0.0.1:1/board")
    done = worldwidewe("doctor")
    assert done.code == 1
    assert done.complaint.endswith("PostgreSQL needs: pip install 'psycopg[binary]'")


def test_a_file_that_is_no_database_is_named(worldwidewe: Command, home: Path) -> None:
    home.mkdir()
    (home / "store.sqlite").write_text("a shopping list, long enough to be looked at\n" * 100)
    done = worldwidewe("export")
    assert done.code == 1
    assert done.complaint.endswith("store.sqlite: file is not a database")


def test_a_store_of_a_later_version_is_left_alone(worldwidewe: Command, home: Path) -> None:
    worldwidewe("doctor")
    with sqlite3.connect(home / "store.sqlite") as store:
        store.execute("UPDATE alembic_version SET version_num = '9999'")
    store.close()
    done = worldwidewe("pull")
    assert done.code == 1
    assert done.complaint == "worldwidewe: the store is at 9999, which this version does not know: update the program"


def test_a_home_that_is_a_file_is_named(worldwidewe: Command, home: Path) -> None:
    home.write_text("not a folder")
    done = worldwidewe("sources", "list")
    assert done.code == 1
    assert done.complaint == f"worldwidewe: {home}: file exists"


def test_the_bare_command_shows_its_help(worldwidewe: Command) -> None:
    done = worldwidewe()
    assert done.code == 2
    assert "Usage: worldwidewe" in done.err
    assert "pull" in done.err
