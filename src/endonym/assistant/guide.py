"""The guide: an engine without a model. It teaches from the pack's lessons, outcomes, passages and glossary.

It never guesses: what it says is a lesson's own text, a verbatim sentence of a passage, a definition of the glossary, or
one of the interface strings around them.
"""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Callable

from endonym.assistant.parts import Parts
from endonym.pack.lessons import Lesson
from endonym.seams.dialogue import Dialogue
from endonym.seams.engine import Declaration, Delta
from endonym.seams.turn import Turn, last_said
from endonym.web.languages import language_name

_LONG_EXPLANATION = 120
"""Words of an explanation from which on what was found goes without saying: with it a reply would be longer than packs allow."""
_UNTOUCHED = ("distress", "rules")
"""Kinds of request whose reply nothing stands before."""
_PIECE = re.compile(r"\S+\s*|\s+")


class Guide:
    """Stands last in every chain; fit for every language of the pack."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self.declaration = Declaration("guide", "embedded", 1_000_000, parts.bundle.languages)

    async def generate(self, turn: Turn) -> AsyncGenerator[Delta, None]:
        for piece in _PIECE.findall(self.reply(turn)):
            yield Delta(piece)
        yield Delta("", "stop")

    async def close(self) -> None:
        return None

    def reply(self, turn: Turn) -> str:
        """What it says where it speaks itself: it sees no picture, so it asks for the words of one."""
        text = self.compose(turn)
        kind = turn.dialogue.kind if turn.dialogue else "not_covered"
        if not any(message.images for message in turn.request.messages[-1:]) or kind in _UNTOUCHED:
            return text
        asks = self._parts.phrases.text("guide-picture", turn.language)
        return asks if kind == "not_covered" else f"{asks}\n\n{text}"

    def compose(self, turn: Turn) -> str:
        """The whole reply as Markdown."""
        dialogue = turn.dialogue or Dialogue(kind="not_covered")
        lesson = self._parts.bundle.lesson(dialogue.lesson, turn.language) if dialogue.lesson else None
        words = _Words(turn, dialogue, lesson, self._parts)
        if turn.affected and dialogue.step in ("look_up", "not_covered"):
            return words.say("guide-withheld")
        paragraphs = _STEPS[dialogue.step](words)
        return "\n\n".join(paragraph for paragraph in paragraphs if paragraph)


class _Words:
    """What the steps put together, in the language of the reply."""

    def __init__(self, turn: Turn, dialogue: Dialogue, lesson: Lesson | None, parts: Parts) -> None:
        self.turn = turn
        self.dialogue = dialogue
        self._lesson = lesson
        self.parts = parts

    @property
    def lesson(self) -> Lesson:
        if self._lesson is None:
            raise LookupError(f"step {self.dialogue.step} needs a lesson")
        return self._lesson

    @property
    def has_lesson(self) -> bool:
        return self._lesson is not None

    def say(self, message_id: str, /, **arguments: object) -> str:
        return self.parts.phrases.text(message_id, self.turn.language, **arguments)

    @property
    def hint(self) -> str:
        number = max(1, min(self.dialogue.hints, len(self.lesson.hints)))
        label = self.say("guide-hint", number=number, total=len(self.lesson.hints))
        return f"**{label}** {self.lesson.hints[number - 1]}"

    @property
    def diagram(self) -> str:
        """What the explanation draws, as pages draw it, or ""."""
        return f"```mermaid\n{self.lesson.diagram}\n```" if self.lesson.diagram else ""

    @property
    def found(self) -> str:
        return _listing(self.dialogue.diagnosis.found)

    def topics(self) -> str:
        return self.parts.topics(self.turn.language)


def _listing(ideas: tuple[str, ...]) -> str:
    return ideas[0] if len(ideas) == 1 else "\n" + "\n".join(f"- {idea}" for idea in ideas)


def _greet(w: _Words) -> list[str]:
    topics = w.topics()
    return [w.say("guide-greeting", topics=topics) if topics else w.say("guide-greeting-empty")]


def _thank(w: _Words) -> list[str]:
    if w.has_lesson and w.dialogue.phase != "done":
        return [w.say("guide-thanks-open", title=w.lesson.title)]
    return [w.say("guide-thanks")]


def _look_up(w: _Words) -> list[str]:
    parts: list[str] = []
    for term, definition in w.turn.glossary:
        mark = " [1]" if w.turn.passages else ""
        parts.append(w.say("guide-lookup-term", term=f"**{term}**", definition=definition + mark))
    if not parts and w.turn.quote:
        parts.append(f"> {w.turn.quote} [1]")
    if not parts and w.has_lesson and w.dialogue.phase == "none":
        return [w.lesson.explain + (" [1]" if w.turn.passages else ""), w.diagram]
    if not parts:
        return _not_covered(w)
    if w.has_lesson and w.dialogue.phase not in ("none", "done"):
        parts.append(w.say("guide-lookup-return", title=w.lesson.title))
    return parts


def _not_covered(w: _Words) -> list[str]:
    parts = [w.say("guide-not-covered")]
    if w.turn.outcomes:
        parts.append(w.say("guide-not-covered-nearest", outcome=w.turn.outcomes[0].statement))
    topics = w.topics()
    return [*parts, w.say("guide-not-covered-topics", topics=topics) if topics else ""]


def _other_language(w: _Words) -> list[str]:
    name = language_name(w.lesson.language, w.turn.language)
    return [w.say("guide-other-language", title=w.lesson.title, language=name)]


def _comment_draft(w: _Words) -> list[str]:
    if not w.has_lesson:
        return [w.say("guide-draft"), w.say("guide-draft-unknown")]
    found = w.dialogue.diagnosis.found
    return [
        w.say("guide-draft"),
        w.say("guide-draft-strong", found=w.found) if found else "",
        w.say("guide-found-all") if w.dialogue.diagnosis.correct
        else w.say("guide-draft-missing", question=w.lesson.diagnose.question),
    ]  # fmt: skip


def _practise(w: _Words) -> list[str]:
    if not w.has_lesson:
        return [w.say("guide-practice-choose", topics=w.topics())]
    return [w.say("guide-practice", title=w.lesson.title), w.lesson.check.question]


def _help_line(w: _Words) -> list[str]:
    language = w.turn.language
    lines = [
        "- " + w.say("guide-distress-help", title=entry.title.get(language) or next(iter(entry.title.values()), entry.id),
                     number=f"**{entry.number}**", hours=entry.hours)
        for entry in w.parts.bundle.contents.locale.help
        if not set(entry.topics) <= {"emergency"}
    ]  # fmt: skip
    emergency = next((e.number for e in w.parts.bundle.contents.locale.help if "emergency" in e.topics), "112")
    return [w.say("guide-distress"), "\n".join(lines), w.say("guide-distress-privacy", emergency=f"**{emergency}**"),
            w.say("guide-distress-open")]  # fmt: skip


def _give_rules(w: _Words) -> list[str]:
    lines = []
    for rule in w.turn.rules:
        sources = "; ".join(f"{source.title} {source.pinpoint}".strip() for source in rule.sources)
        lines.append(f"- {rule.summary}" + (f" ({sources})" if sources else ""))
    return [w.say("guide-rules"), "\n".join(lines), w.say("guide-rules-more")]


def _open(w: _Words) -> list[str]:
    return [w.lesson.matter, f"{w.say('guide-open')} {w.lesson.diagnose.question}"]


def _hint(w: _Words) -> list[str]:
    return [w.say("guide-unknown") if w.dialogue.move == "do_not_know" else "", w.hint]


def _no_more_hints(w: _Words) -> list[str]:
    total = len(w.lesson.hints)
    return [w.say("guide-no-more-hints", total=total), w.lesson.diagnose.question, w.say("guide-no-more-hints-read")]


def _refuse(w: _Words) -> list[str]:
    if w.dialogue.refused > 1:
        return [w.say("guide-refuse-bare"), w.lesson.diagnose.question]
    return [w.say("guide-refuse"), w.hint]


def _ask_again(w: _Words) -> list[str]:
    return [w.say("guide-unclear"), w.lesson.diagnose.question]


def _feedback(w: _Words) -> list[str]:
    diagnosis = w.dialogue.diagnosis
    if not diagnosis.found:
        numeric = any(part.startswith(("=", "~")) for idea in w.lesson.diagnose.ideas for g in idea.groups for part in g)
        first = w.say("guide-not-yet" if numeric and any(c.isdigit() for c in last_said(w.turn.request.messages))
                      else "guide-found-none")  # fmt: skip
    else:
        first = w.say("guide-found", found=w.found)
    nearly = w.say("guide-nearly") if diagnosis.found and len(diagnosis.missing) == 1 else ""
    return [first, nearly, w.hint]


def _misconception(w: _Words) -> list[str]:
    index = w.dialogue.diagnosis.misconception
    return [w.lesson.misconceptions[index].reply] if index is not None else _feedback(w)


def _explain(w: _Words) -> list[str]:
    room = len(w.lesson.explain.split()) < _LONG_EXPLANATION
    found = w.say("guide-found", found=w.found) if w.dialogue.diagnosis.found and room else ""
    return [found, w.say("guide-explain"), w.lesson.explain, w.diagram, f"{w.say('guide-check')} {w.lesson.check.question}"]


def _affirm(w: _Words) -> list[str]:
    return [w.say("guide-affirm"), w.lesson.explain, w.diagram, f"{w.say('guide-check')} {w.lesson.check.question}"]


def _check_right(w: _Words) -> list[str]:
    return [w.say("guide-check-right"), f"{w.say('guide-transfer')} {w.lesson.transfer.question}"]


def _check_retry(w: _Words) -> list[str]:
    if w.dialogue.move == "unclear":
        return [w.say("guide-unclear"), w.lesson.check.question]
    found = w.say("guide-found", found=w.found) if w.dialogue.diagnosis.found else ""
    return [found, w.say("guide-check-retry"), w.lesson.check.question]


def _check_answer(w: _Words) -> list[str]:
    answer = " ".join(idea.text for idea in w.lesson.check.ideas)
    return [w.say("guide-check-answer", answer=answer), f"{w.say('guide-transfer')} {w.lesson.transfer.question}"]


def _transfer_right(w: _Words) -> list[str]:
    return [w.say("guide-transfer-right"), w.say("guide-closed", title=w.lesson.title)]


def _transfer_answer(w: _Words) -> list[str]:
    answer = " ".join(idea.text for idea in w.lesson.transfer.ideas)
    found = w.say("guide-found", found=w.found) if w.dialogue.diagnosis.found else ""
    return [found, w.say("guide-transfer-answer", answer=answer), w.say("guide-closed", title=w.lesson.title)]


def _closed(w: _Words) -> list[str]:
    return [w.say("guide-closed", title=w.lesson.title)]


_STEPS: dict[str, Callable[[_Words], list[str]]] = {
    "greet": _greet, "thank": _thank, "look_up": _look_up, "not_covered": _not_covered, "comment_draft": _comment_draft,
    "practise": _practise, "help_line": _help_line, "give_rules": _give_rules, "other_language": _other_language,
    "open": _open, "hint": _hint, "no_more_hints": _no_more_hints, "refuse": _refuse, "ask_again": _ask_again,
    "feedback": _feedback, "misconception": _misconception, "explain": _explain, "affirm": _affirm,
    "check_right": _check_right, "check_retry": _check_retry, "check_answer": _check_answer,
    "transfer_right": _transfer_right, "transfer_answer": _transfer_answer, "closed": _closed,
}  # fmt: skip
