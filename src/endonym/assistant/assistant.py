"""The turn: recognise → protect → ground → generate (instruct, verify) → disclose, each with its line in the trace."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import replace
from time import perf_counter

from anyio import to_thread

from endonym.assistant.disclose import disclose
from endonym.assistant.extension import disclosure_text
from endonym.assistant.generate import generate
from endonym.assistant.ground import ground
from endonym.assistant.guide import Guide
from endonym.assistant.parts import Parts
from endonym.assistant.recognise import recognise
from endonym.assistant.rules import active, describe
from endonym.assistant.sense import IndexSense
from endonym.bundle import Bundle
from endonym.core.clock import now, stamp
from endonym.core.ids import new_id
from endonym.privacy import Masker
from endonym.seams.embedder import Embedder
from endonym.seams.engine import Delta
from endonym.seams.turn import ActiveRule, Message, Request, TraceLine, Turn

Stage = Callable[[Turn], tuple[Turn, str]]


class Assistant:
    """Answers for one bundle. Safe for concurrent use on one event loop."""

    def __init__(self, parts: Parts, embedder: Embedder | None) -> None:
        self._parts = parts
        self._guide = Guide(parts)
        self._sense = IndexSense(parts.bundle, parts.index, parts.tools, embedder)

    @property
    def bundle(self) -> Bundle:
        return self._parts.bundle

    def rules(self, audience: str, language: str) -> tuple[ActiveRule, ...]:
        """The adaptations for an audience where nothing else is known, the lowest layer first."""
        request = Request((), audience)
        found = active(self.bundle, request, subject="", language=language)
        return tuple(describe(self.bundle, adaptation, language) for adaptation in found)

    def phrase(self, message_id: str, language: str, /, **arguments: object) -> str:
        """An interface string of the pack, or the product's English one."""
        return self._parts.phrases.text(message_id, language, **arguments)

    async def respond(self, request: Request) -> AsyncGenerator[Delta | Turn, None]:
        """Deltas as they may be shown, then exactly one finished turn.

        Raises:
            RequestError: Before the first delta, when the request cannot be served.
        """
        turn = Turn(new_id("turn"), stamp(now()), self.bundle.digest, f"{self.bundle.id}/{request.audience}", request)
        turn = await to_thread.run_sync(self._prepare, turn)
        started = perf_counter()
        finished: tuple[Turn, str] | None = None
        async with aclosing(generate(turn, self._parts, self._guide)) as items:
            async for item in items:
                if isinstance(item, Delta):
                    yield item
                else:
                    finished = item
        if finished is None:
            raise AssertionError("generate ends with a turn")
        turn = _traced(finished[0], "generate", finished[1], started)
        failed = [verdict for verdict in turn.verdicts if not verdict.passed]
        note = f"{len(turn.verdicts)} check(s), {len(failed)} failed" + "".join(f"; {v.verifier}: {v.evidence}" for v in failed)
        turn = _traced(turn, "verify", note, perf_counter())
        turn = _run("disclose", lambda t: disclose(t, self._parts), turn)
        tail = disclosure_text(turn)
        if tail:
            yield Delta(tail)
        yield turn

    def _prepare(self, turn: Turn) -> Turn:
        turn = _run("recognise", lambda t: recognise(t, self._parts, self._sense), turn)
        turn = _run("protect", self._protect, turn)
        return _run("ground", lambda t: ground(t, self._parts, self._sense), turn)

    def _protect(self, turn: Turn) -> tuple[Turn, str]:
        """Mask personal data; engines see only the masked conversation."""
        locale = self.bundle.contents.locale
        masker = Masker(locale.phone_region, locale.identifiers, turn.request.names, self._parts.recognisers)
        messages = tuple(Message(m.role, masker.mask(m.text, turn.question_language)) for m in turn.request.messages)
        kinds = ", ".join(sorted(mask.kind for mask in masker.masks)) or "nothing to mask"
        return replace(turn, masks=masker.masks, protected_messages=messages), kinds


def _run(name: str, stage: Stage, turn: Turn) -> Turn:
    started = perf_counter()
    turn, note = stage(turn)
    return _traced(turn, name, note, started)


def _traced(turn: Turn, stage: str, note: str, started: float) -> Turn:
    line = TraceLine(stage, note, round((perf_counter() - started) * 1000, 3))
    return replace(turn, trace=(*turn.trace, line))
