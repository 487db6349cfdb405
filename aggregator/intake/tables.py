"""The tables of intake: sources, their visits, the pages they answered with, and what could not be read."""

import sqlalchemy as sa

from aggregator.store.tables import metadata

sources = sa.Table(
    "sources",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("connector", sa.Text, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("params", sa.Text, nullable=False),
    sa.Column("enabled", sa.Boolean, nullable=False),
    # None: the connector's own polite rhythm.
    sa.Column("rhythm_minutes", sa.Integer),
    sa.Column("next_visit", sa.Text),
    sa.Column("failures", sa.Integer, nullable=False, server_default="0"),
    sa.Column("cursor", sa.Text),
    # The lease: who reads this source now, until when, and under which fence a late write is told apart.
    sa.Column("lease_owner", sa.Text),
    sa.Column("lease_until", sa.Text),
    sa.Column("fence", sa.Integer, nullable=False, server_default="0"),
    sa.Column("confirmed_live", sa.Text),
    sa.Column("added_at", sa.Text, nullable=False),
    sa.Column("removed_at", sa.Text),
    # When its parameters were changed, or the office accepted that it brings less: earlier visits are no measure.
    sa.Column("accepted_at", sa.Text),
    # A flood: what it has brought since `held_since` is in no letter until the office says so, or until `held_until`.
    sa.Column("held_since", sa.Text),
    sa.Column("held_until", sa.Text),
)

visits = sa.Table(
    "visits",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("source", sa.Text, sa.ForeignKey("sources.name"), nullable=False, index=True),
    sa.Column("mode", sa.Text, nullable=False),
    sa.Column("started_at", sa.Text, nullable=False),
    sa.Column("ended_at", sa.Text),
    # One of the classes of docs/formats.md; null while the visit goes on.
    sa.Column("class", sa.Text),
    sa.Column("complete", sa.Boolean, nullable=False, server_default=sa.false()),
    *(
        sa.Column(count, sa.Integer, nullable=False, server_default="0")
        for count in ("seen", "new", "changed", "same", "withdrawn", "rejected", "skipped", "requests", "bytes")
    ),
    sa.Column("announced", sa.Integer),
    sa.Column("seconds", sa.Float, nullable=False, server_default="0"),
    sa.Column("error", sa.Text),
    # JSON: which share of the notices that were read stated a field.
    sa.Column("filled", sa.Text),
)

# Cards whose detail page is still to be read, in the order in which they were seen.
backlog = sa.Table(
    "backlog",
    metadata,
    sa.Column("source", sa.Text, sa.ForeignKey("sources.name"), primary_key=True),
    sa.Column("source_id", sa.Text, primary_key=True),
    sa.Column("fingerprint", sa.Text, nullable=False),
    sa.Column("url", sa.Text),
    sa.Column("seen_at", sa.Text, nullable=False),
    # Visits that asked for its page in vain.
    sa.Column("tries", sa.Integer, nullable=False, server_default="0"),
)

pages = sa.Table(
    "pages",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("source", sa.Text, sa.ForeignKey("sources.name"), nullable=False),
    sa.Column("visit_id", sa.Integer, sa.ForeignKey("visits.id"), nullable=False, index=True),
    # A digest of method, address and body of the request: "the same address" for a search that is posted.
    sa.Column("address", sa.Text, nullable=False),
    sa.Column("method", sa.Text, nullable=False),
    sa.Column("request_url", sa.Text, nullable=False),
    sa.Column("request_body", sa.LargeBinary),
    sa.Column("url", sa.Text, nullable=False),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("status", sa.Integer, nullable=False),
    sa.Column("headers", sa.Text, nullable=False),
    sa.Column("fetched_at", sa.Text, nullable=False),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
    # The notice whose detail page it is.
    sa.Column("of", sa.Text),
    sa.Index("ix_pages_address", "source", "address"),
)

quarantine = sa.Table(
    "quarantine",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("source", sa.Text, sa.ForeignKey("sources.name"), nullable=False),
    # A digest of the record: the same poison is one row, however often it is met.
    sa.Column("record", sa.Text, nullable=False),
    sa.Column("visit_id", sa.Integer, nullable=False),
    sa.Column("source_id", sa.Text),
    sa.Column("place", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("excerpt", sa.Text, nullable=False),
    sa.Column("first_seen", sa.Text, nullable=False),
    # The kept page on which it stood last; null once that is gone.
    sa.Column("page_id", sa.Integer),
    sa.Column("last_seen", sa.Text),
    # The office has looked at it and wants to hear no more of it.
    sa.Column("dismissed_at", sa.Text),
    sa.UniqueConstraint("source", "record"),
)
