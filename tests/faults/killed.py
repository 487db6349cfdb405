"""The program that is killed: it reads what is due, as `run` does, and dies by SIGKILL at the moment that it was told.

The one thing to know: it loads everything once and forks to die, so that twenty kills cost seconds. Each child is a process
of its own that ends as if the machine had pulled it down: no exception is raised, nothing is flushed.

An order is a line of JSON: the store, the instant, the home, and where to die: `at` is a number among the moments at which
it speaks to the database (a statement before and after it was sent, a commit), `after` is seconds by the clock. Without
either it reads to the end and lives. The answer is a line: how it ended, and how many moments there were.
"""

import json
import logging
import os
import signal
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import structlog

import connectors
from aggregator.intake import sources
from aggregator.intake.pipeline import read_source
from aggregator.store.session import open_store
from config.settings import Settings

OURS = ("tiny", "carded")


def main() -> None:
    there = dict(connectors._modules()) | {name: f"tests.aggregator.intake.{name}" for name in OURS}
    connectors.names.cache_clear()
    connectors._modules = lambda: there  # type: ignore[assignment]
    for name in (*OURS, "ted", "feed"):
        connectors.load(name)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    for line in sys.stdin:
        print(json.dumps(_carried_out(json.loads(line))), flush=True)


def _carried_out(order: dict[str, Any]) -> dict[str, Any]:
    if not order.keys() & {"at", "after"}:
        return {"code": 0, **_read(order)}
    pid = os.fork()
    if pid == 0:
        _read(order)
        os._exit(0)
    if (seconds := order.get("after")) is not None:
        time.sleep(seconds)
        os.kill(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    return {"code": os.waitstatus_to_exitcode(status), "moments": 0, "kinds": [], "errors": []}


def _read(order: dict[str, Any]) -> dict[str, Any]:
    moments = 0

    def passed(*_: Any) -> None:
        nonlocal moments
        moments += 1
        if moments == order.get("at"):
            os.kill(os.getpid(), signal.SIGKILL)

    store = open_store(order["store"])
    for moment in ("before_cursor_execute", "after_cursor_execute", "commit"):
        sa.event.listen(store.engine, moment, passed)
    now = datetime.fromisoformat(order["now"])
    settings = Settings(home=Path(order["home"]), loopback_hosts=("127.0.0.1",))
    with store.read() as connection:
        names = sources.due(connection, now=now)
    results = [read_source(store, name, settings=settings, now=lambda: now) for name in names]
    store.close()
    errors = [result.error for result in results if result.error]
    return {"moments": moments, "kinds": [result.kind for result in results], "errors": errors}


if __name__ == "__main__":
    main()
