"""Who signs in by another organisation's word, tickets that are used once, and courses of learning platforms."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "identities",
        sa.Column("issuer", sa.String(255), primary_key=True), sa.Column("subject", sa.String(64), primary_key=True),
        sa.Column("person", sa.String(64), nullable=False, unique=True), sa.Column("role", sa.String(16), nullable=False),
        sa.Column("school", sa.String(64), nullable=False), sa.Column("seen", sa.String(32), nullable=False),
    )  # fmt: skip
    op.create_table(
        "tickets",
        sa.Column("hash", sa.LargeBinary, primary_key=True), sa.Column("purpose", sa.String(16), nullable=False),
        sa.Column("ends", sa.String(32), nullable=False), sa.Column("sealed", sa.LargeBinary, nullable=False),
    )  # fmt: skip
    op.create_index("tickets_by_end", "tickets", ["ends"])
    op.create_table(
        "courses",
        sa.Column("course", sa.String(64), primary_key=True), sa.Column("class", sa.String(64), nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
    )  # fmt: skip
    op.create_index("courses_by_class", "courses", ["class"])
    op.create_table(
        "course_links",
        sa.Column("link", sa.String(64), primary_key=True), sa.Column("class", sa.String(64), nullable=False),
        sa.Column("assignment", sa.String(64), nullable=False), sa.Column("sealed", sa.LargeBinary, nullable=False),
    )  # fmt: skip
    op.create_index("course_links_by_assignment", "course_links", ["assignment"])
    op.create_index("course_links_by_class", "course_links", ["class"])
    op.create_table(
        "hand_ins",
        sa.Column("assignment", sa.String(64), primary_key=True), sa.Column("person", sa.String(64), primary_key=True),
        sa.Column("class", sa.String(64), nullable=False), sa.Column("handed", sa.String(32), nullable=False),
        sa.Column("confirmed", sa.String(32), nullable=False),
    )  # fmt: skip
    op.create_index("hand_ins_by_class", "hand_ins", ["class"])
    op.create_index("hand_ins_by_person", "hand_ins", ["person"])
