"""Sessions of browsers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "sessions",
        sa.Column("hash", sa.LargeBinary, primary_key=True), sa.Column("person", sa.String(64), nullable=False),
        sa.Column("role", sa.String(16), nullable=False), sa.Column("school", sa.String(64), nullable=False),
        sa.Column("class", sa.String(64), nullable=False), sa.Column("made", sa.String(32), nullable=False),
        sa.Column("ends", sa.String(32), nullable=False),
    )  # fmt: skip
    op.create_index("sessions_by_person", "sessions", ["person"])
    op.create_index("sessions_by_end", "sessions", ["ends"])
