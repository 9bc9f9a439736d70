"""Words beside a number or a date that say what it is (words.toml), for all languages at once: people mix them.

People also write without the marks of letters ("sunnipaev", "туган куни") and Cyrillic in Latin letters ("moj nomer"), so
each word counts in these forms too. The text keeps its marks: "vähe" is not "vahe".
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

_FILE = Path(__file__).parent / "words.toml"
# A dot after three letters or fewer ends an abbreviation: "nr. 5".
SENTENCE = re.compile(r"[\n;!?。；！？؛؟]|(?<=[^\W\d_]{4})\.(?!\d)")
LINE = re.compile(r"\n")
_LETTER = r"[^\W\d_]"
_INNER = frozenset(("phone", "identifier", "birth", "card"))
_LONG = 5
"""In these lists so long a word may end another: "kontakttelefon", "userPhone"."""
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u2e80-\u9fff\uac00-\ud7af№]")
_ARABIC = re.compile(r"[\u0600-\u06ff]")
_MARKED = {
    code: base for code in (*range(0xC0, 0x250), *range(0x400, 0x530)) if (base := unicodedata.normalize("NFD", chr(code))[0]) != chr(code)
}
_BARE = _MARKED | {ord(own): near for own, near in zip("әғқңөұүһі", "агкноуухи", strict=True)}
# In Arabic these are written one for the other, so both sides have the plain one.
_SAME = {ord(own): near for own, near in zip("أإآةىё_", "اااهيе ", strict=True)}
_LATIN = dict(zip("абвгдезиклмнопрстуфыэ", "abvgdeziklmnoprstufye", strict=True)) | {"ж": "zh", "ч": "ch", "ш": "sh", "ъ": "", "ь": ""}
_WAYS = ({"й": "j", "х": "h", "ц": "c", "щ": "sch", "ю": "ju", "я": "ja"}, {"й": "y", "х": "kh", "ц": "ts", "щ": "sh", "ю": "yu", "я": "ya"})
_LONGEST = 20


@lru_cache(maxsize=1)
def _listed() -> dict[str, Any]:
    return tomllib.loads(_FILE.read_text("utf-8"))


@lru_cache(maxsize=32)
def pattern(name: str) -> re.Pattern[str]:
    """One pattern over case-folded text for a list such as `phone`, `birth.own` or all of `birth`, in every language."""
    lists = _listed()
    for part in name.split("."):
        lists = lists[part]
    words = sorted(set(_words(lists)), key=lambda word: (-len(word), word))
    inner = name.partition(".")[0] in _INNER
    branches: dict[str, list[str]] = {}
    for word in words:
        # A dot at the end closes the word, except in abbreviations such as "d.o.b".
        rest = re.escape(word[1:-1]) + rf"(?!{_LETTER})" if word.endswith(".") else re.escape(word[1:])
        free = _UNSPACED.match(word) or (inner and len(word) >= _LONG)
        branches.setdefault(re.escape(word[0]) + ("" if free else _begins(word[0])), []).append(rest)
    # Each branch begins with its letter, so that `re` passes over the rest of a text at once.
    return re.compile("|".join(f"{first}(?:{'|'.join(rests)})" for first, rests in branches.items()))


def _begins(letter: str) -> str:
    """That a word begins with the letter just read. "And", "in", "for" are joined to the next word in Arabic."""
    begins = rf"(?<!{_LETTER}{letter})"
    return rf"(?:{begins}|(?<=(?<!{_LETTER})[وفبلك]{letter}))" if _ARABIC.match(letter) else begins


def _words(lists: dict[str, Any]) -> Iterator[str]:
    for language, own in lists.items():
        if isinstance(own, dict):
            yield from _words(own)
            continue
        words = list(map(said, own))
        yield from words
        yield from (word.translate(_BARE) for word in words)
        if language in ("ru", "kk"):
            for way in _WAYS:
                yield from (said(word.casefold().translate(str.maketrans(_LATIN | way))) for word in own if len(word) >= _LONG)


@lru_cache(maxsize=2)
def endings(name: str) -> frozenset[str]:
    """Endings of names: those `joined` to a whole name, or those of a name whose last letter is `changed`."""
    return frozenset(_listed()["endings"][name])


def says(name: str, folded: str, start: int, end: int) -> bool:
    """Whether a word of a list stands between two places of a folded text. A word that ends there is read to its end."""
    stop = end
    while stop < len(folded) and stop < end + _LONGEST and folded[stop].isalpha() and not _UNSPACED.match(folded[stop]):
        stop += 1
    return start < end and pattern(name).search(folded, start, stop) is not None


def said(text: str) -> str:
    """Text as patterns read it, of the same length: without case, names of fields in words."""
    folded = text.casefold()
    if len(folded) != len(text):
        folded = "".join(char.casefold() if len(char.casefold()) == 1 else char for char in text)
    return folded.translate(_SAME)
