"""Foldings under which texts are compared, and the words and character n-grams of a text.

Source: Unicode Standard, chapter 3.13 (default caseless matching), annexes 15 (normalization forms) and 29 (words).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise

_SPACE = re.compile(r"\s+")


def _mark_class() -> str:
    """Combining marks of the basic plane as the inside of a character class: `[^\\W_]` leaves them out."""
    marks = [code for code in range(0x300, 0xFFFF) if unicodedata.category(chr(code)) in ("Mn", "Mc")]
    starts = [code for code in marks if unicodedata.category(chr(code - 1)) not in ("Mn", "Mc")]
    ends = [code for code in marks if unicodedata.category(chr(code + 1)) not in ("Mn", "Mc")]
    return "".join(f"\\u{start:04x}-\\u{end:04x}" for start, end in zip(starts, ends, strict=True))


MARKS = _mark_class()
"""Combining marks as the inside of a character class."""
_WORD = re.compile(
    r"§+\s?\d+(?:[.,:]\d+)*"  # § 8, §-numbers of laws; the white space inside is dropped
    r"|\d+(?:[.,]\d+)+"  # 2,5 and 24.02.1918
    rf"|[^\W_](?:[^\W_]|[{MARKS}]|[’'\u2011-](?=[^\W_]))*"
)
# Thai, Lao, Myanmar, Khmer, Kana and Han, which write sentences without spaces between words.
_UNSPACED_CLASS = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_UNSPACED = re.compile(f"[{_UNSPACED_CLASS}]")
_RUNS = re.compile(f"(?P<unspaced>[{_UNSPACED_CLASS}]+)|[^{_UNSPACED_CLASS}]+")
_LETTER = re.compile(rf".[{MARKS}]*")
# Letters that carry their mark inside the letter, so that no decomposition takes it off.
_SOLID = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "ŧ": "t", "ð": "d",
                        "þ": "th", "ə": "e", "ـ": None})  # fmt: skip
# Marks are an option of spelling in these scripts; in others (Devanagari, Thai …) they are vowels and must stay.
_MARKED_SCRIPTS = ("LATIN", "CYRILLIC", "GREEK", "ARABIC", "HEBREW")
_BREVE = "\u0306"
_LOOSE = re.compile("[\u0300-\u036f]")
"""Marks of no script of their own: what they stand on decides whether they go. The others name their script."""


def fold(text: str) -> str:
    """`text` compatibility-composed (NFKC), case-folded, with white space as single spaces and none at the ends."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return _SPACE.sub(" ", unicodedata.normalize("NFKC", folded)).strip()


def strip_marks(text: str) -> str:
    """`fold` without diacritics: ä→a, õ→o, ü→u, š→s, ё→е; Arabic and Hebrew vowel points go too.

    The breve of Cyrillic stays, because й is a letter that nobody types as и.
    """
    folded = fold(text)
    if folded.isascii():
        return folded
    if _LOOSE.search(folded):
        return _strip_loose(folded)
    return folded.translate(_STRIPPED)


class _Stripped(dict[int, str]):
    """What each composed letter becomes, found when it is first met."""

    def __missing__(self, code: int) -> str:
        self[code] = stripped = _strip_loose(chr(code))
        return stripped


_STRIPPED = _Stripped()


def _strip_loose(folded: str) -> str:
    """The way for texts with marks that stand behind their letters."""
    kept: list[str] = []
    script = ""
    for char in unicodedata.normalize("NFD", folded):
        if unicodedata.category(char) == "Mn":
            if (script or unicodedata.name(char, "").partition(" ")[0]) in _MARKED_SCRIPTS and not (script == "CYRILLIC" and char == _BREVE):
                continue
        else:
            script = unicodedata.name(char, "").partition(" ")[0]
        kept.append(char)
    return unicodedata.normalize("NFC", "".join(kept)).translate(_SOLID)


def words(text: str) -> list[str]:
    """The words of `text` in order, as written: `CO2`, `DNA-s`, `2,5` and `§8` are one word each.

    Scripts that put no spaces between words give each two neighbouring letters instead (`光合作用`: 光合, 合作, 作用), so that
    a phrase is found wherever its letters stand in a row; there are about as many of them as letters.

    Source: Nie, Gao, Zhang and Zhou 2000, On the use of words and n-grams for Chinese information retrieval.
    """
    found = [_SPACE.sub("", word) for word in _WORD.findall(unicodedata.normalize("NFC", text))]
    if not _UNSPACED.search(text):
        return found
    return [part for word in found for part in _parts(word)]


def _parts(word: str) -> Iterator[str]:
    """A word itself, or its runs in scripts without spaces as pairs of letters, and what stands between those runs."""
    for run in _RUNS.finditer(word):
        letters = _LETTER.findall(run[0]) if run["unspaced"] else []
        if len(letters) < 2:
            yield run[0]
        else:
            yield from (one + other for one, other in pairwise(letters))


def grams(text: str, n: int = 4) -> list[str]:
    """Character n-grams of the mark-stripped words of `text`, in order with repeats.

    Each word is padded with one `_` on both sides, so that beginnings and ends count; a padded word of n characters or
    fewer is one gram.
    """
    found: list[str] = []
    for word in words(strip_marks(text)):
        padded = f"_{word}_"
        found.extend(padded[i : i + n] for i in range(max(1, len(padded) - n + 1)))
    return found
