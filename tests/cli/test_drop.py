"""`sources drop`: a file is read and shown before it lies where its source finds it."""

import stat
from pathlib import Path

import pytest

from tests.cli.conftest import Command

POSTS = "post_id;title;author_organisation;created_at;url\n1;Cerca fornitori;Coop Uno;2026-11-01;https://c.example/1\n2;Offre corsi;Coop Due;2026-11-02;https://c.example/2\n"


@pytest.fixture
def source(worldwidewe: Command) -> str:
    assert worldwidewe("sources", "add", "posts", "file_drop", "shape=coopspace").code == 0
    return "posts"


def written(folder: Path, name: str, body: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(body.encode() if isinstance(body, str) else body)
    return path


def test_a_file_is_shown_laid_there_for_nobody_else_and_read(
    worldwidewe: Command, source: str, home: Path, tmp_path: Path
) -> None:
    done = worldwidewe("sources", "drop", source, written(tmp_path, "posts.csv", POSTS))
    assert (done.code, done.err) == (0, "")
    assert "posts.csv: 2 opportunities, 0 organisations" in done.out
    assert "business_request: Cerca fornitori" in done.out
    laid = home / "drop" / "posts" / "posts.csv"
    assert laid.read_text() == POSTS
    assert (stat.S_IMODE(laid.stat().st_mode), stat.S_IMODE(laid.parent.stat().st_mode)) == (0o600, 0o700)
    assert [path.name for path in laid.parent.iterdir()] == ["posts.csv"]
    (row,) = worldwidewe("pull", source, "--json").json_lines()
    assert (row["class"], row["new"]) == ("ok", 2)


def test_a_wrong_file_is_refused_with_its_row_unless_it_is_wanted_anyway(
    worldwidewe: Command, source: str, home: Path, tmp_path: Path
) -> None:
    bad = written(tmp_path, "posts.csv", POSTS + "3;Cerca;Coop;2026-11-02;https://c.example/3;zuviel\n")
    done = worldwidewe("sources", "drop", source, bad)
    assert done.code == 1
    assert "row 4: ValueError: has 6 cells, and there are 5 names of columns" in done.out
    assert done.complaint == "worldwidewe: posts.csv: not laid there: 1 rows cannot be read; with --anyway it is"
    assert not (home / "drop" / "posts" / "posts.csv").exists()
    assert worldwidewe("sources", "drop", source, bad, "--anyway").code == 0
    assert (home / "drop" / "posts" / "posts.csv").exists()


def test_of_several_files_the_good_ones_are_laid_there(
    worldwidewe: Command, source: str, home: Path, tmp_path: Path
) -> None:
    good, bad = written(tmp_path, "a.csv", POSTS), written(tmp_path, "b.csv", b"%PDF-1.7")
    done = worldwidewe("sources", "drop", source, good, bad)
    assert (done.code, "is a PDF" in done.err) == (1, True)
    assert [path.name for path in (home / "drop" / "posts").iterdir()] == ["a.csv"]


@pytest.mark.parametrize(
    ("name", "kept"), [(".hidden.csv", "hidden.csv"), ("a b;c|d.csv", "a b_c_d.csv"), ("é" * 110 + ".csv", None)]
)
def test_W11_the_name_of_a_file_is_made_harmless(
    worldwidewe: Command, source: str, home: Path, tmp_path: Path, name: str, kept: str | None
) -> None:
    assert worldwidewe("sources", "drop", source, written(tmp_path, name, POSTS)).code == 0
    (laid,) = (home / "drop" / "posts").iterdir()
    assert len(laid.name.encode()) <= 200
    assert kept is None or laid.name == kept
    assert worldwidewe("pull", source, "--json").json_lines()[0]["new"] == 2


def test_a_source_that_reads_no_files_takes_none(worldwidewe: Command, tmp_path: Path) -> None:
    assert worldwidewe("sources", "add", "news", "feed", "url=https://a.example/feed").code == 0
    done = worldwidewe("sources", "drop", "news", written(tmp_path, "a.csv", POSTS))
    assert (done.code, "news reads no files" in done.complaint) == (1, True)


def test_a_file_that_is_not_there_is_one_line(worldwidewe: Command, source: str) -> None:
    done = worldwidewe("sources", "drop", source, "nowhere.csv")
    assert (done.code, done.complaint) == (1, "worldwidewe: nowhere.csv: no such file or directory")
