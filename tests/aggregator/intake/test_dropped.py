"""Files that people lay into a source's folder, and for whom what they hold is."""

import os
from datetime import timedelta
from pathlib import Path

import pytest

from aggregator.intake import drop, sources
from aggregator.store.opportunities import for_office
from aggregator.store.session import Store
from tests.aggregator.intake.reading import DAY, NOW, add, everything, one, visit


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    here = drop.folder(tmp_path, "lines")
    here.mkdir(parents=True)
    return here


def test_a_file_in_the_folder_is_read_and_changed_lines_are_changes(store: Store, folder: Path, tmp_path: Path) -> None:
    add(store, "lines", "lines")
    (folder / "a.txt").write_text("1 Cheese wanted\n2 Wine wanted\n")
    assert (visit(store, "lines", home=tmp_path).new, visit(store, "lines", home=tmp_path).kind) == (2, "same")
    (folder / "a.txt").write_text("1 Cheese wanted\n2 White wine wanted\n")
    done = visit(store, "lines", home=tmp_path, at=NOW + DAY)
    assert (done.new, done.changed) == (0, 1)


def test_what_is_no_plain_file_of_the_folder_is_not_read(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "outside.txt").write_text("secret")
    (folder / "link.txt").symlink_to(tmp_path / "outside.txt")
    (folder / ".hidden").write_text("half a copy")
    (folder / "folder").mkdir()
    os.mkfifo(folder / "pipe")
    (folder / "b.txt").write_text("2")
    (folder / "a.txt").write_text("1")
    assert [file.name for file in drop.files(tmp_path, "lines")] == ["a.txt", "b.txt"]


def test_a_file_that_is_too_large_is_named_and_left_out(folder: Path, tmp_path: Path) -> None:
    with (folder / "big.csv").open("wb") as big:
        big.truncate(drop.LARGEST + 1)
    said: list[str] = []
    assert list(drop.files(tmp_path, "lines", warn=lambda event, **facts: said.append(facts["file"]))) == []
    assert said == ["big.csv"]


def test_a_source_without_a_folder_has_no_files(tmp_path: Path) -> None:
    assert list(drop.files(tmp_path, "nobody")) == []


def test_the_office_decides_for_whom_it_is_and_what_is_held_follows_at_once(
    store: Store, folder: Path, tmp_path: Path
) -> None:
    add(store, "lines", "lines")
    (folder / "a.txt").write_text("1 Cheese wanted\n")
    visit(store, "lines", home=tmp_path)
    with store.read() as connection:
        assert [item.title("en")[0] for item in for_office(connection, since=NOW - DAY)] == ["Cheese wanted"]
    for audience in ("members", "office"):
        with store.write() as connection:
            sources.change(connection, "lines", now=NOW, params={"audience": audience})
        assert [item.rights.audience for item in everything(store)] == [audience]
        assert one(store, "SELECT audience FROM opportunities") == audience
    with store.read() as connection:
        assert for_office(connection, since=NOW + timedelta(seconds=1)) == []


def test_a_change_of_audience_is_no_news_of_the_source(store: Store, folder: Path, tmp_path: Path) -> None:
    add(store, "lines", "lines")
    (folder / "a.txt").write_text("1 Cheese wanted\n")
    visit(store, "lines", home=tmp_path)
    with store.write() as connection:
        sources.change(connection, "lines", now=NOW + DAY, params={"audience": "members"})
    assert one(store, "SELECT count(*) FROM changes") == 0


def test_what_was_read_from_a_file_is_kept_for_its_own_time(store: Store, folder: Path, tmp_path: Path) -> None:
    add(store, "lines", "lines")
    for day in range(3):
        (folder / f"{day}.txt").write_text(f"{day} Wanted\n")
        visit(store, "lines", home=tmp_path, at=NOW + 10 * day * DAY)
        (folder / f"{day}.txt").unlink()
    # The first was read 20 days before the last: longer than the 14 days that this connector keeps pages.
    assert one(store, "SELECT count(*) FROM pages") == 2
