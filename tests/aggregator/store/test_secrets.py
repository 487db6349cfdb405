"""The vault: what a thief of the store finds, what a wrong key opens, and who may renew a secret at a time."""

import os
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from aggregator.store import secrets as room
from aggregator.store.backup import backup
from aggregator.store.secrets import Vault
from aggregator.store.session import Store
from aggregator.store.tables import secrets as rows
from connectors.base.contract import FetchError, ParamError

CANARY = "sk-canary-5f1c9e-secret-of-a-platform"


@pytest.fixture
def vault(store: Store, tmp_path: Path) -> Vault:
    return Vault(store, tmp_path / "home")


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Waiting for a lock ends at once."""
    monkeypatch.setattr(room, "PATIENCE", 0.0)


def test_what_was_put_is_got_until_it_is_forgotten(vault: Vault) -> None:
    assert vault.get("sam-gov") is None
    vault.put("sam-gov", "one")
    vault.put("sam-gov", "zwei ✓ \x00", days=90)
    assert vault.get("sam-gov") == vault.require("sam-gov") == "zwei ✓ \x00"
    assert vault.forget("sam-gov")
    assert vault.get("sam-gov") is None
    assert not vault.forget("sam-gov")


def test_F24_a_missing_secret_says_how_to_set_it(vault: Vault) -> None:
    with pytest.raises(FetchError, match="set it with: worldwidewe keys set sam-gov") as error:
        vault.require("sam-gov")
    assert error.value.kind == "auth"


def test_it_says_what_is_kept_and_until_when_and_never_what_it_holds(vault: Vault) -> None:
    vault.put("short", CANARY, days=60)
    vault.put("endless", CANARY)
    endless, short = vault.everything()
    now = datetime.now(UTC)
    assert (endless.name, endless.expires_at) == ("endless", None)
    assert now - endless.set_at < timedelta(seconds=30)
    assert short.expires_at is not None
    assert short.expires_at - short.set_at == timedelta(days=60)
    assert CANARY not in repr(vault.everything()) + repr(vault)


def test_a_secret_that_is_set_anew_has_the_new_end(vault: Vault) -> None:
    vault.put("key", "one", days=5)
    vault.put("key", "two")
    (kept,) = vault.everything()
    assert kept.expires_at is None


@pytest.mark.parametrize(("name", "value"), [("", "x"), ("n" * 101, "x"), ("name", "")])
def test_a_secret_without_a_name_or_a_value_is_refused(vault: Vault, name: str, value: str) -> None:
    with pytest.raises(ParamError, match="a secret needs a name"):
        vault.put(name, value)
    assert vault.everything() == []


def test_W10_nothing_of_a_secret_stands_in_the_store_or_its_backup(vault: Vault, store: Store, tmp_path: Path) -> None:
    for number in range(20):
        vault.put(f"name-{number}", CANARY * 50)
    if store.sqlite:
        backup(store, tmp_path / "copy.sqlite")
        held = b"".join(path.read_bytes() for path in tmp_path.glob("*.sqlite*"))
        assert b"name-7" in held  # what is looked through is what was written
    else:
        with store.read() as connection:
            held = b"".join(bytes(sealed) for sealed in connection.scalars(sa.select(rows.c.sealed)))
        assert held
    assert CANARY.encode() not in held
    key = (tmp_path / "home" / "key").read_text().strip()
    assert key.encode() not in held
    assert bytes.fromhex(key) not in held


def test_W10_the_same_secret_is_sealed_differently_each_time(vault: Vault, store: Store) -> None:
    sealed = []
    for name in ("one", "two", "one"):
        vault.put(name, CANARY)
        sealed.append(_sealed(store, name))
    assert len(set(sealed)) == 3


def test_W10_another_key_opens_nothing_and_says_what_to_do(vault: Vault, store: Store, tmp_path: Path) -> None:
    vault.put("sam-gov", CANARY)
    stranger = Vault(store, tmp_path / "another")
    with pytest.raises(
        FetchError, match=r"sealed with another key than .*; set it again: worldwidewe keys set"
    ) as error:
        stranger.get("sam-gov")
    assert error.value.kind == "auth"
    assert CANARY not in str(error.value)
    stranger.put("sam-gov", "mine")
    assert stranger.get("sam-gov") == "mine"


def test_W10_a_row_in_another_s_place_is_not_opened(vault: Vault, store: Store) -> None:
    vault.put("weak", "one")
    vault.put("strong", CANARY)
    _write(store, "weak", _sealed(store, "strong"))
    with pytest.raises(FetchError):
        vault.get("weak")
    assert vault.get("strong") == CANARY


@pytest.mark.parametrize("place", [0, 11, 12, -1])
def test_W10_a_sealed_text_that_was_touched_is_not_opened(vault: Vault, store: Store, place: int) -> None:
    vault.put("key", CANARY)
    sealed = bytearray(_sealed(store, "key"))
    sealed[place] ^= 1
    _write(store, "key", bytes(sealed))
    with pytest.raises(FetchError):
        vault.get("key")


def test_the_key_is_its_owner_s_alone(vault: Vault, tmp_path: Path) -> None:
    vault.put("key", CANARY)
    assert (tmp_path / "home" / "key").stat().st_mode & 0o777 == 0o600


def test_F24_a_secret_is_committed_before_put_returns(vault: Vault, store: Store) -> None:
    database = store.engine.url.render_as_string(hide_password=False)
    code = (
        "import os, sys; from pathlib import Path\n"
        "from aggregator.store.secrets import Vault; from aggregator.store.session import open_store\n"
        "Vault(open_store(sys.argv[1]), Path(sys.argv[2])).put('key', 'of a process that died')\n"
        "os._exit(9)\n"
    )
    died = subprocess.run([sys.executable, "-c", code, database, vault.home], timeout=60, check=False, env=os.environ)
    assert died.returncode == 9
    assert vault.get("key") == "of a process that died"


def test_F24_one_at_a_time_holds_the_lock_of_a_name(vault: Vault) -> None:
    inside, most, together = 0, 0, threading.Barrier(4)
    count = threading.Lock()

    def work(_: int) -> None:
        nonlocal inside, most
        together.wait()
        with vault.lock("key"):
            with count:
                inside += 1
                most = max(most, inside)
            time.sleep(0.02)
            with count:
                inside -= 1

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    assert most == 1


@pytest.mark.parametrize("times", range(3))
def test_two_who_put_a_new_secret_at_the_same_moment_both_succeed(vault: Vault, times: int) -> None:
    together = threading.Barrier(4)

    def put(number: int) -> None:
        together.wait()
        vault.put("key", f"value-{number}")

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(put, range(4)))
    assert vault.require("key").startswith("value-")


@pytest.mark.usefixtures("impatient")
def test_F24_a_lock_that_is_held_is_waited_for_and_then_told(vault: Vault) -> None:
    with (
        vault.lock("key"),
        pytest.raises(FetchError, match="another process is renewing it") as error,
        vault.lock("key"),
    ):
        pass
    assert error.value.kind == "transient"
    with vault.lock("one"), vault.lock("another"):
        pass


@pytest.mark.usefixtures("impatient")
def test_F24_the_lock_is_free_again_after_a_failure(vault: Vault) -> None:
    with pytest.raises(ValueError, match="the login failed"), vault.lock("key"):
        raise ValueError("the login failed")
    with vault.lock("key"):
        pass


@pytest.mark.usefixtures("impatient")
def test_F24_the_lock_of_a_dead_owner_ends_and_it_frees_nobody_else_s(
    vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "LOCKED", timedelta(seconds=-2))
    dead = vault.lock("key")
    dead.__enter__()
    monkeypatch.undo()
    monkeypatch.setattr(room, "PATIENCE", 0.0)
    with vault.lock("key"):
        # It was not dead after all, only slow: what it gives back is not its own any more.
        dead.__exit__(None, None, None)
        with pytest.raises(FetchError), vault.lock("key"):
            pass


@pytest.mark.usefixtures("impatient")
def test_F24_a_lock_from_a_clock_that_was_far_ahead_is_none(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "LOCKED", timedelta(days=365))
    vault.lock("key").__enter__()
    monkeypatch.undo()
    monkeypatch.setattr(room, "PATIENCE", 0.0)
    with vault.lock("key"):
        pass


def test_a_lock_is_no_secret_and_locking_changes_none(vault: Vault) -> None:
    with vault.lock("key"):
        assert vault.get("key") is None
        assert vault.everything() == []
        vault.put("key", "renewed")
        assert vault.get("key") == "renewed"
    assert vault.get("key") == "renewed"


def _sealed(store: Store, name: str) -> bytes:
    with store.read() as connection:
        return bytes(connection.scalars(sa.select(rows.c.sealed).where(rows.c.name == name)).one())


def _write(store: Store, name: str, sealed: bytes) -> None:
    with store.write() as connection:
        connection.execute(sa.update(rows).where(rows.c.name == name).values(sealed=sealed))
