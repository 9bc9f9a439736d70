"""Results kept between two runs over nearly the same things."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

T = TypeVar("T")


class Memory:
    """Keeps what was computed of an object for as long as that very object is asked about, run after run.

    Not for use by several threads at once.
    """

    def __init__(self) -> None:
        self._kept: dict[tuple[Hashable, int], tuple[object, Any]] = {}
        self._used: dict[tuple[Hashable, int], tuple[object, Any]] = {}

    def of(self, name: Hashable, item: object, compute: Callable[[], T]) -> T:
        """What `compute` gave for `item` under `name`, now or in the run before."""
        key = (name, id(item))
        found = self._used.get(key) or self._kept.get(key)
        if found is None or found[0] is not item:
            found = (item, compute())
        self._used[key] = found
        value: T = found[1]
        return value

    def at(self, name: Hashable, state: Hashable, compute: Callable[[], T]) -> T:
        """What `compute` gave for `name` while its `state` (such as a file's size and time) was the same."""
        key = (name, 0)
        found = self._used.get(key) or self._kept.get(key)
        if found is None or found[0] != state:
            found = (state, compute())
        self._used[key] = found
        value: T = found[1]
        return value

    def has(self, name: Hashable, state: Hashable) -> bool:
        """Whether `at` would not have to compute."""
        found = self._used.get((name, 0)) or self._kept.get((name, 0))
        return found is not None and found[0] == state

    def keep(self, name: Hashable, state: Hashable, value: object) -> None:
        """Keep `value` for `at`, computed elsewhere."""
        self._used[(name, 0)] = (state, value)

    def forget(self) -> None:
        """End a run: what was not asked about in it is dropped."""
        self._kept, self._used = self._used, {}
