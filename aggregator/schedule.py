"""What is due, and who does it: one tick a minute asks the database.

The one thing to know: the scheduler holds no truth. A tick that comes late, twice or in two processes changes nothing,
because sources carry leases and letters are unique per member and week.
"""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import structlog
from apscheduler.schedulers.background import BackgroundScheduler

from aggregator.digest import run as digest
from aggregator.intake import sources, standing
from aggregator.intake.result import Progress, Result
from aggregator.intake.rounds import read_all
from aggregator.store.session import Store
from config.settings import Settings

log = structlog.get_logger(__name__)

LETTER_WEEKDAY = 0  # Monday, as datetime.weekday() counts
LETTER_TIME = time(8, 0)
LETTER_GRACE = timedelta(hours=36)


def letters_due(now: datetime, zone: str) -> bool:
    """Whether the weekly letters should go out now: from Monday 08:00 local time, at most 36 hours late.

    Local time is wall time, so that 08:00 stays 08:00 in the weeks in which the clocks change.
    """
    here = ZoneInfo(zone)
    local = now.astimezone(here)
    monday = (local - timedelta(days=local.weekday() - LETTER_WEEKDAY)).date()
    moment = datetime.combine(monday, LETTER_TIME, here).astimezone(UTC)
    return moment <= now <= moment + LETTER_GRACE


def tick(
    store: Store,
    settings: Settings,
    *,
    stopping: threading.Event,
    progress: Callable[[Progress], None] = lambda _: None,
    finished: Callable[[Result], None] = lambda _: None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> None:
    """Read every source that is due, then write and send the letters if it is their time."""
    with store.read() as connection:
        names = sources.due(connection, now=now())
    if names:
        read_all(store, names, settings=settings, progress=progress, finished=finished, stopping=stopping, now=now)
    if stopping.is_set():
        return
    if letters_due(now(), settings.zone):
        with store.read() as connection:
            states = standing.states(connection, to="member")
        digest.run(store, settings, now=now(), sources=states)
    else:
        # What a mail server has put off is tried again when it is time, on whatever day that is.
        digest.deliver(store, settings, now=now())


def keep_ticking(
    store: Store, settings: Settings, *, stopping: threading.Event, finished: Callable[[Result], None]
) -> None:
    """Tick every minute until `stopping` is set; a tick that still runs is not started a second time."""
    scheduler = BackgroundScheduler(timezone=UTC)
    scheduler.add_job(
        tick,
        "interval",
        minutes=1,
        args=(store, settings),
        kwargs={"stopping": stopping, "finished": finished},
        # The defaults would drop a tick that is a second late; the database says what is due, not the clock.
        misfire_grace_time=3600,
        coalesce=True,
        max_instances=1,
    )
    scheduler.start()
    try:
        stopping.wait()
    finally:
        scheduler.shutdown(wait=False)
