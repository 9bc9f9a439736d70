"""Stages generate and verify: the first engine that is fit streams, the guard watches, the guide stands last."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace

from endonym.assistant.guard import Guard, judge
from endonym.assistant.guide import Guide
from endonym.assistant.instruct import instruct
from endonym.assistant.parts import Parts
from endonym.core.errors import EngineError
from endonym.privacy import Unmasker
from endonym.seams.engine import Delta, Engine
from endonym.seams.turn import Turn


def unfit(engine: Engine, turn: Turn, parts: Parts) -> str:
    """Why this engine may not serve this turn, or ""."""
    declared = engine.declaration
    audience = parts.bundle.contents.head.audiences[turn.request.audience]
    if declared.route == "external":
        missing = [name for name in ("storage_region", "inference_region", "key_holder", "jurisdiction", "training_use",
                                     "telemetry") if not getattr(declared, name)]  # fmt: skip
        if missing:
            return f"{declared.name}: undeclared {', '.join(missing)}"
    if turn.language not in declared.languages:
        if turn.language not in declared.demonstrates:
            return f"{declared.name}: not fit for {turn.language}"
        if audience.minors and not parts.demonstration:
            return f"{declared.name}: no fitness record for {turn.language}, and this audience includes minors"
    if turn.dialogue is not None and turn.dialogue.kind in ("distress", "rules"):
        return f"{declared.name}: help lines and rules are never left to a model"
    return ""


async def generate(turn: Turn, parts: Parts, guide: Guide) -> AsyncGenerator[Delta | tuple[Turn, str], None]:
    """Deltas as they may be shown, then the turn with reply, engine and verdicts, and a note for the trace."""
    notes: list[str] = []
    for engine in parts.engines:
        why = unfit(engine, turn, parts)
        if why:
            notes.append(why)
            continue
        try:
            ready = instruct(turn, engine.declaration, parts, guide)
        except EngineError as error:
            notes.append(error.message)
            continue
        result: Turn | None = None
        async with aclosing(_stream(engine, ready, parts, guide, notes)) as stream:
            async for item in stream:
                if isinstance(item, Delta):
                    yield item
                else:
                    result = item
        if result is not None:
            yield result, "; ".join((*notes, f"written by {result.engine}"))
            return
    text = guide.compose(turn)
    async with aclosing(guide.generate(turn)) as pieces:
        async for delta in pieces:
            yield delta
    verdicts = judge(turn, text, parts, final=True)
    yield replace(turn, reply=text, engine="guide", verdicts=tuple(verdicts)), "; ".join((*notes, "written by the guide"))


async def _stream(
    engine: Engine, turn: Turn, parts: Parts, guide: Guide, notes: list[str]
) -> AsyncGenerator[Delta | Turn, None]:
    """One engine's guarded reply; yields nothing at all when it failed before any text could be shown."""
    guard, unmask = Guard(turn, parts), Unmasker(turn.masks)
    name = engine.declaration.name
    shown, trouble = "", ""
    try:
        async with aclosing(engine.generate(turn)) as deltas:
            async for delta in deltas:
                text = unmask.feed(guard.feed(delta.text))
                if text:
                    shown += text
                    yield Delta(text)
                if guard.failed:
                    break
        if guard.failed is None:
            text = unmask.feed(guard.close()) + unmask.close()
            if text:
                shown += text
                yield Delta(text)
    except EngineError as error:
        notes.append(f"{name}: {error.message}")
        trouble = parts.phrases.text("guide-engine-failed", turn.language)
    if guard.failed:
        notes.append(f"{name}: stopped by {guard.failed.verifier} of {guard.failed.rule}: {guard.failed.evidence}")
        trouble = parts.phrases.text("guide-stopped", turn.language, rule=guard.failed.rule)
    if not shown.strip():
        return
    turn = guard.turn
    if trouble:
        rest = f"\n\n{trouble}\n\n{guide.compose(turn)}"
        shown += rest
        yield Delta(rest)
    verdicts = [*judge(turn, shown, parts, final=True), *([guard.failed] if guard.failed else [])]
    yield replace(turn, reply=shown, engine=f"{name}, guide" if trouble else name, verdicts=tuple(verdicts))
