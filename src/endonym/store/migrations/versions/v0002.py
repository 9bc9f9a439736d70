"""The break-glass key, and entries of the ledger that are about no turn."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_NO_TURN = "turn LIKE 'event%'"


def upgrade() -> None:
    op.add_column("data_keys", sa.Column("split", sa.LargeBinary))
    op.create_table(
        "break_glass",
        sa.Column("public", sa.LargeBinary, primary_key=True), sa.Column("wrapped", sa.LargeBinary, nullable=False),
        sa.Column("made", sa.String(32), nullable=False),
    )  # fmt: skip
    op.create_index("ledger_events", "ledger", ["number"], sqlite_where=sa.text(_NO_TURN), postgresql_where=sa.text(_NO_TURN))
