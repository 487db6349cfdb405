"""Members, their profiles and the people who read their letters.

The one thing to know: beside each address stands on what basis it may be written to, who told its owner, and when.
"""

import sqlalchemy as sa

from aggregator.store.tables import metadata

members = sa.Table(
    "members",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    # The member as JSON, without recipients and profiles.
    sa.Column("doc", sa.Text, nullable=False),
    sa.Column("first_seen", sa.Text, nullable=False),
    sa.Column("changed_at", sa.Text, nullable=False),
)

recipients = sa.Table(
    "recipients",
    metadata,
    sa.Column("member_id", sa.Text, sa.ForeignKey(members.c.id), primary_key=True),
    sa.Column("email", sa.Text, primary_key=True),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("basis", sa.Text),
    sa.Column("informed_by", sa.Text),
    sa.Column("informed_on", sa.Text),
    sa.Column("added_at", sa.Text, nullable=False),
)

profiles = sa.Table(
    "profiles",
    metadata,
    # "<member>/<profile>", as in the matches.
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("member_id", sa.Text, sa.ForeignKey(members.c.id), nullable=False, index=True),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("doc", sa.Text, nullable=False),
    sa.Column("changed_at", sa.Text, nullable=False),
)

requests = sa.Table(
    "requests",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("doc", sa.Text, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("created_at", sa.Text, nullable=False),
    sa.Column("changed_at", sa.Text, nullable=False),
    sa.Column("withdrawn_at", sa.Text),
    # The consent that holds now; empty while there is none.
    sa.Column("consent_by", sa.Text),
    sa.Column("consent_on", sa.Text),
    sa.Column("consent_basis", sa.Text),
)

request_versions = sa.Table(
    "request_versions",
    metadata,
    sa.Column("request_id", sa.Text, sa.ForeignKey(requests.c.id), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("at", sa.Text, nullable=False),
    # added, changed, published, unpublished, withdrawn.
    sa.Column("what", sa.Text, nullable=False),
    sa.Column("doc", sa.Text),
    sa.Column("consent_by", sa.Text),
    sa.Column("consent_on", sa.Text),
    sa.Column("consent_basis", sa.Text),
)
