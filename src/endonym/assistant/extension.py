"""A finished turn as clients receive it."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from functools import cache
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
    """The object `endonym` of an API reply (docs/gateway.md). Originals of masked items are not in it."""
    return {
        "trace_id": turn.id,
        "bundle": turn.bundle,
        "language": turn.language,
        "engine": turn.engine,
        "kind": turn.dialogue.kind if turn.dialogue else "",
        "lesson": turn.dialogue.lesson if turn.dialogue else "",
        "citations": _plain(turn.citations),
        "disclosures": _plain(turn.disclosures),
        "outcomes": _plain(turn.outcomes),
        "rules": _plain(turn.rules),
        "verifiers": _plain(turn.verdicts),
        "masked": [{"placeholder": mask.placeholder, "kind": mask.kind} for mask in turn.masks],
        "calls": [{"id": call.id, "name": call.name, "arguments": hide(call.arguments, turn.masks)} for call in turn.calls],
        "trace": _plain(turn.trace),
    }


def _plain(value: Any) -> Any:
    """Dataclasses as dictionaries, tuples as lists; `dataclasses.asdict` copies every string, which took longer than a check."""
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return {name: _plain(getattr(value, name)) for name in _names(value.__class__)} if is_dataclass(value) else value


@cache
def _names(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))
