"""What teachers say of replies of the tutor."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_table(
        "corrections",
        sa.Column("id", sa.String(64), primary_key=True), sa.Column("person", sa.String(64), nullable=False),
        sa.Column("bundle", sa.String(128), nullable=False), sa.Column("made", sa.String(32), nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
    )  # fmt: skip
    op.create_index("corrections_by_person", "corrections", ["person"])
    op.create_index("corrections_by_age", "corrections", ["bundle", "made"])
