"""The state of a learning dialogue as a pure fold over what the student wrote.

Assistant messages are never looked at: a client may invent them, and then they would count as help given or attempts
made. The ladder: recall → hints → explanation after honest attempts → check → transfer.

Source: the criteria named in DESIGN.md section 6; VanLehn 2011 (doi 10.1080/00461520.2011.611369) on step-based help.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from endonym.pack.lessons import Lesson
from endonym.pedagogy.answers import diagnose, is_echo
from endonym.pedagogy.cues import Cues, normal
from endonym.pedagogy.sense import Sense, Sensed
from endonym.seams.dialogue import Diagnosis, Dialogue, Phase, Step
from endonym.seams.language import LanguageTools

ATTEMPTS_FOR_EXPLANATION = 2
"""Honest attempts before the explanation may come (with most of the ladder given)."""

_HINTS_FOR_EXPLANATION = 2
_ATTEMPTS_ALWAYS_ENOUGH = 3
_LONG_TEXT = 60
_SHORT_PLEA = 8
_IDEAS_IN_TALK = 2
_BARE = 2
"""Words up to which an answer without any idea is a guess: one counts as an attempt, more do not."""
_SURE = 0.75
_REMEMBERED = 2_000
"""Attempts of which it is remembered what they hold."""
_LONGEST = 2_000
"""Characters of a message that is remembered."""
_IN_LESSON: tuple[Phase, ...] = ("recall", "ladder", "check", "transfer")
_OPEN_STEPS: tuple[Step, ...] = (
    "explain", "affirm", "check_right", "check_retry", "check_answer", "transfer_right", "transfer_answer", "closed",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Guidance:
    """What the fold needs to know.

    Attributes:
        lesson: Finds a lesson by id in the best language for a text in the given one.
        languages: Languages of the stack, for cues.
        language: Language of the reply.
        learner: False for teachers and citizens, who are answered at once instead of being led.
        explains: False where the explanation may not come before the student has named all that matters.
        said: What the tutor says in any lesson, such as how it refuses.
    """

    lesson: Callable[[str, str], Lesson | None]
    sense: Sense
    tools: LanguageTools
    languages: tuple[str, ...]
    language: str
    learner: bool = True
    explains: bool = True
    said: tuple[str, ...] = ()


def fold(messages: Sequence[str], guidance: Guidance) -> Dialogue:
    """Where the conversation stands after the student's `messages`, oldest first."""
    state = Dialogue(kind="greeting", step="greet")
    for number, text in enumerate(messages):
        state = _Move(state, text, guidance, messages[:number]).take()
    return state


@dataclass(frozen=True, slots=True, eq=False)
class _Served:
    """A lesson as it is served: the same while it is the same object, for it does not change."""

    lesson: Lesson

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Served) and other.lesson is self.lesson

    def __hash__(self) -> int:
        return id(self.lesson)


def _diagnosed(
    lesson: Lesson, part: Literal["diagnose", "check", "transfer"], text: str, tools: LanguageTools, *, covered: tuple[str, ...] = (),
    said: tuple[str, ...] = (), asks: bool = False, talks: bool = False,
) -> Diagnosis:  # fmt: skip
    """`diagnose`, remembered where it is not long: a message is asked several times what it holds, and a conversation is folded anew with each."""
    asked = _remembered if len(text) <= _LONGEST else _remembered.__wrapped__
    return asked(_Served(lesson), part, text, tools, covered, said, asks, talks)


@lru_cache(maxsize=_REMEMBERED)
def _remembered(
    served: _Served, part: Literal["diagnose", "check", "transfer"], text: str, tools: LanguageTools, covered: tuple[str, ...], said: tuple[str, ...],
    asks: bool, talks: bool,
) -> Diagnosis:  # fmt: skip
    return diagnose(getattr(served.lesson, part), served.lesson, text, tools, covered=covered, said=said, asks=asks, talks=talks)


