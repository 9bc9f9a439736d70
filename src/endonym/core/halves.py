"""Work shared with a second process, where the machine has a core for one."""

from __future__ import annotations

import multiprocessing
import os
import sys
import threading
from collections.abc import Callable, Sequence
from io import StringIO
from multiprocessing.connection import Connection
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")

_LEAST = 500
"""Fewer items are done sooner than a process is forked and its results are read."""


def in_halves(work: Callable[[T], R], items: Sequence[T]) -> list[R]:
    """`[work(item) for item in items]`, the second half in a forked process where one is safe and worth it.

    A fork is this process as it stands, so `work` may be any function; what it returns must bear pickling. Threads do
    not survive a fork, so a process that has some does all the work itself, as one does whose fork was killed.

    Raises:
        Exception: Whatever `work` raises, in this process.
    """
    if len(items) < _LEAST or not _may_fork():
        return [work(item) for item in items]
    half = len(items) // 2
    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    fork = context.Process(target=_send, args=(sender, work, items[half:]), daemon=True)
    fork.start()
    sender.close()
    first = [work(item) for item in items[:half]]
    try:
        rest: list[R] = receiver.recv()
    except EOFError:
        rest = [work(item) for item in items[half:]]
    finally:
        receiver.close()
    fork.join()
    return first + rest


def _may_fork() -> bool:
    return sys.platform == "linux" and (os.cpu_count() or 1) > 1 and threading.active_count() == 1


def _send(sender: Connection, work: Callable[[T], R], items: Sequence[T]) -> None:
    sys.stderr = StringIO()  # what fails here is done again, and told, by the first process
    sender.send([work(item) for item in items])
