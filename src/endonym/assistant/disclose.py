"""Stage disclose: citations and required disclosures; their presence is this stage's post-condition."""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import quote as url_quote

from endonym.assistant.parts import Parts
from endonym.seams.turn import Citation, Disclosure, Turn

_MARK = re.compile(r"\[(\d{1,2})\]")


def disclose(turn: Turn, parts: Parts) -> tuple[Turn, str]:
    """The turn with citations and disclosures, and a note for the trace."""
    citations = _citations(turn, parts)
    disclosures = (*_lawful(turn, parts), *_about_the_writer(turn, parts))
    note = f"{len(citations)} citation(s); disclosures: {', '.join(d.kind for d in disclosures)}"
    return replace(turn, citations=citations, disclosures=disclosures), note


def _citations(turn: Turn, parts: Parts) -> tuple[Citation, ...]:
    """Passages that the reply rests on; a model's reply is said to rest on those it marks."""
    marked = {int(number) for number in _MARK.findall(turn.reply)}
    from_model = turn.engine != "guide"
    return tuple(
        Citation(
            number=number, passage=passage.id, title=passage.title, document_title=passage.document_title,
            licence=passage.licence, reviewed_by=passage.reviewed_by, language=passage.language,
            quote=turn.quote if turn.quote and turn.quote in passage.text else "",
            url=passage_url(parts.bundle.id, passage.document, passage.anchor),
        )
        for number, passage in enumerate(turn.passages, 1)
        if not from_model or number in marked
    )  # fmt: skip


def passage_url(bundle: str, document: str, anchor: str) -> str:
    """Where the tutor opens a passage."""
    return f"/passages/{url_quote(bundle)}/{url_quote(document)}/{url_quote(anchor)}"


def _lawful(turn: Turn, parts: Parts) -> tuple[Disclosure, ...]:
    """One disclosure for each omission or lawful override that the reply is affected by."""
    found = []
    for rule_id in turn.affected:
        adaptation = parts.bundle.adaptations[rule_id]
        text = adaptation.disclosure.get(turn.language) or next(iter(adaptation.disclosure.values()))
        found.append(Disclosure("law", text, rule_id, parts.bundle.source_refs(adaptation.cites), inline=True))
    return tuple(found)


def _about_the_writer(turn: Turn, parts: Parts) -> tuple[Disclosure, ...]:
    """That software wrote this, which kind, and what nobody has reviewed."""
    def say(name: str) -> str:
        return parts.phrases.text(f"disclosure-{name}", turn.language)

    first = sum(message.role == "user" for message in turn.request.messages) == 1
    found = [Disclosure("ai", say("ai"), inline=first)]
    if turn.engine == "guide":
        found.append(Disclosure("guide", say("guide")))
    elif any(e.declaration.demonstration and turn.engine.startswith(e.declaration.name) for e in parts.engines):
        found.append(Disclosure("demonstration", say("demonstration"), inline=True))
    else:
        found.append(Disclosure("model", say("model")))
    if parts.bundle.contents.head.status == "illustrative":
        found.append(Disclosure("illustrative", say("illustrative")))
    lesson = turn.dialogue.lesson if turn.dialogue else ""
    unreviewed = any(passage.reviewed_by == "unreviewed" for passage in turn.passages)
    if unreviewed or (lesson and getattr(parts.bundle.lesson(lesson, turn.language), "reviewed_by", "") == "unreviewed"):
        found.append(Disclosure("unreviewed", say("unreviewed")))
    return tuple(found)
