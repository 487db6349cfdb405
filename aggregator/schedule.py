"""What is due, and who does it: one tick a minute asks the database.

The one thing to know: the scheduler holds no truth. A tick that comes late, twice or in two processes changes nothing,
because sources carry leases and letters are unique per member and week.
"""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import structlog
from apscheduler.job import Job
from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy.exc import InterfaceError, OperationalError

from aggregator.digest import pause
from aggregator.digest import run as digest
from aggregator.intake import retention, sources, space, standing, telling
from aggregator.intake.catching_up import catch_up
from aggregator.intake.result import Progress, Result
from aggregator.intake.rounds import read_all
from aggregator.store.disk import NoSpace
from aggregator.store.session import Store
from config.settings import Settings

log = structlog.get_logger(__name__)

LETTER_WEEKDAY = 0  # Monday, as datetime.weekday() counts
LETTER_TIME = time(8, 0)
LETTER_GRACE = timedelta(hours=36)
EVERY = timedelta(minutes=1)
LOOKS_EVERY = 20.0  # seconds, by a clock that nobody sets


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
    """Read every source that is due, then write and send the letters if it is their time.

    A store that is full or away stops this tick and not the program: the next one finds the same things due.
    """
    try:
        names = store.look(lambda connection: sources.due(connection, now=now()))
        space.watch(store, settings.home, now=now())
        if names:
            read_all(store, names, settings=settings, progress=progress, finished=finished, stopping=stopping, now=now)
        if not stopping.is_set():
            telling.deliver(store, settings, now=now())
            _letters(store, settings, now=now(), stopping=stopping.is_set)
            retention.daily(store, now=now(), stopping=stopping.is_set)
            catch_up(store, now=now())
    except (NoSpace, OperationalError, InterfaceError) as exc:
        log.warning("the store cannot be used; what is due waits", why=str(getattr(exc, "orig", exc)))


def _letters(store: Store, settings: Settings, *, now: datetime, stopping: Callable[[], bool]) -> None:
    if letters_due(now, settings.zone):
        states = store.look(lambda connection: standing.states(connection, to="member"))
        done = digest.run(store, settings, now=now, sources=states, stopping=stopping)
        if done.paused is not None:
            pause.say(done.paused)
    else:
        # What a mail server has put off is tried again when it is time, on whatever day that is.
        digest.deliver(store, settings, now=now, stopping=stopping)


def keep_ticking(
    store: Store, settings: Settings, *, stopping: threading.Event, finished: Callable[[Result], None]
) -> None:
    """Tick every minute until `stopping` is set; a tick that still runs is not started a second time."""
    scheduler = BackgroundScheduler(timezone=UTC)
    job = scheduler.add_job(
        tick,
        "interval",
        seconds=EVERY.total_seconds(),
        args=(store, settings),
        kwargs={"stopping": stopping, "finished": finished},
        # The defaults would drop a tick that is a second late; the database says what is due, not the clock.
        misfire_grace_time=3600,
        coalesce=True,
        max_instances=1,
    )
    scheduler.start()
    try:
        while not stopping.wait(LOOKS_EVERY):
            _set_right(job, datetime.now(UTC))
    finally:
        # The tick at hand holds leases; who gives up waiting for it gives them back (web/commands/run.py).
        scheduler.shutdown(wait=True)


def _set_right(job: Job, now: datetime) -> None:
    """Bring the next tick near again after the clock was set back: the scheduler would wait until it has caught up."""
    # None: it is just being started, or ended.
    if job.next_run_time is not None and job.next_run_time > now + 2 * EVERY:
        log.info("the clock was set back", tick_was_due=str(job.next_run_time))
        job.modify(next_run_time=now)
