"""The one way in which everything of the store reads, writes and finds keys.

`read` and `write` are given the work: a function of a connection, within one transaction. What a database refuses comes as a `StoreError`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, func, select
from sqlalchemy.exc import SQLAlchemyError

from endonym.store.keys import Keys
from endonym.store.schema import BUSY_MS, open_engine, refusal, writing
from endonym.store.seal import Keyring
from endonym.store.tables import data_keys

T = TypeVar("T")

_MANY = 500

_OVERWRITE_MS = 500
"""How long whoever erases waits for those who read."""


class Database:
    """Args: url: SQLAlchemy address; keyring: The operator's keys.

    Raises:
        StoreError: It cannot be opened.
    """

    def __init__(self, url: str, keyring: Keyring) -> None:
        self.engine: Engine = open_engine(url)
        self.keys = Keys(keyring)

    def close(self) -> None:
        self.engine.dispose()

    def read(self, work: Callable[[Connection], T]) -> T:
        """What `work` finds. Raises: StoreError: The database does not answer."""
        with self.reading() as connection:
            return work(connection)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """`read`, for what is read bit by bit."""
        try:
            with self.engine.connect() as connection:
                yield connection
        except SQLAlchemyError as error:
            raise refusal(error, "the database did not answer") from None

    def write(self, work: Callable[[Connection], T]) -> T:
        """What `work` gives, once all that it wrote is on disk; where it raises, nothing is. Nobody else writes meanwhile.

        Raises:
            StoreError: The database does not take it.
        """
        try:
            with writing(self.engine) as connection:
                return work(connection)
        except SQLAlchemyError as error:
            raise refusal(error, "the database did not take it") from None

    def overwrite(self) -> bool:
        """Have what was erased stand nowhere in SQLite's log beside the file either. False where somebody reads what was before: it stands there
        until this is called again.
        """
        if self.engine.dialect.name != "sqlite":
            return True
        with self.reading() as connection:
            ask = connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql
            ask(f"PRAGMA busy_timeout={_OVERWRITE_MS}")
            try:
                busy, _, _ = ask("PRAGMA wal_checkpoint(TRUNCATE)").one()
            finally:
                ask(f"PRAGMA busy_timeout={BUSY_MS}")
        return not busy

    def rewrap(self, keyring: Keyring, progress: Callable[[int, int], None] = lambda done, total: None) -> int:
        """Wrap every data key with the newest key of `keyring`; returns how many were. May be interrupted and run again."""
        total = self.read(lambda connection: connection.execute(select(func.count()).select_from(data_keys)).scalar_one())
        last, done, changed = "", 0, 0
        while True:
            rows = self._keys_after(last)
            if not rows:
                self.write(lambda connection: self.keys.vouch_anew(connection, keyring))
                self.keys.keyring = keyring
                return changed
            new = [(row.owner, wrapped) for row in rows if (wrapped := keyring.rewrap(row.wrapped, row.owner)) is not None]
            self.write(partial(self.keys.wrap, wrapped=new))
            last, done, changed = rows[-1].owner, done + len(rows), changed + len(new)
            progress(done, total)

    def _keys_after(self, owner: str) -> Sequence[Any]:
        statement = select(data_keys).where(data_keys.c.owner > owner).order_by(data_keys.c.owner).limit(_MANY)
        return self.read(lambda connection: connection.execute(statement).all())
