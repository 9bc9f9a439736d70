"""Classes, assignments and what students do in them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "classes",
        sa.Column("id", sa.String(64), primary_key=True), sa.Column("school", sa.String(64), nullable=False),
        sa.Column("teacher", sa.String(64), nullable=False), sa.Column("bundle", sa.String(128), nullable=False),
        sa.Column("made", sa.String(32), nullable=False), sa.Column("code", sa.LargeBinary, unique=True),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
    )  # fmt: skip
    op.create_index("classes_by_teacher", "classes", ["teacher"])
    op.create_table(
        "members",
        sa.Column("class", sa.String(64), primary_key=True), sa.Column("person", sa.String(64), primary_key=True),
        sa.Column("joined", sa.String(32), nullable=False),
    )  # fmt: skip
    op.create_index("members_by_person", "members", ["person"])
    op.create_table(
        "return_codes",
        sa.Column("hash", sa.LargeBinary, primary_key=True), sa.Column("person", sa.String(64), nullable=False, unique=True),
        sa.Column("made", sa.String(32), nullable=False),
    )  # fmt: skip
    op.create_table(
        "assignments",
        sa.Column("id", sa.String(64), primary_key=True), sa.Column("class", sa.String(64), nullable=False),
        sa.Column("made", sa.String(32), nullable=False), sa.Column("ended", sa.String(32), nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
    )  # fmt: skip
    op.create_index("assignments_by_class", "assignments", ["class"])
    op.create_table(
        "works",
        sa.Column("conversation", sa.String(64), primary_key=True), sa.Column("class", sa.String(64), nullable=False),
        sa.Column("assignment", sa.String(64), nullable=False), sa.Column("person", sa.String(64), nullable=False),
        sa.Column("shared", sa.String(32), nullable=False),
    )  # fmt: skip
    for column in ("class", "assignment", "person"):
        op.create_index(f"works_by_{column}", "works", [column])
    op.create_table("views", sa.Column("assignment", sa.String(64), primary_key=True), sa.Column("sealed", sa.LargeBinary, nullable=False))
