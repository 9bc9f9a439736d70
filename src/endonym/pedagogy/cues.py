"""Cues: short wordings that show what a message wants, listed per language in `cues/<language>.toml`."""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from importlib import resources

from endonym.text.fold import strip_marks

NAMES = (
    "greeting", "thanks", "hint", "plead", "unknown", "continue", "lookup", "definition", "draft", "practice", "rules",
    "question", "distress",
)  # fmt: skip

_SHORT = 4
"""Words in a message up to which a greeting, thanks or a plain yes may be all that it says."""

_WORD = re.compile(r"\w+")
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
"""Letters of scripts that put no spaces between words: a cue in them matches inside a sentence."""


def normal(text: str) -> str:
    """Words without case, marks and punctuation, separated and surrounded by single spaces."""
    return f" {' '.join(_WORD.findall(strip_marks(text)))} "


@lru_cache(maxsize=32)
def _listed(language: str) -> dict[str, tuple[str, ...]]:
    file = resources.files("endonym.pedagogy").joinpath(f"cues/{language}.toml")
    if not file.is_file():
        return {}
    return {name: tuple(_cue(cue) for cue in cues) for name, cues in tomllib.loads(file.read_text("utf-8")).items()}


def _cue(text: str) -> str:
    return normal(text).strip() if _UNSPACED.search(text) else normal(text)


class Cues:
    """The cues of a message in any of the given languages.

    Students mix languages, so every language of the stack and English are looked through.
    """

    def __init__(self, text: str, languages: tuple[str, ...]) -> None:
        self._normal = normal(text)
        self._languages = tuple(dict.fromkeys((*(language.split("-")[0] for language in languages), "en")))
        self.words = len(self._normal.split()) + len(_UNSPACED.findall(text)) // 2  # most Chinese words have two letters
        self.asks = "?" in text or "؟" in text

    def has(self, name: str) -> bool:
        return any(cue in self._normal for language in self._languages for cue in _listed(language).get(name, ()))

    def starts(self, name: str) -> bool:
        return any(self._normal.startswith((cue, f" {cue}")) for language in self._languages for cue in _listed(language).get(name, ()))

    def is_only(self, name: str) -> bool:
        """Whether the message is short and says nothing much beyond this cue."""
        return self.words <= _SHORT and self.has(name) and not (self.asks and name == "continue")

    def rest(self, name: str) -> int:
        """Words left when the longest cue of this name is taken out; what else the message says."""
        found = [cue for language in self._languages for cue in _listed(language).get(name, ()) if cue in self._normal]
        return self.words - max((len(cue.split()) for cue in found), default=0)

    @property
    def is_question(self) -> bool:
        return self.asks or self.starts("question") or self.starts("definition")
