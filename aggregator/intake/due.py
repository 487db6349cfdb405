"""When the next visit has come. The one thing to know: the clock may have been wrong when that was written down.

A clock that was set forwards by mistake, and back again, must not silence a source until it has caught up; one that was set
back a little must not have everything read twice.
"""

from datetime import datetime, timedelta

from aggregator.store.tables import moment

LONGEST_PAUSE = timedelta(days=7)
CLOCKS_DIFFER = timedelta(minutes=5)
"""The clocks of two machines that read for one store may differ by so much."""


def has_come(next_visit: str, *, ended: str | None, now: datetime) -> bool:
    """Whether it is time for a visit; `ended` is when the last one did, both as `stamp` wrote them. Pure.

    Where the clock was ahead when that was written, the pause that was meant is kept, up to twice as long.
    """
    until = moment(next_visit)
    if until <= now or until > now + LONGEST_PAUSE:
        return True
    if ended is None or moment(ended) <= now + CLOCKS_DIFFER:
        return False
    return until - now >= 2 * (until - moment(ended))
