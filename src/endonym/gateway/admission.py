"""Who calls, what they may use, and whether their budgets allow it."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from math import ceil
from time import monotonic

import structlog
from anyio import to_thread
from starlette.types import Scope

from endonym.core.errors import RequestError, StoreError
from endonym.core.money import rounded, shown
from endonym.seams.engine import Asked, Declaration
from endonym.seams.turn import Turn
from endonym.store.access import Access, Caller, Kind, Refusal
from endonym.text.tokens import CHARACTERS_PER_TOKEN, of_calls, of_message, of_offer, tokens

log = structlog.get_logger()

_LOOPBACK = frozenset({"127.0.0.1", "::1", "::ffff:127.0.0.1"})
_FORWARDED = frozenset({b"forwarded", b"x-forwarded-for", b"x-real-ip", b"via"})
_LOCAL_NAME = re.compile(rb"(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?", re.IGNORECASE)
_REMEMBERED_S = 5.0
"""How long a revoked key may go on at most."""
_MOST_REMEMBERED = 10_000
_REPLY_TOKENS = 1024
"""What a reply may take, for a budget, where the caller names no limit."""
_MOST_REPLY_TOKENS = 2048
"""More than that no engine is asked for."""
_MOST_ASKED = 2
"""Times that a turn asks one engine: it may be out of reach for a moment, or a verifier stops what it writes."""
_NOBODY = Caller("", "", "", "", "", ())


@dataclass(slots=True)
class Spending:
    """What one request has cost so far; whoever works on it notes down.

    Attributes:
        said: Tokens of the caller's messages, estimated.
        written: Characters that were sent to the caller.
        turn: The finished turn.
        worked: Tokens of other work: texts that were embedded, what a tool was asked.
        most: Tokens that an engine may write each time it is asked.
        asked: Each time that an engine was asked.
    """

    reservation: str
    said: int
    written: int = 0
    turn: Turn | None = None
    worked: int = 0
    most: int = 0
    asked: list[Asked] = field(default_factory=list)

    @property
    def money(self) -> int:
        """Millionths of the currency: each time that an engine was asked costs what it was told and what came, also where nobody saw it."""
        return rounded(sum((_cost(one.declaration, one.told, ceil(one.written / CHARACTERS_PER_TOKEN), self.most) for one in self.asked if one.told),
                           Decimal(0)))  # fmt: skip

    @property
    def tokens(self) -> int:
        """A turn costs what engines were told and what they wrote, the guide nothing; one that broke off, what it came to."""
        if self.turn is None:
            return self.said + int(self.written / CHARACTERS_PER_TOKEN) if self.written else self.worked
        if self.turn.engine in ("", "guide"):
            return 0
        return (sum(map(of_message, self.turn.instructions)) + of_offer(self.turn.offered)
                + tokens(self.turn.reply) + of_calls(self.turn.calls))  # fmt: skip


class Admission:
    """Args: anonymous: By bundle, the audiences that callers on this machine may use without a key; currency: Of budgets in money."""

    def __init__(self, access: Access, anonymous: Mapping[str, Sequence[str]], currency: str = "") -> None:
        self._access = access
        self._currency = currency
        self._anonymous = anonymous
        self._known: OrderedDict[str, tuple[float, Caller]] = OrderedDict()

    async def caller(self, scope: Scope) -> Caller:
        """Whoever holds the key in the header `authorization`; nobody, where a caller on this machine has none.

        Raises:
            RequestError: The key opens nothing, or there is none and the caller comes from elsewhere.
        """
        headers: dict[bytes, bytes] = dict(scope["headers"])
        kind, _, secret = headers.get(b"authorization", b"").decode("latin-1").strip().partition(" ")
        if kind.lower() == "bearer" and secret.strip().startswith("eno_"):
            found = await self._looked_up(secret.strip())
            if found is None:
                raise _no_key("this key is unknown, has ended or was revoked", "Ask whoever gave it for a new one.")
            return found
        if is_local(scope) and not _addressed_here(headers):
            raise RequestError("without a key, expected a request to this machine by this machine's name, found another host or a page of another site",
                               status=403, code="origin_not_allowed", remedy="Use http://127.0.0.1 or localhost, or send a key.")  # fmt: skip
        if not is_local(scope) or not any(self._anonymous.values()):
            raise _no_key("expected a key, found none", "Send the header `authorization: Bearer eno_…`; `endonym key add` makes one.")
        return _NOBODY

    def audiences(self, caller: Caller, bundle: str) -> tuple[str, ...]:
        """Those that a caller may use, whether the bundle has them or not."""
        return caller.audiences if caller.key else tuple(self._anonymous.get(bundle, ()))

    def allow(self, caller: Caller, bundle: str, audience: str) -> None:
        """Raises: RequestError: The right to an audience comes from a key or from being on this machine, never from a name."""
        allowed = self.audiences(caller, bundle)
        if audience not in allowed:
            raise RequestError(
                f"the audience {audience!r} needs {'another key' if caller.key else 'a key'}; {'this one' if caller.key else 'without one'} "
                f"may use {', '.join(allowed) or 'no audience'}", param="model", status=403, code="audience_not_allowed",
                remedy="Use another model, or a key for this audience.",
            )  # fmt: skip

    async def reserve(
        self, caller: Caller, said: int, most: int | None, *, context: int = 0, engines: Sequence[Declaration] = ()
    ) -> Spending:  # fmt: skip
        """Set aside what the request may cost of its caller's budgets.

        Args:
            said: Tokens of what the caller sent.
            most: Tokens that the reply may take; a usual number where None.
            context: What engines may be told beside, in tokens.
            engines: Those that may be asked, each as often as a turn asks one.

        Raises:
            RequestError: A budget does not allow it; status 429.
        """
        spending = Spending("", said, most=min(_REPLY_TOKENS if most is None else most, _MOST_REPLY_TOKENS))
        if caller.key:
            amounts: dict[Kind, int] = {"requests": 1, "tokens": max(spending.said, context) + spending.most}
            money = rounded(_MOST_ASKED * sum((_cost(one, one.context_tokens, spending.most, spending.most) for one in engines), Decimal(0)))
            if money:  # what costs none is not refused where all is spent
                amounts["money"] = money
            found = await to_thread.run_sync(self._access.reserve, caller.scopes, amounts)
            if isinstance(found, Refusal):
                until = f"until {found.until}" if found.until else "until somebody raises or resets it"
                amount = shown(found.most, self._currency) if found.kind == "money" else f"{found.most:,} {found.kind}"
                raise RequestError(f"the budget of {found.scope}, {amount}, is used up {until}", status=429,
                                   code="insufficient_quota", remedy="A teacher can reset a class's or a person's (`POST /v1/budgets/reset`), the operator any (`endonym budget reset`).")  # fmt: skip
            spending.reservation = found
        return spending

    async def settle(self, spending: Spending) -> None:
        """Charge what it cost; a request that was refused costs nothing.

        Where the database does not answer, what was set aside stays set aside for a while and then comes back: the caller has the reply.
        """
        if spending.reservation:
            amounts: dict[Kind, int] = {"requests": 1 if spending.turn or spending.written or spending.worked else 0, "tokens": spending.tokens,
                                        "money": spending.money}  # fmt: skip
            try:
                await to_thread.run_sync(self._access.settle, spending.reservation, amounts)
            except StoreError as error:
                log.error("budget.not_charged", error=type(error).__name__, detail=error.message[:300])

    async def _looked_up(self, secret: str) -> Caller | None:
        known = self._known.get(secret)
        if known and monotonic() - known[0] < _REMEMBERED_S:
            return known[1]
        found = await to_thread.run_sync(self._access.caller, secret)
        if found is None:  # wrong keys are not kept: anybody can send as many as they like
            self._known.pop(secret, None)
            return None
        self._known[secret] = (monotonic(), found)
        while len(self._known) > _MOST_REMEMBERED:
            self._known.popitem(last=False)
        return found


def _cost(engine: Declaration, told: int, written: int, most: int) -> Decimal:
    """Of asking once, in millionths: an estimate may say more than an engine can read or was asked to write, its bill cannot."""
    return engine.price.millionths(min(told, engine.context_tokens), min(written, most))


def is_local(scope: Scope) -> bool:
    """Whether a request was made on this machine, not handed on by a proxy that runs here."""
    return (scope.get("client") or ("", 0))[0] in _LOOPBACK and not _FORWARDED.intersection(name for name, _ in scope["headers"])


def _addressed_here(headers: dict[bytes, bytes]) -> bool:
    """Whether a keyless request names this machine, and comes from no page of another site.

    Otherwise any page that somebody here opens could ask in their place, by a name of its own that leads to 127.0.0.1.
    Source: Model Context Protocol, Transports, "Security Warning" (DNS rebinding).
    """
    host, origin = headers.get(b"host", b"localhost"), headers.get(b"origin")
    return _LOCAL_NAME.fullmatch(host) is not None and (origin is None or _LOCAL_NAME.fullmatch(origin.partition(b"://")[2]) is not None)


def _no_key(message: str, remedy: str) -> RequestError:
    return RequestError(message, status=401, code="invalid_api_key", remedy=remedy)
