"""Practice: one question at a time, recalled before anything is shown, then what was missing and where it stands.

A round stands in its address, so nothing is kept of it. Where the packs have turned on `spaced_repetition`, what was answered is kept per person,
and what is due comes first.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from anyio import to_thread
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from endonym.assistant import Assistant
from endonym.core.clock import now
from endonym.pedagogy.practice import Item, Judged, draw, judge, practice_items
from endonym.pedagogy.schedule import Recalled, due, next_card
from endonym.store import Store
from endonym.tutor import pages
from endonym.tutor.session import begin_session, session_of
from endonym.tutor.visitor import Visitor, visitor

CAPABILITY = "spaced_repetition"
"""Memory across rounds: off unless a pack with a legal basis turns it on (docs/tutor.md)."""

_ROUND = 5
_NAME = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{8}){1,10}")
_MOST_CHARACTERS = 4000
_RECALLED: tuple[Recalled, ...] = ("again", "hard", "good")


@dataclass(frozen=True, slots=True)
class _Place:
    """Where in a round somebody is.

    Attributes:
        number: From 1; one more than there are items is the last, asked once more without help.
        missed: The first item of the round that was not recalled, or 0.
        helped: Help is shown.
    """

    round: str
    items: tuple[Item, ...]
    number: int
    missed: int
    helped: bool

    @property
    def last(self) -> bool:
        return self.number > len(self.items)

    @property
    def item(self) -> Item:
        return self.items[(self.missed or 1) - 1] if self.last else self.items[self.number - 1]

    def after(self, recalled: bool) -> str:
        """Where it goes on, from the round's address."""
        if self.last:
            return "end"
        missed = self.missed or (0 if recalled else self.number)
        return f"{self.number + 1}" + (f"?missed={missed}" if missed else "")


def practice_routes(assistants: Mapping[str, Assistant], store: Store, audience: str) -> list[Route]:
    practice = _Practice(assistants, store, audience)
    return [
        Route("/practice/{bundle}", practice.choose, methods=["GET"]),
        Route("/practice/{bundle}", practice.begin, methods=["POST"]),
        Route("/practice/{bundle}/offline", practice.offline, methods=["GET"]),
        Route("/practice/{bundle}/{round}/end", practice.end, methods=["GET"]),
        Route("/practice/{bundle}/{round}/{number:int}", practice.ask, methods=["GET"]),
        Route("/practice/{bundle}/{round}/{number:int}", practice.answer, methods=["POST"]),
    ]


