"""Matches: profile x opportunity, with the score and the reasons as they were when the match arose.

The one thing to know: a match is written when it arises and never deleted; its state says what became of it.
"""

import sqlalchemy as sa

from aggregator.people.tables import members
from aggregator.store.tables import metadata, opportunities

matches = sa.Table(
    "matches",
    metadata,
    # "<member>/<profile>": a profile that is renamed is a new one, and its member may hear of an item again.
    sa.Column("profile_id", sa.Text, primary_key=True),
    sa.Column("opportunity_id", sa.Integer, sa.ForeignKey(opportunities.c.id), primary_key=True, autoincrement=False),
    sa.Column("member_id", sa.Text, sa.ForeignKey(members.c.id), nullable=False),
    sa.Column("score", sa.Float, nullable=False),
    sa.Column("tier", sa.Text, nullable=False),
    # A JSON list of reasons, stored so that they still explain after the profile was changed.
    sa.Column("reasons", sa.Text, nullable=False),
    sa.Column("first_seen", sa.Text, nullable=False),
    sa.Column("changed_at", sa.Text, nullable=False),
    # new: not told yet · offered: behind "more" of a letter · sent: in a letter · dropped: fits no longer (sent_at stays)
    sa.Column("state", sa.Text, nullable=False, server_default="new"),
    sa.Column("sent_at", sa.Text),
    sa.Index("ix_matches_opportunity_id", "opportunity_id"),
    sa.Index("ix_matches_member_id", "member_id", "state"),
)
