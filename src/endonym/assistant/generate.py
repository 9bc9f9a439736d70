"""Stages generate and verify: the first engine that is fit streams, the guard watches, the guide stands last."""

from __future__ import annotations

import random
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace

import anyio

from endonym.assistant.calls import Judged, judged
from endonym.assistant.guard import RED_LINES, Guard, judge
from endonym.assistant.guide import Guide
from endonym.assistant.instruct import instruct
from endonym.assistant.parts import Parts
from endonym.assistant.router import unfit
from endonym.assistant.screen import Screen
from endonym.core.errors import EngineBusy, EngineError, EngineUnavailable
from endonym.privacy import Unmasker
from endonym.seams.engine import Asked, Delta, Engine
from endonym.seams.turn import Message, ToolCall, Turn, Verdict, last_said
from endonym.seams.verifier import Reply
from endonym.text.tokens import of_message, of_offer

_MOST_CHARACTERS = 16_000
"""Of a model's reply, at which it ends: every sentence is judged with all that stands before it, which an endless reply would make endless."""
_JITTER_S = (0.05, 0.25)
"""Bounds of the time before a second try, so that not all come back at once."""


async def generate(turn: Turn, parts: Parts, guide: Guide, asked: list[Asked], *, whole: bool) -> AsyncGenerator[Delta | tuple[Turn, str], None]:
    """Deltas as they may be shown, then the turn with reply, engine and verdicts, and a note for the trace. Args: asked: Grows."""
    notes: list[str] = []
    for engine in parts.chain(turn.request.audience):
        why = unfit(engine, turn, parts)
        if not why and not parts.circuits[engine.declaration.name].closed():
            why = f"{engine.declaration.name}: down, not asked"
        if why:
            notes.append(why)
            continue
        try:
            ready = instruct(turn, engine.declaration, parts, guide)
        except EngineError as error:
            notes.append(error.message)
            continue
        result: Turn | None = None
        async with aclosing(_stream(engine, ready, parts, guide, notes, asked, whole=whole)) as stream:
            async for item in stream:
                if isinstance(item, Delta):
                    yield item
                else:
                    result = item
        if result is not None:
            yield result, "; ".join((*notes, f"written by {result.engine}"))
            return
    text = guide.reply(turn)
    async with aclosing(guide.generate(turn)) as pieces:
        async for delta in pieces:
            yield delta
    verdicts = judge(turn, Reply(text), parts)
    yield replace(turn, reply=text, engine="guide", verdicts=tuple(verdicts)), "; ".join((*notes, "written by the guide"))


