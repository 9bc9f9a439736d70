"""What the pages of students and of teachers share."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from dataclasses import field as dataclass_field
from ipaddress import IPv6Address, ip_address
from time import monotonic
from typing import Any, TypeVar

import segno
from anyio import CapacityLimiter, to_thread
from markupsafe import Markup
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request

from endonym.assistant import Assistant
from endonym.seams.identity import Identity
from endonym.seams.turn import Image
from endonym.store import Store
from endonym.store.classes import Assignment, Class
from endonym.tutor.services import Services
from endonym.tutor.visitor import Visitor, visitor
from endonym.web.times import local_time

Begin = Callable[[Visitor, str, str, Assignment | None, str, tuple[Image, ...]], Awaitable[str]]
"""Starts a conversation: visitor, person, first message or "", assignment, class or "", pictures; its id."""

T = TypeVar("T")

_OUTWARD = 8
_FAILURES = 30
_SECONDS = 600.0
_ADDRESSES = 10_000


@dataclass(frozen=True, slots=True)
class Desk:
    """Attributes: assistants: By bundle; begin: How a conversation is started; identity: Who may say who somebody is; services: What is served beside turns."""

    assistants: Mapping[str, Assistant]
    store: Store
    begin: Begin
    audience: str
    identity: Identity = dataclass_field(default_factory=Identity)
    services: Services = dataclass_field(default_factory=Services)
    gate: CapacityLimiter = dataclass_field(default_factory=lambda: CapacityLimiter(_OUTWARD))

    def greeter(self, request: Request) -> Visitor:
        """Who is looking, where no pack was chosen yet: of the packs the first that has a language of the browser's."""
        found = [visitor(request, assistant, self.audience) for assistant in self.assistants.values()]
        wanted = [part.partition(";")[0].strip().partition("-")[0] for part in request.headers.get("accept-language", "").split(",")[:8]]
        return next((who for language in wanted for who in found if who.page.partition("-")[0] == language), found[0])

    def visitor(self, request: Request, group: Class) -> Visitor:
        """Who is looking, at a class. Raises: HTTPException: Its pack is not served."""
        if group.bundle not in self.assistants:
            raise HTTPException(404)
        who = visitor(request, self.assistants[group.bundle], self.audience)
        return replace(who, learning=group.learning if group.learning in who.assistant.bundle.languages else who.learning)

    async def outward(self, work: Callable[..., T], *given: Any) -> T:
        """What waits for another organisation, in threads of its own: one that does not answer holds up nobody else."""
        return await to_thread.run_sync(work, *given, limiter=self.gate)

    def served(self, groups: tuple[Class, ...]) -> tuple[Class, ...]:
        """Those whose pack is served."""
        return tuple(group for group in groups if group.bundle in self.assistants)


class Attempts:
    """Bounds failures, to guess a code, of one address. Kept in memory alone: each process counts for itself, and no address is stored."""

    def __init__(self, most: int = _FAILURES, seconds: float = _SECONDS) -> None:
        self._most = most
        self._seconds = seconds
        self._failures: OrderedDict[str, deque[float]] = OrderedDict()

    def exhausted(self, request: Request) -> bool:
        found = self._failures.get(_network(request), deque())
        while found and found[0] < monotonic() - self._seconds:
            found.popleft()
        return len(found) >= self._most

    def failed(self, request: Request) -> None:
        network = _network(request)
        self._failures.setdefault(network, deque(maxlen=self._most)).append(monotonic())
        self._failures.move_to_end(network)
        if len(self._failures) > _ADDRESSES:
            self._failures.popitem(last=False)


def _network(request: Request) -> str:
    """An address; of IPv6 the 64 bits that one connection has."""
    host = request.client.host if request.client else ""
    try:
        address = ip_address(host)
    except ValueError:
        return host
    return str(int(address) >> 64) if isinstance(address, IPv6Address) else host


GRADE_RETURN = "grade_return"
"""That a teacher confirms in the grade book of a course who is done: off unless a pack with a legal basis turns it on (docs/sign-in.md)."""


@dataclass(frozen=True, slots=True)
class Done:
    """What a student told their teacher of an assignment. Attributes: handed, confirmed: When, or ""."""

    handed: str = ""
    confirmed: str = ""


def done_of(desk: Desk, who: Visitor, given: Assignment, person: str) -> Done | None:
    """None where nothing is told: the capability is off, no course has a column for the assignment, or the person came by no course."""
    if GRADE_RETURN not in who.assistant.bundle.capabilities or not desk.store.courses.line_items(given.group, given.id):
        return None
    if not desk.store.identities.holds(person):
        return None
    found = desk.store.courses.handed(given.id, person)
    return Done(moment(who, found.handed), moment(who, found.confirmed)) if found else Done()


async def form_of(request: Request) -> FormData:
    return await request.form(max_fields=30, max_part_size=200_000)


def field(form: FormData, name: str, most: int = 200) -> str:
    return str(form.get(name) or "").replace("\x00", "").strip()[:most]


def qr(address: str) -> Markup:
    """An address to be scanned, as SVG; dark on light in every colour scheme, for not every scanner reads the inverse."""
    code = segno.make(address, error="m", micro=False)
    return Markup(code.svg_inline(scale=5, border=3, dark="#000", light="#fff", svgclass="qr", lineclass=None, omitsize=True))


def moment(who: Visitor, stamped: str) -> str:
    """A time as people read it, in that of the country; "" for none."""
    return local_time(stamped, who.jurisdiction, who.page) if stamped else ""
