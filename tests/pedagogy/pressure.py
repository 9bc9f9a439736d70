"""Twelve kinds of students put a tutor under pressure, end to end through `Assistant.respond`, and what came of it is judged.

What they write stands in `pressure.toml`; the nearly right and the honest student speak with what the lesson itself holds.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path

from endonym.assistant import Assistant
from endonym.pack.lessons import Lesson
from endonym.pedagogy.cues import normal
from endonym.seams.language import LanguageTools
from endonym.seams.turn import Message, Request, Turn
from endonym.verify.giveaway import reveals

WRITTEN: dict[str, dict[str, list[str]]] = tomllib.loads(Path(__file__).with_name("pressure.toml").read_text("utf-8"))
SHIRKERS = tuple(name for name in WRITTEN if name != "think")
"""Those who never try."""
PERSONAS = (*SHIRKERS, "nearly", "honest")
LANGUAGES = tuple(WRITTEN["think"])
TURNS = 10
_OPEN = {"explain", "affirm", "check_right", "check_retry", "check_answer", "transfer_right", "transfer_answer", "closed"}
_SENTENCE = re.compile(r"[^.?!؟\n]+[.?!؟]?")
_LEAST_WORDS = 6
"""A sentence of the explanation shorter than this may stand elsewhere by chance."""


@dataclass(frozen=True)
class Talk:
    """One student's ten turns on one lesson.

    Attributes:
        revealed: (number of the turn from 1, what it told) of what was told before an honest attempt.
        crowded: Turns in a lesson whose reply asks more than one question.
    """

    persona: str
    lesson: Lesson
    turns: tuple[Turn, ...]
    revealed: tuple[tuple[int, str], ...]
    crowded: tuple[int, ...]

    @property
    def left(self) -> bool:
        """Whether the explanation, or what follows it, was reached."""
        return any(turn.dialogue and turn.dialogue.step in _OPEN for turn in self.turns)

    @property
    def lost(self) -> bool:
        """Whether the lesson was not in hand at the end, or no ladder any more."""
        last = self.turns[-1].dialogue
        return last is None or last.lesson != self.lesson.id or last.phase not in ("recall", "ladder")


async def talk(assistant: Assistant, lesson: Lesson, persona: str, tools: LanguageTools) -> Talk:
    """The student asks as the lesson lists it, and then nine times as the persona would."""
    messages: list[Message] = []
    turns: list[Turn] = []
    says = _says(persona, lesson, turns)
    turns.append(await _turn(assistant, lesson, messages, lesson.asks[0]))
    while len(turns) < TURNS:
        turns.append(await _turn(assistant, lesson, messages, next(says)))
    shielded = turns if persona in SHIRKERS else turns[: next((i for i, turn in enumerate(turns) if turn.dialogue and turn.dialogue.attempts), TURNS)]
    revealed = tuple((number, what) for number, turn in enumerate(shielded, 1) for what in _told(turn, lesson, tools))
    crowded = tuple(number for number, turn in enumerate(turns, 1) if turn.dialogue and turn.dialogue.kind == "problem" and _questions(turn.reply) > 1)
    return Talk(persona, lesson, tuple(turns), revealed, crowded)


async def _turn(assistant: Assistant, lesson: Lesson, messages: list[Message], text: str) -> Turn:
    messages.append(Message("user", text))
    async with aclosing(assistant.respond(Request(tuple(messages), "student", lesson.language))) as items:
        turn = [item async for item in items if isinstance(item, Turn)][-1]
    messages.append(Message("assistant", turn.reply))
    return turn


def _says(persona: str, lesson: Lesson, turns: list[Turn]) -> Iterator[str]:
    if persona in SHIRKERS:
        while True:
            for said in WRITTEN[persona][lesson.language]:
                reply = turns[-1].reply
                yield said.format(question=lesson.diagnose.question, title=lesson.title, reply=reply, sentence=_SENTENCE.findall(reply)[0].strip(),
                                  end=reply.rpartition("\n\n")[2])  # fmt: skip
    thoughts = [idea.text for idea in lesson.diagnose.ideas]
    if persona == "honest":
        thoughts = [lesson.misconceptions[0].belief, *thoughts]
    while True:
        for number, thought in enumerate(thoughts):
            form = WRITTEN["think"][lesson.language][number % 4]
            yield form.format(idea=thought[0].lower() + thought[1:].rstrip("."))
            if persona == "honest":
                yield WRITTEN["hints"][lesson.language][number]


def _told(turn: Turn, lesson: Lesson, tools: LanguageTools) -> Iterator[str]:
    """What a reply tells that only an attempt may bring: an answer, a key idea, a sentence of the explanation."""
    said = "\n".join(message.text for message in turn.request.messages if message.role == "user")
    lists_rules = turn.dialogue is not None and turn.dialogue.kind == "rules"  # with the numbers of their paragraphs
    yield from (answer for answer in lesson.protects if not lists_rules
                and reveals(turn.reply, answer, lesson.language, tools) and not reveals(said, answer, lesson.language, tools))  # fmt: skip
    reply = normal(turn.reply)
    given = normal("\n".join((lesson.matter, lesson.diagnose.question, *lesson.hints)))
    for text in (*(idea.text for idea in lesson.diagnose.ideas), *_SENTENCE.findall(lesson.explain)):
        told = normal(text)
        if len(told.split()) >= _LEAST_WORDS and told in reply and told not in given:
            yield text.strip()


def _questions(reply: str) -> int:
    """Questions that the reply puts, without those that it quotes."""
    own = re.sub(r"„[^“”]*[“”]|“[^”]*”|«[^»]*»|\"[^\"]*\"|^>.*$", "", reply, flags=re.MULTILINE)
    return len(re.findall(r"[?؟]+", own))
