"""Rosters: the names of a class, unlinked, and who of a list has which pseudonym, under a key."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.add_column("return_codes", sa.Column("issued", sa.String(16), nullable=False, server_default=""))
    op.create_table(
        "rosters",
        sa.Column("class", sa.String(64), primary_key=True), sa.Column("source", sa.String(32), nullable=False, unique=True),
        sa.Column("imported", sa.String(16), nullable=False), sa.Column("sealed", sa.LargeBinary, nullable=False),
    )  # fmt: skip
    op.create_table(
        "enrolled",
        sa.Column("class", sa.String(64), primary_key=True), sa.Column("source", sa.String(32), primary_key=True),
        sa.Column("person", sa.String(64), nullable=False),
    )  # fmt: skip
    op.create_index("enrolled_by_person", "enrolled", ["person"])
    op.create_index("enrolled_by_source", "enrolled", ["source"])
