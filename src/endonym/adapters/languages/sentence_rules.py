"""Sentence boundaries by rule: end marks, abbreviations of a language, ordinals, initials and line breaks."""

from __future__ import annotations

import re

_END = re.compile(
    r"(?P<mark>[.!?…。！？।؟]+)(?P<close>[\"'”“»’)\]]*)(?P<gap>\s+|$|(?<=[。！？]))|(?P<line>[ \t]*\n\s*)"
)
_BEFORE = re.compile(r"[^\s„“”\"'«»(\[]*$")

# Abbreviations after which a sentence goes on, written without their last point.
_INSIDE_TEXT = {
    "et": "nt vt s.o s.t st e.kr p.kr ekr pkr lk nr prof dr hr pr mag sh sks tel ca u vrd eks lüh tn mnt knd v.a v.r nn "
    "k.a m.a mln tk lg ptk joon ingl",
    "en": "e.g i.e dr mr mrs ms prof st vs cf fig eq approx ca vol pp eds rev jan feb aug sept oct nov dec",
    "ru": "т.е т.к т.н напр см ср стр рис табл гл ст п пп проф акад д-р г-н г-жа ул просп д кв тел обл с тыс млн млрд",
    "lv": "piem t.i sk lpp nr prof dr",
    "de": "z.b d.h u.a vgl nr dr prof bzw ca abs hrsg",
}
# Abbreviations that may also end a sentence: they do where a capital letter follows.
_EITHER_TEXT = {
    "et": "jne jt jms jm a saj pms v.s kl min sek",
    "en": "etc a.m p.m u.s u.k b.c a.d inc ltd jr sr",
    "ru": "т.д т.п др пр г гг в вв н.э руб коп мин сек",
    "lv": "u.c u.tml g gs",
    "de": "usw etc",
}
_INSIDE = {language: frozenset(listed.split()) for language, listed in _INSIDE_TEXT.items()}
_EITHER = {language: frozenset(listed.split()) for language, listed in _EITHER_TEXT.items()}
# Languages that write ordinal numbers with a point: `20. sajand`, `1. jaanuar`.
_ORDINAL_POINT = frozenset(
    {"et", "fi", "lv", "de", "da", "nb", "nn", "cs", "sk", "sl", "hr", "hu", "pl", "is", "tr", "hy"}
)

_SHORTEST_BEFORE_ABBREVIATION = 4


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
    if match["mark"] != ".":
        return not (match["close"] and following.islower())
    if match["close"] and following.islower():
        return False
    found = _BEFORE.search(text[start : match.start()])
    return _ends_at_point(text[start : match.start()], found[0] if found else "", following, code)


def _ends_at_point(before: str, token: str, following: str, code: str) -> bool:
    word = token.casefold()
    if token.isdigit():
        if before.strip() == token or before[: -len(token)].rstrip().endswith("§"):
            return False  # `1. …` as a list number, `§ 8. …` as a heading
        return not (code in _ORDINAL_POINT and (following.islower() or following.isdigit()))
    if len(token) == 1 and token.isalpha() and token.isupper():
        return False  # an initial
    if re.fullmatch(r"[IVXLC]+", token) and following.islower():
        return False  # `XX. sajand`
    if word in _INSIDE.get(code, ()):
        return False
    if word in _EITHER.get(code, ()):
        # `В 1918 г. Эстония …`: so short a beginning is no sentence.
        return following.isupper() and len(before.split()) >= _SHORTEST_BEFORE_ABBREVIATION
    return True
