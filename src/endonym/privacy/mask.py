"""Reversible masking for the length of one turn."""

from __future__ import annotations

from collections.abc import Sequence

from endonym.privacy.find import find
from endonym.seams.turn import Mask

_OPEN, _CLOSE = "⟦", "⟧"
_LONGEST = 24
"""A placeholder is never longer, so an opening bracket without a closing one within this many characters is text."""


class Masker:
    """Replaces personal data by placeholders that stay the same for the same item within a turn."""

    def __init__(self, phone_region: str, identifiers: Sequence[str]) -> None:
        self._phone_region = phone_region
        self._identifiers = tuple(identifiers)
        self._masks: dict[str, Mask] = {}
        self._counts: dict[str, int] = {}

    @property
    def masks(self) -> tuple[Mask, ...]:
        return tuple(self._masks.values())

    def mask(self, text: str) -> str:
        parts: list[str] = []
        last = 0
        for item in find(text, self._phone_region, self._identifiers):
            parts += [text[last : item.start], self._placeholder(item.kind, item.text)]
            last = item.end
        return "".join((*parts, text[last:]))

    def _placeholder(self, kind: str, original: str) -> str:
        if original not in self._masks:
            self._counts[kind] = self._counts.get(kind, 0) + 1
            self._masks[original] = Mask(f"{_OPEN}{kind}-{self._counts[kind]}{_CLOSE}", kind, original)
        return self._masks[original].placeholder


class Unmasker:
    """Restores originals in a streamed reply, even when a placeholder is split over deltas."""

    def __init__(self, masks: Sequence[Mask]) -> None:
        self._originals = {mask.placeholder: mask.original for mask in masks}
        self._held = ""

    def feed(self, text: str) -> str:
        """Text that is safe to show now; the rest is held until the next call."""
        if not self._originals:
            return text
        self._held += text
        for placeholder, original in self._originals.items():
            self._held = self._held.replace(placeholder, original)
        start = self._held.rfind(_OPEN)
        if start >= 0 and _CLOSE not in self._held[start:] and len(self._held) - start <= _LONGEST:
            ready, self._held = self._held[:start], self._held[start:]
        else:
            ready, self._held = self._held, ""
        return ready

    def close(self) -> str:
        """What was held back at the end."""
        ready, self._held = self._held, ""
        return ready
