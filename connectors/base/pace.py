"""Time: how long a visit may last, and how close together two requests to one host may come.

The one thing to know: the pause between requests counts from the end of one answer to the start of the next request, so
a server never sees two requests closer together than that, however slow the way there is.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from connectors.base.contract import Memory

_STEP = 0.5  # seconds: how soon a sleeping visit hears that the program is stopping


class VisitOver(Exception):
    """No error: the time of this visit is spent, or the program is stopping, as `reason` says; it ends well, partial."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class VisitClock:
    """The time of one visit, in seconds. Its parts are handed in so that tests need not wait."""

    def __init__(
        self,
        time_limit: float,
        *,
        stopping: Callable[[], bool] = lambda: False,
        sleep: Callable[[float], object] = time.sleep,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.monotonic = monotonic
        self._stopping = stopping
        self._sleep = sleep
        self._ends = monotonic() + time_limit

    def left(self) -> float:
        return self._ends - self.monotonic()

    def check(self) -> None:
        """Raise VisitOver if this visit must end now."""
        if self._stopping():
            raise VisitOver("stopping")
        if self.left() <= 0:
            raise VisitOver("time limit")

    def wait(self, seconds: float) -> None:
        """Sleep; raise VisitOver at once if the visit would end before, and soon if the program stops meanwhile."""
        self.check()
        if seconds >= self.left():
            raise VisitOver("time limit")
        while seconds > 0:
            step = min(seconds, _STEP)
            self._sleep(step)
            self.check()
            seconds -= step


class _Gate:
    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.last: float | None = None


class Gates:
    """A gate for every host: one connection at a time. All clients of a process share one set."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._gates: dict[str, _Gate] = {}

    @contextmanager
    def turn(self, place: str, pace: float, clock: VisitClock) -> Iterator[None]:
        """Hold the gate of a place for one request, at least `pace` seconds after the one before."""
        with self._lock:
            gate = self._gates.setdefault(place, _Gate())
        while not gate.lock.acquire(timeout=_STEP):
            clock.check()
        try:
            if gate.last is not None:
                clock.wait(gate.last + pace - clock.monotonic())
            clock.check()
            try:
                yield
            finally:
                gate.last = clock.monotonic()
        finally:
            gate.lock.release()


SHARED = Gates()


def hold(memory: Memory, place: str, until: datetime | None) -> None:
    """Write down that a place asked not to be visited before an instant; None: it may be again."""
    memory.remember(f"not_before:{place}", until.astimezone(UTC).isoformat() if until else None)


def held_for(memory: Memory, place: str, now: datetime) -> float:
    """Return the seconds for which a place is still to be left alone, also after a restart; 0 if it may be visited."""
    kept = memory.recall(f"not_before:{place}")
    if kept is None:
        return 0.0
    # A clock that was set back must not silence a source for longer than any server may ask.
    left = min(datetime.fromisoformat(kept) - now, timedelta(hours=24))
    return max(left.total_seconds(), 0.0)