class _Move:
    """One message of the student against the state before it."""

    def __init__(self, state: Dialogue, text: str, guidance: Guidance, before: Sequence[str]) -> None:
        self.state = replace(state, diagnosis=Diagnosis(), concept="")
        self.text = text
        self.guidance = guidance
        self.before = before
        self.cues = Cues(text, guidance.languages)
        self.language = guidance.tools.identify(text, guidance.languages) or guidance.language

    def take(self) -> Dialogue:
        return self._shielded(self._next())

    def _shielded(self, state: Dialogue) -> Dialogue:
        lesson = self._lesson(state.lesson)
        closed = lesson is not None and state.phase in ("recall", "ladder") and state.step not in _OPEN_STEPS
        return replace(state, protected=lesson.protects if lesson and closed else ())

    def _lesson(self, lesson_id: str) -> Lesson | None:
        return self.guidance.lesson(lesson_id, self.language) if lesson_id else None

    def _next(self) -> Dialogue:
        if self.cues.in_distress:
            return replace(self.state, kind="distress", step="help_line")
        if self.cues.has("rules"):
            return replace(self.state, kind="rules", step="give_rules")
        lesson = self._lesson(self.state.lesson)
        if lesson is not None and self.state.phase in _IN_LESSON:
            return self._in_lesson(lesson)
        return self._outside()

    # ---- no lesson in hand

    def _outside(self) -> Dialogue:
        cues = self.cues
        if cues.is_only("greeting"):
            return replace(self.state, kind="greeting", step="greet")
        if cues.is_only("thanks"):
            return replace(self.state, kind="thanks", step="thank")
        if self.state.phase == "done" and (cues.is_only("continue") or cues.is_only("unknown")):
            return replace(self.state, kind="problem", step="closed")
        sensed = self.guidance.sense(self.text, self.language)
        if cues.has("practice"):
            return self._practice(sensed)
        if cues.has("draft"):
            return Dialogue(kind="draft", lesson=sensed.lesson, step="comment_draft", diagnosis=self._draft(sensed.lesson))
        return self._topic(sensed)

    def _topic(self, sensed: Sensed) -> Dialogue:
        """A look-up, a lesson, or honestly neither."""
        if self.cues.has("lookup") and not (sensed.exact or (sensed.concept and self.cues.has("definition"))) and sensed.answers():
            return Dialogue(kind="lookup", step="look_up")
        explained = self.cues.has("definition") or self.cues.has("lookup")
        if sensed.lesson and sensed.asked_for_lesson and not (sensed.tied and explained):
            return self._open(sensed.lesson)
        if sensed.concept and (explained or sensed.named or (self.cues.words <= 2 and not sensed.lesson)):
            return Dialogue(kind="lookup", concept=sensed.concept, step="look_up")
        if sensed.lesson:
            return self._open(sensed.lesson)
        if sensed.concept or sensed.answers():
            return Dialogue(kind="lookup", concept=sensed.concept, step="look_up")
        return Dialogue(kind="not_covered", step="not_covered")

    def _open(self, lesson_id: str) -> Dialogue:
        lesson = self._lesson(lesson_id)
        if lesson is None or not self._speaks(lesson_id):
            return Dialogue(kind="not_covered", lesson=lesson_id, step="other_language")
        if not self.guidance.learner:
            return Dialogue(kind="lookup", lesson=lesson_id, step="look_up")
        return Dialogue(kind="problem", move="new_topic", lesson=lesson_id, phase="recall", step="open")

    def _speaks(self, lesson_id: str) -> bool:
        """Whether the lesson exists in the language of the reply."""
        lesson = self.guidance.lesson(lesson_id, self.guidance.language)
        return lesson is not None and lesson.language == self.guidance.language

    def _practice(self, sensed: Sensed) -> Dialogue:
        lesson_id = sensed.lesson or self.state.lesson
        if not lesson_id or not self._speaks(lesson_id):
            return Dialogue(kind="practice", step="practise")
        return Dialogue(kind="practice", lesson=lesson_id, phase="check", step="practise")

    def _draft(self, lesson_id: str) -> Diagnosis:
        lesson = self._lesson(lesson_id)
        return _diagnosed(lesson, "diagnose", self.text, self.guidance.tools) if lesson else Diagnosis()

    # ---- in a lesson

    def _in_lesson(self, lesson: Lesson) -> Dialogue:
        state, cues = self.state, self.cues
        if cues.is_only("thanks"):
            return replace(state, kind="thanks", step="thank")
        if cues.is_only("greeting") and not cues.has("hint"):
            return replace(state, kind="greeting", step="ask_again", move="unclear")
        if state.phase in ("check", "transfer"):
            return self._unprepared(lesson) or self._aside() or self._checked(lesson)
        return self._asked(lesson) or self._aside() or self._attempt(lesson)

    def _unprepared(self, lesson: Lesson) -> Dialogue | None:
        """Who practises, has tried nothing yet and asks for help is led up the ladder; None where that is not so."""
        return None if self.state.attempts else self._asked(lesson)

    def _asked(self, lesson: Lesson) -> Dialogue | None:
        """Hints, pleas and "I do not know"; None where the message is none of them."""
        cues = self.cues
        if cues.has("plead") and self._is_plea(lesson):
            return self._plea(lesson)
        if cues.has("hint") and cues.rest("hint") <= 4:
            return self._hint(lesson, "ask_hint")
        if cues.has("unknown") and cues.rest("unknown") <= 5 and not self._diagnosis(lesson).found:
            return self._hint(lesson, "do_not_know")
        if cues.has("talk") and self._is_plea(lesson):
            return self._plea(lesson)
        if cues.is_only("continue"):
            return self._hint(lesson, "continue")
        return None

    def _is_plea(self, lesson: Lesson) -> bool:
        """A message that pleads is a plea unless it holds an idea too; a long one may also hold a try. Talk about the talk needs two."""
        found = self._diagnosis(lesson)
        if self.cues.has("talk"):
            return not found.correct and len(found.found) < _IDEAS_IN_TALK
        return not found.found if self.cues.rest("plead") <= _SHORT_PLEA else not found.honest

    def _aside(self) -> Dialogue | None:
        """A new topic or a look-up in the middle of a lesson; None where the message belongs to the lesson."""
        cues = self.cues
        if cues.has("practice") and cues.rest("practice") <= 4:
            return self._practised()
        if cues.has("draft") and cues.words > _LONG_TEXT:
            return replace(self.state, kind="draft", step="comment_draft", diagnosis=self._draft(self.state.lesson))
        lesson = self._lesson(self.state.lesson)
        if not cues.is_question or (lesson and len(self.text.split()) > _BARE and is_echo(self.text, lesson, self.guidance.said)):
            return None
        sensed = self.guidance.sense(self.text, self.language)
        if sensed.lesson and sensed.lesson != self.state.lesson and sensed.lesson_score >= _SURE and sensed.asked_for_lesson:
            return self._open(sensed.lesson)
        if sensed.lesson == self.state.lesson and sensed.asked_for_lesson and self.state.phase in ("recall", "ladder"):
            return self._hint(lesson, "do_not_know") if lesson else None
        if sensed.concept and cues.has("definition") and cues.words <= 6:
            return replace(self.state, kind="lookup", concept=sensed.concept, step="look_up")
        if cues.has("lookup") and cues.asks and sensed.answers():
            return replace(self.state, kind="lookup", step="look_up")
        return None

    def _practised(self) -> Dialogue:
        """Practice asked for inside a lesson; who is still on its ladder gets its question again, so that nobody leaves by this door."""
        sensed = self.guidance.sense(self.text, self.language)
        if sensed.lesson in ("", self.state.lesson) and self.state.phase in ("recall", "ladder"):
            return replace(self.state, kind="problem", step="open", move="continue")
        return self._practice(sensed)

    def _diagnosis(self, lesson: Lesson) -> Diagnosis:
        cues = self.cues
        return _diagnosed(lesson, "diagnose", self.text, self.guidance.tools, covered=self.state.covered, said=self.guidance.said,
                          asks=cues.is_question, talks=cues.has("plead") or cues.has("talk"))  # fmt: skip

    def _hint(self, lesson: Lesson, move: str) -> Dialogue:
        state = replace(self.state, kind="problem", phase="ladder", move=move)  # type: ignore[arg-type]
        if state.hints < len(lesson.hints):
            return replace(state, step="hint", hints=state.hints + 1)
        if self._may_explain(state):
            return self._explained(state)
        return replace(state, step="no_more_hints")

    def _plea(self, lesson: Lesson) -> Dialogue:
        state = replace(self.state, kind="problem", phase="ladder", move="plead", refused=self.state.refused + 1)
        if self._may_explain(state):
            return self._explained(state)
        hints = min(state.hints + 1, len(lesson.hints)) if state.refused == 1 else state.hints
        return replace(state, step="refuse", hints=hints)

    def _attempt(self, lesson: Lesson) -> Dialogue:
        found = self._diagnosis(lesson)
        state = replace(self.state, kind="problem", move="attempt", phase="ladder", diagnosis=found)
        if not found.honest and self._may_explain(state) and self.cues.words > _BARE:
            return self._explained(state)
        if not found.honest:
            return replace(state, move="unclear", step="ask_again")
        if self._adds_nothing(found):
            return replace(state, step="feedback", hints=max(state.hints, 1))
        covered = tuple(dict.fromkeys((*state.covered, *found.found)))
        state = replace(state, attempts=state.attempts + 1, covered=covered)
        if found.correct:
            return replace(state, step="affirm", phase="check", tries=0)
        if found.misconception is not None and not found.found and state.attempts < _ATTEMPTS_ALWAYS_ENOUGH:
            return replace(state, step="misconception")
        if self._may_explain(state):
            return self._explained(state)
        return replace(state, step="feedback", hints=min(state.hints + 1, len(lesson.hints)))

    def _adds_nothing(self, found: Diagnosis) -> bool:
        """The same words again, or one more guess or remark that touches nothing."""
        said = normal(self.text)
        guess = found.weak or (self.cues.words <= _BARE and not found.found and found.misconception is None)
        return (guess and self.state.attempts > 0) or any(normal(text) == said for text in self.before)

    def _may_explain(self, state: Dialogue) -> bool:
        if not self.guidance.explains:
            return False
        if state.attempts >= _ATTEMPTS_ALWAYS_ENOUGH:
            return True
        return state.attempts >= ATTEMPTS_FOR_EXPLANATION and state.hints >= _HINTS_FOR_EXPLANATION

    def _explained(self, state: Dialogue) -> Dialogue:
        return replace(state, step="explain", phase="check", tries=0)

    # ---- check and transfer

    def _checked(self, lesson: Lesson) -> Dialogue:
        transfer = self.state.phase == "transfer"
        found = _diagnosed(lesson, "transfer" if transfer else "check", self.text, self.guidance.tools)
        if not (self.state.attempts or found.honest):
            return replace(self.state, kind="practice", diagnosis=found, step="check_retry", move="unclear")
        state = replace(self.state, kind="problem", diagnosis=found, tries=self.state.tries + 1, attempts=max(1, self.state.attempts),
                        move="transfer_answer" if transfer else "check_answer")  # fmt: skip
        if transfer:
            return replace(state, step="transfer_right" if found.correct else "transfer_answer", phase="done")
        if found.correct:
            return replace(state, step="check_right", phase="transfer", tries=0)
        if state.tries < 2 or not self.guidance.explains:
            return replace(state, step="check_retry")
        return replace(state, step="check_answer", phase="transfer", tries=0)
