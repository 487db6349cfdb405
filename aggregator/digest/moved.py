"""What letters have shown follows an opportunity that goes into another: reminders and changes go on from there."""

import sqlalchemy as sa

from aggregator.digest.tables import digest_items


def move(connection: sa.Connection, old: int, new: int) -> None:
    """Let letters that showed opportunity `old` count as having shown `new`; one that showed both has it once."""
    both = sa.select(digest_items.c.digest_id).where(digest_items.c.opportunity_id == new)
    here = digest_items.c.opportunity_id == old
    connection.execute(sa.delete(digest_items).where(here, digest_items.c.digest_id.in_(both)))
    connection.execute(sa.update(digest_items).where(here).values(opportunity_id=new))
