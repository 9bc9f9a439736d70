"""A finished turn as clients receive it."""

from __future__ import annotations

from typing import Any

from endonym.privacy import hide
from endonym.seams.turn import Turn


def content(turn: Turn) -> str:
    """The reply with the disclosures that every reader must see, for clients that show nothing but text."""
    return turn.reply + disclosure_text(turn)


def disclosure_text(turn: Turn) -> str:
    """The inline disclosures as a last paragraph, or "". Nobody reads a reply of calls alone: what is not law waits for the next one."""
    silent = bool(turn.calls) and not turn.reply.strip()
    texts = [f"*{one.text}*" for one in turn.disclosures if one.inline and (not silent or one.kind == "law")]
    return "\n\n" + "\n\n".join(texts) if texts else ""


def extension(turn: Turn) -> dict[str, Any]:
    """The object `endonym` of an API reply (docs/gateway.md), with dataclasses as orjson writes them. Originals of masked items are not in it."""
    return {
        "trace_id": turn.id,
        "bundle": turn.bundle,
        "language": turn.language,
        "engine": turn.engine,
        "kind": turn.dialogue.kind if turn.dialogue else "",
        "lesson": turn.dialogue.lesson if turn.dialogue else "",
        "citations": turn.citations,
        "disclosures": turn.disclosures,
        "outcomes": turn.outcomes,
        "rules": turn.rules,
        "verifiers": turn.verdicts,
        "masked": [{"placeholder": mask.placeholder, "kind": mask.kind} for mask in turn.masks],
        "calls": [{"id": call.id, "name": call.name, "arguments": hide(call.arguments, turn.masks)} for call in turn.calls],
        "trace": turn.trace,
    }
