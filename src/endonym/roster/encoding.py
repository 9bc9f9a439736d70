"""The text of a roster's bytes: UTF-8, else one of two code pages that registers of our region still write, which is guessed and said."""

from __future__ import annotations

import codecs
import re

_MARKED = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_PAGES = ("windows-1257", "windows-1251")
_WORD = re.compile(r"[^\W\d_]+")


def decoded(data: bytes) -> tuple[str, str]:
    """(text with plain line ends, what it was guessed to be or "" where it says so itself).

    Raises:
        ValueError: It is text in none of them.
    """
    encoding = next((name for mark, name in _MARKED if data.startswith(mark)), "utf-8")
    guessed = ""
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        if encoding != "utf-8":
            raise ValueError(encoding) from None
        text, guessed = _guessed(data)
    if "\0" in text:
        raise ValueError("NUL")
    return text.replace("\r\n", "\n").replace("\r", "\n"), guessed


def _guessed(data: bytes) -> tuple[str, str]:
    """Of the code pages the one in which more words look like words."""
    best: tuple[int, str, str] | None = None
    for page in _PAGES:
        try:
            text = data.decode(page)
        except UnicodeDecodeError:
            continue
        if any(not letter.isprintable() and letter not in "\t\r\n" for letter in text):
            continue
        score = sum(_judge(word) for word in _WORD.findall(text) if not word.isascii())
        if best is None or score > best[0]:
            best = score, text, page
    if best is None or best[0] < 0:
        raise ValueError("bytes")
    return best[1], best[2]


def _judge(word: str) -> int:
    """Whether a word with other than ASCII letters looks like one: Cyrillic all through, or Latin with few marks."""
    cyrillic, plain = sum("Ѐ" <= letter <= "ӿ" for letter in word), sum(letter.isascii() for letter in word)
    if cyrillic:
        return 1 if cyrillic == len(word) else -1
    return 1 if 2 * plain >= len(word) else -1
