"""Which adaptations hold in a turn, and what they decide."""

from __future__ import annotations

from endonym.bundle import Bundle
from endonym.core.errors import RequestError
from endonym.pack.adaptations import Adaptation, Check
from endonym.seams.turn import ActiveRule, Request


def active(bundle: Bundle, request: Request, *, subject: str, language: str) -> tuple[Adaptation, ...]:
    """Adaptations that apply, the lowest layer first."""
    return tuple(
        adaptation
        for adaptation in bundle.contents.adaptations
        if adaptation.applies_to(audience=request.audience, subject=subject, grade=request.grade, language=language,
                                 examination=request.examination)
    )  # fmt: skip


def describe(bundle: Bundle, adaptation: Adaptation, language: str) -> ActiveRule:
    summary = adaptation.summary.get(language) or adaptation.summary.get("en") or next(iter(adaptation.summary.values()), "")
    return ActiveRule(
        id=adaptation.id, title=adaptation.title, pack=adaptation.pack, layer=adaptation.layer,
        adapts=adaptation.adapts or "", effect=adaptation.effect, basis=adaptation.basis, summary=summary,
        sources=bundle.source_refs(adaptation.cites),
    )  # fmt: skip


def language_check(rules: tuple[Adaptation, ...]) -> tuple[Adaptation, Check] | None:
    """The `language` verifier of the highest layer that has one: it decides the language of the reply."""
    for adaptation in reversed(rules):
        for check in adaptation.verify:
            if check.use == "language":
                return adaptation, check
    return None


def reply_language(bundle: Bundle, request: Request, question_language: str) -> tuple[str, str]:
    """(language of the reply, id of the adaptation that decides it or "").

    Raises:
        RequestError: The caller names a language that the bundle does not serve.
    """
    if request.language and request.language not in bundle.languages:
        raise RequestError(
            f"expected one of {', '.join(bundle.languages)}, found {request.language!r}", param="endonym.language",
            remedy="Choose a language of instruction that this pack serves.",
        )  # fmt: skip
    wanted = request.language or bundle.contents.head.default_language
    rules = active(bundle, request, subject=request.subject, language=wanted)
    decided = language_check(rules)
    if decided is None:
        return wanted, ""
    adaptation, check = decided
    allowed = [str(item) for item in check.options.get("allowed", ())] or list(bundle.languages)
    policy = check.options.get("policy", "instruction")
    if request.subject and request.subject in check.options.get("except_subjects", ()):
        return (question_language or wanted), adaptation.id
    if policy == "fixed":
        return allowed[0], adaptation.id
    if policy == "follow" and question_language in allowed:
        return question_language, adaptation.id
    return (wanted if wanted in allowed else allowed[0]), adaptation.id
