"""The tables of the directory: organisations as each source tells of them, and the entries that readers meet.

The one thing to know: every organisation has a number of its own for ever, and an entry bears the lowest number of the
organisations behind it. So an address that was given out still leads somewhere after a merge, and after its undoing.
"""

import sqlalchemy as sa

from aggregator.store.tables import metadata

organisations = sa.Table(
    "organisations",
    metadata,
    sa.Column("source", sa.Text, primary_key=True),
    sa.Column("source_id", sa.Text, primary_key=True),
    sa.Column("number", sa.Integer, nullable=False, unique=True),
    # The entry that it stands behind, and why it stands there beside others; null where nothing had to be decided.
    sa.Column("entry", sa.Integer, nullable=False, index=True),
    sa.Column("because", sa.Text),
    sa.Column("hash", sa.Text, nullable=False),
    sa.Column("fingerprint", sa.Text),
    sa.Column("doc", sa.LargeBinary, nullable=False),
    # What it is recognised by (aggregator/directory/names.py).
    sa.Column("name_key", sa.Text),
    sa.Column("site", sa.Text),
    sa.Column("host", sa.Text),
    sa.Column("country", sa.Text),
    sa.Column("place", sa.Text),
    sa.Column("first_seen", sa.Text, nullable=False),
    sa.Column("fetched_at", sa.Text, nullable=False),
    sa.Column("missing_since", sa.Text),
    sa.Column("missed", sa.Integer, nullable=False, server_default="0"),
    sa.Column("hidden_at", sa.Text),
    sa.Column("unasked", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Index("ix_organisations_name_key", "name_key"),
    sa.Index("ix_organisations_host", "host"),
)

# What an organisation says of its ties. `of` is an id of the same source, an address, or a name; it is resolved when read.
organisation_relations = sa.Table(
    "organisation_relations",
    metadata,
    sa.Column("source", sa.Text, primary_key=True),
    sa.Column("source_id", sa.Text, primary_key=True),
    sa.Column("type", sa.Text, primary_key=True),
    sa.Column("of", sa.Text, primary_key=True),
    sa.Index("ix_organisation_relations_of", "source", "of"),
)

# Pairs that the office keeps apart, whatever they have in common: the lower number first.
organisations_apart = sa.Table(
    "organisations_apart",
    metadata,
    sa.Column("one", sa.Integer, sa.ForeignKey("organisations.number"), primary_key=True, autoincrement=False),
    sa.Column("other", sa.Integer, sa.ForeignKey("organisations.number"), primary_key=True, autoincrement=False),
    sa.Column("at", sa.Text, nullable=False),
)

entries = sa.Table(
    "directory",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("doc", sa.LargeBinary, nullable=False),
    # Values between line breaks, in small letters without accents, for filters.
    sa.Column("countries", sa.Text, nullable=False),
    sa.Column("networks", sa.Text, nullable=False),
    sa.Column("sectors", sa.Text, nullable=False),
    sa.Column("sources", sa.Text, nullable=False),
    # No source lists it any more; it is kept, and shown only to whoever asks for it by its number.
    sa.Column("hidden", sa.Boolean, nullable=False),
)
