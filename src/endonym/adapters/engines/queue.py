"""Who is served next by an engine that writes one reply at a time.

Source: fair queueing of Nagle 1987, RFC 970, "On packet switches with infinite storage": one queue for each sender, served in turn.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from endonym.core.errors import EngineBusy


class FairQueue:
    """Lets one in at a time; thirty questions of one person hold another up by one reply, not by thirty. For one event loop."""

    def __init__(self) -> None:
        self._waiting: OrderedDict[str, deque[asyncio.Future[None]]] = OrderedDict()
        self._busy = False

    @asynccontextmanager
    async def turn(self, payer: str, seconds: float) -> AsyncGenerator[None, None]:
        """Wait for one's turn and hold it.

        Raises:
            EngineBusy: It did not come within `seconds`.
        """
        if self._busy:
            await self._wait(payer, seconds)
        self._busy = True
        try:
            yield
        finally:
            self._pass_on()

    async def _wait(self, payer: str, seconds: float) -> None:
        mine = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(payer, deque()).append(mine)
        try:
            async with asyncio.timeout(seconds):
                await mine
        except (TimeoutError, asyncio.CancelledError) as error:
            if mine.done() and not mine.cancelled():  # it came in the same moment
                self._pass_on()
            if isinstance(error, TimeoutError):
                raise EngineBusy(f"more wait than it can serve within {seconds:g} seconds",
                                 remedy="Use an engine that serves several at once, or raise `timeout_s`.") from None  # fmt: skip
            raise

    def _pass_on(self) -> None:
        """To the first of whoever has waited longest for a turn, not counting those that went away."""
        while self._waiting:
            payer, own = self._waiting.popitem(last=False)
            while own and own[0].done():
                own.popleft()
            if not own:
                continue
            own.popleft().set_result(None)
            if own:
                self._waiting[payer] = own
            return
        self._busy = False
