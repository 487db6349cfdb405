"""A program that visits a few platforms many times, and says how much of the machine it holds.

The one thing to know: the visits go through `read_all`, threads and all, at instants an hour apart, and every day the
letters are asked for; so what a visit leaves behind is seen after weeks of it, in seconds.
"""

import gc
import json
import logging
import resource
import sys
import threading
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import structlog

import connectors
from aggregator.digest.run import deliver
from aggregator.intake.rounds import read_all
from aggregator.store.session import open_store
from config.settings import Settings
from tests.aggregator.intake.reading import NOW


def main() -> None:
    url, home, visits, names = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), sys.argv[4:]
    there = dict(connectors._modules()) | {name: f"tests.aggregator.intake.{name}" for name in ("tiny", "carded")}
    connectors.names.cache_clear()
    connectors._modules = lambda: there  # type: ignore[assignment]
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    settings = Settings(home=home, loopback_hosts=("127.0.0.1",))
    store, done = open_store(url), 0
    while done < visits:
        at = NOW + done * timedelta(minutes=20)
        kinds = [result.kind for result in read_all(store, names, settings=settings, now=partial(_same, at))]
        deliver(store, settings, now=at)
        done += len(names)
        gc.collect()
        print(json.dumps({"visits": done, "kinds": kinds, **held()}), flush=True)
    store.close()


def _same(at: datetime) -> datetime:
    return at


def held() -> dict[str, int]:
    """Memory in bytes, open files and threads of this process."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return {
        "memory": pages * resource.getpagesize(),
        "files": len(list(Path("/proc/self/fd").iterdir())),
        "threads": threading.active_count(),
    }


if __name__ == "__main__":
    main()
