"""The tables of the letters: what was composed, what it showed, and the outbox of what is still to be delivered.

The one thing to know: (member, period, kind) is unique: no second letter of a week can exist, whoever writes it.
"""

import sqlalchemy as sa

from aggregator.store.tables import metadata

digests = sa.Table(
    "digests",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("member_id", sa.Text, nullable=False),
    # ISO week in the office's zone: 2026-W48.
    sa.Column("period", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("language", sa.Text, nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("made_at", sa.Text, nullable=False),
    sa.UniqueConstraint("member_id", "period", "kind", name="uq_digests_member_period_kind"),
)

digest_items = sa.Table(
    "digest_items",
    metadata,
    sa.Column("digest_id", sa.Integer, sa.ForeignKey("digests.id"), primary_key=True),
    sa.Column("opportunity_id", sa.Integer, sa.ForeignKey("opportunities.id"), primary_key=True, index=True),
    sa.Column("position", sa.Integer, nullable=False),
    # closing, changed, new or maybe.
    sa.Column("section", sa.Text, nullable=False),
    # The deadline, as an instant, if it was printed as closing soon: a reminder is due once for each value.
    sa.Column("deadline", sa.Text),
)

outbox = sa.Table(
    "outbox",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("digest_id", sa.Integer, sa.ForeignKey("digests.id"), nullable=False, index=True),
    sa.Column("recipient", sa.Text, nullable=False),
    sa.Column("message_id", sa.Text, nullable=False, unique=True),
    # The whole message as it will be delivered, compressed with zstd.
    sa.Column("body", sa.LargeBinary, nullable=False),
    # pending, sending, accepted, deferred, failed or unknown.
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("next_attempt", sa.Text),
    # The last word of the mail server, or where the file lies.
    sa.Column("reply", sa.Text),
    sa.Column("changed_at", sa.Text, nullable=False),
    sa.Index("ix_outbox_state", "state", "next_attempt"),
)
