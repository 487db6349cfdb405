"""What becomes of visits that do not end when the program does.

The one thing to know: their leases are given back and their fences moved on, so that the next start reads at once, and
what a thread of ours may still want to write is refused.
"""

from datetime import datetime

import sqlalchemy as sa

from aggregator.intake.lease import this_process
from aggregator.intake.tables import pages, sources, visits
from aggregator.store.session import Store
from aggregator.store.tables import stamp

WHY = "stopping: cut off in the middle, the next visit goes on from the last page"


def cut_off(store: Store, *, now: datetime) -> list[str]:
    """Close the visits that this process has open and give their leases back; returns the names of their sources."""
    with store.write() as connection:
        held = sa.select(sources.c.name).where(sources.c.lease_owner == this_process()).order_by(sources.c.name)
        names = list(connection.scalars(held))
        mine = sources.c.name.in_(names)
        free = {"lease_owner": None, "lease_until": None, "fence": sources.c.fence + 1}
        connection.execute(sa.update(sources).where(mine).values(free))
        answered = sa.exists().where(pages.c.visit_id == visits.c.id)
        connection.execute(
            sa.update(visits)
            .where(visits.c.source.in_(names), visits.c.ended_at.is_(None))
            .values({"ended_at": stamp(now), "class": sa.case((answered, "partial"), else_="transient"), "error": WHY})
        )
    return names
