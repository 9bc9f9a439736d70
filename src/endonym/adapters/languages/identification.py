"""Which of a stack's languages a text is in: two models of character n-grams and the dictionaries together.

Source: py3langid (naive Bayes over byte n-grams: Lui and Baldwin 2012, aclanthology P12-3005) and CLD3 (a small neural
network over character n-grams, Apache 2.0). On the texts that this project measured they are seldom wrong together
(docs/languages.md), so where they agree nothing else is asked.
"""

from __future__ import annotations

import copy
import threading
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from endonym.adapters.languages.dictionaries import (
    base,
    is_large,
    lists,
    lists_restored,
    lists_romanised,
)
from endonym.adapters.languages.mapped_model import identifier, let_go
from endonym.core.cache import cache_folder
from endonym.text.fold import fold, strip_marks, words
from endonym.text.scripts import scripts, scripts_of

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

_READ_CHARACTERS = 3000
_FEW = 4
"""From this many words on a text is a sentence: the models are to be believed, and foreign texts can be told."""

# The figures below were set on tests/adapters/languages/phrases.yaml and the `tuning` part of bench/sentences.yaml.
_SHORT = 7
"""Below this many words, marks that were left out are put back before a dictionary is asked."""
_EVERYDAY_MOST = 3
_AGREED = 0.9
"""How sure CLD3 is where it may decide with py3langid alone …"""
_CLEAR = 1.5
"""… and the lead that both together then give."""
_MARGIN = 0.15
"""Lead that the first language needs over those that it is not confusable with."""
_MARGIN_CONFUSABLE = 0.8
_CLD_ON_FEW = 0.25
"""What CLD3 counts on fewer words than a sentence has: it often names a language far away, and is sure of it."""
_OWN_WEIGHT = 1.5
_RESTORED = 0.6
"""What a word counts that a dictionary lists only with marks put back."""
_UNLISTED = 0.6
_STRANGER_WORDS = 5
_LONE_WORD_LETTERS = 6
_LONE_WORD_OWN = 0.5
_LONE_WORD_LEAD = 0.6
_FOREIGN_SHARE = 0.34
"""A language that knows fewer words of a sentence than this share is not its language."""
_ROMANISED_SHARE = 0.65

_LANGID_CODES = {"nb": "no", "fil": "tl", "yue": "zh"}
_CLD_CODES = {"iw": "he", "no": "nb", "fil": "tl", "zh-Latn": "", "ja-Latn": "", "el-Latn": "", "hi-Latn": "", "bg-Latn": ""}
# Written alike everywhere, so they tell nothing about a language.
_SYMBOL_LIST = "sin cos tan tg ctg cot log ln lg lim max min mod ok dna rna atp ph km cm mm kg mg ml kwh mol"
_SYMBOLS = frozenset(_SYMBOL_LIST.split())


