"""What an opportunity said while fewer people might see it stays said to them alone.

The one thing to know: that something changed, and when, is kept; the words before and after are not.
"""

from collections.abc import Iterable

import sqlalchemy as sa

from aggregator.store.opportunity import Opportunity, wider
from aggregator.store.tables import changes


def hush(connection: sa.Connection, pairs: Iterable[tuple[Opportunity, Opportunity]]) -> None:
    """Take the words out of the history of every opportunity that more people may see now (before, after)."""
    ids = [new.id for old, new in pairs if wider(new.rights.audience, old.rights.audience)]
    for id in ids:
        mine = sa.update(changes).where(changes.c.opportunity_id == id)
        connection.execute(mine.values(before=None, after=None))