class _Practice:
    def __init__(self, assistants: Mapping[str, Assistant], store: Store, audience: str) -> None:
        self._assistants = assistants
        self._store = store
        self._audience = audience
        self._items: dict[tuple[str, str], tuple[Item, ...]] = {}

    async def choose(self, request: Request) -> Response:
        who = self._visitor(request)
        items, late = await self._of(who), await self._due(request, who)
        subjects = sorted({item.subject for item in items if item.subject}, key=lambda subject: pages.subject_name(who, subject))
        return pages.page("practice.html", who, subjects=[(name, pages.subject_name(who, name)) for name in subjects], some=bool(items),
                          remembers=self._remembers(who), due=len(late))  # fmt: skip

    async def begin(self, request: Request) -> Response:
        """Draw a round."""
        who = self._visitor(request)
        form = await request.form(max_fields=5, max_part_size=1000)
        subject = str(form.get("subject") or "")
        items = [item for item in await self._of(who) if subject in ("", item.subject)]
        if not items:
            return RedirectResponse(f"/practice/{who.assistant.bundle.id}", 303)
        chosen = draw(items, _ROUND, secrets.randbits(32), await self._due(request, who))
        name = "-".join((secrets.token_hex(4), *(item.key for item in chosen)))
        return RedirectResponse(f"/practice/{who.assistant.bundle.id}/{name}/1", 303)

    async def ask(self, request: Request) -> Response:
        who = self._visitor(request)
        return pages.page("practice_ask.html", who, place=await self._place(request, who), problem="", typed="")

    async def answer(self, request: Request) -> Response:
        """Feedback on an answer; or, where the student has judged it, on to the next."""
        who = self._visitor(request)
        place = await self._place(request, who)
        form = await request.form(max_fields=10, max_part_size=50_000)
        rated = next((one for one in _RECALLED if form.get("rated") == one), None)
        if rated:
            response: Response = RedirectResponse(place.after(rated != "again"), 303)
            await self._keep(request, response, who, place, "hard" if rated == "good" and place.helped else rated)
            return response
        text, unknown = str(form.get("answer") or "").strip()[:_MOST_CHARACTERS], "unknown" in form
        if not text and not unknown:
            return pages.page("practice_ask.html", who, 422, place=place, problem=who.text("tutor-empty"), typed="")
        judged = Judged(False) if unknown else await to_thread.run_sync(judge, place.item, text, who.assistant.language_tools)
        response = pages.page("practice_feedback.html", who, place=place, judged=judged, said="" if unknown else text,
                              language=pages.language_of(who, text), onward=place.after(judged.right is not False), answer=_answer(place.item),
                              sources=_sources(who, place.item))  # fmt: skip
        if judged.right is not None:
            await self._keep(request, response, who, place, "again" if not judged.right else "hard" if place.helped else "good")
        return response

    async def end(self, request: Request) -> Response:
        who = self._visitor(request)
        await self._named(request, who)
        return pages.page("practice_end.html", who, remembers=self._remembers(who), due=len(await self._due(request, who)))

    async def offline(self, request: Request) -> Response:
        """What a browser shows without network: a box for a question to keep, and a round to answer in one's head."""
        who = self._visitor(request)
        items = draw(await self._of(who), _ROUND, secrets.randbits(32), await self._due(request, who))
        response = pages.page("offline.html", who, cards=[(item, _answer(item)) for item in items])
        response.headers["content-language"] = who.page
        return response

    # ---- how

    def _visitor(self, request: Request) -> Visitor:
        bundle = request.path_params["bundle"]
        if bundle not in self._assistants:
            raise HTTPException(404)
        return visitor(request, self._assistants[bundle], self._audience)

    async def _of(self, who: Visitor) -> tuple[Item, ...]:
        """All there is to practise in the language of learning."""
        name = (who.assistant.bundle.digest, who.learning)
        if name not in self._items:
            self._items[name] = await to_thread.run_sync(practice_items, who.assistant.bundle, who.learning, who.assistant.language_tools)
        return self._items[name]

    async def _named(self, request: Request, who: Visitor) -> tuple[str, tuple[Item, ...]]:
        """The round that the address names."""
        name = request.path_params["round"]
        keyed = {item.key: item for item in await self._of(who)}
        keys = name.split("-")[1:]
        if not _NAME.fullmatch(name) or not keyed.keys() >= set(keys):
            raise HTTPException(404)
        return name, tuple(keyed[key] for key in keys)

    async def _place(self, request: Request, who: Visitor) -> _Place:
        name, items = await self._named(request, who)
        number, missed = request.path_params["number"], request.query_params.get("missed", "0")
        found = int(missed) if missed.isascii() and missed.isdigit() and len(missed) < 3 else 0
        if not 1 <= number <= len(items) + 1 or found > len(items):
            raise HTTPException(404)
        return _Place(name, items, number, found, number <= len(items) and request.query_params.get("help") == "1")

    def _remembers(self, who: Visitor) -> bool:
        return CAPABILITY in who.assistant.bundle.capabilities

    async def _due(self, request: Request, who: Visitor) -> tuple[str, ...]:
        """What is due for whoever asks; nothing where nothing is remembered."""
        session = await session_of(request, self._store) if self._remembers(who) else None
        if session is None:
            return ()
        kept = await to_thread.run_sync(self._store.practice.of, session.person, who.assistant.bundle.id)
        here = {item.id for item in await self._of(who)}
        return due({name: one.card for name, one in kept.items() if name in here}, now())

    async def _keep(self, request: Request, response: Response, who: Visitor, place: _Place, recalled: Recalled) -> None:
        if not self._remembers(who):
            return
        session = await session_of(request, self._store) or await begin_session(request, response, self._store)
        await to_thread.run_sync(self._store.practice.keep, session.person, who.assistant.bundle.id, place.item.id, place.round,
                                 lambda card: next_card(card, recalled, now()))  # fmt: skip


def _answer(item: Item) -> str:
    """What a good answer holds."""
    if item.task is not None:
        return " ".join(idea.text for idea in item.task.ideas)
    return item.definition if item.kind == "definition" else item.terms[0]


def _sources(who: Visitor, item: Item) -> list[tuple[str, str, str]]:
    """(address or "", title, language) of what an item rests on."""
    bundle = who.assistant.bundle
    if item.lesson is not None:
        passages = [bundle.passages[name] for name in item.lesson.passages if name in bundle.passages][:2]
        return [(f"/passages/{bundle.id}/{p.document}/{p.anchor}#{p.anchor}", f"{p.document_title}: {p.title}" if p.title else p.document_title, p.language)
                for p in passages]  # fmt: skip
    source = bundle.sources.get(item.source)
    return [(source.url or "", source.title, (*source.languages, "")[0])] if source else []