class Identifier:
    """Thread-safe; the models load on first use."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._langid: LanguageIdentifier | None = None
        self._restricted: dict[tuple[str, ...], LanguageIdentifier] = {}
        self._cld: Any = None

    def among(self, text: str, candidates: Sequence[str]) -> tuple[str, ...]:
        """The languages of `candidates` that `text` may be in: one where it is clear, several of one confusable set, likeliest
        first, where those cannot be told apart, and none where nothing can be told."""
        text = text[:_READ_CHARACTERS]
        if text.isupper() and " " in text.strip():
            text = text.lower()  # shouted, not abbreviated
        telling = [word for word in words(text) if _tells(word)]
        if not (script := _script_of_most(telling)):
            return ()
        matching = tuple(sorted({code for code in candidates if script in scripts_of(code)}))
        telling = [fold(word) for word in telling if script in scripts(word)]
        if said := _everyday(telling, candidates):
            return said
        found = self._decide(text, telling, matching, script) if matching else ()
        if script == "Latn" and len(telling) < _SHORT and not (found and _all_listed(telling, found)):
            found = _romanised(telling, matching, candidates) or found
        return found

    def _decide(self, text: str, telling: list[str], matching: tuple[str, ...], script: str) -> tuple[str, ...]:
        named, sure = self.named(text)
        if len(telling) >= _FEW and self._both_name_another(text, named, matching):
            return ()
        if len(matching) == 1:
            only = matching[0]
            agreed = named == base(only) and sure >= _AGREED and len(telling) >= _FEW
            if (script == "Latn" and len(telling) < 2) or (not agreed and _is_foreign(telling, only, named, sure)):
                return ()
            return matching
        probable = self.probabilities(text, matching)
        weight = 1.0 if len(telling) >= _FEW else _CLD_ON_FEW
        votes = {code: probable[code] + weight * _vote(code, named, sure, matching) for code in matching}
        first, second = sorted(matching, key=votes.__getitem__, reverse=True)[:2]
        if len(telling) >= _FEW and base(first) == named and sure >= _AGREED and votes[first] - votes[second] >= _CLEAR:
            return (first,)
        own = _own(telling, matching)
        if len(telling) == 1:
            return _lone(telling[0], own, votes)
        scores = {code: votes[code] + _OWN_WEIGHT * own[code] for code in matching}
        ranked = sorted(matching, key=scores.__getitem__, reverse=True)
        near = [code for code in ranked if scores[ranked[0]] - scores[code] < _margin(ranked[0], code)]
        if len(near) > 1 and not all(confusable(ranked[0], code) for code in near[1:]):
            return ()
        if base(ranked[0]) != named and _is_foreign(telling, ranked[0], named, sure):
            return ()
        return tuple(near)

    def stranger(self, text: str, candidates: Sequence[str]) -> str:
        """See `LanguageTools.stranger`. Names are not counted, and Latin is none: it is the language of species and terms."""
        text = text[:_READ_CHARACTERS]
        if sum(_tells(word) and not word[0].isupper() for word in words(text)) < _STRANGER_WORDS:
            return ""
        named, _ = self.named(text)
        return named if named != "la" and self._both_name_another(text, named, tuple(candidates)) else ""

    def _both_name_another(self, text: str, named: str, matching: tuple[str, ...]) -> bool:
        """Whether both models, asked freely, name the same language, one that is no candidate."""
        if not named or any(base(code) == named or confusable(code, named) for code in matching):
            return False
        freely = str(self._model(()).classify(text)[0])
        return freely == _LANGID_CODES.get(named, named)

    def probabilities(self, text: str, codes: tuple[str, ...]) -> dict[str, float]:
        """By py3langid, restricted to `codes`; a language that it does not know has 0."""
        ranked: dict[str, float] = dict(self._model(codes).rank(text))
        return {code: ranked.get(_LANGID_CODES.get(base(code), base(code)), 0.0) for code in codes}

    def _model(self, codes: tuple[str, ...]) -> LanguageIdentifier:
        """py3langid's model restricted to `codes`, or free where there are none that it knows."""
        with self._lock:
            if self._langid is None:
                self._langid = identifier(cache_folder() / "models")  # brings numpy, which most checks do without
            model = self._restricted.get(codes)
            if model is None:
                labels = {_LANGID_CODES.get(base(code), base(code)) for code in codes}
                model = copy.copy(self._langid)
                model.set_languages(labels & set(self._langid.labels) or None)
                let_go(self._langid)
                self._restricted[codes] = model
        return model

    def named(self, text: str) -> tuple[str, float]:
        """(language, probability) by CLD3 among the 107 languages that it knows; ("", 0.0) where it is unsure."""
        with self._lock:
            if self._cld is None:
                import gcld3

                self._cld = gcld3.NNetLanguageIdentifier(min_num_bytes=0, max_num_bytes=_READ_CHARACTERS)
            found = self._cld.FindLanguage(text)
        language = str(found.language)
        language = _CLD_CODES.get(language, language)
        return ("", 0.0) if language in ("", "und") else (language, float(found.probability))


@cache
def confusable_sets() -> tuple[frozenset[str], ...]:
    """The declared sets, each of languages that short texts do not tell apart."""
    read = tomllib.loads(resources.files(__package__).joinpath("confusable.toml").read_text("utf-8"))
    return tuple(frozenset(row["languages"]) for row in read["set"])


def confusable(one: str, other: str) -> bool:
    """Whether two languages are of one confusable set."""
    return any(base(one) in group and base(other) in group for group in confusable_sets())


def _tells(word: str) -> bool:
    """Whether a word can tell a language: no formula, symbol, single Latin letter or abbreviation in capitals."""
    if any(char.isdigit() for char in word) or word.casefold() in _SYMBOLS:
        return False
    if word.isupper() and len(word) <= 4 and not (len(word) == 1 and "Cyrl" in scripts(word)):
        return False
    return len(word) > 1 or "Latn" not in scripts(word)


def _script_of_most(telling: list[str]) -> str:
    """The script of most words; of as many, that of most letters. A foreign term is one long word: `photosynthesis 是什么`."""
    letters = scripts(" ".join(telling))
    number = Counter(next(iter(scripts(word)), "") for word in telling)
    return max(letters, key=lambda script: (number[script], letters[script]), default="")


