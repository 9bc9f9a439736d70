"""Verifiers: pure functions over a turn that pass or fail with evidence; the same one guards and scores."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar, cast

from endonym.seams.language import LanguageTools
from endonym.seams.turn import Turn

T = TypeVar("T")

_BEFORE = 300
"""Characters at least in front of what is new that are looked at with it, so that most checks of a sentence do not grow with the reply."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Attributes: evidence: What was found, in a sentence; `excerpt` is the part of the reply at fault, or ""."""

    passed: bool
    evidence: str
    excerpt: str = ""


class Reply:
    """A reply as verifiers see it, whole or still growing. What several of them look at is worked out once.

    Attributes:
        final: It grows no more. Of one that grows only what more text cannot mend is judged.
        since: Where the part begins that was not judged before, with some whole sentences in front of it; 0 of a final one.
    """

    def __init__(self, text: str = "", *, final: bool = True, since: int = 0) -> None:
        self.text = text
        self.final = final
        self.since = since
        self._sentences: tuple[int, ...] = ()
        self._once: dict[Hashable, object] = {}
        self._kept: dict[Hashable, object] = {}

    def grown(self, text: str, *, final: bool = False, sentence: bool = True) -> Reply:
        """The same turn's reply as it became `text`; what `kept` holds goes on. Args: sentence: What is new begins one."""
        begun = (*self._sentences, len(self.text)) if sentence else self._sentences
        since = 0 if final else max((start for start in begun if start <= len(self.text) - _BEFORE), default=0)
        reply = Reply(text, final=final, since=since)
        reply._sentences, reply._kept = begun, self._kept
        if text == self.text and since == self.since:
            reply._once = self._once
        return reply

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """What `make` gives for this text, made once for each key."""
        return _remembered(self._once, key, make)

    def kept(self, key: Hashable, make: Callable[[], T]) -> T:
        """What `make` gives, made once for each key while the reply grows: it must not depend on its text."""
        return _remembered(self._kept, key, make)


def _remembered(held: dict[Hashable, object], key: Hashable, make: Callable[[], T]) -> T:
    if key not in held:
        held[key] = make()
    return cast("T", held[key])


class Verifier(Protocol):
    """One check of a pack. `name` is what packs write after `use:`."""

    name: str

    def __init__(self, options: Mapping[str, Any]) -> None:
        """Args: options: The `with:` of the check. Raises: pydantic.ValidationError: They are wrong."""
        ...

    def verify(self, turn: Turn, reply: Reply, tools: LanguageTools) -> Outcome:
        """Judge `reply`; of one that is not final only what more text cannot mend, and no more than what is new."""
        ...
