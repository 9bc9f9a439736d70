"""A light stemmer for Tamil: case, plural, clitics, and the endings of the commonest forms of verbs.

Tamil letters stand for a consonant with its vowel, so that an ending may begin in the middle of a letter (`மரம்` maram, `மரத்தை`
marattai). Endings are therefore taken off the sounds, one sign each, and what is left is written in Tamil again.

Source: Lehmann 1993, A grammar of modern Tamil (Pondicherry Institute of Linguistics and Culture): oblique stems, case and plural of
nouns, inflection of verbs.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import resources

_CONSONANTS = dict(zip("கஙசஞடணதநபமயரலவழளறனஜஷஸஹ", "kGcJTNtnpmyrlvzLRQjSsh", strict=True))
_VOWELS = dict(zip("அஆஇஈஉஊஎஏஐஒஓஔ", "aAiIuUeEYoOW", strict=True))
_SIGNS = dict(zip("\u0bbe\u0bbf\u0bc0\u0bc1\u0bc2\u0bc6\u0bc7\u0bc8\u0bca\u0bcb\u0bcc", "AiIuUeEYoOW", strict=True))
_PULLI = "\u0bcd"
_AYTAM = "ஃ"
"""It makes another sound of the consonant behind it: `ஃப` f."""
_LETTERS = {sound: letter for table in (_CONSONANTS, _VOWELS) for letter, sound in table.items()}
_SIGN_OF = {sound: sign for sign, sound in _SIGNS.items()} | {"a": ""}

_V = "aAiIuUeEYoOW"
_PERSON = "(?:A[QLry]|Ark?kaL|IrkaL|Ir|EQ|Om|atu|avar|aQar?|a)"
_SANDHI = re.compile(rf"(...*[{_V}rzy])[kctp]")
"""The first sound of the next word, doubled onto this one: `ஆற்றலைக் கொண்டு`."""
# What is left must have three sounds or more, unless an expression asks for more. In order; the first that fits is taken.
_RULES = [
    # Clitics.
    (r"(.{3,})um", r"\1"),
    # Adverbs and adjectives made of nouns: `முக்கியமாக`, `முக்கியமான`.
    (r"(.{3,}[^aAk])(?:Aka|AQa)", r"\1"),
    # Case, with what may follow it.
    (r"(.{3,}?)(?:il|iTam)iruntu", r"\1"),
    (r"(.{3,}?)(?:iQ)?(?:uTYya|uTaQ|OTu)", r"\1"),
    (r"(.{3,}?)(?:iRk|ukk)(?:Aka|u)", r"\1"),
    (r"(.+[iIYAUEO])kk(?:Aka|u)", r"\1"),
    (r"(.{3,}?)iQ(?:Y|Al)", r"\1"),
    (r"(.{3,})(?:iQ|il|Al|iTam)", r"\1"),
    (r"(.+[iIYeE])yY|(.+[AUuO])vY", r"\1\2"),
    (r"(.+att|.+[AIUEO]TT|.+[AIUEO]RR|...+v|.+kaL|.{5,})Y", r"\1"),
    # Plural.
    (r"(.+)GkaL", r"\1m"),
    (r"(.*[aeiou])RkaL", r"\1l"),
    (r"(.*[AOu])TkaL", r"\1L"),
    (rf"(.+[{_V}])kkaL|(.+[{_V}rzylLQTNsS])kaL", r"\1\2"),
    # Verbs: present, passive, negative and potential, past, future, infinitive.
    (rf"(..+?)k?ki(?:R|QR){_PERSON}", r"\1"),
    (rf"(..+paT)T(?:{_PERSON}|u)", r"\1u"),
    (r"(..+?)(?:kk)?appaTu?", r"\1"),
    (r"(..+?)(?:kk)?a(?:villY|lAm)", r"\1"),
    (rf"(...+)iQ{_PERSON}|(.{{4,}}tt)i(?:ya)?", r"\1\2"),
    (rf"(..+[iaueY])(?:tt|nt){_PERSON}|(..+[ryz])nt{_PERSON}", r"\1\2"),
    (rf"(..+[iaueY])pp{_PERSON}|(..+[{_V}yrzlL])v(?:A[QLr]|ArkaL|EQ|Om|atu)", r"\1\2"),
    (r"(..+[iaueYA])kka?", r"\1"),
    (r"(..+[iYA])ttu|(..+[iaueYryz])ntu", r"\1\2"),
    # Glides between two vowels, of which one is gone.
    (r"(..*[iIYeE])y|(..*[AUuO])v", r"\1\2"),
    # Oblique stems: maratt- of maram, vITT- of vITu, ARR- of ARu; kaNN- of kaN; nakara of nakaram before another noun.
    (r"(..+)attu?", r"\1am"),
    (r"(.{4,}a)m", r"\1"),
    (r"(.+)TTu?", r"\1Tu"),
    (r"(.+)RRu?", r"\1Ru"),
    (r"(.*[aeiou])([NlLQy])\2", r"\1\2"),
    # No word ends in these sounds without the short vowel that an ending drove out.
    (r"(.+[kcTtpRv])", r"\1u"),
]
_COMPILED = [re.compile(rule) for rule, _ in _RULES]
_DOUBLE = re.compile(r"([NlLQy])\1$")
_SHORTEST = 3
_LONGEST = 64


def tamil_stem(word: str) -> str:
    """The stem of a word; the stem of a stem is itself."""
    if len(word) > _LONGEST:
        return word
    head, _, tail = word.rpartition("-")
    if head and _sounds(tail):
        return f"{head}-{tamil_stem(tail)}" if _sounds(head) else tamil_stem(head)  # `dna-வின்`
    sounds = _sounds(word)
    if not sounds:
        return word
    if (doubled := _SANDHI.fullmatch(sounds)) and sounds not in _known():
        sounds = doubled[1]
    while (shorter := _once(sounds)) != sounds:
        sounds = shorter
    return _letters(sounds)


def _once(sounds: str) -> str:
    bare = sounds.removesuffix("Y")
    for whole in (sounds, f"{sounds}u", bare, f"{bare}u", _DOUBLE.sub(r"\1", bare)):
        if whole in _known():
            return whole
    for rule, (_, left) in zip(_COMPILED, _RULES, strict=True):
        if (match := rule.fullmatch(sounds)) and (shorter := match.expand(left)) != sounds and (len(shorter) >= _SHORTEST or shorter in _known()):
            return shorter
    return sounds


@cache
def _known() -> frozenset[str]:
    read = tomllib.loads(resources.files(__package__).joinpath("tamil.toml").read_text("utf-8"))
    return frozenset(map(_sounds, read["known"].split()))


def _sounds(word: str) -> str:
    """One sign for each sound, or "" for a word with letters that are not Tamil's."""
    found: list[str] = []
    for letter in word:
        if letter in _CONSONANTS:
            found.append(f"{_CONSONANTS[letter]}a")
        elif letter in _VOWELS:
            found.append(_VOWELS[letter])
        elif found and found[-1][1:] == "a" and letter in _SIGNS:
            found[-1] = found[-1][0] + _SIGNS[letter]
        elif found and found[-1][1:] == "a" and letter == _PULLI:
            found[-1] = found[-1][0]
        elif letter == _AYTAM:
            found.append("H")
        else:
            return ""
    return "".join(found)


def _letters(sounds: str) -> str:
    """The opposite of `_sounds`."""
    found: list[str] = []
    for before, sound in zip(f" {sounds}", sounds, strict=False):
        if sound == "H":
            found.append(_AYTAM)
        elif sound not in _V:
            found.append(_LETTERS[sound] + _PULLI)
        elif before in _CONSONANTS.values():
            found[-1] = found[-1][:-1] + _SIGN_OF[sound]
        else:
            found.append(_LETTERS[sound])
    return "".join(found)
