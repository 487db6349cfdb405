"""On which file systems a store of SQLite may lie: any of this machine, and none of the net (R3)."""

from pathlib import Path

import pytest

from aggregator.store import disk
from tests.cli.conftest import Command, worldwidewe

__all__ = ["worldwidewe"]

MOUNTS = """\
/dev/vda1 / ext4 rw,relatime 0 0
proc /proc proc rw 0 0
tmpfs /run tmpfs rw,size=10% 0 0
nas.example.org:/export /srv/office nfs4 rw,vers=4.2,addr=192.0.2.7 0 0
//nas.example.org/share /srv/with\\040blank cifs rw,vers=3.0 0 0
member@host.example.org: /home/coop/remote fuse.sshfs rw,nosuid,nodev 0 0
/dev/vdb1 /srv/office/local xfs rw 0 0
host /mnt/c 9p rw,trans=virtio 0 0
portal /run/user/1000/doc fuse.portal rw 0 0
/dev/fuse /srv/disk fuse.ext4 rw 0 0
odd
"""


@pytest.mark.parametrize(
    ("folder", "found"),
    [
        ("/var/lib/worldwidewe", None),
        ("/srv", None),
        ("/srv/office", ("nfs4", "/srv/office")),
        ("/srv/office/deep/var", ("nfs4", "/srv/office")),
        ("/srv/office/local/var", None),
        ("/srv/officers", None),
        ("/srv/with blank/var", ("cifs", "/srv/with blank")),
        ("/home/coop/remote/var", ("fuse.sshfs", "/home/coop/remote")),
        ("/mnt/c/var", ("9p", "/mnt/c")),
        ("/run/user/1000/doc", None),
        ("/srv/disk/var", None),
    ],
)
def test_R3_the_mount_that_a_folder_lies_on_decides(folder: str, found: tuple[str, str] | None) -> None:
    assert disk.network_mount(Path(folder), MOUNTS) == found


def test_R3_of_two_file_systems_on_one_place_the_later_one_counts() -> None:
    over = f"{MOUNTS}/dev/vdc1 /srv/office ext4 rw 0 0\n"
    assert disk.network_mount(Path("/srv/office/var"), over) is None
    under = f"/dev/vdc1 /srv/office ext4 rw 0 0\n{MOUNTS}"
    assert disk.network_mount(Path("/srv/office/var"), under) == ("nfs4", "/srv/office")


def test_R3_this_very_folder_may_hold_a_store(tmp_path: Path) -> None:
    assert disk.refusal(tmp_path) is None


def test_R3_where_there_is_no_table_of_mounts_nothing_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disk, "_MOUNTS", tmp_path / "none")
    assert disk.refusal(tmp_path) is None


def test_R3_a_command_refuses_a_store_on_the_net_in_one_line_that_names_the_way_out(
    worldwidewe: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "office"
    (tmp_path / "link").symlink_to(home)
    table = tmp_path / "mounts"
    table.write_text(f"/dev/vda1 / ext4 rw 0 0\nnas:/export {home} nfs4 rw 0 0\n")
    monkeypatch.setattr(disk, "_MOUNTS", table)
    for given in (home, tmp_path / "link" / "deeper"):
        monkeypatch.setenv("WORLDWIDEWE_HOME", str(given))
        done = worldwidewe("sources", "list")
        assert (done.code, done.out) == (1, "")
        (line,) = done.err.splitlines()
        assert line.startswith(f"worldwidewe: WORLDWIDEWE_HOME: {home}")
        assert f"(nfs4, mounted on {home})" in line
        assert "WORLDWIDEWE_DATABASE=postgresql://" in line
    assert not list(tmp_path.rglob("store.sqlite"))
    # Kept elsewhere, the same home is fine.
    monkeypatch.setenv("WORLDWIDEWE_DATABASE", f"sqlite:///{tmp_path / 'here' / 'store.sqlite'}")
    assert worldwidewe("sources", "list").code == 0
