"""Reversible masking for the length of one turn.

Restoring what was masked gives the text back, whatever it held: an opening bracket that the user wrote is masked as well, so
that only placeholders of this turn stand in masked text, and nobody can write one to be given another item's original.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from endonym.privacy.find import find
from endonym.privacy.roster import Roster
from endonym.privacy.spans import Apart
from endonym.seams.recogniser import Recogniser
from endonym.seams.turn import Mask

_OPEN, _CLOSE = "⟦", "⟧"
_PLACEHOLDER = re.compile(rf"{_OPEN} ?([A-Za-z_]{{1,16}})[ _-]?(\d{{1,6}}) ?{_CLOSE}")
_LONGEST = 28
"""A placeholder is never longer, so an opening bracket without a closing one within this many characters is text."""
_ASKED = 120
_AGAIN = frozenset(("email", "iban", "card", "identifier", "phone", "ip", "birth"))
_JOINED = re.compile(r"[0-9A-Za-z\u00c0-\u024f\u0370-\u052f]")
_KIND = re.compile(r"[a-z_]{1,16}")


class Masker:
    """Replaces personal data by placeholders that stay the same for the same item within a turn."""

    def __init__(
        self, phone_region: str, identifiers: Sequence[str], names: Iterable[str] = (), recognisers: Sequence[Recogniser] = ()
    ) -> None:
        """Args: names: The class roster, as people write it; recognisers: What else finds personal data."""
        self._phone_region = phone_region
        self._identifiers = tuple(identifiers)
        names = tuple(names)
        self._recognisers = (*((Roster(names),) if names else ()), *recognisers)
        self._masks: dict[tuple[str, str], Mask] = {}
        self._counts: dict[str, int] = {}
        self._asked = ""

    @property
    def masks(self) -> tuple[Mask, ...]:
        return tuple(self._masks.values())

    def mask(self, text: str, language: str = "") -> str:
        """`text` with placeholders. What was found once in the turn is masked wherever it stands again, context or not.

        Messages come in order: "what is your number?" before tells what a bare number is.
        """
        recognised = [span for recogniser in self._recognisers for span in recogniser.find(text, language)]
        known = [(span.start, span.end) for span in recognised]
        found = find(text, self._phone_region, self._identifiers, known=known, asked=self._asked)
        self._asked = text[-_ASKED:].rstrip().rpartition("\n")[2]
        spans = Apart((item.kind, item.start, item.end) for item in found)
        for span in recognised:
            spans.add(span.kind if _KIND.fullmatch(span.kind) else "other", span.start, span.end)
        for kind, start, end in spans:
            self._placeholder(kind, text[start:end])
        for mask in self.masks:
            if mask.kind in _AGAIN:
                for start in _occurrences(mask.original, text):
                    spans.add(mask.kind, start, start + len(mask.original))
        for start in _occurrences(_OPEN, text) if _OPEN in text else ():
            spans.add("bracket", start, start + 1)
        parts: list[str] = []
        last = 0
        for kind, start, end in spans:
            parts += [text[last:start], self._placeholder(kind, text[start:end])]
            last = end
        return "".join((*parts, text[last:]))

    def _placeholder(self, kind: str, original: str) -> str:
        if (kind, original) not in self._masks:
            self._counts[kind] = self._counts.get(kind, 0) + 1
            self._masks[kind, original] = Mask(f"{_OPEN}{kind}-{self._counts[kind]}{_CLOSE}", kind, original)
        return self._masks[kind, original].placeholder


def _occurrences(original: str, text: str) -> Iterator[int]:
    """Where `original` stands by itself, not inside a longer number or word."""
    at = text.find(original)
    while at >= 0:
        end = at + len(original)
        if original == _OPEN or not ((at and _JOINED.match(text, at - 1)) or _JOINED.match(text, end)):
            yield at
        at = text.find(original, end)


def hide(text: str, masks: Sequence[Mask]) -> str:
    """`text` with placeholders in place of originals: for what is said about a reply, such as a verifier's evidence."""
    for mask in sorted(masks, key=lambda mask: -len(mask.original)):
        if mask.kind != "bracket":
            text = text.replace(mask.original, mask.placeholder)
    return text


class Unmasker:
    """Restores originals in a streamed reply, even when a placeholder is split over deltas.

    A placeholder in other case is restored; one that is cut short, without its brackets or of another turn stays as the
    model wrote it, which names nobody.
    """

    def __init__(self, masks: Sequence[Mask]) -> None:
        self._originals = {mask.placeholder.casefold(): mask.original for mask in masks}
        self._held = ""

    def feed(self, text: str) -> str:
        """Text that is safe to show now; the rest, of at most a placeholder's length, is held until the next call."""
        if not self._originals:
            return text
        text = self._held + text
        start = text.rfind(_OPEN)
        if start < 0 or len(text) - start > _LONGEST or _CLOSE in text[start:]:
            start = len(text)
        self._held = text[start:]
        return _PLACEHOLDER.sub(self._original, text[:start])

    def close(self) -> str:
        """What was held back at the end."""
        ready, self._held = self._held, ""
        return ready

    def _original(self, match: re.Match[str]) -> str:
        return self._originals.get(f"{_OPEN}{match[1]}-{int(match[2])}{_CLOSE}".casefold(), match[0])