@cache
def _everyday_words(code: str) -> frozenset[str]:
    read = tomllib.loads(resources.files(__package__).joinpath("everyday.toml").read_text("utf-8"))
    return frozenset(strip_marks(read.get(code, "")).split())


def _everyday(telling: list[str], candidates: Sequence[str]) -> tuple[str, ...]:
    """The only candidate, or the only confusable ones, whose everyday words these few all are."""
    if len(telling) > _EVERYDAY_MOST:
        return ()
    plain = {strip_marks(word) for word in telling}
    found = tuple(code for code in sorted(candidates) if plain <= _everyday_words(base(code)))
    return found if len(found) == 1 or (found and all(confusable(found[0], code) for code in found[1:])) else ()


def _vote(code: str, named: str, sure: float, matching: tuple[str, ...]) -> float:
    """What CLD3 adds to a candidate: it names one language, maybe one that is confusable with the candidate."""
    if base(code) == named:
        return sure
    if named and confusable(code, named) and not any(base(other) == named for other in matching):
        return sure / 2
    return 0.0


def _margin(first: str, other: str) -> float:
    return _MARGIN_CONFUSABLE if first != other and confusable(first, other) else _MARGIN


def _own(telling: list[str], matching: tuple[str, ...]) -> dict[str, float]:
    """What the dictionaries say, from 0 to 1: each word speaks for those that list it, the more the fewer they are.

    A word that nobody lists speaks a little for languages without a large dictionary.
    """
    own = dict.fromkeys(matching, 0.0)
    for word in telling:
        strength = {code: _strength(word, code, len(telling)) for code in matching}
        total = sum(strength.values())
        for code in matching:
            if strength[code]:
                own[code] += strength[code] * strength[code] / total
            elif not total and not is_large(code):
                own[code] += _UNLISTED
    return {code: value / len(telling) for code, value in own.items()}


def _strength(word: str, code: str, count: int) -> float:
    if lists(word, code) or (not is_large(code) and strip_marks(word) in _everyday_words(base(code))):
        return 1.0
    return _RESTORED if count < _SHORT and lists_restored(word, code) else 0.0


def _lone(word: str, own: Mapping[str, float], votes: Mapping[str, float]) -> tuple[str, ...]:
    """Long lone words in plain Latin letters are mostly technical terms (`mitosis`), and tell nothing."""
    first, *others = sorted(own, key=lambda code: own[code] + votes[code], reverse=True)
    if (len(word) > _LONE_WORD_LETTERS and word.isascii()) or own[first] < _LONE_WORD_OWN:
        return ()
    lead = own[first] + votes[first] - max((own[code] + votes[code] for code in others), default=0.0)
    return (first,) if lead >= _LONE_WORD_LEAD else ()


def _is_foreign(telling: list[str], language: str, named: str, sure: float) -> bool:
    """Whether a sentence is of a language that is no candidate: the likeliest one's dictionary knows few of its words."""
    if len(telling) < _FEW:
        return False
    if is_large(language):
        return sum(lists(word, language) for word in telling) < _FOREIGN_SHARE * len(telling)
    return bool(named) and sure >= _AGREED and named != base(language) and not confusable(language, named)


def _all_listed(telling: list[str], found: tuple[str, ...]) -> bool:
    return any(all(_strength(word, code, len(telling)) for word in telling) for code in found)


def _romanised(telling: list[str], matching: tuple[str, ...], candidates: Sequence[str]) -> tuple[str, ...]:
    """A language in Cyrillic typed in Latin letters, when its dictionary knows the words and the Latin ones do not."""
    if len("".join(telling)) < _LONE_WORD_LETTERS or not all(map(is_large, matching)):
        return ()  # a small dictionary cannot say that a word is none of its language
    listed = {code: sum(lists(word, code) for word in telling) for code in matching}
    if max(listed.values(), default=0) >= len(telling) / 2:
        return ()
    known = {code: [strip_marks(word) in _everyday_words(base(code)) for word in telling] for code in candidates}
    for code in sorted(candidates, key=lambda code: (-sum(known[code]), code)):  # `fotosintez degen ne` is Kazakh
        listed_here = sum(said or lists_romanised(word, code) for said, word in zip(known[code], telling, strict=True))
        if "Cyrl" in scripts_of(code) and listed_here > _ROMANISED_SHARE * len(telling):
            return (code,)
    return ()
