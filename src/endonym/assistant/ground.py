"""Stage ground: the passages, outcomes and terms that a reply rests on."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from endonym.assistant.parts import Parts
from endonym.assistant.sense import IndexSense
from endonym.bundle import Bundle
from endonym.pack.sources import LEGAL_KINDS
from endonym.seams.dialogue import Dialogue
from endonym.seams.passage import Passage
from endonym.seams.passage_index import Where
from endonym.seams.turn import OutcomeRef, Request, Turn, last_said

_LESSON_PASSAGES = 3


def admitted(bundle: Bundle, request: Request, day: date) -> Where:
    """What passages a reply to `request` may rest on: those meant for its audience and grade, and of laws those in force."""
    lapsed = frozenset(
        source.id for source in bundle.contents.sources if source.kind in LEGAL_KINDS and not source.in_force_on(day)
    )
    return Where(audience=request.audience, grade=request.grade, day=day.isoformat(), lapsed=lapsed)


def ground(turn: Turn, parts: Parts, sense: IndexSense) -> tuple[Turn, str]:
    """The turn with what it rests on, and a note for the trace."""
    dialogue = turn.dialogue
    if dialogue is None or dialogue.kind in ("greeting", "thanks", "distress", "rules"):
        return turn, "nothing to look up"
    text = last_said(turn.request.messages)
    language = turn.question_language or turn.language
    quote, passages = "", tuple[Passage, ...]()
    if dialogue.kind == "lookup" and (dialogue.concept or not dialogue.lesson or dialogue.phase != "none"):
        quote, passages = _answer(dialogue, text, language, parts, sense, turn)
    elif dialogue.lesson and dialogue.step != "other_language":
        passages = _lesson_passages(dialogue, parts, turn.language, sense.where)
    kept = tuple(passage for passage in passages if not _withheld(passage.text, turn, parts))
    if quote and not any(quote in passage.text for passage in kept):
        quote = ""
    outcomes = _outcomes(dialogue, text, language, parts, sense, turn.language)
    glossary = _glossary(dialogue, parts, turn.language)
    note = f"{len(kept)} passage(s), {len(outcomes)} outcome(s)" + (f", concept {dialogue.concept}" if glossary else "")
    if len(kept) < len(passages):
        note += f"; {len(passages) - len(kept)} withheld by law"
    return replace(turn, passages=kept, outcomes=outcomes, glossary=glossary, quote=quote), note


def _answer(
    dialogue: Dialogue, text: str, language: str, parts: Parts, sense: IndexSense, turn: Turn
) -> tuple[str, tuple[Passage, ...]]:
    found = sense.quote(text, language)
    hits = [hit.passage for hit in parts.index.search(text, language, replace(sense.where, languages=(turn.language,)), limit=1)]
    if dialogue.concept or found is None:
        return "", tuple(hits)
    return found[1], (parts.bundle.passages[found[0]],)


def _lesson_passages(dialogue: Dialogue, parts: Parts, language: str, where: Where) -> tuple[Passage, ...]:
    lesson = parts.bundle.lesson(dialogue.lesson, language)
    named = (parts.bundle.passages.get(passage_id) for passage_id in (lesson.passages if lesson else ()))
    return tuple(passage for passage in named if passage and where.admits(passage))[:_LESSON_PASSAGES]


def _outcomes(
    dialogue: Dialogue, text: str, language: str, parts: Parts, sense: IndexSense, reply_language: str
) -> tuple[OutcomeRef, ...]:
    codes: tuple[str, ...] = ()
    if dialogue.kind == "not_covered" and dialogue.step != "other_language":
        nearest = sense.nearest_outcome(text, language)
        codes = (nearest,) if nearest else ()
    elif dialogue.lesson:
        lesson = parts.bundle.lesson(dialogue.lesson, reply_language)
        codes = lesson.outcomes if lesson else ()
    found = (parts.bundle.outcome(code, reply_language) for code in codes)
    return tuple(OutcomeRef(outcome.code, outcome.statement, outcome.source) for outcome in found if outcome)


def _glossary(dialogue: Dialogue, parts: Parts, language: str) -> tuple[tuple[str, str], ...]:
    """(term, definition) of the concept asked for, in the language of the reply."""
    return tuple(
        (term.term, term.definition)
        for term in parts.bundle.contents.glossary
        if term.concept == dialogue.concept and term.language == language and term.status == "preferred" and term.definition
    )[:1]


def _withheld(text: str, turn: Turn, parts: Parts) -> bool:
    """Whether a passage holds what an affected turn may not reveal."""
    for rule_id in turn.affected:
        trigger = parts.bundle.adaptations[rule_id].trigger
        if trigger and any(re.search(pattern, text) for pattern in trigger.reveals):
            return True
    return False
