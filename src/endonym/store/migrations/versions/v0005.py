"""What persons have practised."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "practice",
        sa.Column("person", sa.String(64), primary_key=True), sa.Column("item", sa.String(32), primary_key=True),
        sa.Column("bundle", sa.String(128), nullable=False), sa.Column("answered", sa.String(32), nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
    )  # fmt: skip
    op.create_index("practice_by_age", "practice", ["bundle", "answered"])
