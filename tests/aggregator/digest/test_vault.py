"""The key of an installation: made once, kept private, never replaced by accident."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from config.vault import key


def test_the_key_is_made_on_first_use_and_readable_by_its_owner_alone(tmp_path: Path) -> None:
    home = tmp_path / "home"
    first = key(home, "message-id")
    assert len(first) == 32
    assert key(home, "message-id") == first
    assert stat.S_IMODE((home / "key").stat().st_mode) == 0o600
    assert [path.name for path in home.iterdir()] == ["key"]


def test_each_purpose_has_a_key_of_its_own(tmp_path: Path) -> None:
    assert key(tmp_path, "message-id") != key(tmp_path, "unsubscribe")
    assert key(tmp_path / "one", "message-id") != key(tmp_path / "two", "message-id")


def test_processes_that_start_together_agree_on_one_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: key(tmp_path, "message-id"), range(32)))
    assert len(keys) == 1


@pytest.mark.parametrize("text", ["", "zz", "abcd", "\x00\xff"])
def test_a_damaged_key_is_an_error_and_not_a_new_key(text: str, tmp_path: Path) -> None:
    (tmp_path / "key").write_text(text)
    with pytest.raises(ValueError, match="is not a key"):
        key(tmp_path, "message-id")
    assert (tmp_path / "key").read_text() == text
