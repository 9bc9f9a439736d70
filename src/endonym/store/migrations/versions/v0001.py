"""The first shape."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "conversations",
        sa.Column("id", sa.String(64), primary_key=True), sa.Column("person", sa.String(64), nullable=False),
        sa.Column("bundle", sa.String(128), nullable=False), sa.Column("started", sa.String(32), nullable=False),
        sa.Column("settings", sa.Text, nullable=False),
    )  # fmt: skip
    op.create_index("conversations_by_age", "conversations", ["bundle", "started"])
    op.create_index("conversations_by_person", "conversations", ["person"])
    op.create_table(
        "turns",
        sa.Column("id", sa.String(64), primary_key=True), sa.Column("conversation", sa.String(64), nullable=False),
        sa.Column("person", sa.String(64), nullable=False), sa.Column("bundle", sa.String(128), nullable=False),
        sa.Column("number", sa.Integer, nullable=False), sa.Column("started", sa.String(32), nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
    )  # fmt: skip
    op.create_index("turns_by_conversation", "turns", ["conversation", "number"])
    op.create_index("turns_by_age", "turns", ["bundle", "started"])
    op.create_index("turns_by_person", "turns", ["person"])
    op.create_table(
        "data_keys", sa.Column("owner", sa.String(64), primary_key=True), sa.Column("wrapped", sa.LargeBinary, nullable=False))  # fmt: skip
    op.create_table(
        "ledger",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("turn", sa.String(64), nullable=False, unique=True), sa.Column("content", sa.Text, nullable=False),
        sa.Column("previous", sa.String(80), nullable=False), sa.Column("digest", sa.String(80), nullable=False),
    )  # fmt: skip
    op.create_table(
        "ledger_nodes",
        sa.Column("height", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("place", sa.Integer, primary_key=True, autoincrement=False), sa.Column("hash", sa.LargeBinary, nullable=False),
    )  # fmt: skip
    op.create_table(
        "checkpoints",
        sa.Column("size", sa.Integer, primary_key=True, autoincrement=False), sa.Column("made", sa.String(32), nullable=False),
        sa.Column("note", sa.Text, nullable=False),
    )  # fmt: skip
    op.create_table(
        "keys",
        sa.Column("id", sa.String(16), primary_key=True), sa.Column("hash", sa.LargeBinary, nullable=False),
        sa.Column("name", sa.String(128), nullable=False), sa.Column("person", sa.String(64), nullable=False),
        sa.Column("school", sa.String(64), nullable=False), sa.Column("class", sa.String(64), nullable=False),
        sa.Column("audiences", sa.Text, nullable=False), sa.Column("made", sa.String(32), nullable=False),
        sa.Column("ends", sa.String(32), nullable=False), sa.Column("revoked", sa.String(32), nullable=False),
    )  # fmt: skip
    op.create_index("keys_by_person", "keys", ["person"])
    op.create_table(
        "budgets",
        sa.Column("scope", sa.String(192), primary_key=True), sa.Column("kind", sa.String(16), primary_key=True),
        sa.Column("per", sa.String(16), nullable=False), sa.Column("most", sa.BigInteger, nullable=False),
    )  # fmt: skip
    op.create_table(
        "spent",
        sa.Column("scope", sa.String(192), primary_key=True), sa.Column("kind", sa.String(16), primary_key=True),
        sa.Column("period", sa.String(16), primary_key=True), sa.Column("amount", sa.BigInteger, nullable=False),
    )  # fmt: skip
    op.create_table(
        "reservations",
        sa.Column("id", sa.String(64), primary_key=True), sa.Column("scope", sa.String(192), primary_key=True),
        sa.Column("kind", sa.String(16), primary_key=True), sa.Column("period", sa.String(16), nullable=False),
        sa.Column("amount", sa.BigInteger, nullable=False), sa.Column("made", sa.String(32), nullable=False),
    )  # fmt: skip
