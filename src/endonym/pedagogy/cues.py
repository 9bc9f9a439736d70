"""Cues: short wordings that show what a message wants, listed per language in `cues/<language>.toml`.

In a cue `*` stands for up to three words, `|` parts alternatives of one word, and `_` joins the words of an alternative:
`tahan|tahaks * ennast|end * tappa`, `i|ah * don_t|never want to live`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import lru_cache
from importlib import resources
from itertools import groupby

from rapidfuzz.distance import OSA

from endonym.text.fold import MARKS, strip_marks

NAMES = (
    "greeting", "thanks", "hint", "plead", "talk", "unknown", "continue", "lookup", "definition", "draft", "practice", "rules",
    "question", "distress", "distress_alone", "distress_idioms",
)  # fmt: skip

_SHORT = 4
"""Words in a message up to which a greeting, thanks or a plain yes may be all that it says."""

_WORD = re.compile(rf"(?:\w|[{MARKS}])+")
_GAP = r" (?:\S+ ){0,3}"
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
"""Letters of scripts that put no spaces between words: a cue in them matches inside a sentence."""

_UNSPACED_GAP = r"[^\s|]{0,6}"
_CUT = " | "
"""What stands where an idiom stood: nothing matches across it."""

_FUZZY_FROM = 6
"""Letters of a word from which on one may be wrong; in shorter ones, from four, two neighbours may be swapped."""

_REMEMBERED = 2_000
"""Texts of which it is remembered what they were found to say."""
_LONGEST = 2_000
"""Characters of a text that is remembered."""


def normal(text: str) -> str:
    """Words without case, marks and punctuation, separated and surrounded by single spaces."""
    return f" {' '.join(_WORD.findall(strip_marks(text)))} "


def _count(text: str) -> int:
    """The words of a normal text; most Chinese ones have two letters."""
    return len(text.split()) + len(_UNSPACED.findall(text)) // 2


@lru_cache(maxsize=32)
def _read(language: str) -> dict[str, tuple[str, ...]]:
    file = resources.files("endonym.pedagogy").joinpath(f"cues/{language}.toml")
    return {name: tuple(cues) for name, cues in tomllib.loads(file.read_text("utf-8")).items()} if file.is_file() else {}


def _is_parted(cue: str) -> bool:
    return "*" in cue or "|" in cue


@lru_cache(maxsize=32)
def _listed(language: str) -> dict[str, tuple[str, ...]]:
    return {name: tuple(_cue(cue) for cue in cues if not _is_parted(cue)) for name, cues in _read(language).items()}


def _cue(text: str) -> str:
    return normal(text).strip() if _UNSPACED.search(text) else normal(text)


@lru_cache(maxsize=32)
def _parted(language: str) -> dict[str, re.Pattern[str]]:
    """The cues with `*` or `|` in them."""
    patterns = {name: [_pattern(cue) for cue in cues if _is_parted(cue)] for name, cues in _read(language).items()}
    return {name: re.compile("|".join(listed)) for name, listed in patterns.items() if listed}


def _pattern(cue: str) -> str:
    if _UNSPACED.search(cue):
        return _UNSPACED_GAP.join(re.escape(normal(part).strip()) for part in cue.split("*"))
    return "(?<= )" + _GAP.join(" ".join(map(_alternatives, part.split())) for part in cue.split("*")) + "(?= )"


def _alternatives(token: str) -> str:
    return "(?:" + "|".join(re.escape(normal(one.replace("_", " ")).strip()) for one in token.split("|")) + ")"


@lru_cache(maxsize=32)
def _idioms(language: str) -> re.Pattern[str] | None:
    """What sounds like distress and is none: `this poem touched me`."""
    plain = [re.escape(cue) if _UNSPACED.search(cue) else f"(?<= ){re.escape(cue.strip())}(?= )" for cue in _listed(language).get("distress_idioms", ())]
    parted = _parted(language).get("distress_idioms")
    listed = [*plain, *([parted.pattern] if parted else [])]
    return re.compile("|".join(listed)) if listed else None


@lru_cache(maxsize=32)
def _vocabulary(language: str) -> dict[str, tuple[str, ...]]:
    """The words of distress in wordings of two words or more, by their first letter: what misspelt words are held against."""
    several = [cue for cue in _read(language).get("distress", ()) if len(cue.split()) > 1 and not _UNSPACED.search(cue)]
    known = {word for cue in several for word in normal(re.sub(r"[*|_]", " ", cue)).split() if len(word) >= 4}
    return {letter: tuple(found) for letter, found in groupby(sorted(known), lambda word: word[0])}


@lru_cache(maxsize=8_192)
def _mended(word: str, language: str) -> str:
    """A word of distress that `word` is a misspelling of, or `word`."""
    near = _vocabulary(language).get(word[0], ()) if len(word) >= 4 else ()
    if word in near:
        return word
    return next((known for known in near if _misspelt(word, known)), word)


def _misspelt(word: str, known: str) -> bool:
    """Whether one letter is wrong, the first and the last being right: the last often tells who does what (`mõtlen`, `mõtles`);
    or two are swapped."""
    if word[-1] != known[-1] and sorted(word) != sorted(known):
        return False
    if abs(len(word) - len(known)) > 1 or (min(len(word), len(known)) < _FUZZY_FROM and sorted(word) != sorted(known)):
        return False
    return OSA.distance(word, known, score_cutoff=1) <= 1


def _spellings(text: str, language: str) -> Iterator[tuple[str, bool]]:
    """(a way to read a normal text, whether words were mended in it): `diiiie` may be `die`, `killlll` may be `kill`."""
    drawn = dict.fromkeys((text, re.sub(r"(\D)\1{2,}", r"\1", text), re.sub(r"(\D)\1{2,}", r"\1\1", text)))
    yield from ((one, False) for one in drawn)
    for one in drawn:
        mended = f" {' '.join(_mended(word, language) for word in one.split())} "
        if mended != one:
            yield mended, True


def _alarms(text: str, language: str, *, several: bool) -> bool:
    """Whether a normal text holds a wording of distress; with `several` only one of two words or more counts."""
    listed = _listed(language).get("distress", ())
    if any(cue in text for cue in listed if not several or len(cue.split()) > 1):
        return True
    parted = _parted(language).get("distress")
    return bool(parted and parted.search(text))


@lru_cache(maxsize=_REMEMBERED)
def _in_distress(text: str, languages: tuple[str, ...]) -> bool:
    """Of a normal text. A conversation is folded anew with each message, so that it is asked of the same texts again and again."""
    words = _count(text)
    read: dict[str, str] = {}
    for language in languages:
        for spelt, mended in _spellings(text, language):
            if spelt not in read:  # most spellings are the same for every language
                read[spelt] = _without_idioms(spelt, languages)
            left = read[spelt]
            if _alarms(left, language, several=mended):
                return True
            if any(cue in left and _count(cue) >= words for cue in _listed(language).get("distress_alone", ())):
                return True
    return False


def _without_idioms(text: str, languages: tuple[str, ...]) -> str:
    for language in languages:
        if idioms := _idioms(language):
            text = idioms.sub(_CUT, text)
    return text


class Cues:
    """The cues of a message in any of the given languages.

    Students mix languages, so every language of the stack and English are looked through.
    """

    def __init__(self, text: str, languages: tuple[str, ...]) -> None:
        self._normal = normal(text)
        self._languages = tuple(dict.fromkeys((*(language.split("-")[0] for language in languages), "en")))
        self.words = _count(self._normal)
        self.asks = "?" in text or "؟" in text

    def has(self, name: str) -> bool:
        if any(cue in self._normal for language in self._languages for cue in _listed(language).get(name, ())):
            return True
        return any((parted := _parted(language).get(name)) and parted.search(self._normal) for language in self._languages)

    def starts(self, name: str) -> bool:
        return any(self._normal.startswith((cue, f" {cue}")) for language in self._languages for cue in _listed(language).get(name, ()))

    def is_only(self, name: str) -> bool:
        """Whether the message is short and says nothing much beyond this cue."""
        return self.words <= _SHORT and self.has(name) and not (self.asks and name == "continue")

    def rest(self, name: str) -> int:
        """Words left when the longest cue of this name is taken out; what else the message says."""
        found = [cue for language in self._languages for cue in _listed(language).get(name, ()) if cue in self._normal]
        return self.words - max((len(cue.split()) for cue in found), default=0)

    @property
    def in_distress(self) -> bool:
        """Whether the writer says outright to be in danger of themselves or of others.

        Idioms are cut out first. A word such as `suicide`, which history and literature need, counts where it is all there is.
        """
        asked = _in_distress if len(self._normal) <= _LONGEST else _in_distress.__wrapped__  # what is long is not kept
        return asked(self._normal, self._languages)

    @property
    def is_question(self) -> bool:
        return self.asks or self.starts("question") or self.starts("definition")
