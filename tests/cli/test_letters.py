"""`members` and `digest`: who gets letters, what they would get, and that nobody gets one twice."""

import email
import email.policy
import sqlite3
from collections.abc import Sequence
from pathlib import Path

import pytest
import yaml

from aggregator.people.files import load
from tests.cli.conftest import MEMBERS, Command

BAD = """\
members:
  - id: coop-one
    name: One
    profiles: [{name: A, sectors: [cleaning_of_things]}]
  - id: coop-two
    nmae: Two
"""


def rows(home: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table, for comparing before and after."""
    store = sqlite3.connect(f"file:{home / 'store.sqlite'}?mode=ro", uri=True)
    try:
        names = [name for (name,) in store.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: store.execute(f'SELECT * FROM "{name}"').fetchall() for name in names}
    finally:
        store.close()


def test_members_are_imported_listed_and_shown(worldwidewe: Command, three_members: Sequence[str]) -> None:
    again = worldwidewe("members", "import", MEMBERS)
    assert again.code == 0
    assert again.out.startswith("0 new, 0 changed, 3 the same, 0 not in the file and left alone\n")
    listed = [line.split()[:2] for line in worldwidewe("members", "list").out.splitlines()]
    assert listed == [["caseificio-monte-sereno", "it"], ["consorzio-ponte", "en"], ["coop-aurora", "it"]]


def test_what_show_prints_is_a_members_file(worldwidewe: Command, three_members: Sequence[str], tmp_path: Path) -> None:
    shown = worldwidewe("members", "show", "coop-aurora").out
    (row,) = yaml.safe_load(shown)["members"]
    assert row["name"] == "Cooperativa sociale Aurora"
    file = tmp_path / "one.yml"
    file.write_text(shown, encoding="utf-8")
    assert load(file) == [member for member in load(MEMBERS) if member.id == "coop-aurora"]


def test_before_the_first_import_the_list_says_how(worldwidewe: Command) -> None:
    assert worldwidewe("members", "list").out == "no members yet; see: worldwidewe members import --help\n"


def test_a_recipient_without_a_basis_is_named_at_the_import_and_by_the_doctor(
    worldwidewe: Command, tmp_path: Path
) -> None:
    file = tmp_path / "members.csv"
    file.write_text("name;type;language;email\nUno;cooperative;it;uno@example.org\n", encoding="utf-8")
    told = "1 recipients have no basis, which says why we may write to them: docs/members.md"
    assert told in worldwidewe("members", "import", file).err
    assert f"TODO  {told}" in worldwidewe("doctor").out


def test_a_file_with_mistakes_is_refused_as_a_whole_with_a_line_for_each(
    worldwidewe: Command, three_members: Sequence[str], tmp_path: Path
) -> None:
    file = tmp_path / "bad.yml"
    file.write_text(BAD, encoding="utf-8")
    done = worldwidewe("members", "import", file)
    assert (done.code, done.out) == (1, "")
    said = done.err.splitlines()
    assert len(said) >= 3
    assert all(line.startswith("worldwidewe: ") for line in said)
    assert any("cleaning_of_things" in line for line in said)
    assert any("nmae" in line and "did you mean name?" in line for line in said)
    assert len(worldwidewe("members", "list").out.splitlines()) == 3


def test_a_preview_prints_the_letter(worldwidewe: Command, three_members: Sequence[str]) -> None:
    done = worldwidewe("digest", "preview", "coop-aurora")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("Subject: ")
    assert len(done.out) > 500


def test_a_preview_writes_three_files_and_changes_no_row(
    worldwidewe: Command, three_members: Sequence[str], home: Path, tmp_path: Path
) -> None:
    before = rows(home)
    out = tmp_path / "letters"
    done = worldwidewe("digest", "preview", "coop-aurora", "--out", out)
    assert done.code == 0
    assert sorted(path.name for path in out.iterdir()) == [f"coop-aurora.{kind}" for kind in ("eml", "html", "txt")]
    message = email.message_from_bytes((out / "coop-aurora.eml").read_bytes(), policy=email.policy.default)
    assert message["Subject"] == done.out.splitlines()[0]
    assert message["To"] == "ufficio@aurora.example.org"
    text = (out / "coop-aurora.txt").read_text(encoding="utf-8")
    assert (out / "coop-aurora.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    part = message.get_body(("plain",))
    assert part is not None
    assert part.get_content().split() == text.split()
    assert rows(home) == before
    assert not (home / "maildir").exists()


def test_a_member_that_nothing_fits_gets_no_letter(
    worldwidewe: Command, read_store: Sequence[str], tmp_path: Path
) -> None:
    file = tmp_path / "silent.yml"
    profile = {"name": "Vacancies", "kinds": ["vacancy"], "countries": ["MT"]}
    silent = {"id": "silent", "name": "Silent", "recipients": [{"email": "office@silent.example.org"}]}
    file.write_text(yaml.safe_dump({"members": [silent | {"profiles": [profile]}]}))
    assert worldwidewe("members", "import", file).code == 0
    assert worldwidewe("digest", "preview", "silent").out == "nothing to tell Silent now: no letter would be sent\n"
    assert "nothing to tell: no letter" in worldwidewe("digest", "run").out


def test_a_second_run_of_the_week_sends_nothing_more(
    worldwidewe: Command, three_members: Sequence[str], home: Path
) -> None:
    first = worldwidewe("digest", "run")
    assert first.code == 0
    assert first.out.startswith("letters of 20")
    letters = sorted((home / "maildir" / "new").iterdir())
    assert 1 <= len(letters) <= 3
    assert f"mail: {len(letters)} accepted" in first.out
    again = worldwidewe("digest", "run")
    assert again.code == 0
    assert "has this week's letter already" in again.out
    assert again.out.endswith("mail: nothing to deliver\n")
    assert sorted((home / "maildir" / "new").iterdir()) == letters


@pytest.mark.parametrize(
    ("moment", "week"),
    [
        ("2026-11-23T08:00+01:00", "2026-W48"),
        ("2026-11-22T23:30Z", "2026-W48"),
        ("2026-11-22T23:30", "2026-W47"),
    ],
)
def test_the_week_is_that_of_the_office_and_a_bare_time_is_its_wall_clock(
    worldwidewe: Command, moment: str, week: str
) -> None:
    done = worldwidewe("digest", "run", "--now", moment)
    assert (done.code, done.out) == (0, f"letters of {week}\nmail: nothing to deliver\n")
