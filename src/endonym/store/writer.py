"""One thread that writes for all: what waits is committed together, since a commit costs as much for one as for many.

Source: group commit, as databases do it; measured for this project (MEASURED.md, Gateways): 330 µs a row committed
singly with synchronous=FULL, 8 µs in batches of 100.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")

_MOST = 256


class GroupWriter(Generic[T, R]):
    """Gives what was put in to `write`, in order, many at a time.

    Args:
        write: Commits all of its items and says what became of each, or raises and commits none.
        common: What it raises for no item's sake, such as where a disk is full: then none is tried by itself.
    """

    def __init__(self, write: Callable[[Sequence[T]], Sequence[R]], common: type[Exception] | tuple[type[Exception], ...] = ()) -> None:
        self._write = write
        self._common = common
        self._waiting: queue.SimpleQueue[tuple[T, Future[R]] | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._closed = False

    def put(self, item: T) -> Future[R]:
        """Done when the item is on disk; it carries the exception where it could not be written.

        Raises:
            RuntimeError: The writer was closed.
        """
        done: Future[R] = Future()
        done.set_running_or_notify_cancel()  # who stops waiting does not stop the write
        with self._lock:
            if self._closed:
                raise RuntimeError("the writer was closed")
            self._waiting.put((item, done))
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="store-writer", daemon=True)
                self._thread.start()
        return done

    def close(self) -> None:
        """Write what still waits, and stop."""
        with self._lock:
            self._closed = True
            self._waiting.put(None)
            thread = self._thread
        if thread:
            thread.join()

    def _run(self) -> None:
        ended = False
        while not ended:
            batch: list[tuple[T, Future[R]]] = []
            item = self._waiting.get()
            while item is not None:
                batch.append(item)
                if len(batch) >= _MOST or self._waiting.empty():
                    break
                item = self._waiting.get()
            ended = item is None
            if batch:
                self._commit(batch)

    def _commit(self, batch: Sequence[tuple[T, Future[R]]]) -> None:
        try:
            results = self._write([item for item, _ in batch])
        except BaseException as error:
            if len(batch) == 1 or isinstance(error, self._common):
                for _, done in batch:
                    done.set_exception(error)
                return
            for one in batch:  # one bad record costs nobody else theirs
                self._commit([one])
            return
        for (_, done), result in zip(batch, results, strict=True):
            done.set_result(result)
