"""Safe automatic fixes: those that change no meaning, so that nobody need read them again.

A fix turns the text of a file into another; it is applied to the files in which its rule found something.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping

from endonym.text.scripts import mixed_word

_HIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\u202a-\u202e\u2066-\u2069\u200b\u2060\ufeff\u00ad]")
_WORD = re.compile(r"[^\W\d_]+")
_LATIN = "aceiopxysjABCEHIKMOPTXS"
_CYRILLIC = "асеіорхуѕјАВСЕНІКМОРТХЅ"
_TO_LATIN, _TO_CYRILLIC = str.maketrans(_CYRILLIC, _LATIN), str.maketrans(_LATIN, _CYRILLIC)


def _without_hidden(text: str) -> str:
    return _HIDDEN.sub("", text)


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _one_script(text: str) -> str:
    """Look-alike letters in words of the other alphabet, turned into that one's; words that stay mixed are left."""
    def mend(match: re.Match[str]) -> str:
        word = match.group()
        if not mixed_word(word):
            return word
        return next((tried for table in (_TO_LATIN, _TO_CYRILLIC) if not mixed_word(tried := word.translate(table))), word)

    return _WORD.sub(mend, text)


FIXES: Mapping[str, Callable[[str], str]] = {"LA003": _without_hidden, "LA005": _one_script, "LA006": _composed}
"""By code of the rule."""


def fix(text: str, codes: frozenset[str]) -> str:
    """`text` after the fixes of `codes`, in the order of their codes."""
    for code in sorted(codes & set(FIXES)):
        text = FIXES[code](text)
    return text
