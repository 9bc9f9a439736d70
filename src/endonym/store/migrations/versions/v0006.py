"""What was left behind goes: turns that ended after their conversation was deleted, and keys of persons of whom no practice is kept any more."""

from __future__ import annotations

from hashlib import sha256

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

_ORPHANS = "conversation <> '' AND conversation NOT IN (SELECT id FROM conversations)"


def upgrade() -> None:
    op.execute(f"DELETE FROM data_keys WHERE owner IN (SELECT conversation FROM turns WHERE {_ORPHANS})")
    op.execute(f"DELETE FROM turns WHERE {_ORPHANS}")
    connection = op.get_bind()
    persons = connection.execute(sa.text("SELECT DISTINCT person FROM practice")).scalars()
    held = {f"practice_{sha256(person.encode()).hexdigest()[:48]}" for person in persons}
    owners = connection.execute(sa.text("SELECT owner FROM data_keys WHERE owner LIKE 'practice%'")).scalars().all()
    for owner in set(owners) - held:
        connection.execute(sa.text("DELETE FROM data_keys WHERE owner = :owner"), {"owner": owner})
