"""Scripts of letters, and which a language is written in (CLDR's likely subtags, and scripts that CLDR lists beside)."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from functools import lru_cache

from babel.core import get_global

_LATIN_CYRILLIC = re.compile(r"[^\W\d_]+")
_CYRILLIC = re.compile("[\u0400-\u052f\u1c80-\u1c8f\u1d2b\u1d78\u2de0-\u2dff\ua640-\ua69f]")
_BEYOND_LATIN = re.compile("[^\\x00-\u024f\u1e00-\u1eff\u2000-\u206f]")
_NAMES = {
    "LATIN": "Latn", "CYRILLIC": "Cyrl", "ARABIC": "Arab", "GREEK": "Grek", "HEBREW": "Hebr", "ARMENIAN": "Armn", "GEORGIAN": "Geor",
    "DEVANAGARI": "Deva", "BENGALI": "Beng", "TAMIL": "Taml", "THAI": "Thai", "HANGUL": "Kore", "HIRAGANA": "Jpan", "KATAKANA": "Jpan",
    "CJK": "Hani", "ETHIOPIC": "Ethi", "KHMER": "Khmr", "LAO": "Laoo", "MYANMAR": "Mymr", "SINHALA": "Sinh", "TIBETAN": "Tibt",
    "GUJARATI": "Gujr", "GURMUKHI": "Guru", "TELUGU": "Telu", "KANNADA": "Knda", "MALAYALAM": "Mlym", "ORIYA": "Orya", "THAANA": "Thaa",
}  # fmt: skip
_HAN = {"Hans": "Hani", "Hant": "Hani", "Kore": "Kore", "Jpan": "Jpan"}
_LEAST = 12
"""Fewer letters, such as an abbreviation in a title, do not tell."""


@lru_cache(4096)
def _script(letter: str) -> str:
    return _NAMES.get(unicodedata.name(letter, "").split(" ")[0].split("-")[0], "")


@lru_cache(1024)
def scripts_of(language: str) -> frozenset[str]:
    """ISO 15924 codes of the scripts that `language` (BCP 47) is written in; empty where unknown."""
    if not language:
        return frozenset()
    parts = language.replace("-", "_").split("_")
    named = next((part for part in parts[1:] if len(part) == 4), "")
    likely = get_global("likely_subtags").get(parts[0], "")
    script = named or next((part for part in likely.split("_")[1:] if len(part) == 4), "")
    if not script:
        return frozenset()
    own = _HAN.get(script, script)
    return frozenset({own, "Hani"} if own in ("Kore", "Jpan") else {own})


def scripts(text: str) -> dict[str, int]:
    """Letters of each script in `text` by ISO 15924 code ("" where unknown), the most frequent script first."""
    if not _BEYOND_LATIN.search(text):
        latin = sum(map(str.isalpha, text))
        return {"Latn": latin} if latin else {}
    found: Counter[str] = Counter()
    for letter, times in Counter(text).items():  # each letter is looked up once, however long the text
        if letter.isalpha():
            found[_script(letter)] += times
    return dict(found.most_common())


def main_script(text: str) -> str:
    """The script of more than half of the letters, or "" where there are few letters or no such script."""
    if not _BEYOND_LATIN.search(text):  # most texts, at a fifth of the time
        return "Latn" if sum(map(str.isalpha, text)) >= _LEAST else ""
    counts = scripts(text)
    total = sum(counts.values())
    if total < _LEAST:
        return ""
    script, most = next(iter(counts.items()))
    return script if most > total / 2 else ""


def mixed_word(text: str) -> str:
    """The first word with both Latin and Cyrillic letters, or ""."""
    if not _CYRILLIC.search(text):
        return ""
    for word in _LATIN_CYRILLIC.findall(text):
        if len(word) > 1 and not word.isascii() and {"Latn", "Cyrl"} <= {_script(letter) for letter in word}:
            return str(word)
    return ""
