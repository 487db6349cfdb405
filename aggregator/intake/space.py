"""Is there room on the disk? Asked at every tick, while there still is some: a full disk can write down nothing."""

import shutil
from datetime import datetime
from pathlib import Path

from aggregator.intake import alerts
from aggregator.store.disk import LEAST_FREE
from aggregator.store.session import Store

KIND = "disk"


def short(free: int) -> str | None:
    """Say what is wrong with so many free bytes; None: nothing is."""
    if free >= LEAST_FREE:
        return None
    return f"{free // 1_000_000} MB are free on the disk of the data; below {LEAST_FREE // 1_000_000} make room"


def watch(store: Store, home: Path, *, now: datetime) -> None:
    """Open an alert of the installation when the disk gets full, and close it when there is room again."""
    why = short(shutil.disk_usage(home).free)
    with store.read() as connection:
        there = any(one.kind == KIND for one in alerts.listed(connection, about=""))
    if why is None and not there:
        return
    with store.write() as connection:
        if why is None:
            alerts.heal(connection, "", now=now, kinds={KIND})
        else:
            alerts.raise_(connection, "", KIND, why, now=now)
