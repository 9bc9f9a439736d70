"""A finished turn as clients receive it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from endonym.seams.turn import Turn


def content(turn: Turn) -> str:
    """The reply with the disclosures that every reader must see, for clients that show nothing but text."""
    return turn.reply + disclosure_text(turn)


def disclosure_text(turn: Turn) -> str:
    """The inline disclosures as a last paragraph, or ""."""
    texts = [f"*{disclosure.text}*" for disclosure in turn.disclosures if disclosure.inline]
    return "\n\n" + "\n\n".join(texts) if texts else ""


def extension(turn: Turn) -> dict[str, Any]:
    """The object `endonym` of an API reply (docs/gateway.md). Originals of masked items are not in it."""
    return {
        "trace_id": turn.id,
        "bundle": turn.bundle,
        "language": turn.language,
        "engine": turn.engine,
        "kind": turn.dialogue.kind if turn.dialogue else "",
        "lesson": turn.dialogue.lesson if turn.dialogue else "",
        "citations": [asdict(citation) for citation in turn.citations],
        "disclosures": [asdict(disclosure) for disclosure in turn.disclosures],
        "outcomes": [asdict(outcome) for outcome in turn.outcomes],
        "rules": [asdict(rule) for rule in turn.rules],
        "verifiers": [asdict(verdict) for verdict in turn.verdicts],
        "masked": [{"placeholder": mask.placeholder, "kind": mask.kind} for mask in turn.masks],
        "trace": [asdict(line) for line in turn.trace],
    }
