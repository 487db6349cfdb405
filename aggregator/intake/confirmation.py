"""Note that a person has seen a live platform read as it should be. Until then a source counts as unproven.

The one thing to know: only a person can say so, and only of something that was shown: a trial that brought nothing, or that
met a simulator on this machine, confirms nothing.
"""

from datetime import datetime

import sqlalchemy as sa

from aggregator.intake.clock import is_here
from aggregator.intake.tables import sources
from aggregator.intake.trial import Trial
from aggregator.store.session import Store
from connectors.base.contract import ParamError


def confirm(store: Store, done: Trial, *, now: datetime) -> None:
    """Write the day of a good trial into the source's row. Raises ParamError with what speaks against it."""
    if done.error is not None or not done.first:
        raise ParamError(done.source, f"nothing was shown that could be confirmed: {done.error or 'no record came'}")
    if is_here(done.host):
        raise ParamError(done.source, f"{done.host} is this machine, not the live platform")
    if failed := [fact for held, fact in done.facts if not held]:
        raise ParamError(done.source, f"not confirmed, because this did not hold: {'; '.join(failed)}")
    with store.write() as connection:
        row = sa.update(sources).where(sources.c.name == done.source)
        connection.execute(row.values(confirmed_live=now.date().isoformat()))
