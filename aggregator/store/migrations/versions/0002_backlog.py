"""Detail pages that are still to be read, how full a visit's notices were, and what a change of parameters means."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "backlog",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("seen_at", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["source"], ["sources.name"], name=op.f("fk_backlog_source")),
        sa.PrimaryKeyConstraint("source", "source_id", name=op.f("pk_backlog")),
    )
    op.add_column("sources", sa.Column("accepted_at", sa.Text(), nullable=True))
    op.add_column("visits", sa.Column("filled", sa.Text(), nullable=True))
    op.add_column("pages", sa.Column("of", sa.Text(), nullable=True))
    op.add_column("notices", sa.Column("unasked", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    op.drop_column("notices", "unasked")
    op.drop_column("pages", "of")
    op.drop_column("visits", "filled")
    op.drop_column("sources", "accepted_at")
    op.drop_table("backlog")
