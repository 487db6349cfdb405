"""Detail pages that are still to be read, how full the notices of a visit were, and when an office accepted a change."""

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
        sa.ForeignKeyConstraint(["source"], ["sources.name"], name=op.f("fk_backlog_source")),
        sa.PrimaryKeyConstraint("source", "source_id", name=op.f("pk_backlog")),
    )
    op.add_column("sources", sa.Column("accepted_at", sa.Text(), nullable=True))
    op.add_column("visits", sa.Column("filled", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("visits", "filled")
    op.drop_column("sources", "accepted_at")
    op.drop_table("backlog")
