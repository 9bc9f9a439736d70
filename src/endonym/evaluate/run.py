"""Run samples through the assistant and tally the scores."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import aclosing
from time import perf_counter

from endonym.assistant import Assistant, content
from endonym.core.clock import now, stamp
from endonym.core.errors import EndonymError
from endonym.evaluate.samples import Sample, gather_samples
from endonym.evaluate.statistics import wilson
from endonym.pack.adaptations import Check
from endonym.records import EvaluationRecord, Score, Tally
from endonym.seams.language import LanguageTools
from endonym.seams.turn import Turn
from endonym.seams.verifier import Reply
from endonym.verify import VERIFIERS


async def evaluate(
    assistant: Assistant, tools: LanguageTools, progress: Callable[[int, int], None] | None = None
) -> EvaluationRecord:
    """One turn for each sample; each of its scorers gives one score. Samples run in a fixed order."""
    samples = gather_samples(assistant.bundle)
    started, clock = now(), perf_counter()
    scores: list[Score] = []
    engines: dict[str, None] = {}
    for number, sample in enumerate(samples, 1):
        turn = await _run(assistant, sample)
        engines[turn.engine] = None
        scores.extend(_scores(sample, turn, tools))
        if progress:
            progress(number, len(samples))
    head = assistant.bundle.contents.head
    return EvaluationRecord(
        bundle=head.id, digest=assistant.bundle.digest, version=head.version, engines=tuple(engines),
        started=stamp(started), seconds=round(perf_counter() - clock, 3), samples=len(samples), scores=tuple(scores),
        tallies=tuple(_tallies(scores)), gate=max(pack.gates.pass_rate for pack in assistant.bundle.contents.packs),
    )  # fmt: skip


async def _run(assistant: Assistant, sample: Sample) -> Turn:
    try:
        async with aclosing(assistant.respond(sample.request)) as items:
            async for item in items:
                if isinstance(item, Turn):
                    return item
    except EndonymError as error:
        raise EndonymError(f"{error.message}", origin=sample.id, remedy=error.remedy) from error
    raise AssertionError("a turn ends with itself")


def _scores(sample: Sample, turn: Turn, tools: LanguageTools) -> Iterator[Score]:
    def score(rule: str, scorer: str, passed: bool, evidence: str) -> Score:
        return Score(sample=sample.id, origin=sample.origin, rule=rule, scorer=scorer, language=turn.language, passed=passed,
                     evidence=evidence, turn=turn.id)  # fmt: skip

    for rule, check in sample.scorers:
        yield score(rule, check.use, *_judge(check, turn, tools))
    dialogue = turn.dialogue
    if sample.lesson and dialogue:
        yield score("", "lesson", dialogue.lesson == sample.lesson, f"expected {sample.lesson}, found {dialogue.lesson or 'none'}")
    if sample.kind and dialogue:
        yield score("", "kind", dialogue.kind == sample.kind, f"expected {sample.kind}, found {dialogue.kind}")


def _judge(check: Check, turn: Turn, tools: LanguageTools) -> tuple[bool, str]:
    outcome = VERIFIERS[check.use](check.options).verify(turn, Reply(content(turn)), tools)
    return outcome.passed, outcome.evidence


def _tallies(scores: list[Score]) -> Iterator[Tally]:
    names = sorted({score.scorer for score in scores})
    for name in (*names, "all"):
        own = [score for score in scores if name in (score.scorer, "all")]
        passed = sum(score.passed for score in own)
        low, high = wilson(passed, len(own))
        yield Tally(scorer=name, passed=passed, total=len(own), low=round(low, 4), high=round(high, 4))
