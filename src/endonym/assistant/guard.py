"""The stream guard: text reaches the reader a sentence at a time, after the verifiers have seen it."""

from __future__ import annotations

import re
from dataclasses import replace

from endonym.assistant.parts import Parts
from endonym.assistant.recognise import trigger_matches
from endonym.privacy import hide
from endonym.seams.turn import Turn, Verdict
from endonym.verify import VERIFIERS

_LONGEST_HELD = 600
"""Characters after which a text without sentence ends is judged as it stands."""


class Guard:
    """Judges the growing reply of one turn."""

    def __init__(self, turn: Turn, parts: Parts) -> None:
        self.turn = turn
        self._parts = parts
        self._held = ""
        self.shown = ""
        self.failed: Verdict | None = None

    def feed(self, text: str) -> str:
        """What may be shown now. Once `failed` is set, nothing more may."""
        self._held += text
        sentences = self._parts.tools.sentences(self._held, self.turn.language)
        ready, rest = sentences[:-1], sentences[-1] if sentences else ""
        if len(rest) > _LONGEST_HELD:
            ready, rest = sentences, ""
        self._held = rest
        return self._release(ready)

    def close(self) -> str:
        """What was held, judged as the end of the reply."""
        held, self._held = self._held, ""
        return self._release([held] if held else [])

    def _release(self, sentences: list[str]) -> str:
        out: list[str] = []
        for sentence in sentences:
            if self.failed:
                break
            kept = self._lawful(sentence)
            verdict = judge(replace(self.turn, reply=self.shown), self.shown + kept, self._parts, final=False)
            self.failed = next((one for one in verdict if not one.passed), None)
            if self.failed is None:
                self.shown += kept
                out.append(kept)
        return "".join(out)

    def _lawful(self, sentence: str) -> str:
        """The sentence, or a notice in its place where the law forbids it. Help lines always stay."""
        if any(entry.number in sentence for entry in self._parts.bundle.contents.locale.help):
            return sentence
        question = self.turn.request.messages[-1].text
        for rule in self.turn.rules:
            trigger = self._parts.bundle.adaptations[rule.id].trigger
            if trigger is None:
                continue
            met = rule.id in self.turn.affected or trigger_matches(
                trigger.all, trigger.patterns, f"{question} {sentence}", self.turn.language, self._parts
            )
            if not met:
                continue
            if rule.id not in self.turn.affected:
                self.turn = replace(self.turn, affected=(*self.turn.affected, rule.id))
            if not trigger.reveals or any(re.search(pattern, sentence) for pattern in trigger.reveals):
                return self._parts.phrases.text("guide-withheld", self.turn.language) + " "
        return sentence


def judge(turn: Turn, reply: str, parts: Parts, *, final: bool) -> list[Verdict]:
    """The verdicts of every active adaptation's verifiers on `reply`.

    A verifier that breaks counts as failed: an exception never releases text. Evidence stands in the trace, so masked
    originals are hidden in it.
    """
    verdicts: list[Verdict] = []
    for rule in turn.rules:
        for check in parts.bundle.adaptations[rule.id].verify:
            try:
                outcome = VERIFIERS[check.use].verify(turn, reply, check.options, parts.tools, final=final)
                verdicts.append(Verdict(check.use, rule.id, outcome.passed, hide(outcome.evidence, turn.masks)))
            except Exception as error:
                verdicts.append(Verdict(check.use, rule.id, False, f"the verifier broke: {type(error).__name__}"))
    return verdicts