async def _stream(
    engine: Engine, turn: Turn, parts: Parts, guide: Guide, notes: list[str], asked: list[Asked], *, whole: bool
) -> AsyncGenerator[Delta | Turn, None]:
    """One engine's guarded reply; yields nothing at all when it failed before any text could be shown.

    A reply that is stopped is asked for once more, from what stands, with the verifier's evidence; an engine that cannot be
    reached is asked once more while nothing was shown. After that the guide writes on.
    """
    def new() -> tuple[Guard, Unmasker, Screen]:
        return Guard(turn, parts, whole=whole), Unmasker(turn.masks), Screen(parts.classifier, last_said(turn.protected_messages))

    guard, unmask, screen = new()
    name, circuit = engine.declaration.name, parts.circuits[engine.declaration.name]
    sent, shown, trouble, cut = turn, "", "", False
    called = Judged()
    stop: Verdict | None = None
    stops: list[Verdict] = []
    for last in (False, True):
        now = Asked(engine.declaration, sum(map(of_message, sent.instructions)) + of_offer(sent.offered))
        asked.append(now)
        cut = False
        wanted: tuple[ToolCall, ...] = ()
        try:
            async with aclosing(engine.generate(sent)) as deltas:
                async for delta in deltas:
                    now.written += len(delta.text) + sum(len(call.name) + len(call.arguments) for call in delta.calls)
                    wanted, cut = wanted + delta.calls, cut or delta.finish == "length" or now.written > _MOST_CHARACTERS
                    text = unmask.feed(await screen.feed(guard.feed(delta.text)))
                    if text:
                        shown += text
                        yield Delta(text)
                    if guard.failed or screen.failed or now.written > _MOST_CHARACTERS:
                        break
            circuit.succeeded()
            text = await screen.feed("" if guard.failed or screen.failed else guard.close()) + await screen.flush()
            text = unmask.feed(text) + unmask.close()
            if text:
                shown += text
                yield Delta(text)
            if wanted and not (guard.failed or screen.failed):
                called = await judged(wanted, guard, screen, parts)
        except EngineBusy as error:
            notes.append(f"{name}: {error.message}")
            now.told = 0
            trouble = parts.phrases.text("guide-engine-failed", turn.language)
            break
        except EngineError as error:
            circuit.failed()
            notes.append(f"{name}: {error.message}")
            if isinstance(error, EngineUnavailable) and not now.written:
                now.told = 0
            if not last and not shown and isinstance(error, EngineUnavailable):
                await anyio.sleep(random.uniform(*_JITTER_S))
                guard, unmask, screen = new()  # what came and was held back is no beginning of the next reply
                continue
            trouble = parts.phrases.text("guide-engine-failed", turn.language)
            break
        stop = screen.failed or guard.failed or called.fault
        if stop is None:
            if not (shown.strip() or called.calls):
                notes.append(f"{name}: wrote nothing")
            break
        notes.append(f"{name}: stopped by {stop.verifier} of {stop.rule}: {stop.evidence}")
        stops.append(stop)
        if stop.verifier == "length" and shown.strip():  # more text cannot mend it; what was shown keeps the rule
            break
        if last or stop.rule == RED_LINES:  # a red line is no slip: nothing is asked of this engine again
            trouble = parts.phrases.text("guide-stopped", turn.language, rule=stop.rule)
            break
        sent = _repaired(turn, guard.reply.text, stop)
        guard.again()
        called = Judged()
    if not (shown.strip() or called.calls or any(stop.rule == RED_LINES for stop in stops)):
        return
    turn = guard.turn
    if trouble:
        rest = ("\n\n" if shown.strip() else "") + f"{trouble}\n\n{guide.reply(turn)}"
        shown += rest
        yield Delta(rest)
    elif stops:
        notes.append(f"{name}: repaired")
    notes += [f"{name}: called {', '.join(call.name for call in called.calls)}"] if called.calls else []
    notes += [f"{name}: not held against its schema: {why}" for why in called.unchecked]
    verdicts = (*_verdicts(turn, shown, guard, called, parts), *{(stop.verifier, stop.rule): stop for stop in stops}.values())
    yield replace(turn, reply=shown, calls=called.calls, finish="length" if cut and not (trouble or stop or called.calls) else "stop",
                  engine=f"{name}, guide" if trouble else name, verdicts=verdicts)  # fmt: skip


def _verdicts(turn: Turn, shown: str, guard: Guard, called: Judged, parts: Parts) -> list[Verdict]:
    """Of the whole reply; words before calls are no whole one, so that only what they hold is judged, not what they lack."""
    if not called.calls:
        if guard.verdicts and guard.reply.text == shown:
            return guard.verdicts
        return judge(turn, guard.reply.grown(shown, final=True), parts)
    return [*(judge(turn, Reply(shown, final=False), parts) if shown else ()), *called.verdicts]


def _repaired(turn: Turn, shown: str, stop: Verdict) -> Turn:
    """The turn as its engine is asked once more."""
    said = (Message("assistant", shown),) if shown else ()
    wish = (f"What would have come next was stopped by the rule {stop.rule}: {stop.evidence}. "
            f"{'Write on after what stands' if shown else 'Reply again'}, keeping this rule, and do not mention it.")  # fmt: skip
    return replace(turn, instructions=(*turn.instructions, *said, Message("developer", wish)))
