"""`doctor` and `backup`."""

import sqlite3
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.cli.conftest import MEMBERS, Command
from tests.portals.feeds import FeedPortal
from tests.portals.ted import TedPortal
from tests.portals.ted_faults import forbidden


def test_doctor_asks_a_new_installation_to_say_who_it_is(worldwidewe: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    done = worldwidewe("doctor")
    assert done.code == 1
    assert [line for line in done.out.splitlines() if line.startswith("TODO")] == [
        "TODO  the platforms cannot find out who reads them: set WORLDWIDEWE_CONTACT to a public page"
    ]
    monkeypatch.setenv("WORLDWIDEWE_CONTACT", "https://federation.example.org/who-reads")
    done = worldwidewe("doctor")
    assert done.code == 0
    assert "ok    our name at the platforms: (+https://federation.example.org/who-reads)" in done.out
    assert "ok    store: SQLite " in done.out


def test_doctor_names_a_source_that_fails(
    worldwidewe: Command, read_store: Sequence[str], ted: TedPortal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORLDWIDEWE_CONTACT", "https://federation.example.org/who-reads")
    assert worldwidewe("doctor").code == 0
    ted.fail(forbidden())
    worldwidewe("pull", "tenders")
    done = worldwidewe("doctor")
    assert done.code == 1
    assert "TODO  source tenders: blocked: " in done.out


def test_doctor_wants_a_sender_when_letters_leave_the_house(
    worldwidewe: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORLDWIDEWE_MAILER", "smtp")
    assert "TODO  letters go out by 127.0.0.1:25 from digest@localhost.localdomain" in worldwidewe("doctor").out
    monkeypatch.setenv("WORLDWIDEWE_MAIL_FROM", "letters@federation.example.org")
    assert "ok    letters go out by 127.0.0.1:25 from letters@federation.example.org" in worldwidewe("doctor").out


def test_a_backup_is_a_store_that_the_command_goes_on_with(
    worldwidewe: Command, read_store: Sequence[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    exported = worldwidewe("export", "--now", "2026-11-23T09:30Z").out
    copy = tmp_path / "backups" / "monday.sqlite"
    done = worldwidewe("backup", copy)
    assert done.code == 0
    assert str(copy) in done.out
    with sqlite3.connect(copy) as store:
        (count,) = store.execute("SELECT count(*) FROM opportunities").fetchone()
        (pages,) = store.execute("SELECT count(*) FROM pages").fetchone()
    store.close()
    assert count == len(exported.splitlines()) > 0
    assert pages > 0
    monkeypatch.setenv("WORLDWIDEWE_HOME", str(tmp_path / "another"))
    (tmp_path / "another").mkdir()
    copy.rename(tmp_path / "another" / "store.sqlite")
    assert worldwidewe("export", "--now", "2026-11-23T09:30Z").out == exported
    assert [row["class"] for row in worldwidewe("pull", *read_store, "--json").json_lines()] == ["same", "same"]


def test_every_database_is_one_address(
    worldwidewe: Command, feeds: FeedPortal, store_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORLDWIDEWE_DATABASE", store_url)
    worldwidewe("sources", "add", "valley", "feed", f"url={feeds.url}/rss.xml")
    assert worldwidewe("pull", "valley", "--json").json_lines()[0]["new"] == 20
    assert worldwidewe("pull", "valley", "--json").json_lines()[0]["class"] == "same"
    assert worldwidewe("members", "import", MEMBERS).code == 0
    assert worldwidewe("digest", "run").code == 0
    assert worldwidewe("reparse", "valley").out.splitlines()[1] == "0 new, 0 changed, 20 the same"
    assert len(worldwidewe("export").json_lines()) == 20
    assert "ok    store: " in worldwidewe("doctor").out
    copy = tmp_path / "copy"
    assert worldwidewe("backup", copy).code == 0
    archive = copy.read_bytes()
    assert archive.startswith(b"SQLite format 3" if store_url.startswith("sqlite") else b"PGDMP")


def test_a_backup_never_overwrites(worldwidewe: Command, tmp_path: Path) -> None:
    file = tmp_path / "precious.sqlite"
    file.write_text("precious")
    done = worldwidewe("backup", file)
    assert (done.code, done.out) == (1, "")
    assert done.complaint == f"worldwidewe: {file} exists already; give the name of a new file"
    assert file.read_text() == "precious"


def test_a_backup_that_cannot_be_written_is_one_line(worldwidewe: Command) -> None:
    done = worldwidewe("backup", "/proc/nothing.sqlite")
    assert done.code == 1
    assert done.complaint.startswith("worldwidewe: /proc/nothing.sqlite: ")


def test_the_key_is_kept_apart_from_the_backup(
    worldwidewe: Command, three_members: Sequence[str], home: Path, tmp_path: Path
) -> None:
    worldwidewe("digest", "run")
    done = worldwidewe("backup", tmp_path / "copy.sqlite")
    assert f"keep {home / 'key'} apart from it" in done.out
    assert (home / "key").read_text().strip().encode() not in (tmp_path / "copy.sqlite").read_bytes()
