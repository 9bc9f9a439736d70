"""Words that a pack forbids: in checks of adaptations and in the glossary."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from endonym.check.subject import Place, Subject
from endonym.verify.words import WrittenText


@dataclass(frozen=True, slots=True)
class ForbiddenWord:
    """A term (matched in any inflection) or a regular expression."""

    shown: str
    pattern: bool

    def found_in(self, written: WrittenText) -> bool:
        """Args: written: Prepared with `exact=True`."""
        if self.pattern:
            return re.search(self.shown, written.text) is not None
        return written.holds(self.shown)


def forbidden_words(subject: Subject) -> Iterator[tuple[Place, str, tuple[ForbiddenWord, ...]]]:
    """(where, language or "", the words) of each check and glossary row that forbids some."""
    for _, adaptation in subject.adaptations():
        for check in adaptation.verify:
            language = str(check.options.get("language", ""))
            words = check.options.get("forbidden", ())
            if check.use in ("terms", "pattern") and words:
                yield Place.of(adaptation, "verify"), language, tuple(ForbiddenWord(str(w), check.use == "pattern") for w in words)
    for pack in subject.stack.packs:
        for term in pack.glossary:
            if term.status == "forbidden":
                yield Place(term.file, term.line), term.language, (ForbiddenWord(term.term, False),)
