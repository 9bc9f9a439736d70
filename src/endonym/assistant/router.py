"""Which engine serves a turn: the first of the chain that is fit, allowed, and not known to be down."""

from __future__ import annotations

from endonym.assistant.parts import Parts
from endonym.seams.engine import Declaration, Engine
from endonym.seams.turn import Turn

_DECLARED = ("storage_region", "inference_region", "key_holder", "jurisdiction", "training_use", "telemetry")


def unfit(engine: Engine, turn: Turn, parts: Parts) -> str:
    """Why this engine may not serve this turn, or ""."""
    audience = parts.bundle.contents.head.audiences[turn.request.audience]
    if why := unfit_for(engine.declaration, turn.language, minors=audience.minors, demonstration=parts.demonstration):
        return why
    if turn.dialogue is not None and turn.dialogue.kind in ("distress", "rules"):
        return f"{engine.declaration.name}: help lines and rules are never left to a model"
    if turn.offered and not engine.declaration.tools:
        return f"{engine.declaration.name}: calls no tools"
    if not sees(engine.declaration) and any(message.images for message in turn.protected_messages):
        return f"{engine.declaration.name}: may read no images"
    return ""


def sees(declared: Declaration) -> bool:
    """Whether an engine may read images. They cannot be masked, so they stay on the operator's own machines."""
    return declared.images and declared.route != "external"


def unfit_for(declared: Declaration, language: str, *, minors: bool, demonstration: bool) -> str:
    """Why an engine so declared may write no reply in a language, or ""."""
    if missing := undeclared(declared):
        return f"{declared.name}: undeclared {', '.join(missing)}"
    if language not in declared.languages:
        if language not in declared.demonstrates:
            return f"{declared.name}: not fit for {language}"
        if minors and not demonstration:
            return f"{declared.name}: no fitness record for {language}, and this audience includes minors"
    return ""


def undeclared(declared: Declaration) -> tuple[str, ...]:
    """What an external engine must declare and does not."""
    return tuple(name for name in _DECLARED if declared.route == "external" and not getattr(declared, name))
