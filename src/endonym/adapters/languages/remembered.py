"""Language tools whose answers outlive the process: a check asks for the same words again, and looking them up is a sixth of it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from endonym.core.canonical import digest_bytes
from endonym.seams.language import LanguageTools

_MOST = 200_000
"""Answers kept; beyond that the file begins anew."""


class RememberedTools:
    """Answers of `tools`, kept in a file under `folder` until `save` is called.

    A file that cannot be read or written costs time and nothing else.
    """

    def __init__(self, tools: LanguageTools, version: str, folder: Path) -> None:
        self.name = tools.name
        self._tools = tools
        self._path = folder / f"words-{digest_bytes(f'{tools.name} {version}'.encode())[7:19]}.json"
        self._lemmas: dict[str, list[str]] = {}
        self._languages: dict[str, str] = {}
        self._known = 0
        with suppress(OSError, ValueError, TypeError, AttributeError):
            kept = json.loads(self._path.read_text("utf-8"))
            lemmas, languages = dict(kept["lemmas"]), dict(kept["languages"])
            if all(isinstance(value, list) for value in lemmas.values()) and all(isinstance(v, str) for v in languages.values()):
                self._lemmas, self._languages = lemmas, languages
        self._known = len(self._lemmas) + len(self._languages)

    def lemmas(self, text: str, language: str) -> list[str]:
        """See `LanguageTools.lemmas`."""
        key = f"{language}\t{text}"
        found = self._lemmas.get(key)
        if found is None:
            found = self._lemmas[key] = self._tools.lemmas(text, language)
        return list(found)

    def identify(self, text: str, candidates: Sequence[str]) -> str:
        """See `LanguageTools.identify`."""
        key = digest_bytes(f"{' '.join(candidates)}\t{text}".encode())
        found = self._languages.get(key)
        if found is None:
            found = self._languages[key] = self._tools.identify(text, candidates)
        return found

    def stranger(self, text: str, candidates: Sequence[str]) -> str:
        """See `LanguageTools.stranger`."""
        return self._tools.stranger(text, candidates)

    def sentences(self, text: str, language: str) -> list[str]:
        """See `LanguageTools.sentences`."""
        return self._tools.sentences(text, language)

    def save(self) -> None:
        """Write what was learnt, whole or not at all."""
        count = len(self._lemmas) + len(self._languages)
        if count == self._known or count > _MOST:
            if count > _MOST:
                self._path.unlink(missing_ok=True)
            return
        with suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            partial = self._path.with_name(f"{self._path.name}.part")
            partial.write_text(json.dumps({"lemmas": self._lemmas, "languages": self._languages}, ensure_ascii=False), "utf-8")
            partial.replace(self._path)
            self._known = count
