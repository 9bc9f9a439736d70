"""Sentence boundaries by rule: end marks, abbreviations of a language, ordinals, initials and line breaks."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import resources

from babel import Locale, UnknownLocaleError

# Marks beside those of Latin: Chinese and Japanese, Devanagari, Arabic and Urdu, Armenian, Ethiopic, Khmer, Myanmar.
# Source: Unicode Standard Annex 29, Sentence_Break property values ATerm and STerm.
_END = re.compile(
    r"(?P<mark>[.!?…。！？｡।॥؟۔։።፧។။]+)(?P<close>[\"'”“»’)\]」』）]*)(?P<gap>\s+|$|(?<=[。！？｡])|(?<=[。！？｡][”’」』）]))|(?P<line>[ \t]*\n\s*)"
)
_BEFORE = re.compile(r"[^\s„“”\"'«»(\[]*$")

# Languages that write ordinal numbers with a point: `20. sajand`, `1. jaanuar`.
_ORDINAL_POINT = frozenset(
    {"et", "fi", "lv", "de", "da", "nb", "nn", "cs", "sk", "sl", "hr", "sr", "bs", "hu", "pl", "is", "tr", "hy"}
)
_NOUNS_IN_CAPITALS = frozenset({"de", "lb"})
"""There an ordinal stands before a capital too: `24. Februar`, `9. Klasse`."""

# `т. е.`, `и т. д.`, `s. t.`, `z. B.`: abbreviations of two parts that are written apart.
_APART = re.compile(r"(?:^|[\s(])(\w{1,2}\.)\s(\w{1,3})$")
_OTHER_HALF = re.compile(r"(\w{1,3})\.")

_SHORTEST_BEFORE_ABBREVIATION = 4

# What a speaker's sentence goes on with behind the quotation: `«Кто там?» — спросил он`, `“真的吗？”他问。`
_SAID = re.compile(r"[—–-]\s*[^\W\d_]")
_SAID_IN_CHINESE = re.compile(r"[^，。！？：；\s“”]{1,6}[问說说道喊叫答問]")
_NO_VOWELS = re.compile("[bcdfghjklmnpqrstvwxzбвгджзйклмнпрстфхцчшщ]{2,4}")
"""Before a small letter these are abbreviations that nobody listed: `5.30 ptg. kita`."""
_TAMIL_WORDS = frozenset(["பூ", "தீ", "ஈ", "ஆ", "கை", "மை", "தை", "பை", "நீ", "வா", "போ", "தா", "மா", "பா"])
"""What is no initial of a name (`மு. வரதராசன்`), though it is one letter."""
_ONE_LETTER = re.compile(r"[^\W\d_][\u0b80-\u0bff]?")


@cache
def abbreviations(kind: str, code: str) -> frozenset[str]:
    """The abbreviations of a language that stand `inside` a sentence, or `either` inside or at its end."""
    read = tomllib.loads(resources.files(__package__).joinpath("abbreviations.toml").read_text("utf-8"))
    return frozenset(read[kind].get(code, "").split())


@cache
def _months(code: str) -> tuple[str, ...]:
    """Beginnings of month names (CLDR), as far as they stay the same in every case."""
    try:
        months = Locale.parse(code).months["format"]["wide"]
    except (UnknownLocaleError, ValueError, KeyError):
        return ()
    return tuple(str(name).casefold()[:4] for name in months.values())


def writes_ordinals_with_point(code: str) -> bool:
    """Whether `20.` may be the twentieth."""
    return code in _ORDINAL_POINT


def split_sentences(text: str, language: str) -> list[str]:
    """The sentences of `text` in order, each with the white space that follows it, so that joined they are `text`."""
    code = language.split("-")[0].lower()
    found: list[str] = []
    start = 0
    for match in _END.finditer(text):
        if match.end() < len(text) and _is_boundary(text, match, start, code) and text[start : match.end()].strip():
            found.append(text[start : match.end()])
            start = match.end()
    if start < len(text):
        found.append(text[start:])
    return found


def _is_boundary(text: str, match: re.Match[str], start: int, code: str) -> bool:
    following = text[match.end() : match.end() + 1]
    if match["line"] is not None:
        # Wrapped prose goes on in lower case; a blank line, a capital or a list mark begins something new.
        return match["line"].count("\n") > 1 or not following.islower()
    if "\n" in match["gap"] and not following.islower():
        return True
    rest = text[match.end() : match.end() + 12]
    if match["close"] and (following.islower() or (match["mark"][-1] in "？！" and _SAID_IN_CHINESE.match(rest))):
        return False
    if (said := _SAID.match(rest)) and said[0][-1].islower():
        return False
    if match["mark"] in ("…", "...", ".."):
        return not following.islower()
    if match["mark"] != ".":
        return True
    found = _BEFORE.search(text[start : match.start()])
    return _ends_at_point(text[start : match.start()], found[0] if found else "", rest, code)


def _ends_at_point(before: str, token: str, rest: str, code: str) -> bool:
    """Whether a point after `token`, with `before` in front of it and `rest` behind, ends a sentence."""
    following = rest[:1]
    word = token.casefold()
    if (after := _OTHER_HALF.match(rest.casefold())) and f"{word}.{after[1]}" in _known(code):
        return False
    if (apart := _APART.search(before.casefold())) and f"{apart[1]}{apart[2]}" in _known(code):
        word = f"{apart[1]}{apart[2]}"
    if token.isdigit():
        return _ends_at_number(before, token, rest, code)
    if _is_initial(token, code):
        return False
    if re.fullmatch(r"[IVXLC]+", token) and following.islower():
        return False  # `XX. sajand`
    if word == "no":
        return not following.isdigit()
    if word in abbreviations("inside", code) or ((_NO_VOWELS.fullmatch(word) or (word[:1].isalpha() and "." in word)) and following.islower()):
        return False
    if word in abbreviations("either", code):
        # `В 1918 г. Эстония …`: so short a beginning is no sentence.
        return not (following.islower() or following.isdigit()) and len(before.split()) >= _SHORTEST_BEFORE_ABBREVIATION
    return True


def _is_initial(token: str, code: str) -> bool:
    if code == "ta":
        return _ONE_LETTER.fullmatch(token) is not None and token not in _TAMIL_WORDS
    return len(token) == 1 and token.isupper()


def _ends_at_number(before: str, token: str, rest: str, code: str) -> bool:
    if before.strip() == token or not before[: -len(token)].strip(" \n§"):
        return False  # `1. …` as a list number, `§ 8. …` as a heading
    if code not in _ORDINAL_POINT:
        return True
    if rest[:1].islower() or rest[:1].isdigit() or rest.casefold().startswith(_months(code)):
        return False
    return not (code in _NOUNS_IN_CAPITALS and len(token) <= 2)


def _known(code: str) -> frozenset[str]:
    return abbreviations("inside", code) | abbreviations("either", code)
