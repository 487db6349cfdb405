"""`keys`: secrets go in unseen, are named, and never come out again."""

import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from aggregator.store.secrets import Vault
from aggregator.store.session import open_store
from aggregator.store.tables import secrets
from tests.cli.conftest import Command

SECRET = "s3cret-0123456789"


@pytest.fixture
def piped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{SECRET}\n"))


def test_a_key_that_is_piped_in_is_kept_and_never_shown(worldwidewe: Command, home: Path, piped: None) -> None:
    done = worldwidewe("keys", "set", "some-platform", "--days", "90")
    assert done.code == 0
    ends = datetime.now(UTC) + timedelta(days=90)
    (row,) = [row for row in worldwidewe("keys", "list", "--json").json_lines() if row["name"] == "some-platform"]
    assert row["ends"] == f"{ends:%Y-%m-%d}"
    said = done.out + done.err + worldwidewe("keys", "list").out
    assert SECRET not in said
    assert SECRET.encode() not in b"".join(path.read_bytes() for path in home.rglob("*") if path.is_file())
    assert Vault(open_store(f"sqlite:///{home / 'store.sqlite'}"), home).get("some-platform") == SECRET


def test_a_key_on_the_command_line_is_refused_and_not_repeated(worldwidewe: Command) -> None:
    done = worldwidewe("keys", "set", "some-platform", SECRET)
    assert done.code == 2
    assert "never given on the command line" in done.err
    assert SECRET not in done.out + done.err
    assert worldwidewe("keys", "list", "--json").json_lines() == [
        row for row in worldwidewe("keys", "list", "--json").json_lines() if row["set"] == "no"
    ]


def test_an_empty_key_is_refused(worldwidewe: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("\n"))
    done = worldwidewe("keys", "set", "some-platform")
    assert done.code == 1
    assert "nothing was given" in done.err


def test_a_key_can_be_forgotten_once(worldwidewe: Command, piped: None) -> None:
    worldwidewe("keys", "set", "some-platform")
    assert worldwidewe("keys", "forget", "some-platform").code == 0
    again = worldwidewe("keys", "forget", "some-platform")
    assert (again.code, "there is no key 'some-platform'" in again.err) == (1, True)


def test_a_source_says_which_key_it_needs_where_to_get_it_and_how_to_set_it(worldwidewe: Command) -> None:
    shown = worldwidewe("sources", "show", "sam-gov-italy-europe").out
    assert "needs          key sam-gov" in shown
    assert "NOT SET" in shown
    assert "https://sam.gov" in shown
    assert "worldwidewe keys set sam-gov" in shown
    listed = [
        row for row in worldwidewe("sources", "list", "--json").json_lines() if row["name"] == "sam-gov-italy-europe"
    ]
    assert "key sam-gov" in listed[0]["needs"]


def test_the_doctor_names_a_missing_key_of_a_source_that_is_on_and_one_that_ends_soon(
    worldwidewe: Command, home: Path, piped: None
) -> None:
    assert "sam-gov" not in worldwidewe("doctor").out
    worldwidewe("sources", "set", "sam-gov-italy-europe", "--on")
    assert "TODO  source sam-gov-italy-europe: key sam-gov" in worldwidewe("doctor").out
    worldwidewe("keys", "set", "sam-gov")
    assert "key sam-gov" not in worldwidewe("doctor").out
    store = open_store(f"sqlite:///{home / 'store.sqlite'}")
    soon = (datetime.now(UTC) + timedelta(days=9)).strftime("%Y-%m-%dT%H:%M:%SZ")
    with store.write() as connection:
        connection.execute(sa.update(secrets).values(expires_at=soon))
    assert "renew it" in worldwidewe("doctor").out
