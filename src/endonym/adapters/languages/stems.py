"""Stems of words that no dictionary lists: a light stemmer for Arabic; and what a dictionary may list of Arabic and Malay words.

Source: light10 in Larkey, Ballesteros and Connell 2002, Improving stemming for Arabic information retrieval (SIGIR), in the
form of their 2007 chapter, Light stemming for Arabic information retrieval (Arabic Computational Morphology, Springer). Its
endings `ي` and `ية` stay on here: the same stems find forbidden terms, and `صبغي` (chromosome) is not `صبغة` (pigment).
"""

from __future__ import annotations

import re

from endonym.text.fold import strip_marks

_ALEFS = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ة": "ه"})
_ARTICLES = ("وال", "بال", "كال", "فال", "لل", "ال")
_SUFFIXES = ("ها", "ان", "ات", "ون", "ين", "ه")
# light10 leaves these single letters on, because many words begin with them; they are taken off only to ask a dictionary.
_PARTICLES = ("و", "ف", "ب", "ك", "ل", "س")
_POSSESSIVES = ("هما", "كما", "نا", "كم", "هم", "هن", "كن", "ها", "ه", "ك", "ي")
_LEFT = 2
"""Letters that must stay when a suffix goes."""
_MALAY_ENDING = re.compile("(?<=...)(?:nya|lah|kah|tah|pun|ku|mu)$")
_ARABIC = re.compile("^[\u0620-\u064a\u0671-\u06d3]+$")


def arabic_stem(word: str) -> str:
    """The light stem: letters unified, conjunction and article off the front, common endings off the back."""
    plain = unify(word)
    if not _ARABIC.match(plain):
        return plain
    if plain.startswith("و") and len(plain) > _LEFT + 1:
        plain = plain[1:]
    for article in (mark.removeprefix("و") for mark in _ARTICLES):
        if plain.startswith(article) and len(plain) >= len(article) + _LEFT:
            plain = plain[len(article) :]
            break
    for suffix in _SUFFIXES:
        if plain.endswith(suffix) and len(plain) >= len(suffix) + _LEFT:
            plain = plain[: -len(suffix)]
    return plain


def bare_forms(word: str) -> list[str]:
    """What a dictionary may list of an Arabic word, the likeliest first: without the article, as it stands, without particles
    before it, without its ending, without a possessive."""
    forms, rest = [word], word
    for _ in range(2):
        if rest[:1] in _PARTICLES and len(rest) > _LEFT + 1:
            assimilated = rest.startswith("لل")  # li- and the article: للطلاب is of الطلاب
            rest = rest[1:]
            forms += [f"ا{rest}", rest] if assimilated else [rest]
    stem = arabic_stem(word)
    owned = [form[: -len(mine)] for form in forms for mine in _POSSESSIVES if form.endswith(mine) and len(form) >= len(mine) + _LEFT + 1]
    bare = [inner for form in forms for inner in ((form[2:], form) if form.startswith("ال") and len(form) > _LEFT + 2 else (form,))]
    # Before a possessive `ة` is written `ت`: مدرستنا is of مدرسة.
    return [*bare, f"{stem}ة", stem, *(f"{form[:-1]}ة" for form in owned if form.endswith("ت")), *owned]


def malay_forms(word: str) -> list[str]:
    """What a dictionary may list of a Malay or Indonesian word, the likeliest first: as it stands, one half of a doubled plural
    (`sel-sel`), without particle and possessive (`bukulah`, `buku-bukunya`)."""
    head, hyphen, tail = word.partition("-")
    whole = tail if hyphen and head and tail.startswith(head) else word
    bare = _MALAY_ENDING.sub("", whole)
    return [word, whole, bare, _MALAY_ENDING.sub("", bare)]


def unify(word: str) -> str:
    """An Arabic word without vowel points, with one alef, `ي` for `ى` and `ه` for `ة`."""
    return strip_marks(word).translate(_ALEFS)
