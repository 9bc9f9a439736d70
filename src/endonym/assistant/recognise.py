"""Stage recognise: language, audience, kind of request, lesson, active adaptations."""

from __future__ import annotations

from dataclasses import replace

from endonym.assistant.parts import Parts
from endonym.assistant.rules import active, describe, reply_language
from endonym.assistant.sense import IndexSense
from endonym.core.errors import RequestError
from endonym.pedagogy import Guidance, fold
from endonym.seams.turn import Turn
from endonym.verify.words import WrittenText, triggered


def recognise(turn: Turn, parts: Parts, sense: IndexSense) -> tuple[Turn, str]:
    """The turn with what is known about it, and a note for the trace.

    Raises:
        RequestError: No message of the user, an unknown audience or an unserved language.
    """
    bundle, request = parts.bundle, turn.request
    asked = [message.text for message in request.messages if message.role == "user"]
    if not asked or request.messages[-1].role != "user" or not asked[-1].strip():
        raise RequestError("expected a message of the user at the end, found none", param="messages",
                           remedy="End the conversation with what the user wrote.")  # fmt: skip
    if request.audience not in bundle.contents.head.audiences:
        raise RequestError(f"expected one of {', '.join(bundle.contents.head.audiences)}, found {request.audience!r}",
                           param="model", status=404, code="model_not_found",
                           remedy="GET /v1/models lists the models.")  # fmt: skip
    question_language = parts.tools.identify(asked[-1], bundle.languages)
    language, decided_by = reply_language(bundle, request, question_language)
    learner = bundle.contents.head.audiences[request.audience].minors
    dialogue = fold(asked, Guidance(bundle.lesson, sense, parts.tools, bundle.languages, language, learner))
    subject = request.subject or dialogue.lesson.partition("/")[0]
    rules = active(bundle, request, subject=subject, language=language)
    affected = tuple(
        rule.id for rule in rules
        if rule.trigger and trigger_matches(rule.trigger.all, rule.trigger.patterns, asked[-1], question_language or language, parts)
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
        rules=tuple(describe(bundle, rule, language) for rule in rules), affected=affected,
    ), note  # fmt: skip


def trigger_matches(
    groups: tuple[tuple[str, ...], ...], patterns: tuple[str, ...], text: str, language: str, parts: Parts
) -> bool:
    """Whether a trigger matches, in the text's language or in any other of the bundle."""
    languages = dict.fromkeys((language, *parts.bundle.languages))
    return any(triggered(groups, patterns, WrittenText(text, one, parts.tools, exact=True)) for one in languages)
