"""The turn: recognise → protect → ground → generate (instruct, verify) → disclose, each with its line in the trace."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import replace
from time import perf_counter

from anyio import CapacityLimiter, to_thread
from anyio.lowlevel import RunVar

from endonym.assistant.disclose import disclose
from endonym.assistant.extension import disclosure_text
from endonym.assistant.generate import generate
from endonym.assistant.ground import admitted, ground
from endonym.assistant.guard import judge
from endonym.assistant.guide import Guide
from endonym.assistant.parts import Parts
from endonym.assistant.protect import protect
from endonym.assistant.recognise import recognise
from endonym.assistant.router import sees, unfit_for
from endonym.assistant.rules import active
from endonym.assistant.sense import IndexSense
from endonym.bundle import Bundle
from endonym.core.clock import now, stamp, today
from endonym.core.ids import new_id
from endonym.privacy import Masker
from endonym.retrieval import Index
from endonym.seams.embedder import Embedder
from endonym.seams.engine import Asked, Declaration, Delta
from endonym.seams.language import LanguageTools
from endonym.seams.turn import ActiveRule, Message, Request, TraceLine, Turn
from endonym.seams.verifier import Reply

_AT_ONCE = 2
"""Turns that are prepared at the same time: more threads would only wait for one another, and hold up what streams."""
_limiter: RunVar[CapacityLimiter] = RunVar("prepared at once")
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

    @property
    def index(self) -> Index:
        """Where its passages are found."""
        return self._parts.index

    @property
    def language_tools(self) -> LanguageTools:
        return self._parts.tools

    def context_tokens(self, audience: str) -> int:
        """The most that an engine of this audience's chain may be told, in tokens; 0 where the guide is alone."""
        return max((engine.declaration.context_tokens for engine in self._parts.chain(audience)), default=0)

    def engines(self, audience: str) -> tuple[Declaration, ...]:
        """Those of this audience's chain, in order, without the guide."""
        return tuple(engine.declaration for engine in self._parts.chain(audience))

    def outside(self, audience: str) -> tuple[Declaration, ...]:
        """Engines outside the operator's machines that may write a reply for this audience, in one of the languages or more."""
        return tuple({one.name: one for language in self.bundle.languages for one in self.writers(audience, language) if one.route == "external"}.values())

    def writers(self, audience: str, language: str) -> tuple[Declaration, ...]:
        """Engines that may write a reply for this audience in a language; none where the guide is alone."""
        minors, shown = self.bundle.contents.head.audiences[audience].minors, self._parts.demonstration
        return tuple(one for one in self.engines(audience) if not unfit_for(one, language, minors=minors, demonstration=shown))

    def structured(self, audience: str) -> bool:
        """Whether an engine of this audience's chain writes JSON to a schema."""
        return any(engine.declaration.structured for engine in self._parts.chain(audience))

    def tools(self, audience: str) -> bool:
        """Whether an engine of this audience's chain can call tools."""
        return any(engine.declaration.tools for engine in self._parts.chain(audience))

    def images(self, audience: str, language: str = "") -> bool:
        """Whether an engine of this audience's chain may read images. Args: language: In which it must be fit to reply, or "" for any."""
        minors = self.bundle.contents.head.audiences[audience].minors
        return any(
            sees(engine.declaration) and not (language and unfit_for(engine.declaration, language, minors=minors, demonstration=self._parts.demonstration))
            for engine in self._parts.chain(audience)
        )

    def rules(self, audience: str, language: str) -> tuple[ActiveRule, ...]:
        """The adaptations for an audience where nothing else is known, the lowest layer first."""
        request = Request((), audience)
        found = active(self.bundle, request, subject="", language=language)
        return tuple(self._parts.rule(adaptation, language) for adaptation in found)

    def phrase(self, message_id: str, language: str, /, **arguments: object) -> str:
        """An interface string of the pack, or the product's English one."""
        return self._parts.phrases.text(message_id, language, **arguments)

    def warm(self) -> None:
        """Load what first turns would wait for: models, dictionaries, prompts. No engine is asked, nothing is kept."""
        for audience in self.bundle.contents.head.audiences:
            for language in self.bundle.languages:
                request = Request((Message("user", self._parts.topics(language, 1) or language),), audience, language)
                turn = self._prepare(Turn(new_id("turn"), stamp(now()), self.bundle.digest, f"{self.bundle.id}/{audience}", request))
                judge(turn, Reply(self._guide.compose(turn)), self._parts)

    def nameless(self, texts: Sequence[str], language: str, names: tuple[str, ...]) -> tuple[str, ...]:
        """Texts of one conversation with […] for the personal data that was recognised in them. Args: names: Of the class."""
        locale = self.bundle.contents.locale
        masker = Masker(locale.phone_region, locale.identifiers, names, self._parts.recognisers)
        masked = [masker.mask(text, language) for text in texts]
        for mask in masker.masks:
            masked = [text.replace(mask.placeholder, mask.original if mask.kind == "bracket" else "[…]") for text in masked]
        return tuple(masked)

    async def respond(self, request: Request, *, whole: bool = False, asked: list[Asked] | None = None) -> AsyncGenerator[Delta | Turn, None]:
        """Deltas as they may be shown, then exactly one finished turn.

        Args:
            whole: Nobody reads before the end, so that more may be judged at a time.
            asked: Grows by each time that an engine is asked.

        Raises:
            RequestError: Before the first delta, when the request cannot be served.
        """
        turn = Turn(new_id("turn"), stamp(now()), self.bundle.digest, f"{self.bundle.id}/{request.audience}", request)
        turn = await to_thread.run_sync(self._prepare, turn, limiter=_at_once())
        started = perf_counter()
        finished: tuple[Turn, str] | None = None
        async with aclosing(generate(turn, self._parts, self._guide, [] if asked is None else asked, whole=whole)) as items:
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
        sense = self._sense.within(admitted(self.bundle, turn.request, today()))
        turn = _run("recognise", lambda t: recognise(t, self._parts, sense), turn)
        turn = _run("protect", lambda t: protect(t, self._parts), turn)
        return _run("ground", lambda t: ground(t, self._parts, sense), turn)


def _at_once() -> CapacityLimiter:
    """One limiter for all assistants of an event loop."""
    try:
        return _limiter.get()
    except LookupError:
        _limiter.set(CapacityLimiter(_AT_ONCE))
        return _limiter.get()


def _run(name: str, stage: Stage, turn: Turn) -> Turn:
    started = perf_counter()
    turn, note = stage(turn)
    return _traced(turn, name, note, started)


def _traced(turn: Turn, stage: str, note: str, started: float) -> Turn:
    line = TraceLine(stage, note, round((perf_counter() - started) * 1000, 3))
    return replace(turn, trace=(*turn.trace, line))
