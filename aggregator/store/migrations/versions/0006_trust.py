"""The same thing once and told where it went; what readers of the store reload by; alerts; what is kept apart."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("opportunities", sa.Column("seq", sa.Integer(), server_default="0", nullable=False))
    op.add_column("opportunities", sa.Column("text_dropped_at", sa.Text(), nullable=True))
    op.execute("UPDATE opportunities SET seq = id")
    op.create_index("ix_opportunities_seq", "opportunities", ["seq"], unique=False)
    op.add_column("changes", sa.Column("noted_of", sa.Integer(), nullable=True))
    op.create_table(
        "redirects",
        sa.Column("old_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("opportunity_id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["opportunity_id"], ["opportunities.id"], name=op.f("fk_redirects_opportunity_id")),
        sa.PrimaryKeyConstraint("old_id", name=op.f("pk_redirects")),
    )
    op.create_index(op.f("ix_redirects_opportunity_id"), "redirects", ["opportunity_id"], unique=False)
    op.create_index("ix_redirects_seq", "redirects", ["seq"], unique=False)
    op.create_table(
        "merges",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("opportunity_id", sa.Integer(), nullable=False),
        sa.Column("old_id", sa.Integer(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("visit_id", sa.Integer(), nullable=True),
        sa.Column("undone_at", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merges")),
    )
    op.create_index(op.f("ix_merges_opportunity_id"), "merges", ["opportunity_id"], unique=False)
    op.create_table(
        "notices_apart",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("other_source", sa.Text(), nullable=False),
        sa.Column("other_id", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("source", "source_id", "other_source", "other_id", name=op.f("pk_notices_apart")),
    )
    op.create_table(
        "likenesses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("ends", sa.Text(), nullable=True),
        sa.Column("keys", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_likenesses")),
    )
    op.create_index("ix_likenesses_notice", "likenesses", ["source", "source_id"], unique=False)
    op.create_table(
        "alerts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.Text(), nullable=False),
        sa.Column("told_at", sa.Text(), nullable=True),
        sa.Column("healed_at", sa.Text(), nullable=True),
        sa.Column("healed_told_at", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alerts")),
    )
    op.create_index("ix_alerts_open", "alerts", ["about", "kind", "healed_at"], unique=False)
    op.add_column("sources", sa.Column("held_since", sa.Text(), nullable=True))
    op.add_column("sources", sa.Column("held_until", sa.Text(), nullable=True))
    op.add_column("quarantine", sa.Column("page_id", sa.Integer(), nullable=True))
    op.add_column("quarantine", sa.Column("last_seen", sa.Text(), nullable=True))
    op.add_column("quarantine", sa.Column("dismissed_at", sa.Text(), nullable=True))
    if op.get_bind().dialect.name == "postgresql":
        # Every word of the index once, for word forms: the inverted index itself cannot be asked for its words.
        op.execute('CREATE TABLE vocabulary (word TEXT COLLATE "C" PRIMARY KEY)')
        op.execute(
            "INSERT INTO vocabulary SELECT word FROM ts_stat('SELECT words FROM opportunity_words')"
            " WHERE length(word) <= 100 ON CONFLICT DO NOTHING"
        )
    else:
        # Segments of the index are put together later: a fifth less work when much is written; the weekly rewrite
        # (aggregator/intake/retention.py) puts together what is left.
        op.execute("INSERT INTO opportunity_words (opportunity_words, rank) VALUES ('automerge', 16)")
        # What waits to be written fits into the processor's own memory: 84 instead of 88 us a notice.
        op.execute("INSERT INTO opportunity_words (opportunity_words, rank) VALUES ('hashsize', 262144)")
        op.execute("CREATE VIRTUAL TABLE opportunity_terms USING fts5vocab(opportunity_words, row)")


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TABLE vocabulary")
    else:
        op.execute("DROP TABLE opportunity_terms")
        op.execute("INSERT INTO opportunity_words (opportunity_words, rank) VALUES ('automerge', 4)")
        op.execute("INSERT INTO opportunity_words (opportunity_words, rank) VALUES ('hashsize', 1048576)")
    for name in ("dismissed_at", "last_seen", "page_id"):
        op.drop_column("quarantine", name)
    for name in ("held_until", "held_since"):
        op.drop_column("sources", name)
    for table in ("alerts", "likenesses", "notices_apart", "merges", "redirects"):
        op.drop_table(table)
    op.drop_column("changes", "noted_of")
    op.drop_index("ix_opportunities_seq", "opportunities")
    op.drop_column("opportunities", "text_dropped_at")
    op.drop_column("opportunities", "seq")
