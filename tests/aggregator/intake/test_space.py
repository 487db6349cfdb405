"""The office hears that the disk gets full while there is still room to write it down, and once more when there is again."""

import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from aggregator.intake import alerts, space
from aggregator.store.disk import LEAST_FREE
from aggregator.store.session import Store
from tests.aggregator.intake.reading import NOW


def test_R4_a_disk_that_gets_full_is_told_once_and_once_more_when_there_is_room(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = [LEAST_FREE, LEAST_FREE - 1, LEAST_FREE // 2, LEAST_FREE]
    told = []
    for left in free:
        monkeypatch.setattr(shutil, "disk_usage", lambda _, left=left: SimpleNamespace(free=left))
        space.watch(store, tmp_path, now=NOW)
        with store.read() as connection:
            told.append([(one.kind, one.why[:6]) for one in alerts.listed(connection)])
    assert told == [[], [("disk", "524 MB")], [("disk", "262 MB")], []]
    with store.read() as connection:
        assert len(alerts.listed(connection, everything=True)) == 1
