"""Stage recognise: language, audience, kind of request, lesson, active adaptations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from endonym.assistant.parts import Parts
from endonym.assistant.rules import active, reply_language
from endonym.assistant.sense import IndexSense
from endonym.core.errors import RequestError
from endonym.pack.adaptations import Trigger
from endonym.pedagogy import Guidance, Sensed, fold
from endonym.seams.language import LanguageTools
from endonym.seams.turn import Turn
from endonym.verify.words import WrittenText, holds_pattern

_SAID = ("guide-open", "guide-unknown", "guide-unclear", "guide-refuse", "guide-refuse-bare", "guide-no-more-hints", "guide-no-more-hints-read",
         "guide-found", "guide-found-none", "guide-not-yet", "guide-nearly", "guide-rules", "guide-rules-more")  # fmt: skip
"""What is said around a lesson's own words before its explanation; to give it back is no attempt."""


def recognise(turn: Turn, parts: Parts, sense: IndexSense) -> tuple[Turn, str]:
    """The turn with what is known about it, and a note for the trace.

    Raises:
        RequestError: No words of the user, an unknown audience or an unserved language.
    """
    bundle, request = parts.bundle, turn.request
    asked = [message.text for message in request.messages if message.role == "user"]
    if not asked or request.messages[-1].role not in ("user", "tool") or not asked[-1].strip():
        raise RequestError("expected a message of the user at the end, or what a tool gave after it, found none", param="messages",
                           remedy="End the conversation with what the user wrote.")  # fmt: skip
    if request.audience not in bundle.contents.head.audiences:
        raise RequestError(f"expected one of {', '.join(bundle.contents.head.audiences)}, found {request.audience!r}",
                           param="model", status=404, code="model_not_found",
                           remedy="GET /v1/models lists the models.")  # fmt: skip
    question_language = parts.tools.identify(asked[-1], bundle.languages)
    language, decided_by = reply_language(bundle, request, question_language)
    learner = bundle.contents.head.audiences[request.audience].minors
    said = tuple(parts.phrases.text(phrase, language) for phrase in _SAID)
    sensed = partial(_within, request.only, sense) if request.only else sense
    dialogue = fold(asked, Guidance(bundle.lesson, sensed, parts.tools, bundle.languages, language, learner, request.help != "hints", said))
    subject = request.subject or dialogue.lesson.partition("/")[0]
    rules = active(bundle, request, subject=subject, language=language)
    affected = tuple(
        rule.id for rule in rules
        if rule.trigger and trigger_matches(rule.trigger, asked[-1], (question_language or language, *bundle.languages), parts.tools)
    )  # fmt: skip
    note = (
        f"question in {question_language or 'an undecided language'}; reply in {language}"
        + (f" by {decided_by}" if decided_by else " by default")
        + f"; kind {dialogue.kind}, step {dialogue.step}"
        + (f", lesson {dialogue.lesson}" if dialogue.lesson else "")
        + (f"; affected by {', '.join(affected)}" if affected else "")
    )
    return replace(
        turn, language=language, question_language=question_language, subject=subject, dialogue=dialogue,
        rules=tuple(parts.rule(rule, language) for rule in rules), affected=affected,
    ), note  # fmt: skip


def _within(lesson: str, sense: IndexSense, text: str, language: str) -> Sensed:
    """What a message points at where one lesson alone may be opened."""
    found = sense(text, language)
    return found if found.lesson == lesson else replace(found, lesson="", lesson_score=0.0, asked_for_lesson=False, exact=False, tied=False)


def trigger_matches(trigger: Trigger, text: str, languages: Sequence[str], tools: LanguageTools) -> bool:
    """Whether a trigger matches a text in any of the languages."""
    return holds_words(trigger, text, languages, tools) or holds_pattern(trigger.patterns, text)


def holds_words(trigger: Trigger, text: str, languages: Sequence[str], tools: LanguageTools) -> bool:
    """Whether a text has a word of each of a trigger's groups, in any of the languages."""
    return any(WrittenText(text, one, tools, exact=True).holds_all(trigger.all) for one in dict.fromkeys(languages))
