"""The names of a caller's classes, which are masked in what engines get."""

from __future__ import annotations

from collections import OrderedDict
from time import monotonic

from anyio import to_thread

from endonym.store.access import Caller
from endonym.store.rosters import Rosters

_REMEMBERED_S = 30.0
"""How long a list that was brought or deleted may go unnoticed."""
_MOST_REMEMBERED = 1_000


class Names:
    """Those in the classes that a key's person is in or teaches, and in the class that the key is for, by its name in its school."""

    def __init__(self, rosters: Rosters) -> None:
        self._rosters = rosters
        self._known: OrderedDict[str, tuple[float, tuple[str, ...]]] = OrderedDict()

    async def of(self, caller: Caller) -> tuple[str, ...]:
        if not caller.key or not (caller.school or caller.person):
            return ()
        known = self._known.get(caller.key)
        if known and monotonic() - known[0] < _REMEMBERED_S:
            return known[1]
        found = await to_thread.run_sync(self._read, caller)
        self._known[caller.key] = (monotonic(), found)
        self._known.move_to_end(caller.key)
        while len(self._known) > _MOST_REMEMBERED:
            self._known.popitem(last=False)
        return found

    def _read(self, caller: Caller) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*self._rosters.names_of(caller.known_as), *self._rosters.names_in(caller.school, caller.group))))
