"""The dictionaries of word forms (simplemma): what they list, also for words typed without marks or in Latin letters.

A language's dictionary opens when it is first asked, and stays.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from itertools import islice, product

from simplemma.strategies.dictionaries.dictionary_factory import SUPPORTED_LANGUAGES

from endonym.adapters.languages.tries import Tries
from endonym.core.cache import cache_folder

FACTORY = Tries(cache_folder() / "dictionaries")
_CODES = {"no": "nb", "hr": "hbs", "sr": "hbs", "bs": "hbs", "fil": "tl"}
"""simplemma names a few languages otherwise than BCP 47."""

_TELLING_FROM = 100_000
"""Smaller dictionaries (Indonesian, Malay) leave out too many words for their silence to mean anything."""

# Letters with marks that typists leave out, from each language's alphabet: `a` may stand for `ä`.
_MARKED = {
    language: {pair[0]: pair[1:] for pair in pairs.split()}
    for language, pairs in {
        "et": "aä oõö uü yü sš zž", "fi": "aä oö", "de": "aä oö uü", "sv": "aäå oö", "nb": "aå oø eé", "da": "aå oø",
        "lv": "aā eē iī uū cč sš zž gģ kķ lļ nņ", "lt": "aą cč eęė iį sš uųū zž", "pl": "aą cć eę lł nń oó sś zźż",
        "cs": "aá cč dď eéě ií nň oó rř sš tť uúů yý zž", "sk": "aáä cč dď eé ií lľĺ nň oóô sš tť uú yý zž",
        "sl": "cč sš zž", "hr": "cčć dđ sš zž", "hu": "aá eé ií oóöő uúüű", "ro": "aăâ iî sș tț", "tr": "cç gğ iı oö sş uü",
        "fr": "aàâ cç eéèê iîï oô uùû", "es": "aá eé ií nñ oó uúü", "pt": "aáâã cç eéê ií oóôõ uú", "it": "aà eèé iì oò uù",
        "ca": "aà cç eèé ií oòó uú", "is": "aá dð eé ií oóö uú yý", "ru": "её",
    }.items()
}  # fmt: skip
_MOST_RESTORED = 64

# Russian and Ukrainian as typed in Latin letters, longest first. Source: the letters' values in BGN/PCGN 1947 and 2019,
# with what typists use beside them (`j`, `w`, `4`, `'`).
_LATIN = {
    "shch": "щ", "sch": "щ", "zh": "ж", "kh": "х", "ts": "ц", "ch": "чч", "sh": "шщ", "yu": "ю", "ju": "ю", "ya": "я", "ja": "я",
    "yo": "ё", "jo": "ё", "ye": "е", "a": "а", "b": "б", "v": "в", "w": "в", "g": "г", "d": "д", "e": "еэ", "z": "з", "i": "и",
    "j": "й", "k": "к", "l": "л", "m": "м", "n": "н", "o": "о", "p": "п", "r": "р", "s": "с", "t": "т", "u": "у", "f": "ф",
    "h": "х", "c": "ц", "y": "ыйи", "x": "х", "'": "ь", "4": "ч",
}  # fmt: skip
_ROMANISED = ("ru", "uk")


def base(language: str) -> str:
    """The primary subtag of a BCP 47 tag, lower-case."""
    return language.replace("_", "-").split("-")[0].lower()


@lru_cache(maxsize=256)
def dictionary_code(language: str) -> str:
    """simplemma's name of a language's dictionary, or "" where there is none."""
    code = _CODES.get(base(language), base(language))
    return code if code in SUPPORTED_LANGUAGES else ""


@cache
def is_large(language: str) -> bool:
    """Whether a word's absence from the dictionary says something."""
    code = dictionary_code(language)
    return bool(code) and len(FACTORY.get_dictionary(code)) >= _TELLING_FROM


@lru_cache(maxsize=4_096)
def lists(word: str, language: str) -> bool:
    """Whether a case-folded word stands in the language's dictionary, with or without what follows an apostrophe."""
    code = dictionary_code(language)
    if not code:
        return False
    dictionary: Mapping[str, str] = FACTORY.get_dictionary(code)
    return word in dictionary or word.split("'")[0].split("’")[0] in dictionary


@lru_cache(maxsize=4_096)
def lists_restored(word: str, language: str) -> bool:
    """Whether the dictionary lists the word once marks that the typist left out are put back."""
    return any(lists(form, language) for form in islice(_restored(word, base(language)), _MOST_RESTORED))


@lru_cache(maxsize=4_096)
def lists_romanised(word: str, language: str) -> bool:
    """Whether the dictionary of a language in Cyrillic lists a word typed in Latin letters (`privet`)."""
    if base(language) not in _ROMANISED:
        return False
    return any(lists(form, language) for form in islice(_in_cyrillic(word), _MOST_RESTORED))


def _restored(word: str, code: str) -> Iterator[str]:
    letters = _MARKED.get(code)
    if letters is None or not any(char in letters for char in word):
        return
    # Few marks before many: the product runs over the last places first.
    for form in product(*(char + letters.get(char, "") for char in word)):
        yield "".join(form)


def _in_cyrillic(word: str) -> Iterator[str]:
    places: list[str] = []
    at = 0
    while at < len(word):
        size = next((n for n in (4, 3, 2, 1) if word[at : at + n] in _LATIN), 0)
        if not size:
            return
        places.append(_LATIN[word[at : at + size]])
        at += size
    yield from ("".join(form) for form in product(*places))
    if word.endswith(("t", "l")):
        yield from ("".join(form) + "ь" for form in product(*places))
