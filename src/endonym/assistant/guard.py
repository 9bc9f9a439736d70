"""The stream guard: text reaches the reader a sentence at a time, after the verifiers have seen it."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from dataclasses import replace

from endonym.assistant.parts import Parts
from endonym.assistant.recognise import holds_words, trigger_matches
from endonym.privacy import hide
from endonym.seams.turn import Turn, Verdict, last_said
from endonym.seams.verifier import Reply, Verifier
from endonym.verify import VERIFIERS
from endonym.verify.words import holds_pattern

_LONGEST_HELD = 600
"""Characters after which a text without sentence ends is judged as it stands."""
_TOGETHER = 1_200
"""Characters that are judged at once where nobody reads before the end."""
_MARK = re.compile(r"[^\w ,]")
"""Without one there is no end of a sentence."""
RED_LINES = "red_lines"
"""What stands where a verdict names its rule, for the root sections that hold whatever the packs say."""
_RED_LINES = VERIFIERS["red_lines"]({})


class Guard:
    """Judges the growing reply of one turn.

    Args:
        whole: Nobody reads before the reply has ended.

    Attributes:
        verdicts: On the reply as it ended, where all of them passed; else none.
    """

    def __init__(self, turn: Turn, parts: Parts, *, whole: bool = False) -> None:
        self.turn = turn
        self.reply = Reply(final=False)
        self._parts = parts
        self._least = _TOGETHER if whole else 0
        self._held = ""
        self._within = False  # what comes next goes on with a sentence that was too long to wait for
        self.failed: Verdict | None = None
        self.verdicts: list[Verdict] = []

    def feed(self, text: str) -> str:
        """What may be shown now. Once `failed` is set, nothing more may."""
        self._held += text
        if len(self._held) < self._least or not (len(self._held) > _LONGEST_HELD or _MARK.search(self._held)):
            return ""
        sentences = self._parts.tools.sentences(self._held, self.turn.language)
        ready, rest = sentences[:-1], sentences[-1] if sentences else ""
        if len(rest) <= _LONGEST_HELD:
            self._held = rest
            return self._release(ready)
        self._held = ""
        released = self._release(sentences)
        self._within = True
        return released

    def close(self) -> str:
        """What was held, judged as the end of the reply."""
        held, self._held = self._held, ""
        return self._release(self._parts.tools.sentences(held, self.turn.language), ends=True)

    def again(self) -> None:
        """Go on after what was shown, with another text than the one that failed."""
        self._held, self.failed, self.verdicts = "", None, []

    def _release(self, sentences: list[str], *, ends: bool = False) -> str:
        """All of `sentences`, or those before the one that fails. Args: ends: Nothing comes after them."""
        if self.failed or not sentences:
            return ""
        before = self.turn
        together = "".join(sentences)
        if len(sentences) == 1 or self._touches_law(sentences):
            together = "".join(map(self._lawful, sentences))
        if ends and self._ended(together):
            return together
        self.failed = self._fault(together)
        if self.failed is None:
            return together
        if len(sentences) == 1:
            return ""
        self.turn, self.failed = before, None
        return "".join(self._release([sentence]) for sentence in sentences)

    def _ended(self, text: str) -> bool:
        """Whether nothing is wrong with the reply that ends with `text`. Where something is, it may be what the whole lacks, which stops nothing."""
        reply = self.reply.grown(self.reply.text + text, final=True)
        verdicts = judge(self.turn, reply, self._parts)
        if not all(one.passed for one in verdicts):
            return False
        self.reply, self.verdicts, self._within = reply, verdicts, False
        return True

    def _fault(self, text: str) -> Verdict | None:
        """What is wrong with the reply once it has `text`; where nothing is, it is the reply from now on."""
        reply = self.reply.grown(self.reply.text + text, sentence=not self._within)
        verdicts = judge(self.turn, reply, self._parts)
        fault = next((one for one in verdicts if not one.passed), None)
        if fault is None:
            self.reply, self._within = reply, False
        return fault

    def _lawful(self, sentence: str) -> str:
        """The sentence, or a notice in its place where the law forbids it. Help lines always stay."""
        if any(entry.number in sentence for entry in self._parts.bundle.contents.locale.help) or not self.forbidden(sentence):
            return sentence
        return self._parts.phrases.text("guide-withheld", self.turn.language) + " "

    def _touches_law(self, sentences: Sequence[str]) -> bool:
        """Whether a trigger may match in one of the sentences. Words are asked for in all of them at once, each behind the question as `forbidden`
        has it; patterns, which may look at where a text begins or at what is not there, in each by itself.
        """
        triggers = [(rule.id, trigger) for rule in self.turn.rules if (trigger := self._parts.bundle.adaptations[rule.id].trigger)]
        asked = [self._asked(sentence) for sentence in sentences] if triggers else []
        return any(rule in self.turn.affected or holds_words(trigger, " ".join(asked), self._languages, self._parts.tools)
                   or any(holds_pattern(trigger.patterns, text) for text in asked) for rule, trigger in triggers)  # fmt: skip

    def _asked(self, text: str) -> str:
        return f"{last_said(self.turn.request.messages)} {text}"

    @property
    def _languages(self) -> tuple[str, ...]:
        return (self.turn.language, *self._parts.bundle.languages)

    def forbidden(self, text: str) -> str:
        """Id of the rule by which law leaves out what `text` holds, or ""; a law that it meets counts for the turn from now on."""
        for rule in self.turn.rules:
            trigger = self._parts.bundle.adaptations[rule.id].trigger
            if trigger is None or not (rule.id in self.turn.affected or trigger_matches(trigger, self._asked(text), self._languages, self._parts.tools)):
                continue
            if rule.id not in self.turn.affected:
                self.turn = replace(self.turn, affected=(*self.turn.affected, rule.id))
            if not trigger.reveals or any(re.search(pattern, text) for pattern in trigger.reveals):
                return rule.id
        return ""


def judge(turn: Turn, reply: Reply, parts: Parts, only: Container[str] = VERIFIERS) -> list[Verdict]:
    """The verdicts on `reply`: of the red lines, which no pack touches, and of every active adaptation's verifiers.

    A verifier that breaks counts as failed: an exception never releases text. Evidence stands in the trace, so masked
    originals are hidden in it. Args: only: Names of the verifiers that are asked.
    """
    checks = ((RED_LINES, _RED_LINES), *((rule.id, check) for rule in turn.rules for check in parts.checks.get(rule.id, ())))
    return [_verdict(rule, check, turn, reply, parts) for rule, check in checks if check.name in only]


def _verdict(rule: str, check: Verifier, turn: Turn, reply: Reply, parts: Parts) -> Verdict:
    try:
        outcome = check.verify(turn, reply, parts.tools)
        return Verdict(check.name, rule, outcome.passed, hide(outcome.evidence, turn.masks))
    except Exception as error:
        return Verdict(check.name, rule, False, f"the verifier broke: {type(error).__name__}")
