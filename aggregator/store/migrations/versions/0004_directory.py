"""The directory: organisations, their relations, the entries that readers meet, and their words."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "organisations",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("entry", sa.Integer(), nullable=False),
        sa.Column("because", sa.Text(), nullable=True),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=True),
        sa.Column("doc", sa.LargeBinary(), nullable=False),
        sa.Column("name_key", sa.Text(), nullable=True),
        sa.Column("site", sa.Text(), nullable=True),
        sa.Column("host", sa.Text(), nullable=True),
        sa.Column("country", sa.Text(), nullable=True),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("first_seen", sa.Text(), nullable=False),
        sa.Column("fetched_at", sa.Text(), nullable=False),
        sa.Column("missing_since", sa.Text(), nullable=True),
        sa.Column("missed", sa.Integer(), server_default="0", nullable=False),
        sa.Column("hidden_at", sa.Text(), nullable=True),
        sa.Column("unasked", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.PrimaryKeyConstraint("source", "source_id", name=op.f("pk_organisations")),
        sa.UniqueConstraint("number", name=op.f("uq_organisations_number")),
    )
    op.create_index(op.f("ix_organisations_entry"), "organisations", ["entry"], unique=False)
    op.create_index("ix_organisations_name_key", "organisations", ["name_key"], unique=False)
    op.create_index("ix_organisations_host", "organisations", ["host"], unique=False)
    op.create_table(
        "organisation_relations",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("of", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("source", "source_id", "type", "of", name=op.f("pk_organisation_relations")),
    )
    op.create_index("ix_organisation_relations_of", "organisation_relations", ["source", "of"], unique=False)
    op.create_table(
        "organisations_apart",
        sa.Column("one", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("other", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["one"], ["organisations.number"], name=op.f("fk_organisations_apart_one")),
        sa.ForeignKeyConstraint(["other"], ["organisations.number"], name=op.f("fk_organisations_apart_other")),
        sa.PrimaryKeyConstraint("one", "other", name=op.f("pk_organisations_apart")),
    )
    op.create_table(
        "directory",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("doc", sa.LargeBinary(), nullable=False),
        sa.Column("countries", sa.Text(), nullable=False),
        sa.Column("networks", sa.Text(), nullable=False),
        sa.Column("sectors", sa.Text(), nullable=False),
        sa.Column("sources", sa.Text(), nullable=False),
        sa.Column("hidden", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directory")),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute("CREATE TABLE directory_words (rowid INTEGER PRIMARY KEY, words TSVECTOR NOT NULL)")
        op.execute("CREATE INDEX ix_directory_words_words ON directory_words USING gin (words)")
    else:
        op.execute(
            "CREATE VIRTUAL TABLE directory_words USING fts5(name, text, tokenize='unicode61 remove_diacritics 2')"
        )


def downgrade() -> None:
    op.drop_table("directory_words")
    for table in ("directory", "organisations_apart", "organisation_relations", "organisations"):
        op.drop_table(table)
